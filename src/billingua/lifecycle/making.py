"""One message of the life cycle: from an invoice, or a reference to one, and what its status needs."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from billingua.errors import LifecycleError, TooLarge
from billingua.formats.cdar.model import (
    Acknowledgement,
    Amount,
    Attachment,
    Characteristic,
    Day,
    Detail,
    LifecycleMessage,
    Note,
    Party,
    Referenced,
    SchemedId,
    Stamp,
    codes,
)
from billingua.formats.limits import LIMITS
from billingua.lifecycle import table
from billingua.lifecycle.clock import local, now
from billingua.lifecycle.table import Status
from billingua.model import Identifier, Invoice
from billingua.model.base import Group, checked_number, term
from billingua.rules.fr_cdar.lists import ACTIONS, CHARACTERISTICS, FLOWS, accepted, reasons

__all__ = ["MAX_BYTES", "Cashed", "Reason", "Reference", "message", "write"]

_LIMIT: Final = LIMITS["fr-cdar"]
MAX_BYTES: Final = _LIMIT.sure
"""Not every platform takes a larger message."""

PORTAL: Final = "DFH"
"""The role of the public portal."""

_BETWEEN_PLATFORMS: Final = "urn.cpro.gouv.fr:1p0:CDV:invoice"
_TO_PORTAL: Final = "urn.cpro.gouv.fr:1p0:CDV:einvoicingF2"
_SIREN: Final = "0002"
_ADDRESS: Final = "0225"
_PLATFORM: Final = "0238"
_PORTAL_NUMBER: Final = "0000"
_CHORUS: Final = "9999"
_CASHED: Final = "212"
_UNREADABLE: Final = "501"
_WITH_FILES: Final = frozenset(("206", "207", "208", "209", "210"))
"""The statuses whose reason or answer may have files."""
_AT_ONCE: Final = frozenset(("200", "202", "213"))
"""The statuses whose moment is that of the deposit, reception or rejection (MDT-95)."""


class Cashed(Group, frozen=True, kw_only=False):
    """An amount cashed at one VAT rate."""

    rate: Annotated[Decimal | None, term("The rate of VAT in percent.")] = None
    amount: Annotated[Decimal | None, term("The amount, VAT included; negative to take an earlier one back.")] = None
    currency: Annotated[str, term("The currency: that of the invoice, or EUR.")] = "EUR"
    day: Annotated[date | None, term("The day of the payment.")] = None


class Reason(Group, frozen=True, kw_only=False):
    """Why a status was set, and what the other side is asked to do."""

    code: Annotated[str | None, term("The code of the reason (MDT-113), such as TX_TVA_ERR.")] = None
    text: Annotated[str | None, term("The reason in words (MDT-114).")] = None
    action: Annotated[str | None, term("What is asked for (MDT-121): NOA PIN NIN CNF CNP CNA OTH.")] = None
    action_text: Annotated[str | None, term("The same in words (MDT-122).")] = None
    note: Annotated[str | None, term("A note (MDT-126).")] = None
    values: Annotated[tuple[Characteristic, ...], term("The values that are wrong, or would be right (MDG-43).")] = ()


class Reference(Group, frozen=True):
    """What a message must know of its invoice, where the invoice itself is not at hand."""

    number: Annotated[str | None, term("The number of the invoice (BT-1).")] = None
    issue_date: Annotated[date | None, term("Its issue date (BT-2).")] = None
    type_code: Annotated[str | None, term("Its type (BT-3).")] = None
    received_at: Annotated[datetime | None, term("When it was deposited or received (MDT-95).")] = None
    seller_id: Annotated[Identifier | None, term("The SIREN of the seller (BT-30).")] = None
    seller_name: Annotated[str | None, term("The name of the seller (BT-27).")] = None
    seller_address: Annotated[Identifier | None, term("The electronic address of the seller (BT-34).")] = None
    buyer_id: Annotated[Identifier | None, term("The SIREN of the buyer (BT-47).")] = None
    buyer_name: Annotated[str | None, term("The name of the buyer (BT-44).")] = None
    buyer_address: Annotated[Identifier | None, term("The electronic address of the buyer (BT-49).")] = None


def message(
    invoice: Invoice | Reference | LifecycleMessage,
    status: str | int | Status,
    *,
    by: str | Party | None = None,
    to: str | Party | Sequence[str | Party] | None = None,
    reasons: str | Reason | Sequence[str | Reason] = (),
    cashed: Mapping[Any, Any] | Sequence[Cashed] = (),
    values: Sequence[Characteristic] = (),
    attachments: Sequence[tuple[str, str, bytes]] = (),
    at: datetime | None = None,
    created_at: datetime | None = None,
    id: str | None = None,
    process: str = "REGULATED",
    platform: tuple[str, str] | None = None,
) -> LifecycleMessage:
    """The message that an invoice has a status.

    `invoice` is one of the model, a `Reference`, or an earlier message about the same invoice. The status is given by
    its code (`"205"`) or name (`"approved"`). `by` is who set it and `to` who gets the message, by role or as a party
    (seller SE and buyer BY are known from the invoice, which also tells what a recipient leaves out; the usual ones if
    they are not given; `to="DFH"` is the public portal, on its own). `reasons` are those of the status, `cashed` the
    amounts cashed for each VAT rate (VAT included: `{20: Decimal("120.00")}`), `values` further values of a treatment
    status, `attachments` files as (name, media type, bytes). `at` is when the status was set (default: now, in France)
    and `created_at` when the message is made (the same), `id` the identifier of the message (towards the portal the
    name of the flow), `process` the kind of trade (MDT-2), `platform` number and name of the sending platform.

    Raises:
        UsageError: there is no such status.
        LifecycleError: the status needs something that is missing, or has no place for something that is given, or
            may not be set by this one or sent to that one.
    """
    wanted = table.status(status)
    about = _reference(invoice)
    sender = _platform(platform)
    _known(about, wanted)
    issuer = _issuer(wanted, by, about)
    recipients = _recipients(wanted, to, about)
    to_portal = recipients[0].role == PORTAL
    set_at = _moment(at, "at") or now()
    created = _moment(created_at, "created_at") or set_at
    if to_portal:
        if platform is None or not id:
            raise _refused(wanted, "towards the portal the sending platform is named, and the flow", "platform=, id=")
    elif process not in FLOWS:
        raise _refused(wanted, f"{process!r} is no kind of trade", f"process= one of {', '.join(sorted(FLOWS))}")
    details = _details(wanted, reasons, cashed, values, platform)
    files = _files(wanted, attachments)
    received = set_at if wanted.code in _AT_ONCE else _moment(about.received_at, "received_at")
    seller = about.seller_id
    return LifecycleMessage(
        process=None if to_portal else process,
        guideline=_TO_PORTAL if to_portal else _BETWEEN_PLATFORMS,
        id=id or _name(about, wanted, set_at),
        created_at=Stamp.of(created),
        sender=sender,
        issuer=sender if to_portal and issuer.role == "WK" else issuer,
        recipients=recipients,
        acknowledgements=(
            Acknowledgement(
                multiple="false",
                phase=wanted.phase,
                set_at=Stamp.of(set_at),
                references=(
                    Referenced(
                        number=SchemedId(about.number) if about.number else None,
                        status_code=wanted.status_code or None,
                        type_code=about.type_code,
                        received_at=Stamp.of(received) if received is not None else None,
                        attachments=files,
                        reference_type=_TO_PORTAL if to_portal else None,
                        issue_date=Day.of(about.issue_date) if about.issue_date is not None else None,
                        status=wanted.code,
                        status_labels=(wanted.label,),
                        seller=Party(global_ids=(_schemed(seller, _SIREN),)) if seller is not None else None,
                        details=details,
                    ),
                ),
            ),
        ),
    )


def write(made: LifecycleMessage) -> bytes:
    """A message on the wire.

    Raises:
        InvalidModel: it lacks what the schema requires.
        TooLarge: it is larger than platforms take.
    """
    from billingua.formats import get

    data = get("cdar").write(made)
    if len(data) > MAX_BYTES:
        raise TooLarge(_LIMIT.what, len(data), MAX_BYTES, todo=_LIMIT.mend)
    return data


def _refused(wanted: Status, what: str, todo: str = "") -> LifecycleError:
    return LifecycleError(
        f"Status {wanted.code} ({wanted.name}): {what}.", todo=f"Give {todo}." if todo else "Leave it out."
    )


def _reference(invoice: Any) -> Reference:
    if isinstance(invoice, Reference):
        return invoice
    if isinstance(invoice, LifecycleMessage):
        return _of_message(invoice)
    if not isinstance(invoice, Invoice):
        raise LifecycleError(
            f"A message is about an Invoice, a Reference or an earlier message, not about {type(invoice).__name__}.",
            todo="Read the invoice first: billingua.read(path).content.",
        )
    seller, buyer = invoice.seller, invoice.buyer
    return Reference(
        number=invoice.number,
        issue_date=invoice.issue_date,
        type_code=invoice.type_code,
        seller_id=seller.legal_registration_identifier if seller is not None else None,
        seller_name=seller.name if seller is not None else None,
        seller_address=seller.electronic_address if seller is not None else None,
        buyer_id=buyer.legal_registration_identifier if buyer is not None else None,
        buyer_name=buyer.name if buyer is not None else None,
        buyer_address=buyer.electronic_address if buyer is not None else None,
    )


def _of_message(earlier: LifecycleMessage) -> Reference:
    """What an earlier message tells of the invoice and its parties."""
    about = earlier.referenced
    parties = {party.role: party for party in (*earlier.recipients, earlier.issuer) if party is not None}
    found: dict[str, Any] = {}
    for role, name in (("SE", "seller"), ("BY", "buyer")):
        party = parties.get(role, Party())
        ids = party.global_ids or (about.seller.global_ids if role == "SE" and about.seller is not None else ())
        found[f"{name}_id"] = _identifier(ids[0]) if ids else None
        found[f"{name}_name"] = party.name
        found[f"{name}_address"] = _identifier(party.endpoint) if party.endpoint is not None else None
    return Reference(
        number=about.number.value if about.number is not None else None,
        issue_date=about.issue_date.day if about.issue_date is not None else None,
        type_code=about.type_code,
        received_at=about.received_at.moment if about.received_at is not None else None,
        **found,
    )


def _identifier(schemed: SchemedId) -> Identifier:
    return Identifier(schemed.value, schemed.scheme)


def _schemed(identifier: Identifier, scheme: str) -> SchemedId:
    return SchemedId(identifier.value, identifier.scheme_id or scheme)


def _known(about: Reference, wanted: Status) -> None:
    """Everything but an invoice that could not be read has a number, a date and a seller."""
    if wanted.code == _UNREADABLE:
        return
    for value, what, todo in (
        (about.number, "the number of the invoice is missing", "BT-1"),
        (about.issue_date, "the issue date of the invoice is missing", "BT-2"),
        (about.seller_id and about.seller_id.value, "the seller has no legal identifier", "BT-30, the SIREN"),
    ):
        if not value:
            raise _refused(wanted, what, todo)


def _moment(value: Any, name: str) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise LifecycleError(f"{name} must be a date with a time, not {type(value).__name__}.", todo="Give a datetime.")
    return local(value)


def _of_role(role: str, about: Reference) -> Party:
    """What the invoice tells of the party with a role; None for a role it does not know."""
    if role == "SE":
        identifier, name, address = about.seller_id, about.seller_name, about.seller_address
    elif role == "BY":
        identifier, name, address = about.buyer_id, about.buyer_name, about.buyer_address
    else:
        return Party(role=role)
    return Party(
        global_ids=(_schemed(identifier, _SIREN),) if identifier is not None and identifier.value else (),
        name=name,
        role=role,
        endpoint=_schemed(address, _ADDRESS) if address is not None and address.value else None,
    )


def _issuer(wanted: Status, by: str | Party | None, about: Reference) -> Party:
    party = by if isinstance(by, Party) else _of_role(by or wanted.setters[0], about)
    if party.role not in wanted.setters:
        raise _refused(wanted, f"{party.role!r} may not set it", f"by= one of {', '.join(wanted.setters)}")
    if wanted.phase == "23" and not party.global_ids:
        what = f"the one who sets it ({party.role}) has no identifier"
        raise _refused(wanted, what, "its SIREN (BT-30, BT-47), or by=Party(...)")
    return party.replace(endpoint=None)


def _recipients(wanted: Status, to: str | Party | Sequence[str | Party] | None, about: Reference) -> tuple[Party, ...]:
    asked = _several(to, (str, Party), "to") or wanted.recipients[:1]
    parties = tuple([_recipient(one, about) for one in asked])
    if any(party.role == PORTAL for party in parties):
        if len(parties) > 1:
            raise _refused(wanted, "a message to the portal has no other recipient", "to= the portal on its own")
        if not wanted.portal:
            raise _refused(wanted, "it does not go to the portal", f"to= one of {', '.join(wanted.recipients)}")
        return (Party(global_ids=(SchemedId(_PORTAL_NUMBER, _PLATFORM),), name="PPF", role=PORTAL),)
    for party in parties:
        if party.role not in wanted.recipients:
            what = f"it does not go to {party.role!r}"
            raise _refused(wanted, what, f"to= one of {', '.join(wanted.recipients)}")
        if party.endpoint is None:
            what = f"the recipient ({party.role}) has no electronic address"
            raise _refused(wanted, what, "its address (BT-34, BT-49), or to=Party(...)")
    return parties


def _recipient(asked: str | Party, about: Reference) -> Party:
    """The party that gets the message; what it leaves out is as the invoice tells it."""
    if isinstance(asked, str):
        return _of_role(PORTAL if asked == "PPF" else asked, about)
    known = _of_role(asked.role or "", about)
    return asked.replace(
        global_ids=asked.global_ids or known.global_ids,
        name=asked.name or known.name,
        endpoint=asked.endpoint or known.endpoint,
    )


def _several(given: Any, kinds: tuple[type, ...], name: str) -> tuple[Any, ...]:
    """What was given as one or as several, as several.

    Raises:
        LifecycleError: something else stands among them.
    """
    several = (given,) if isinstance(given, kinds) else () if given is None else given
    if not isinstance(several, tuple | list) or not all(isinstance(one, kinds) for one in several):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        raise LifecycleError(f"{name} must be of {wanted}, one or a list, not {type(given).__name__}.")
    return tuple(several)


def _platform(platform: tuple[str, str] | None) -> Party:
    """The sending platform, which stays unnamed between platforms."""
    if platform is None:
        return Party(role="WK")
    if not isinstance(platform, tuple | list) or len(platform) != 2:
        raise LifecycleError("platform is the number and the name of a platform.", todo='Give ("0042", "Its name").')
    number, name = platform
    return Party(global_ids=(SchemedId(number, _PLATFORM),), name=name, role="WK")


def _name(about: Reference, wanted: Status, set_at: datetime) -> str:
    """The identifier of a message, in the form of the published examples."""
    day = f"{about.issue_date:%Y%m%d}" if about.issue_date is not None else ""
    return f"{about.number or ''}_{wanted.code}_{Stamp.of(set_at).text}#{about.type_code or ''}_{day}"


def _details(
    wanted: Status,
    given: str | Reason | Sequence[str | Reason],
    cashed: Mapping[Any, Any] | Sequence[Cashed],
    values: Sequence[Characteristic],
    platform: tuple[str, str] | None,
) -> tuple[Detail, ...]:
    """A detail for each reason; the amounts and values stand in the first."""
    several = _several(given, (str, Reason), "reasons")
    found = [one if isinstance(one, Reason) else Reason(one) for one in several]
    _check_reasons(wanted, found, platform)
    measured = (*_cashed(wanted, cashed), *_values(wanted, values))
    if not found and measured:
        return (Detail(number=Decimal(1), characteristics=measured),)
    return tuple(
        [
            Detail(
                reason_code=one.code,
                reasons=(one.text or codes()["reason"][one.code or ""],),
                action_code=one.action,
                actions=(one.action_text or codes()["action"][one.action],) if one.action else (),
                number=Decimal(number),
                notes=(Note(texts=(one.note,)),) if one.note else (),
                characteristics=(*one.values, *(measured if number == 1 else ())),
            )
            for number, one in enumerate(found, 1)
        ]
    )


def _check_reasons(wanted: Status, found: Sequence[Reason], platform: tuple[str, str] | None) -> None:
    limit = "chorus" if wanted.code == "210" and platform is not None and platform[0] == _CHORUS else wanted.code
    taken = sorted(accepted(limit))
    if wanted.reasons == "needed" and not found:
        raise _refused(wanted, "it needs a reason", f"reasons= one of {', '.join(taken)}")
    for one in found:
        if not wanted.reasons:
            raise _refused(wanted, f"it has no reason, and {one.code!r} is given")
        if one.code not in taken:
            unknown = "" if one.code in reasons() else ", which is no reason at all"
            raise _refused(wanted, f"it does not take the reason {one.code!r}{unknown}", f"one of {', '.join(taken)}")
        if one.action is not None and one.action not in ACTIONS:
            raise _refused(wanted, f"{one.action!r} is no action", f"one of {', '.join(sorted(ACTIONS))}")
        _values(wanted, one.values)


def _cashed(wanted: Status, cashed: Mapping[Any, Any] | Sequence[Cashed]) -> tuple[Characteristic, ...]:
    several = (
        [Cashed(_number(rate), _number(amount)) for rate, amount in cashed.items()]
        if isinstance(cashed, Mapping)
        else _several(cashed, (Cashed,), "cashed")
    )
    if wanted.code != _CASHED:
        if several:
            raise _refused(wanted, "no amount is cashed with it")
        return ()
    if not several:
        raise _refused(wanted, "the amounts cashed are missing", "cashed= an amount, VAT included, for each VAT rate")
    rates = [one.rate for one in several]
    for one in several:
        if one.rate is None or one.amount is None:
            raise _refused(wanted, "an amount cashed lacks its amount or its VAT rate", "both")
        if one.rate < 0 or one.rate > 100:
            raise _refused(wanted, f"{one.rate} is no rate of VAT", "a percentage such as 20 or 5.5")
        if rates.count(one.rate) > 1:
            raise _refused(wanted, f"the rate {one.rate} % is there twice", "one amount for each VAT rate")
    return tuple(
        [
            Characteristic(
                kind="MEN",
                amount=Amount(one.amount, one.currency),
                day=Day.of(one.day) if one.day is not None else None,
                percent=one.rate,
            )
            for one in several
        ]
    )


def _number(value: Any) -> Decimal:
    if isinstance(value, str):
        try:
            value = Decimal(value)
        except ArithmeticError:
            raise LifecycleError(f"{value!r} is no number.", todo='Give Decimal("120.00").') from None
    return checked_number(value, "An amount or rate")


def _values(wanted: Status, values: Sequence[Characteristic]) -> tuple[Characteristic, ...]:
    several = _several(values, (Characteristic,), "values")
    for one in several:
        if wanted.phase != "23":
            raise _refused(wanted, "it is set by a platform and has no values")
        if one.kind == "MEN":
            raise _refused(wanted, "amounts cashed (MEN) are no values", "them with cashed=, for status 212")
        if one.kind not in CHARACTERISTICS:
            raise _refused(wanted, f"{one.kind!r} is no kind of value", f"one of {', '.join(sorted(CHARACTERISTICS))}")
    return several


def _files(wanted: Status, attachments: Sequence[tuple[str, str, bytes]]) -> tuple[Attachment, ...]:
    for one in attachments:
        if len(one) != 3 or not isinstance(one[2], bytes):
            raise LifecycleError("An attachment is (name, media type, bytes).", todo="Read the file as bytes.")
    if attachments and wanted.code not in _WITH_FILES:
        raise _refused(wanted, "it has no files")
    if sum(len(data) for _, _, data in attachments) * 4 // 3 > MAX_BYTES:
        raise _refused(wanted, f"the files make the message larger than {MAX_BYTES:,} bytes", "fewer or smaller ones")
    return tuple(
        [
            Attachment(base64=base64.b64encode(data).decode(), mime_type=mime_type, name=name)
            for name, mime_type, data in attachments
        ]
    )
