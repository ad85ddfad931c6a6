"""Openapi E-Invoicing France. Its page has no hosts, no way to sign in and no errors: a bearer token and the statuses
are assumed; every answer is the documented wrapper.
"""

from typing import Any

from billingua.sandbox.call import Call
from billingua.sandbox.endpoint import endpoints_of
from billingua.sandbox.openapi_fr import invoices
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.service import Service
from billingua.sandbox.tokens import bearer_of
from billingua.sandbox.world import OPENAPI_TOKEN

__all__ = ["SERVICES"]

_ENDPOINTS = endpoints_of(__file__, "endpoints.tsv", "openapi-fr")


def _account_of(call: Call) -> Any:
    if bearer_of(call) != OPENAPI_TOKEN:
        raise Refusal(401, "UNAUTHORIZED", "The token is missing or wrong.")
    return OPENAPI_TOKEN


SERVICES = (
    Service(
        name="openapi-fr",
        title="Openapi E-Invoicing France.",
        prefix="/openapi-fr",
        endpoints=_ENDPOINTS,
        handlers={one.name: getattr(invoices, one.name) for one in _ENDPOINTS},
        account_of=_account_of,
        shape_of=lambda call, _: call.endpoint.shape,
        invalid=(422, "VALIDATION_ERROR", None),
        fault_shapes={},
        lost="wrapper",
    ),
)
