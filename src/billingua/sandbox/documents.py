"""What the services find out about a document that is sent to them, with this library."""

from typing import Any, NamedTuple

from billingua import api
from billingua.errors import BillinguaError, InputError
from billingua.sandbox.refusal import Complaint
from billingua.sandbox.store import Store

__all__ = ["Judged", "essentials", "judged", "unreadable"]

_MOST = 50
"""So many findings are told."""


class Judged(NamedTuple):
    """A verdict. `format` is "" where the document cannot be read."""

    format: str
    profile: str
    complaints: tuple[Complaint, ...]
    """What makes it invalid."""
    warnings: tuple[Complaint, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.complaints


class Essentials(NamedTuple):
    """What the services keep of an invoice. Texts are "" where it says nothing."""

    number: str
    type_code: str
    issue_date: str
    seller: str
    buyer: str
    net: Any
    total: Any
    currency: str


def judged(store: Store, data: bytes, *, without: str = "") -> Judged:
    """The verdict on a document; findings of rule sets whose names begin with `without` do not count."""
    try:
        report = api.validate(data, today=store.now().date())
    except InputError as error:
        return unreadable(error)
    found = [
        (
            finding.severity,
            Complaint(
                finding.terms[0] if finding.terms else finding.path,
                finding.rule,
                finding.message,
                "Error" if finding.severity == "fatal" else "Warning",
                "pdfa" if finding.ruleset == "pdfa" else "schematron",
            ),
        )
        for finding in report.findings
        if not (without and finding.ruleset.startswith(without))
    ]
    fatal = [complaint for severity, complaint in found if severity == "fatal"]
    fatal += [Complaint(one.layer, "NOT_CHECKED", one.reason) for one in report.not_checked]
    if not report.valid and not fatal and not without:
        fatal.append(Complaint("", "INVALID", report.error or "The document is not valid."))
    others = [complaint for severity, complaint in found if severity != "fatal"]
    return Judged(report.format or "", report.profile or "", tuple(fatal[:_MOST]), tuple(others[:_MOST]))


def unreadable(error: BillinguaError) -> Judged:
    """The verdict on what cannot be read."""
    return Judged("", "", (Complaint("", "UNREADABLE", str(error)),))


def essentials(data: bytes) -> Essentials:
    """What the services keep of a document that could be read; of an FA(3) what corresponds to the terms.

    Raises:
        InputError: it cannot be read.
    """
    document = api.read(data)
    content = document.content
    if document.format in ("fa3", "fa2"):
        from billingua import ksef

        who = ksef.identity(data)
        return Essentials(who.number, who.kind, who.issue_date.isoformat(), who.nip, "", None, None, "PLN")
    totals = getattr(content, "totals", None)
    return Essentials(
        _text(content, "number"),
        _text(content, "type_code"),
        _text(content, "issue_date"),
        _party(content, "seller"),
        _party(content, "buyer"),
        getattr(totals, "total_without_vat", None),
        getattr(totals, "total_with_vat", None),
        _text(content, "currency"),
    )


def _text(content: Any, name: str) -> str:
    value = getattr(content, name, None)
    return "" if value is None else str(value)


def _party(content: Any, role: str) -> str:
    return _text(getattr(content, role, None), "name")
