"""What the tests of the services' JSON share: invoices value by value, and what a service can say of them."""

import gzip
import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec
from format_models import TEXTS, complete, without_empty
from hypothesis import strategies as st

import billingua as bl
from billingua.engine.numbers import total
from billingua.errors import BillinguaError
from billingua.model import Contact, Invoice, terms
from billingua.remote.docnova import ubl_dto
from billingua.remote.factpulse import invoice_json as factpulse
from billingua.remote.mapping.json import decode, encode
from billingua.remote.mapping.reading import ReadInvoice
from billingua.remote.mapping.table import Table
from billingua.remote.mapping.writing import Written
from billingua.remote.openapi_fr import invoice_json as openapi

REPOSITORY = Path(__file__).parents[3]
SAMPLES = REPOSITORY / "samples"
CONFORMANCE = REPOSITORY.parent / "shared" / "conformance"

VAT_ACCOUNTING = "TVA_SUR_DEBIT"
"""When VAT falls due, where an invoice does not tell FactPulse."""

Change = Callable[[str, str, Any], Any]
"""Place in the model, the same with indices, value -> another value, or None to leave it out."""


class Service(NamedTuple):
    """A JSON that is written and read: how, and the values that some terms must have there."""

    name: str
    table: Table
    write: Callable[[Invoice], Written]
    read: Callable[[Any], ReadInvoice]
    codes: dict[str, tuple[str, ...]]


CATEGORY = ("vat_breakdown[].category_code", "lines[].vat.category_code")

SERVICES = {
    service.name: service
    for service in (
        Service(
            "docnova",
            ubl_dto._table(),
            lambda invoice: ubl_dto.write(invoice, company_id=None, allow_losses=True),
            ubl_dto.read,
            {"type_code": ("380", "381", "383", "325"), **dict.fromkeys(CATEGORY, ("S", "Z", "E", "AE", "G"))},
        ),
        Service(
            "openapi",
            openapi._table(),
            lambda invoice: openapi.write(invoice, to_public_body=True, allow_losses=True),
            openapi.read,
            {
                "payment.means_code": ("58", "30"),
                "specification": ("urn:cen.eu:en16931:2017",),
                "seller.legal_registration_identifier.scheme_id": ("0002",),
                "buyer.legal_registration_identifier.scheme_id": ("0002", "0007"),
                "seller.identifiers[].scheme_id": ("0009", "0088"),
                "seller.electronic_address.scheme_id": ("EM", "0225"),
                "buyer.electronic_address.scheme_id": ("0225", "EM"),
                "buyer.identifier.scheme_id": ("0009", "0088"),
                **dict.fromkeys(CATEGORY, ("S",)),
            },
        ),
        Service(
            "factpulse",
            factpulse._table(),
            lambda invoice: factpulse.write(invoice, vat_accounting=VAT_ACCOUNTING, allow_losses=True),
            factpulse.read,
            {
                "type_code": ("380", "381", "384", "386", "389"),
                "tax_point_date_code": ("3", "432"),
                "business_process": ("B1", "S7", "A1"),
                "payment.means_code": ("10", "20", "30", "49", "57", "97"),
                "lines[].extension.subtype": ("DETAIL", "GROUP", "OTHER"),
                "lines[].unit_code": ("C62", "HUR", "MTK"),
                "lines[].identifier": ("1", "20", "300"),
                "allowances[].reason_code": ("95", "1"),
                "charges[].reason_code": ("FC", "ZZZ"),
                "lines[].allowances[].reason_code": ("95", "1"),
                "lines[].charges[].reason_code": ("FC", "ZZZ"),
                **dict.fromkeys(
                    (*CATEGORY, "allowances[].vat_category_code", "charges[].vat_category_code"), ("S", "K", "L")
                ),
                **{
                    term.attribute: ("0002", "0009", "0088", "0225", "EM", "9999")
                    for term in terms().values()
                    if term.attribute.endswith(("scheme_id",)) and not term.attribute.startswith("lines")
                },
            },
        ),
    )
}


def changed(group: Any, change: Change, attribute: str = "", path: str = "") -> Any:
    """A group with every value in it changed."""
    values: dict[str, Any] = {}
    for name in group.__struct_fields__:
        value = getattr(group, name)
        where, place = f"{attribute}{name}", f"{path}{name}"
        if isinstance(value, msgspec.Struct):
            values[name] = changed(value, change, f"{where}.", f"{place}.")
        elif isinstance(value, tuple):
            values[name] = tuple(
                changed(one, change, f"{where}[].", f"{place}[{number}].") for number, one in enumerate(value)
            )
        elif value is not None:
            values[name] = change(where, place, value)
    return group.replace(**values)


def doubled(group: Any) -> Any:
    """A group in which every list has each of its members twice."""
    values: dict[str, Any] = {}
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, msgspec.Struct):
            values[name] = doubled(value)
        elif isinstance(value, tuple):
            values[name] = tuple(doubled(one) for one in value) * 2
    return group.replace(**values)


def needed(service: Service) -> set[str]:
    """The places in the model that the service cannot do without."""
    return {row.attribute for row in service.table.rows if row.needed}


def whole(service: Service) -> Invoice:
    """An invoice with every term, those of the French extension included, as the service takes it."""
    found: Invoice = changed(complete(extended=True), lambda where, _, value: service.codes.get(where, (value,))[0])
    return found


