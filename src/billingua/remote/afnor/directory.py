"""The directory service of XP Z12-013 v1.3.0 (annex B): who receives electronic invoices, and where. Read only."""

from typing import Any, TypeVar

import msgspec

from billingua.errors import NotThere, RemoteError
from billingua.remote.afnor.flows import Health
from billingua.remote.afnor.sign_in import PlatformCalls
from billingua.remote.exchange.clients import AsyncClient, Client
from billingua.remote.exchange.messages import Answer, Ask, Data, Text
from billingua.remote.exchange.operations import Endpoint, Paged

__all__ = [
    "Address",
    "AfnorDirectory",
    "AsyncAfnorDirectory",
    "DirectoryCalls",
    "DirectoryLine",
    "DirectoryLineFilters",
    "DirectoryLineOf",
    "DirectoryLines",
    "Facilities",
    "Facility",
    "FacilityFilters",
    "FacilityOf",
    "Filter",
    "ForPublicBodies",
    "LegalUnit",
    "LegalUnitFilters",
    "LegalUnitOf",
    "LegalUnits",
    "OlderSorting",
    "RoutingCode",
    "RoutingCodeFilters",
    "RoutingCodeOf",
    "RoutingCodes",
    "Search",
    "SearchDirectoryLines",
    "SearchFacilities",
    "SearchLegalUnits",
    "SearchRoutingCodes",
    "Sorting",
    "following_page",
]

S = TypeVar("S", bound="Search")

_ERRORS = (400, 401, 403, 404, 408, 422, 429, 500, 501, 503)


class Filter(Data, frozen=True, kw_only=True, omit_defaults=False):
    """`op`: strict, contains or startWith (so spelt); which of them a field takes differs."""

    value: str
    op: str = "strict"


class Sorting(Data, frozen=True, kw_only=True):
    """`order`: ascending or descending."""

    field: str
    order: str


class OlderSorting(Data, frozen=True, kw_only=True):
    """The same for platforms that want `sortingOrder` instead of `order`."""

    field: str
    sorting_order: str


class LegalUnitFilters(Data, frozen=True, kw_only=True):
    siren: Filter | None = None
    business_name: Filter | None = None
    entity_type: Filter | None = None
    administrative_status: Filter | None = None


class FacilityFilters(Data, frozen=True, kw_only=True):
    siret: Filter | None = None
    siren: Filter | None = None
    facility_type: Filter | None = None
    name: Filter | None = None
    address_lines: Filter | None = None
    postal_code: Filter | None = None
    country_subdivision: Filter | None = None
    locality: Filter | None = None
    administrative_status: Filter | None = None


class RoutingCodeFilters(Data, frozen=True, kw_only=True):
    routing_identifier: Filter | None = None
    siret: Filter | None = None
    routing_code_name: Filter | None = None
    administrative_status: Filter | None = None
    address_lines: Filter | None = None
    postal_code: Filter | None = None
    locality: Filter | None = None


class DirectoryLineFilters(Data, frozen=True, kw_only=True):
    addressing_identifier: Filter | None = None
    siren: Filter | None = None
    siret: Filter | None = None
    routing_identifier: Filter | None = None
    addressing_suffix: Filter | None = None


class Search(Ask, frozen=True, kw_only=True):
    """`fields` are those wanted in the answer; `ignore` so many results at the beginning."""

    sorting: tuple[Sorting | OlderSorting, ...] = ()
    fields: tuple[str, ...] = ()
    limit: int | None = None
    ignore: int | None = None


class SearchLegalUnits(Search, frozen=True, kw_only=True):
    filters: LegalUnitFilters | None = None


class SearchFacilities(Search, frozen=True, kw_only=True):
    filters: FacilityFilters | None = None
    include: tuple[str, ...] = ()


class SearchRoutingCodes(Search, frozen=True, kw_only=True):
    filters: RoutingCodeFilters | None = None
    include: tuple[str, ...] = ()


class SearchDirectoryLines(Search, frozen=True, kw_only=True):
    filters: DirectoryLineFilters | None = None
    include: tuple[str, ...] = ()


class LegalUnitOf(Ask, frozen=True, kw_only=True):
    siren: str
    fields: tuple[str, ...] = ()


class FacilityOf(Ask, frozen=True, kw_only=True):
    siret: str
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


class RoutingCodeOf(Ask, frozen=True, kw_only=True):
    siret: str
    routing_identifier: str
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


class DirectoryLineOf(Ask, frozen=True, kw_only=True):
    addressing_identifier: str
    fields: tuple[str, ...] = ()
    include: tuple[str, ...] = ()


class Address(Data, frozen=True, kw_only=True):
    address_line1: Text = Text()
    address_line2: Text = Text()
    address_line3: Text = Text()
    postal_code: Text = Text()
    country_subdivision: Text = Text()
    locality: Text = Text()
    country_code: Text = Text()
    country_name: Text = Text()


class ForPublicBodies(Data, frozen=True, kw_only=True):
    """What a public body wants: with a legal commitment code BT-13, with service codes BT-10 or a routing code."""

    pm: bool | None = None
    pm_only: bool | None = None
    manages_payment_status: bool | None = None
    manages_legal_commitment_code: bool | None = None
    manages_legal_commitment_or_service_code: bool | None = None
    service_code_status: bool | None = None


