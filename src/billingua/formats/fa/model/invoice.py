"""The invoice of FA(3): its head, totals, annotations and parts."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from billingua.engine.tree import code, element, flag, mark
from billingua.formats.fa.model.attachment import DataBlock, Footer
from billingua.formats.fa.model.corrections import AdvanceInvoice, AdvancePayment, CorrectedInvoice
from billingua.formats.fa.model.lines import Line, NewMeansOfTransport, Order
from billingua.formats.fa.model.parties import (
    AuthorisedParty,
    Buyer,
    PreviousBuyer,
    PreviousSeller,
    Seller,
    ThirdParty,
)
from billingua.formats.fa.model.payment import Payment, Settlement
from billingua.formats.fa.model.totals import with_totals
from billingua.formats.fa.model.transaction import TransactionTerms
from billingua.model.base import Group
from billingua.model.json import decode, encode, schema

__all__ = ["Description", "FaInvoice", "json_schema"]


class Description(Group, frozen=True):
    """DodatkowyOpis: a free remark as key and value."""

    line_number: Annotated[int | None, element("NrWiersza", "number of the line it belongs to, if to one.")] = None
    key: Annotated[str | None, element("Klucz", "key: what the remark is about.")] = None
    value: Annotated[str | None, element("Wartosc", "value: the remark.")] = None


class FaInvoice(Group, frozen=True):
    """Faktura: one invoice of the KSeF logical structure FA(3).

    Amounts are in the currency of the invoice; those named `..._in_pln` are in PLN. On a correction amounts are
    differences. What is left out of the annotations (`cash_accounting` to `margin_antiques`) is said to be absent.
    """

    created: Annotated[
        datetime | None,
        element("Naglowek/DataWytworzeniaFa", "when the file was made, such as datetime(2026, 2, 1, 12, tzinfo=UTC)."),
    ] = None
    system: Annotated[str | None, element("Naglowek/SystemInfo", "name of the program that made it.")] = None
    seller: Annotated[Seller | None, element("Podmiot1", "the seller.")] = None
    buyer: Annotated[Buyer | None, element("Podmiot2", "the buyer.")] = None
    third_parties: Annotated[tuple[ThirdParty, ...], element("Podmiot3", "other parties.")] = ()
    authorised_party: Annotated[
        AuthorisedParty | None, element("PodmiotUpowazniony", "a tax representative or the like.")
    ] = None
    currency: Annotated[str | None, element("Fa/KodWaluty", "currency, three letters of ISO 4217.")] = None
    issue_date: Annotated[date | None, element("Fa/P_1", "issue date.")] = None
    issue_place: Annotated[str | None, element("Fa/P_1M", "place of issue.")] = None
    number: Annotated[str | None, element("Fa/P_2", "number of the invoice.")] = None
    warehouse_documents: Annotated[tuple[str, ...], element("Fa/WZ", "numbers of warehouse release documents.")] = ()
    supply_date: Annotated[
        date | None, element("Fa/P_6", "date of supply or of the advance payment, when it is not the issue date.")
    ] = None
    period_start: Annotated[date | None, element("Fa/OkresFa/P_6_Od", "first day of the period invoiced.")] = None
    period_end: Annotated[date | None, element("Fa/OkresFa/P_6_Do", "last day of the period invoiced.")] = None
    net_total_23: Annotated[Decimal | None, element("Fa/P_13_1", "net total at 23 or 22 %.")] = None
    tax_23: Annotated[Decimal | None, element("Fa/P_14_1", "tax at 23 or 22 %.")] = None
    tax_23_in_pln: Annotated[
        Decimal | None, element("Fa/P_14_1W", "tax at 23 or 22 % in PLN, when the currency is another.")
    ] = None
    net_total_8: Annotated[Decimal | None, element("Fa/P_13_2", "net total at 8 or 7 %.")] = None
    tax_8: Annotated[Decimal | None, element("Fa/P_14_2", "tax at 8 or 7 %.")] = None
    tax_8_in_pln: Annotated[
        Decimal | None, element("Fa/P_14_2W", "tax at 8 or 7 % in PLN, when the currency is another.")
    ] = None
    net_total_5: Annotated[Decimal | None, element("Fa/P_13_3", "net total at 5 %.")] = None
    tax_5: Annotated[Decimal | None, element("Fa/P_14_3", "tax at 5 %.")] = None
    tax_5_in_pln: Annotated[
        Decimal | None, element("Fa/P_14_3W", "tax at 5 % in PLN, when the currency is another.")
    ] = None
    net_total_taxi: Annotated[
        Decimal | None, element("Fa/P_13_4", "net total at the flat rate of taxis (4 or 3 %).")
    ] = None
    tax_taxi: Annotated[Decimal | None, element("Fa/P_14_4", "tax at the flat rate of taxis.")] = None
    tax_taxi_in_pln: Annotated[
        Decimal | None, element("Fa/P_14_4W", "tax at the flat rate of taxis in PLN, when the currency is another.")
    ] = None
    net_total_oss: Annotated[
        Decimal | None, element("Fa/P_13_5", "net total at rates of other member states (OSS procedure).")
    ] = None
    tax_oss: Annotated[Decimal | None, element("Fa/P_14_5", "tax at rates of other member states.")] = None
    net_total_zero: Annotated[Decimal | None, element("Fa/P_13_6_1", "total at 0 % within the country.")] = None
    net_total_zero_eu: Annotated[
        Decimal | None, element("Fa/P_13_6_2", "total at 0 % of intra-EU supplies of goods.")
    ] = None
    net_total_zero_export: Annotated[Decimal | None, element("Fa/P_13_6_3", "total at 0 % of exports.")] = None
    net_total_exempt: Annotated[Decimal | None, element("Fa/P_13_7", "total exempt from tax.")] = None
    net_total_abroad: Annotated[
        Decimal | None, element("Fa/P_13_8", "total supplied outside the country, other than P_13_5 and P_13_9.")
    ] = None
    net_total_eu_services: Annotated[
        Decimal | None, element("Fa/P_13_9", "total of services to EU taxable persons (art. 100(1)(4)).")
    ] = None
    net_total_reverse_charge: Annotated[
        Decimal | None, element("Fa/P_13_10", "total under domestic reverse charge.")
    ] = None
    total_margin: Annotated[Decimal | None, element("Fa/P_13_11", "total under a margin scheme, the tax included.")] = (
        None
    )
    total_due: Annotated[
        Decimal | None,
        element("Fa/P_15", "amount due: gross total; the payment on an advance invoice; what is left on settlement."),
    ] = None
    advance_exchange_rate: Annotated[
        Decimal | None, element("Fa/KursWalutyZ", "exchange rate of the tax of an advance invoice.")
    ] = None
    cash_accounting: Annotated[bool, flag("Fa/Adnotacje/P_16", "whether tax is due when paid.")] = False
    self_billing: Annotated[bool, flag("Fa/Adnotacje/P_17", "whether the buyer issues the invoice.")] = False
    reverse_charge: Annotated[bool, flag("Fa/Adnotacje/P_18", "whether the buyer accounts for the tax.")] = False
    split_payment: Annotated[bool, flag("Fa/Adnotacje/P_18A", "whether split payment is obligatory.")] = False
    exemption_by_act: Annotated[
        str | None,
        element(
            "Fa/Adnotacje/Zwolnienie/P_19A",
            "provision of the Polish act that exempts, such as art. 43 ust. 1 pkt 2.",
            given="P_19",
            otherwise="P_19N",
        ),
    ] = None
    exemption_by_directive: Annotated[
        str | None,
        element(
            "Fa/Adnotacje/Zwolnienie/P_19B",
            "provision of directive 2006/112/EC that exempts.",
            given="P_19",
            otherwise="P_19N",
        ),
    ] = None
    exemption_by_other: Annotated[
        str | None,
        element("Fa/Adnotacje/Zwolnienie/P_19C", "other legal basis that exempts.", given="P_19", otherwise="P_19N"),
    ] = None
    new_transport_notice: Annotated[
        bool | None,
        flag(
            "Fa/Adnotacje/NoweSrodkiTransportu/P_42_5",
            "whether art. 42(5) asks for a notification; given with new means of transport.",
            given="P_22",
            otherwise="P_22N",
        ),
    ] = None
    new_means_of_transport: Annotated[
        tuple[NewMeansOfTransport, ...],
        element(
            "Fa/Adnotacje/NoweSrodkiTransportu/NowySrodekTransportu",
            "new vehicles, vessels and aircraft supplied within the EU.",
            given="P_22",
            otherwise="P_22N",
        ),
    ] = ()
    simplified_triangulation: Annotated[
        bool, flag("Fa/Adnotacje/P_23", "whether the seller is the second in simplified triangulation.")
    ] = False
    margin_travel: Annotated[
        bool,
        mark(
            "Fa/Adnotacje/PMarzy/P_PMarzy_2",
            "whether the margin scheme of travel services applies.",
            given="P_PMarzy",
            otherwise="P_PMarzyN",
        ),
    ] = False
    margin_second_hand: Annotated[
        bool,
        mark(
            "Fa/Adnotacje/PMarzy/P_PMarzy_3_1",
            "whether the margin scheme of second-hand goods applies.",
            given="P_PMarzy",
            otherwise="P_PMarzyN",
        ),
    ] = False
    margin_art: Annotated[
        bool,
        mark(
            "Fa/Adnotacje/PMarzy/P_PMarzy_3_2",
            "whether the margin scheme of works of art applies.",
            given="P_PMarzy",
            otherwise="P_PMarzyN",
        ),
    ] = False
    margin_antiques: Annotated[
        bool,
        mark(
            "Fa/Adnotacje/PMarzy/P_PMarzy_3_3",
            "whether the margin scheme of collectors' items and antiques applies.",
            given="P_PMarzy",
            otherwise="P_PMarzyN",
        ),
    ] = False
    kind: Annotated[str | None, code("Fa/RodzajFaktury", "kind of invoice, such as VAT or KOR.", "kind")] = None
    correction_reason: Annotated[str | None, element("Fa/PrzyczynaKorekty", "reason of the correction.")] = None
    correction_effect: Annotated[
        str | None, code("Fa/TypKorekty", "when the correction takes effect in the register.", "correction_effect")
    ] = None
    corrected_invoices: Annotated[
        tuple[CorrectedInvoice, ...], element("Fa/DaneFaKorygowanej", "invoices that are corrected.")
    ] = ()
    corrected_period: Annotated[
        str | None, element("Fa/OkresFaKorygowanej", "period that a collective rebate is for, in words.")
    ] = None
    corrected_number: Annotated[
        str | None, element("Fa/NrFaKorygowany", "the right number, when the number itself is corrected.")
    ] = None
    previous_seller: Annotated[
        PreviousSeller | None, element("Fa/Podmiot1K", "the seller as the corrected invoice has it.")
    ] = None
    previous_buyers: Annotated[
        tuple[PreviousBuyer, ...], element("Fa/Podmiot2K", "the buyers as the corrected invoice has them.")
    ] = ()
    previous_total_due: Annotated[
        Decimal | None, element("Fa/P_15ZK", "amount due before the correction of an advance or settlement.")
    ] = None
    previous_exchange_rate: Annotated[
        Decimal | None, element("Fa/KursWalutyZK", "exchange rate before the correction.")
    ] = None
    advance_payments: Annotated[
        tuple[AdvancePayment, ...], element("Fa/ZaliczkaCzesciowa", "advance payments, where there are several.")
    ] = ()
    receipt_invoice: Annotated[
        bool, mark("Fa/FP", "whether it is issued to a receipt of a cash register (art. 109(3d)).")
    ] = False
    related_parties: Annotated[bool, mark("Fa/TP", "whether seller and buyer are related.")] = False
    descriptions: Annotated[tuple[Description, ...], element("Fa/DodatkowyOpis", "remarks as key and value.")] = ()
    advance_invoices: Annotated[
        tuple[AdvanceInvoice, ...], element("Fa/FakturaZaliczkowa", "advance invoices that are settled.")
    ] = ()
    excise_refund: Annotated[
        bool, mark("Fa/ZwrotAkcyzy", "whether it serves a farmer's claim for refund of excise duty.")
    ] = False
    lines: Annotated[tuple[Line, ...], element("Fa/FaWiersz", "lines.")] = ()
    settlement: Annotated[
        Settlement | None, element("Fa/Rozliczenie", "charges and deductions outside the tax base.")
    ] = None
    payment: Annotated[Payment | None, element("Fa/Platnosc", "when and how to pay.")] = None
    terms: Annotated[TransactionTerms | None, element("Fa/WarunkiTransakcji", "terms of the transaction.")] = None
    order: Annotated[Order | None, element("Fa/Zamowienie", "order behind an advance invoice.")] = None
    footer: Annotated[Footer | None, element("Stopka", "remarks and registers.")] = None
    attachment: Annotated[
        tuple[DataBlock, ...], element("Zalacznik/BlokDanych", "blocks of text and tables; KSeF takes no files.")
    ] = ()

    def with_totals(self) -> "FaInvoice":
        """A copy with the totals of each rate (P_13_x, P_14_x) and the amount due (P_15) computed from the lines.

        Lines without a number get their position, lines without an amount get it from quantity, price and discount;
        amounts that are given stay. Tax is computed once for each rate, and within the sum where lines are priced
        with tax. In another currency than PLN the tax in PLN (P_14_xW) is computed where every line of the rate has
        its exchange rate, and otherwise stays. A line without a rate counts to the margin scheme where one is named,
        else to what is exempt where a basis of exemption is.

        Raises:
            InvalidModel: the kind is not VAT, UPR or KOR, so that the amounts do not follow from the lines; there are
                no lines; or a line lacks its amount or rate.
        """
        return with_totals(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """The invoice that a JSON text describes; see `json_schema`.

        Numbers may be JSON numbers or strings and keep their decimals either way. Raises UnreadableInput
        where the text is not JSON, InvalidModel with path and element where it is no invoice.
        """
        return decode(data, cls)

    def to_json(self, indent: int = 0) -> bytes:
        """The invoice as JSON in UTF-8: numbers as strings, attributes without a value left out."""
        return encode(self, indent)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an invoice of FA(3); each description begins with its element."""
    return schema(FaInvoice)