@st.composite
def invoices_for(draw: st.DrawFn, service: Service) -> Invoice:
    """An invoice that the service takes: all terms it needs, any others, lists of two members at most."""
    chance = Random(draw(st.integers(0, 2**32)))
    texts = draw(st.lists(TEXTS, min_size=1, max_size=5))
    share = draw(st.sampled_from((0.1, 0.5, 0.9)))
    kept = {*needed(service), "tax_point_date_code"} | {
        f"seller.legal_registration_identifier.{name}" for name in ("value", "scheme_id")
    }
    numbers = count(1)

    def change(where: str, _: str, value: Any) -> Any:
        if where not in kept and chance.random() > share:
            return None
        if where in service.codes:
            return chance.choice(service.codes[where])
        match value:
            case Decimal():
                return Decimal(chance.choice((1, -1)) * chance.randint(1, 10**9)).scaleb(-chance.randint(0, 4))
            case date():
                return date.fromordinal(chance.randint(700_000, 800_000))
            case bytes():
                return chance.randbytes(5)
            case _:
                return value if where in ("currency", "vat_currency") else f"{next(numbers)} {chance.choice(texts)}"

    drawn: Invoice = without_empty(changed(doubled(whole(service)), change))
    if service.name == "factpulse":
        lines = tuple(line.replace(identifier=str(number)) for number, line in enumerate(drawn.lines, 7))
        return drawn.replace(lines=lines)
    return drawn


def there_and_back(service: Service, invoice: Invoice) -> tuple[Written, ReadInvoice]:
    """What is written, and what the bytes of it are read as."""
    written = service.write(invoice)
    return written, service.read(decode(encode(written.content)))


def without(invoice: Invoice, written: Written) -> Invoice:
    """The invoice without what was lost, and in an order that says nothing."""
    lost = {loss.where for loss in written.losses}
    return in_order(changed(invoice, lambda _, place, value: None if place in lost else value))


def in_order(invoice: Invoice) -> Invoice:
    """The invoice without empty groups and with the identifiers of the seller sorted."""
    kept: Invoice = without_empty(invoice)
    if kept.seller is None:
        return kept
    identifiers = sorted(kept.seller.identifiers, key=lambda one: (one.value or "", one.scheme_id or ""))
    return kept.replace(seller=kept.seller.replace(identifiers=tuple(identifiers)))


def outcome(service: Service, invoice: Invoice) -> Any:
    """The JSON and the losses, or the refusal."""
    try:
        written = service.write(invoice)
    except BillinguaError as error:
        return type(error), str(error)
    return encode(written.content), written.losses


@cache
def public_invoices() -> list[tuple[str, Invoice]]:
    """The valid invoices of the repository, and the public ones as far as they are there, by name."""
    described = [(f"{name}.json", (SAMPLES / f"{name}.json").read_bytes()) for name in _DESCRIBED]
    return [
        *((name, Invoice.from_json(data).with_totals()) for name, data in described),
        *((name, invoice) for name, data in _documents() if (invoice := _valid(data)) is not None),
    ]


_DESCRIBED = ("invoice", "credit-note", "reverse-charge")


def _documents() -> Iterator[tuple[str, bytes]]:
    for path in sorted(SAMPLES.glob("*.xml")):
        yield path.name, path.read_bytes()
    for path in sorted(CONFORMANCE.rglob("*")):
        if re.search(r"\.xml(\.gz)?$", path.name) and path.stat().st_size < 60_000 and "unit" not in str(path):
            data = path.read_bytes()
            yield str(path.relative_to(CONFORMANCE)), gzip.decompress(data) if path.suffix == ".gz" else data


def _valid(data: bytes) -> Invoice | None:
    try:
        invoice = bl.read(data).content
        valid = isinstance(invoice, Invoice) and bl.validate(data, rulesets=["en16931"]).valid
    except BillinguaError:
        return None
    return invoice if valid else None


def with_email(party: Any, whole: Any) -> Any:
    """A party whose electronic address stands in for the address of its contact, if it is an e-mail address."""
    address = whole.electronic_address if whole else None
    contact = party.contact or Contact() if party else None
    if contact is None or contact.email or address is None or address.scheme_id != "EM":
        return party
    return party.replace(contact=contact.replace(email=address.value))


def expected(service: Service, invoice: Invoice, written: Written) -> Invoice:
    """What must be read again: the invoice without what was lost, with what goes without saying."""
    found = without(invoice, written)
    if service.name == "openapi":
        lines = tuple(line.replace(identifier=str(number)) for number, line in enumerate(found.lines, 1))
        amounts = [line.net_amount for line in lines]
        found = found.replace(
            lines=lines,
            specification="urn:cen.eu:en16931:2017",
            seller=with_email(found.seller, invoice.seller),
            buyer=with_email(found.buyer, invoice.buyer),
        )
        if found.totals is not None and amounts and None not in amounts:
            found = found.replace(totals=found.totals.replace(line_total=total(amounts)))
    if service.name == "factpulse":
        found = found.replace(
            specification=None,
            tax_point_date_code=found.tax_point_date_code or "3",
            lines=tuple(
                line.replace(identifier=line.identifier or str(number)) for number, line in enumerate(found.lines, 1)
            ),
        )
    return found
