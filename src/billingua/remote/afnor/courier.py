"""The courier of the outbox to a platform of XP Z12-013, asked itself or through FactPulse.

The tracking identifier of a flow is the SHA-256 of its document: by it a flow is found again.
"""

import os
from typing import Any, Final

from billingua.errors import CannotExpress, NotOffered
from billingua.remote.afnor.flows import AfnorFlow, FlowFilters, FlowInfo
from billingua.remote.afnor.sign_in import ClientCredentials
from billingua.remote.exchange.habits import answering_within
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret
from billingua.remote.outbox.entry import Answer, Entry, Receipt
from billingua.remote.settings import Service

__all__ = ["FlowCourier", "courier", "courier_through_factpulse"]

_SETTLING: Final = 300.0  # seconds; a request may take 60
_SYNTAXES: Final = {
    "ubl-invoice": "UBL",
    "ubl-creditnote": "UBL",
    "cii": "CII",
    "facturx": "Factur-X",
    "cdar": "CDAR",
    "ereporting": "FRR",
}
_ENDS: Final = {"Ok": "accepted", "Error": "rejected"}


def courier(service: Service) -> "FlowCourier":
    """The courier for a section of the settings: flow_url, and token or token_url, client_id and client_secret.

    Raises:
        UsageError: one of them is not set.
    """
    if "token" in service.sources:
        signed: dict[str, Any] = {"token": Secret(service.secret("token"))}
    else:
        credentials = ClientCredentials(
            token_url=service.need("token_url"),
            client_id=service.need("client_id"),
            client_secret=Secret(service.secret("client_secret")),
        )
        signed = {"credentials": credentials}
    platform = AfnorFlow(service.need("flow_url"), **signed, habits=answering_within(service.values.get("timeout")))
    return FlowCourier(platform, service.values.get("organization_id"))


def courier_through_factpulse(service: Service) -> "FlowCourier":
    """The courier for a section of the settings: base_url, and token or username and password; client_uid.

    Raises:
        UsageError: one of them is not set.
    """
    from billingua.remote.factpulse.client import FactPulse

    if "token" in service.sources:
        signed: dict[str, Any] = {"token": Secret(service.secret("token"))}
    else:
        signed = {
            "username": service.need("username"),
            "password": Secret(service.secret("password")),
            "client_uid": service.values.get("client_uid"),
        }
    return FlowCourier(
        FactPulse(service.need("base_url"), **signed, habits=answering_within(service.values.get("timeout")))
    )


class FlowCourier:
    """Hands documents over as flows, and reads their acknowledgements."""

    settling = _SETTLING

    def __init__(self, platform: Any, organization: str | None = None) -> None:
        self.platform = platform
        self._asked = {"organization_id": organization} if organization else {}

    def close(self) -> None:
        """Close the connections."""
        self.platform.close()

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        """Hand it over.

        Raises:
            CannotExpress: platforms take no such document.
        """
        syntax = _SYNTAXES.get(entry.format)
        if syntax is None:
            raise CannotExpress(f"French platforms take no {entry.format}.", todo="Send UBL, CII, Factur-X or CDAR.")
        pdf = entry.format == "facturx"
        name = os.path.basename(entry.file) or f"{entry.sha256}.{'pdf' if pdf else 'xml'}"
        info = FlowInfo(name=name, flow_syntax=syntax, tracking_id=entry.sha256, sha256=entry.sha256)
        file = File(name, data, "application/pdf" if pdf else "application/xml")
        taken = self.platform.submit_flow(flow_info=info, file=file, **self._asked)
        return Receipt(str(taken.flow_id))

    def find(self, entry: Entry, /) -> Receipt | None:
        """By the tracking identifier, which is the hash of the document.

        Raises:
            NotOffered: the platform shows flows without saying which documents they are.
        """
        where = FlowFilters(tracking_id=entry.sha256)
        nameless = False
        for flow in self.platform.all_flows(where=where, **self._asked):
            if entry.sha256 in (flow.tracking_id, flow.sha256.lower()):
                return Receipt(str(flow.flow_id))
            nameless |= not flow.tracking_id and not flow.sha256
        if nameless:
            raise NotOffered("The platform does not say which documents its flows are.", service=self.platform.name)
        return None

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:  # noqa: ARG002
        flow = self.platform.flow(flow_id=receipt.id, **self._asked)
        said = flow.acknowledgement
        details = [f"{one.reason_code}: {one.reason_message}".strip(": ") for one in said.details]
        return Answer(_ENDS.get(said.status, "working"), "; ".join(details))
