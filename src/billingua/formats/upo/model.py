"""The official receipt of KSeF (UPO) as a model: which invoices the ministry took, and when.

The signature of the ministry is not part of the model, and it is not verified.
"""

from datetime import date, datetime
from typing import Annotated

from billingua.engine.tree import attribute, element
from billingua.model.base import Group
from billingua.model.json import encode

__all__ = ["AcceptedInvoice", "Receipt", "ReceiptPage"]

_MINISTRY = "Ministerstwo Finansów"
_ENVIRONMENTS = {"": "production", "(TE)": "test", "(TR)": "demo"}
"""What stands behind the name of the ministry, and the environment of KSeF it means."""


class ReceiptPage(Group, frozen=True):
    """OpisPotwierdzenia: which part of the receipt of a session this is."""

    number: Annotated[int | None, element("Strona", "The number of this page, from 1.")] = None
    pages: Annotated[int | None, element("LiczbaStron", "How many pages the receipt has.")] = None
    first: Annotated[
        int | None, element("ZakresDokumentowOd", "The first invoice on this page, counted over the session.")
    ] = None
    last: Annotated[
        int | None,
        element("ZakresDokumentowDo", "The last one; the ministry's documents disagree whether it is on this page."),
    ] = None
    invoices: Annotated[
        int | None, element("CalkowitaLiczbaDokumentow", "How many invoices of the session were taken.")
    ] = None


class AcceptedInvoice(Group, frozen=True):
    """Dokument: one invoice that KSeF took."""

    seller_nip: Annotated[str | None, element("NipSprzedawcy", "The NIP of the seller.")] = None
    ksef_number: Annotated[str | None, element("NumerKSeFDokumentu", "The number KSeF gave it.")] = None
    number: Annotated[str | None, element("NumerFaktury", "Its number by the seller (P_2).")] = None
    issue_date: Annotated[date | None, element("DataWystawieniaFaktury", "Its date of issue (P_1).")] = None
    sent_at: Annotated[datetime | None, element("DataPrzeslaniaDokumentu", "When it was sent.")] = None
    numbered_at: Annotated[datetime | None, element("DataNadaniaNumeruKSeF", "When it got its KSeF number.")] = None
    hash: Annotated[
        str | None, element("SkrotDokumentu", "SHA-256 of the file that was sent, as Base64 of 44 characters.")
    ] = None
    sending_mode: Annotated[
        str | None, element("TrybWysylki", "`Online` or `Offline`; not said before release 4-3.")
    ] = None


class Receipt(Group, frozen=True):
    """Potwierdzenie: the receipt for one invoice, or for those of a session.

    Of the four identifiers of the context one is there, and so is one of token and hash: they say who sent the
    invoices and how that was proven.
    """

    schema_version: Annotated[str | None, attribute("wersjaSchemy", "The release of the structure.")] = None
    authority: Annotated[
        str | None,
        element("NazwaPodmiotuPrzyjmujacego", "Who took the invoices; outside production the environment as well."),
    ] = None
    session: Annotated[str | None, element("NumerReferencyjnySesji", "The reference number of the session.")] = None
    context_nip: Annotated[
        str | None, element("Uwierzytelnienie/IdKontekstu/Nip", "The context is a taxpayer: its NIP.")
    ] = None
    context_internal_id: Annotated[
        str | None,
        element("Uwierzytelnienie/IdKontekstu/IdWewnetrzny", "The context is a unit: NIP, hyphen, five digits."),
    ] = None
    context_nip_vat_eu: Annotated[
        str | None,
        element(
            "Uwierzytelnienie/IdKontekstu/IdZlozonyVatUE",
            "The context is a taxpayer for another of the EU: NIP, hyphen, the VAT number of that one.",
        ),
    ] = None
    context_peppol_id: Annotated[
        str | None,
        element("Uwierzytelnienie/IdKontekstu/IdDostawcyUslugPeppol", "The context is a Peppol service provider."),
    ] = None
    token: Annotated[
        str | None,
        element("Uwierzytelnienie/NumerReferencyjnyTokenaKSeF", "The reference number of the KSeF token used."),
    ] = None
    login_hash: Annotated[
        str | None,
        element("Uwierzytelnienie/SkrotDokumentuUwierzytelniajacego", "SHA-256 of the signed login, as Base64."),
    ] = None
    page: Annotated[ReceiptPage | None, element("OpisPotwierdzenia", "The page, where the receipt has pages.")] = None
    structure: Annotated[
        str | None,
        element("NazwaStrukturyLogicznej", "The schema the invoices follow, such as `Schemat_FA(3)_v1-0E.xsd`."),
    ] = None
    form_code: Annotated[str | None, element("KodFormularza", "The form of the invoices, such as `FA (3)`.")] = None
    invoices: Annotated[tuple[AcceptedInvoice, ...], element("Dokument", "The invoices that KSeF took.")] = ()

    @property
    def environment(self) -> str | None:
        """The KSeF that gave the receipt: `production`, `test` or `demo`; None where the authority is unknown.

        Only receipts of production are valid by the ministry's schema.
        """
        name, _, rest = (self.authority or "").partition(" - ")
        return _ENVIRONMENTS.get(rest[-4:]) if name == _MINISTRY else None

    def to_json(self, indent: int = 0) -> bytes:
        """The receipt as JSON, on one line or indented."""
        return encode(self, indent)
