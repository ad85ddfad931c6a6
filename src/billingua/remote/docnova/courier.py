"""The courier of the outbox to Docnova: France by its own calls, all others by `send_document`."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from billingua.errors import CannotExpress, NotOffered, NotThere, RemoteError
from billingua.remote.docnova.client import Docnova
from billingua.remote.docnova.documents import DateRange, ProcessRecord
from billingua.remote.exchange.habits import answering_within
from billingua.remote.exchange.secrets import Secret
from billingua.remote.outbox.courier import Courier
from billingua.remote.outbox.entry import Answer, Document, Entry, Receipt
from billingua.remote.settings import Service

__all__ = ["DocnovaCourier", "FrenchCourier", "courier"]

_SETTLING: Final = 600.0  # seconds; a request may take 60, and a process is listed when its document is taken up
_ENDS: Final[Mapping[str, str]] = {
    "COMPLETED": "accepted",
    "FAILED": "rejected",
    "SENDING_FAILED": "rejected",
    "PERMANENT_FAILED": "rejected",
}
_NOT_TAKEN: Final = ("FAILED", "PERMANENT_FAILED")
_REFUSED: Final = ("213", "501")  # rejected, inadmissible
_UBL: Final = ("ubl-invoice", "ubl-creditnote")


def courier(service: Service) -> Courier:
    """The courier for a section of the settings: base_url, company_id, api_key; `country = "FR"` for the French calls.

    Raises:
        UsageError: one of them is not set.
    """
    docnova = Docnova(
        service.need("base_url"),
        api_key=Secret(service.secret("api_key")),
        email=service.values.get("email"),
        auth_style=service.values.get("auth_style", "r-auth"),
        habits=answering_within(service.values.get("timeout")),
    )
    kind = FrenchCourier if service.values.get("country", "").upper() == "FR" else DocnovaCourier
    return kind(docnova, service.need("company_id"))


class _OfCompany:
    """A courier for one company."""

    settling = _SETTLING

    def __init__(self, docnova: Docnova, company: str) -> None:
        self.docnova = docnova
        self.company = company

    def close(self) -> None:
        """Close the connections."""
        self.docnova.close()


class DocnovaCourier(_OfCompany):
    """Hands documents over by `send_document`, and follows their process records."""

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        """Hand it over.

        Raises:
            CannotExpress: Docnova has no type for such a document.
        """
        kind = _type(entry)
        pdf = entry.format == "facturx"
        sent = self.docnova.send_document(
            comp_id=self.company,
            base64_document=None if pdf else data,
            base64_pdf=data if pdf else None,
            invoice_type=kind,
        )
        return Receipt(str(sent.tracking_id))

    def find(self, entry: Entry, /) -> Receipt | None:
        """By the number of the invoice, among what was sent since the entry was made.

        One that failed there was not taken, and does not count.
        """
        if not entry.number:
            raise NotOffered("Docnova finds documents by the number of the invoice only.", service="docnova")
        since = DateRange(from_=entry.created.date() - dt.timedelta(1), to=dt.date.today() + dt.timedelta(1))
        for record in self.docnova.processes(company_id=self.company, direction="OUTGOING", created_at=since):
            if record.invoice_number == entry.number and record.status not in _NOT_TAKEN:
                return Receipt(str(record.tracking_id))
        return None

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:  # noqa: ARG002
        record = self.docnova.document_status(tracking_id=receipt.id)
        state = _ENDS.get(record.status, "working")
        details = {name: str(value) for name, value in record.additional_data.items() if value}
        if record.document_id:
            details["documentId"] = str(record.document_id)
        documents = self._receipts(details) if state == "accepted" else ()
        return Answer(state, _message(record), documents, details)

    def _receipts(self, details: Mapping[str, str]) -> tuple[Document, ...]:
        """The official receipt (UPO) of an invoice in KSeF; one that is not ready yet holds nothing up."""
        number, session = details.get("ksefNumber"), details.get("sessionReferenceNumber")
        if not number or not session:
            return ()
        try:
            data = self.docnova.upo_by_ksef_number(
                company_id=self.company, ksef_reference_number=number, session_reference_number=session
            )
        except RemoteError:
            return ()
        return (Document(f"UPO-{number}.pdf", "application/pdf", data),)


class FrenchCourier(_OfCompany):
    """Hands invoices and life-cycle messages over by the French calls, which tell documents by the invoice number."""

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        """Hand it over.

        Raises:
            CannotExpress: it is no UBL, CII or CDAR.
        """
        if entry.format == "cdar":
            self.docnova.receive_cdar(content=data)
            return Receipt(entry.sha256, {"kind": "cdar"})
        if entry.format not in (*_UBL, "cii"):
            raise CannotExpress(
                f"Docnova takes no {entry.format} in France.", todo="Send the invoice as UBL or CII, a status as CDAR."
            )
        self.docnova.submit_french_invoice(
            content=data,
            company_id=self.company,
            invoice_number=entry.number,
            flow_syntax="CII" if entry.format == "cii" else "UBL",
        )
        return Receipt(entry.number)

    def find(self, entry: Entry, /) -> Receipt | None:
        """By the number of the invoice."""
        if entry.format == "cdar" or not entry.number:
            raise NotOffered("Docnova does not tell whether it has a life-cycle message.", service="docnova")
        try:
            self.docnova.cdv_status(company_id=self.company, invoice_number=entry.number)
        except NotThere:
            return None
        return Receipt(entry.number)

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:
        """Accepted with the first status that is no rejection; what buyer and portal say later is the life cycle."""
        if entry.format == "cdar":
            return Answer("accepted")
        found = self.docnova.cdv_status(company_id=self.company, invoice_number=receipt.id)
        code = str(found.status_code or found.status)
        if not code.isdigit():
            return Answer("working", str(found.message))
        details = {"statusCode": code}
        return Answer("rejected" if code in _REFUSED else "accepted", str(found.message), details=details)


def _type(entry: Entry) -> str:
    """The word of Docnova for a document."""
    profile = (entry.profile or "").lower()
    if entry.format == "fa3":
        return "KSEF_OFFLINE" if entry.offline else "KSEF"
    if entry.format == "facturx":
        return "ZUGFERD"
    if entry.format == "cii":
        return "XRECHNUNG_CII" if "xrechnung" in profile else "CII"
    if entry.format in _UBL and "xrechnung" in profile:
        return "XRECHNUNG"
    if entry.format in _UBL and "peppol" in profile:
        return "PEPPOL_BIS"
    raise CannotExpress(
        f"Docnova has no type for {entry.format} of the profile {entry.profile or 'none'}.",
        todo="Send UBL as XRechnung or Peppol BIS, or send CII, a Factur-X PDF or FA(3).",
    )


def _message(record: ProcessRecord) -> str:
    """What a process record says went wrong."""
    said = [str(record.error_type)] if record.error_type else []
    errors = record.errors
    if isinstance(errors, dict):
        said += [f"{field}: {text}" for field, text in errors.items()]
    elif isinstance(errors, list):
        said += [str(one.get("message") or one) if isinstance(one, dict) else str(one) for one in errors]
    elif errors:
        said.append(str(errors))
    return "; ".join(said)
