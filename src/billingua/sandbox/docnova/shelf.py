"""The invoices that Docnova keeps: those it was sent, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from billingua.sandbox.documents import Essentials
from billingua.sandbox.store import Store

__all__ = ["Kept", "find", "keep", "of_company"]


@dataclass
class Kept:
    """An invoice. `type` is the invoiceType it came with, `status` its status in search-documents."""

    id: str
    company: str
    type: str
    status: str
    xml: bytes
    pdf: bytes
    facts: Essentials
    created: str
    ksef_reference: str = ""

    def listed(self) -> dict[str, Any]:
        """The invoice in a list."""
        return {
            "id": self.id,
            "invoiceId": self.id,
            "companyId": self.company,
            "documentType": "OUTGOING",
            "type": self.type,
            "status": self.status,
            "invoiceNumber": self.facts.number,
            "issueDate": self.facts.issue_date,
            "sellerName": self.facts.seller,
            "buyerName": self.facts.buyer,
            "netTotal": self.facts.net,
            "total": self.facts.total,
            "currency": self.facts.currency,
            "createdAt": self.created,
        }


def keep(store: Store, company: str, type: str, status: str, xml: bytes, pdf: bytes, facts: Essentials) -> Kept:
    """Put an invoice away."""
    id = store.uuid("docnova-document")
    created = store.now().strftime("%Y-%m-%dT%H:%M:%S")
    kept = Kept(id, company, type, status, xml, pdf, facts, created)
    store.shelf("docnova-documents")[id] = kept
    return kept


def find(store: Store, id: str, companies: Iterable[str]) -> Kept | None:
    """An invoice of one of some companies."""
    kept: Kept | None = store.shelf("docnova-documents").get(id.lower())
    return kept if kept is not None and kept.company in companies else None


def of_company(store: Store, company: str) -> list[Kept]:
    """All invoices of a company, the oldest first."""
    return [one for one in store.shelf("docnova-documents").values() if one.company == company]