class LegalUnit(Answer):
    """`entity_type`: Public or PrivateVatRegistered; `administrative_status`: A active, C ceased."""

    siren: Text = Text()
    business_name: Text = Text()
    entity_type: Text = Text()
    administrative_status: Text = Text()


class Facility(Answer):
    """`facility_type`: P principal, S secondary."""

    siret: Text = Text()
    siren: Text = Text()
    name: Text = Text()
    facility_type: Text = Text()
    administrative_status: Text = Text()
    address: Address = Address()
    b2g_additional_data: ForPublicBodies = ForPublicBodies()
    legal_unit: LegalUnit | None = None


class RoutingCode(Answer):
    routing_identifier: Text = Text()
    siret: Text = Text()
    routing_identifier_type: Text = Text()
    routing_code_name: Text = Text()
    manages_legal_commitment_code: bool | None = None
    administrative_status: Text = Text()
    address: Address = Address()
    legal_unit: LegalUnit | None = None
    facility: Facility | None = None


class DirectoryLine(Answer):
    """An address that invoices can be sent to. `platform_type`: WK a platform, DFH none; `directory_line_status`:
    Enabled, Disabled or Upcoming."""

    addressing_identifier: Text = Text()
    platform_type: Text = Text()
    directory_line_status: Text = Text()
    siren: Text = Text()
    siret: Text = Text()
    routing_identifier: Text = Text()
    addressing_suffix: Text = Text()
    routing_code: RoutingCode | None = None
    legal_unit: LegalUnit | None = None
    facility: Facility | None = None


class LegalUnits(Answer):
    """`total_number_of_results`: -1 where the platform does not count them."""

    total_number_of_results: int = -1
    results: tuple[LegalUnit, ...] = ()


class Facilities(Answer):
    total_number_of_results: int = -1
    results: tuple[Facility, ...] = ()


class RoutingCodes(Answer):
    total_number_of_results: int = -1
    results: tuple[RoutingCode, ...] = ()


class DirectoryLines(Answer):
    total_number_of_results: int = -1
    results: tuple[DirectoryLine, ...] = ()


def following_page(ask: Search, found: LegalUnits | Facilities | RoutingCodes | DirectoryLines) -> Search | None:
    """The next page, if there may be one; only an empty page ends results that are not counted."""
    past = (ask.ignore or 0) + len(found.results)
    if not found.results or 0 <= found.total_number_of_results <= past:
        return None
    return msgspec.structs.replace(ask, ignore=past)


def _nothing(said: Any) -> type[RemoteError] | None:
    """Some platforms answer 204 for what is not there."""
    return NotThere if said == {} else None


class DirectoryCalls(PlatformCalls):
    """The calls of the directory service. What a platform does not offer (501) raises `NotOffered`."""

    name = "AFNOR directory service"

    search_legal_units = Endpoint(
        "POST",
        "/v1/siren/search",
        SearchLegalUnits,
        LegalUnits,
        repeatable=True,
        errors=_ERRORS,
        about="One page of the firms and public bodies that fit.",
    )
    search_facilities = Endpoint(
        "POST",
        "/v1/siret/search",
        SearchFacilities,
        Facilities,
        repeatable=True,
        errors=_ERRORS,
        about="One page of the facilities that fit.",
    )
    search_routing_codes = Endpoint(
        "POST",
        "/v1/routing-code/search",
        SearchRoutingCodes,
        RoutingCodes,
        repeatable=True,
        errors=_ERRORS,
        about="One page of the routing codes that fit.",
    )
    search_directory_lines = Endpoint(
        "POST",
        "/v1/directory-line/search",
        SearchDirectoryLines,
        DirectoryLines,
        repeatable=True,
        errors=_ERRORS,
        about="One page of the addresses that fit.",
    )
    all_legal_units = Paged(search_legal_units, lambda page: page.results, following_page)
    all_facilities = Paged(search_facilities, lambda page: page.results, following_page)
    all_routing_codes = Paged(search_routing_codes, lambda page: page.results, following_page)
    all_directory_lines = Paged(search_directory_lines, lambda page: page.results, following_page)
    legal_unit = Endpoint(
        "GET",
        "/v1/siren/code-insee:{siren}",
        LegalUnitOf,
        LegalUnit,
        failed=_nothing,
        errors=_ERRORS,
        about="One firm or public body, by its SIREN.",
    )
    facility = Endpoint(
        "GET",
        "/v1/siret/code-insee:{siret}",
        FacilityOf,
        Facility,
        failed=_nothing,
        errors=_ERRORS,
        about="One facility, by its SIRET.",
    )
    routing_code = Endpoint(
        "GET",
        "/v1/routing-code/siret:{siret}/code:{routingIdentifier}",
        RoutingCodeOf,
        RoutingCode,
        failed=_nothing,
        errors=_ERRORS,
        about="One routing code of a facility.",
    )
    directory_line = Endpoint(
        "GET",
        "/v1/directory-line/code:{addressingIdentifier}",
        DirectoryLineOf,
        DirectoryLine,
        failed=_nothing,
        errors=_ERRORS,
        about="One address that invoices can be sent to.",
    )
    directory_health = Endpoint("GET", "/v1/healthcheck", Ask, Health, errors=(500, 503), about="Whether it works.")


class AfnorDirectory(DirectoryCalls, Client):
    """The directory service of a platform."""


class AsyncAfnorDirectory(DirectoryCalls, AsyncClient):
    """The directory service of a platform, for asyncio and trio."""
