"""The receipt of KSeF (UPO) beside the invoice it is for: whether it is this very file that KSeF took.

The signature of the ministry is not verified here: a match says what the receipt states, not who wrote it.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from billingua.errors import KsefNumberError, UnsupportedFormat
from billingua.identifiers.ksef_number import KsefNumber
from billingua.ksef.hash import chunks, invoice_hash
from billingua.ksef.invoice import Identity, identity

if TYPE_CHECKING:
    from billingua.api import Source
    from billingua.formats.upo.model import AcceptedInvoice, Receipt

__all__ = ["ReceiptMatch", "match_receipt"]


class ReceiptMatch(NamedTuple):
    """The entry of a receipt for an invoice, and what speaks against it."""

    entry: "AcceptedInvoice | None"
    """The entry with the hash of the file, otherwise the one with its seller and number; None if there is neither."""
    problems: tuple[str, ...]
    """Each in a sentence; empty when the receipt is for this very file."""

    @property
    def ksef_number(self) -> str | None:
        """The number of the invoice in KSeF, when nothing speaks against it."""
        return self.entry.ksef_number if self.entry is not None and not self.problems else None


def match_receipt(receipt: "Receipt | Source", invoice: "Source") -> ReceiptMatch:
    """Find the entry for an invoice in a receipt, and compare them.

    The hash, the NIP of the seller, the number (P_2) and the date (P_1) must be the same, the KSeF number must be that
    of the seller and have the right checksum, and it cannot have been given before the invoice was sent.

    Args:
        receipt: the receipt: its bytes, a path, a file opened for reading bytes, or the model that was read from it.
        invoice: the FA invoice exactly as it was sent: its bytes, a path or a file.

    Raises:
        InputError: one of them cannot be read.
        UnsupportedFormat: the receipt is none, or the invoice is no FA(3) or FA(2).
    """
    stated = _receipt(receipt)
    data = b"".join(chunks(invoice))
    file, hash_ = identity(data), invoice_hash(data).base64
    entry = next((one for one in stated.invoices if one.hash == hash_), None) or next(
        (one for one in stated.invoices if (one.seller_nip, one.number) == (file.nip, file.number)), None
    )
    if entry is None:
        return ReceiptMatch(None, ("The receipt names neither the hash of this file nor its seller and number.",))
    return ReceiptMatch(entry, tuple(_problems(entry, file, hash_)))


def _problems(entry: "AcceptedInvoice", file: Identity, hash_: str) -> Iterator[str]:
    for what, theirs, ours in (
        ("hash", entry.hash or "", hash_),
        ("NIP of the seller", entry.seller_nip or "", file.nip),
        ("number (P_2)", entry.number or "", file.number),
        ("date of issue (P_1)", str(entry.issue_date or ""), str(file.issue_date)),
    ):
        if theirs != ours:
            yield f"The {what} is {theirs!r} in the receipt and {ours!r} in the file."
    try:
        number = KsefNumber.parse(entry.ksef_number or "", fa3=True)
    except KsefNumberError as error:
        yield error.what
    else:
        if number.nip.isdigit() and number.nip != entry.seller_nip:
            yield f"The KSeF number {number} is not one of the seller {entry.seller_nip!r}."
    if entry.sent_at is not None and entry.numbered_at is not None and _before(entry.numbered_at, entry.sent_at):
        yield f"The KSeF number was given at {entry.numbered_at}, before the invoice was sent at {entry.sent_at}."


def _before(moment: datetime, other: datetime) -> bool:
    """Whether a moment is earlier than another; not where only one of them tells its zone."""
    return (moment.tzinfo is None) == (other.tzinfo is None) and moment < other


def _receipt(source: "Receipt | Source") -> "Receipt":
    from billingua import api
    from billingua.formats.upo.model import Receipt

    if isinstance(source, Receipt):
        return source
    document = api.read(source)
    if document.format != "upo":
        raise UnsupportedFormat(
            f"The document is no KSeF receipt (UPO) but {document.format}.",
            todo="Give the receipt first, then the invoice.",
        )
    content: Receipt = document.content
    return content
