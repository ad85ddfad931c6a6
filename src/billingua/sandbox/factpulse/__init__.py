"""FactPulse: invoices, checks, life cycle, e-reporting, AFNOR and Chorus Pro, with tasks and webhooks."""

from typing import Any

from billingua.sandbox import afnor
from billingua.sandbox.call import Call
from billingua.sandbox.endpoint import endpoints_of
from billingua.sandbox.factpulse import (
    cdar,
    checking,
    chorus,
    clients,
    conversion,
    ereports,
    processing,
    signing,
    tasks,
)
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.service import Service

__all__ = ["SERVICES"]

_MODULES: tuple[Any, ...] = (signing, tasks, processing, checking, conversion, cdar, ereports, chorus, clients)
_OWN = endpoints_of(__file__, "endpoints.tsv", "factpulse")
_PASSED_ON = tuple(
    [
        one._replace(service="factpulse", name=f"afnor_{one.name}", path=f"/api/v1/afnor{prefix}{one.path}")
        for prefix, table in (("/flow", afnor.FLOW), ("/directory", afnor.DIRECTORY), ("", afnor.SIGNING))
        for one in table
    ]
)


def _shape_of(call: Call, refusal: Refusal) -> str:
    """APIError, where the endpoint is not one of AFNOR; 422 is a list of places."""
    if call.endpoint.shape != "api-error":
        return call.endpoint.shape
    return "locations" if refusal.status == 422 else "api-error"


SERVICES = (
    Service(
        name="factpulse",
        title="FactPulse 4.4: invoices, checks, life cycle, e-reporting, AFNOR, Chorus Pro.",
        prefix="/factpulse",
        endpoints=(*_OWN, *_PASSED_ON),
        handlers={
            **{one.name: next(getattr(m, one.name) for m in _MODULES if hasattr(m, one.name)) for one in _OWN},
            **{f"afnor_{name}": handler for name, handler in afnor.HANDLERS.items()},
        },
        account_of=signing.account_of,
        shape_of=_shape_of,
        invalid=(422, "VALIDATION", None),
        fault_shapes={},
        lost="api-error",
    ),
)
