"""What is sold: the lines of an invoice, and those of the order behind an advance payment."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import code, element, mark
from billingua.model.base import Group

__all__ = ["Line", "NewMeansOfTransport", "Order", "OrderLine"]


class Line(Group, frozen=True):
    """FaWiersz: one line, priced without tax (`net_price`, `net_amount`) or with it (`gross_price`, `gross_amount`)."""

    number: Annotated[int | None, element("NrWierszaFa", "number of the line, from 1.")] = None
    unique_id: Annotated[str | None, element("UU_ID", "universal identifier of the line.")] = None
    supply_date: Annotated[
        date | None, element("P_6A", "date of supply of this line, where lines have different ones.")
    ] = None
    name: Annotated[str | None, element("P_7", "name of the goods or service.")] = None
    item_code: Annotated[str | None, element("Indeks", "the seller's own code of the item.")] = None
    gtin: Annotated[str | None, element("GTIN", "global trade item number.")] = None
    pkwiu: Annotated[str | None, element("PKWiU", "code of the Polish classification of goods and services.")] = None
    cn: Annotated[str | None, element("CN", "code of the Combined Nomenclature.")] = None
    pkob: Annotated[str | None, element("PKOB", "code of the Polish classification of buildings.")] = None
    unit: Annotated[str | None, element("P_8A", "unit of measure, in words.")] = None
    quantity: Annotated[Decimal | None, element("P_8B", "quantity.")] = None
    net_price: Annotated[Decimal | None, element("P_9A", "unit price without tax.")] = None
    gross_price: Annotated[Decimal | None, element("P_9B", "unit price with tax.")] = None
    discount: Annotated[Decimal | None, element("P_10", "discount that the unit price does not contain.")] = None
    net_amount: Annotated[Decimal | None, element("P_11", "value of the line without tax.")] = None
    gross_amount: Annotated[Decimal | None, element("P_11A", "value of the line with tax.")] = None
    tax_amount: Annotated[Decimal | None, element("P_11Vat", "tax of the line.")] = None
    rate: Annotated[str | None, code("P_12", "tax rate, such as 23 or zw.", "rate")] = None
    oss_rate: Annotated[
        Decimal | None, element("P_12_XII", "rate of another member state under the OSS procedure, in per cent.")
    ] = None
    annex_15: Annotated[bool, mark("P_12_Zal_15", "whether it is of annex 15 to the VAT Act (split payment).")] = False
    excise: Annotated[Decimal | None, element("KwotaAkcyzy", "excise duty in the price.")] = None
    gtu: Annotated[str | None, code("GTU", "marker of the group of goods or services.", "gtu")] = None
    procedure: Annotated[str | None, code("Procedura", "marker of a procedure.", "procedure")] = None
    exchange_rate: Annotated[
        Decimal | None, element("KursWaluty", "exchange rate the tax was converted with, PLN for one unit.")
    ] = None
    before_correction: Annotated[
        bool, mark("StanPrzed", "whether the line shows the state before the correction; it counts negative.")
    ] = False


class OrderLine(Group, frozen=True):
    """ZamowienieWiersz: one line of the order behind an advance payment."""

    number: Annotated[int | None, element("NrWierszaZam", "number of the line, from 1.")] = None
    unique_id: Annotated[str | None, element("UU_IDZ", "universal identifier of the line.")] = None
    name: Annotated[str | None, element("P_7Z", "name of the goods or service.")] = None
    item_code: Annotated[str | None, element("IndeksZ", "the seller's own code of the item.")] = None
    gtin: Annotated[str | None, element("GTINZ", "global trade item number.")] = None
    pkwiu: Annotated[str | None, element("PKWiUZ", "code of the Polish classification of goods and services.")] = None
    cn: Annotated[str | None, element("CNZ", "code of the Combined Nomenclature.")] = None
    pkob: Annotated[str | None, element("PKOBZ", "code of the Polish classification of buildings.")] = None
    unit: Annotated[str | None, element("P_8AZ", "unit of measure, in words.")] = None
    quantity: Annotated[Decimal | None, element("P_8BZ", "quantity.")] = None
    net_price: Annotated[Decimal | None, element("P_9AZ", "unit price without tax.")] = None
    net_amount: Annotated[Decimal | None, element("P_11NettoZ", "value of the line without tax.")] = None
    tax_amount: Annotated[Decimal | None, element("P_11VatZ", "tax of the line.")] = None
    rate: Annotated[str | None, code("P_12Z", "tax rate, such as 23 or zw.", "rate")] = None
    oss_rate: Annotated[
        Decimal | None, element("P_12Z_XII", "rate of another member state under the OSS procedure, in per cent.")
    ] = None
    annex_15: Annotated[bool, mark("P_12Z_Zal_15", "whether it is of annex 15 to the VAT Act (split payment).")] = False
    gtu: Annotated[str | None, code("GTUZ", "marker of the group of goods or services.", "gtu")] = None
    procedure: Annotated[str | None, code("ProceduraZ", "marker of a procedure.", "procedure")] = None
    excise: Annotated[Decimal | None, element("KwotaAkcyzyZ", "excise duty in the price.")] = None
    before_correction: Annotated[
        bool, mark("StanPrzedZ", "whether the line shows the state before the correction; it counts negative.")
    ] = False


class Order(Group, frozen=True):
    """Zamowienie: the order or contract behind an advance invoice."""

    gross_total: Annotated[Decimal | None, element("WartoscZamowienia", "value of the order with tax.")] = None
    lines: Annotated[tuple[OrderLine, ...], element("ZamowienieWiersz", "lines of the order.")] = ()


class NewMeansOfTransport(Group, frozen=True):
    """NowySrodekTransportu: one new vehicle (mileage), vessel or aircraft (hours used) supplied within the EU."""

    first_use: Annotated[date | None, element("P_22A", "date of first use.")] = None
    line_number: Annotated[int | None, element("P_NrWierszaNST", "number of the line it belongs to.")] = None
    make: Annotated[str | None, element("P_22BMK", "make.")] = None
    model: Annotated[str | None, element("P_22BMD", "model.")] = None
    colour: Annotated[str | None, element("P_22BK", "colour.")] = None
    registration_number: Annotated[str | None, element("P_22BNR", "registration number.")] = None
    production_year: Annotated[str | None, element("P_22BRP", "year of production.")] = None
    mileage: Annotated[str | None, element("P_22B", "mileage of a land vehicle.")] = None
    vin: Annotated[str | None, element("P_22B1", "vehicle identification number.")] = None
    body_number: Annotated[str | None, element("P_22B2", "number of the body.")] = None
    chassis_number: Annotated[str | None, element("P_22B3", "number of the chassis.")] = None
    frame_number: Annotated[str | None, element("P_22B4", "number of the frame.")] = None
    vehicle_type: Annotated[str | None, element("P_22BT", "type of the land vehicle.")] = None
    vessel_hours: Annotated[str | None, element("P_22C", "hours a vessel was used.")] = None
    hull_number: Annotated[str | None, element("P_22C1", "number of the hull of a vessel.")] = None
    aircraft_hours: Annotated[str | None, element("P_22D", "hours an aircraft was used.")] = None
    factory_number: Annotated[str | None, element("P_22D1", "factory number of an aircraft.")] = None
