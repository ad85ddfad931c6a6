"""The terms of the transaction: contracts, orders and transport."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import code, element, mark
from billingua.formats.fa.model.parties import Address
from billingua.model.base import Group

__all__ = ["Carrier", "Contract", "PurchaseOrder", "TransactionTerms", "Transport"]


class Contract(Group, frozen=True):
    """Umowy: a contract."""

    contract_date: Annotated[date | None, element("DataUmowy", "its date.")] = None
    number: Annotated[str | None, element("NrUmowy", "its number.")] = None


class PurchaseOrder(Group, frozen=True):
    """Zamowienia: an order."""

    order_date: Annotated[date | None, element("DataZamowienia", "its date.")] = None
    number: Annotated[str | None, element("NrZamowienia", "its number.")] = None


class Carrier(Group, frozen=True):
    """Przewoznik: who carries the goods; numbers as those of `Buyer`."""

    nip: Annotated[
        str | None, element("DaneIdentyfikacyjne/NIP", "Polish tax identification number.", otherwise="BrakID")
    ] = None
    eu_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodUE", "prefix of the EU VAT number.", otherwise="BrakID")
    ] = None
    eu_vat_number: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrVatUE", "EU VAT number without its prefix.", otherwise="BrakID")
    ] = None
    other_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodKraju", "country of the other identifier.", otherwise="BrakID")
    ] = None
    other_id: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrID", "identifier of another kind.", otherwise="BrakID")
    ] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("AdresPrzewoznika", "address.")] = None


class Transport(Group, frozen=True):
    """Transport: how the goods travel."""

    mode: Annotated[str | None, code("RodzajTransportu", "mode of transport.", "transport")] = None
    other_mode: Annotated[
        str | None, element("OpisInnegoTransportu", "a mode that has no code, in words.", given="TransportInny")
    ] = None
    carrier: Annotated[Carrier | None, element("Przewoznik", "who carries the goods.")] = None
    order_number: Annotated[str | None, element("NrZleceniaTransportu", "number of the transport order.")] = None
    cargo: Annotated[str | None, code("OpisLadunku", "kind of load.", "cargo")] = None
    other_cargo: Annotated[
        str | None, element("OpisInnegoLadunku", "a load that has no code, in words.", given="LadunekInny")
    ] = None
    packing_unit: Annotated[str | None, element("JednostkaOpakowania", "packing unit.")] = None
    start: Annotated[datetime | None, element("DataGodzRozpTransportu", "when it starts.")] = None
    end: Annotated[datetime | None, element("DataGodzZakTransportu", "when it ends.")] = None
    from_address: Annotated[Address | None, element("WysylkaZ", "where it starts.")] = None
    via_addresses: Annotated[tuple[Address, ...], element("WysylkaPrzez", "places on the way.")] = ()
    to_address: Annotated[Address | None, element("WysylkaDo", "where it goes.")] = None


class TransactionTerms(Group, frozen=True):
    """WarunkiTransakcji: contracts, orders, delivery and transport."""

    contracts: Annotated[tuple[Contract, ...], element("Umowy", "contracts.")] = ()
    orders: Annotated[tuple[PurchaseOrder, ...], element("Zamowienia", "orders.")] = ()
    batch_numbers: Annotated[tuple[str, ...], element("NrPartiiTowaru", "batch numbers of the goods.")] = ()
    delivery_terms: Annotated[str | None, element("WarunkiDostawy", "delivery terms, such as Incoterms.")] = None
    contract_exchange_rate: Annotated[Decimal | None, element("KursUmowny", "exchange rate that was agreed.")] = None
    contract_currency: Annotated[str | None, element("WalutaUmowna", "currency of that rate, never PLN.")] = None
    transports: Annotated[tuple[Transport, ...], element("Transport", "how the goods travel.")] = ()
    intermediary: Annotated[
        bool, mark("PodmiotPosredniczacy", "whether the seller is the intermediary of a chain (art. 22(2d)).")
    ] = False
