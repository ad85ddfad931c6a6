"""From the bytes of an FA invoice to what stands beside it: what identifies it, and its two QR codes."""

from datetime import date
from typing import Any, NamedTuple

from billingua.engine.values import normalized
from billingua.engine.xml import parse, tag_of
from billingua.errors import UnsupportedFormat, UsageError
from billingua.formats import by_root
from billingua.identifiers.ksef_number import KsefNumber
from billingua.ksef.hash import invoice_hash
from billingua.ksef.links import CONTEXT_TYPES, certificate_link, invoice_link
from billingua.ksef.values import shown, to_date

__all__ = ["Identity", "QrCode", "certificate_code", "identity", "invoice_code"]

_FORMATS = ("fa3", "fa2")
_PLACES = {
    "nip": "Podmiot1/DaneIdentyfikacyjne/NIP",
    "issue_date": "Fa/P_1",
    "kind": "Fa/RodzajFaktury",
    "number": "Fa/P_2",
}


class Identity(NamedTuple):
    """What identifies an invoice in KSeF and in its links."""

    format: str
    """`fa3` or `fa2`."""
    nip: str
    """The seller."""
    issue_date: date
    """P_1."""
    kind: str
    """RodzajFaktury."""
    number: str
    """P_2."""
    has_attachment: bool
    """Whether it has a Zalacznik."""


class QrCode(NamedTuple):
    """A code for the printout of an invoice: where it leads, and what stands under it."""

    url: str
    label: str

    def png(self) -> bytes:
        """The image as PNG; needs the extra `ksef`."""
        from billingua.ksef.qr import qr_png

        return qr_png(self.url, self.label)

    def svg(self) -> bytes:
        """The image as SVG; needs the extra `ksef`."""
        from billingua.ksef.qr import qr_svg

        return qr_svg(self.url, self.label)


def identity(data: bytes) -> Identity:
    """What identifies an FA(3) or FA(2) invoice. The document is not validated.

    Raises:
        UnreadableInput: the bytes are no XML.
        UnsupportedFormat: they are no FA invoice, or one that lacks what identifies it.
    """
    root = parse(data)
    form = by_root(tag_of(root))
    name = form.name_of(root) if form is not None else ""
    if form is None or name not in _FORMATS:
        raise UnsupportedFormat(
            f"It is no FA invoice: its root element is {shown(tag_of(root).rpartition('}')[2])}.",
            todo="Give an invoice of the KSeF structure FA(3).",
        )
    namespaces = dict(form.namespaces_of(name))
    texts = {part: normalized(root.findtext(path, namespaces=namespaces)) for part, path in _PLACES.items()}
    missing = [path.rpartition("/")[2] for part, path in _PLACES.items() if not texts[part]]
    if missing:
        raise UnsupportedFormat(f"The invoice lacks {', '.join(missing)}.", todo="Validate it to see what is wrong.")
    day = to_date(texts.pop("issue_date"), "issue date (P_1)")
    attached = root.find("Zalacznik", namespaces=namespaces) is not None
    return Identity(name, issue_date=day, has_attachment=attached, **texts)


def invoice_code(data: bytes, *, ksef_number: str | None = None, environment: str = "production") -> QrCode:
    """KOD I of the exact bytes of an invoice: labelled with its KSeF number, OFFLINE where it has none yet.

    Raises:
        InputError: as `identity`.
        KsefNumberError: the number is none.
        UsageError: there is no such environment.
    """
    found = identity(data)
    label = "OFFLINE" if ksef_number is None else str(KsefNumber.parse(ksef_number))
    return QrCode(invoice_link(found.nip, found.issue_date, invoice_hash(data), environment), label)


def certificate_code(
    data: bytes,
    private_key: Any,
    certificate: Any,
    *,
    password: str | bytes | None = None,
    context: str | None = None,
    environment: str = "production",
    signature_format: str = "p1363",
) -> QrCode:
    """KOD II of the exact bytes of an offline invoice, signed with the key of an Offline certificate.

    `context` is type and identifier of the KSeF login, such as `Nip:5265877635`; the seller's NIP when it is not given.
    The other arguments and errors are those of `certificate_link`.
    """
    found = identity(data)
    kind, colon, value = (context if context is not None else f"Nip:{found.nip}").partition(":")
    if not colon:
        raise UsageError(
            f"The context {shown(context)} is no type and identifier.",
            todo=f"Write it as Nip:5265877635; the types are {', '.join(CONTEXT_TYPES)}.",
        )
    link = certificate_link(
        kind,
        value,
        found.nip,
        None,
        invoice_hash(data),
        private_key,
        environment,
        signature_format,
        password=password,
        certificate=certificate,
    )
    return QrCode(link, "CERTYFIKAT")
