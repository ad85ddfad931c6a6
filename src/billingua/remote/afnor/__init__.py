"""AFNOR XP Z12-013: the interfaces of a French platform, one for flows and one for the directory.

    from billingua.remote.afnor import AfnorFlow, ClientCredentials, FlowInfo

    signed = ClientCredentials(token_url="https://.../token", client_id="...", client_secret=Secret("..."))
    with AfnorFlow("https://.../flow-service", credentials=signed) as platform:
        taken = platform.submit_flow(flow_info=FlowInfo(name="F-1.xml", flow_syntax="UBL"), file=File("F-1.xml", data))
        for flow in platform.all_flows(where=FlowFilters(flow_direction=("In",))): ...

Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.afnor.directory import (
        AfnorDirectory,
        AsyncAfnorDirectory,
        DirectoryCalls,
        DirectoryLine,
        DirectoryLineFilters,
        Facility,
        FacilityFilters,
        Filter,
        LegalUnit,
        LegalUnitFilters,
        OlderSorting,
        RoutingCode,
        RoutingCodeFilters,
        Sorting,
    )
    from billingua.remote.afnor.flows import (
        AfnorFlow,
        AsyncAfnorFlow,
        Flow,
        FlowCalls,
        FlowFilters,
        FlowInfo,
        FullFlowInfo,
        Webhook,
    )
    from billingua.remote.afnor.sign_in import ClientCredentials

__all__ = [
    "AfnorDirectory",
    "AfnorFlow",
    "AsyncAfnorDirectory",
    "AsyncAfnorFlow",
    "ClientCredentials",
    "DirectoryCalls",
    "DirectoryLine",
    "DirectoryLineFilters",
    "Facility",
    "FacilityFilters",
    "Filter",
    "Flow",
    "FlowCalls",
    "FlowFilters",
    "FlowInfo",
    "FullFlowInfo",
    "LegalUnit",
    "LegalUnitFilters",
    "OlderSorting",
    "RoutingCode",
    "RoutingCodeFilters",
    "Sorting",
    "Webhook",
]

_HOMES = {
    "AfnorDirectory": "remote.afnor.directory",
    "AfnorFlow": "remote.afnor.flows",
    "AsyncAfnorDirectory": "remote.afnor.directory",
    "AsyncAfnorFlow": "remote.afnor.flows",
    "ClientCredentials": "remote.afnor.sign_in",
    "DirectoryCalls": "remote.afnor.directory",
    "DirectoryLine": "remote.afnor.directory",
    "DirectoryLineFilters": "remote.afnor.directory",
    "Facility": "remote.afnor.directory",
    "FacilityFilters": "remote.afnor.directory",
    "Filter": "remote.afnor.directory",
    "Flow": "remote.afnor.flows",
    "FlowCalls": "remote.afnor.flows",
    "FlowFilters": "remote.afnor.flows",
    "FlowInfo": "remote.afnor.flows",
    "FullFlowInfo": "remote.afnor.flows",
    "LegalUnit": "remote.afnor.directory",
    "LegalUnitFilters": "remote.afnor.directory",
    "OlderSorting": "remote.afnor.directory",
    "RoutingCode": "remote.afnor.directory",
    "RoutingCodeFilters": "remote.afnor.directory",
    "Sorting": "remote.afnor.directory",
    "Webhook": "remote.afnor.flows",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
