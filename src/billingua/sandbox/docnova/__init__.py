"""Docnova: signing in, France, the endpoints of all countries, Poland."""

from typing import Any

from billingua.sandbox.call import Call
from billingua.sandbox.docnova import common, france, mail, poland, poland_batch, poland_codes, poland_history, signing
from billingua.sandbox.endpoint import endpoints_of
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.service import Service

__all__ = ["SERVICES"]

_MODULES: tuple[Any, ...] = (signing, france, common, mail, poland, poland_batch, poland_codes, poland_history)
_ENDPOINTS = endpoints_of(__file__, "endpoints.tsv", "docnova")

_ONLY_FOR = {"failed": (400, 422, 500), "empty": (404, 500)}
"""The statuses that have a shape of the German page; the others come as A."""


def _shape_of(call: Call, refusal: Refusal) -> str:
    """The shape of an endpoint: on the German page, after a bar on the Polish one."""
    german, _, polish = call.endpoint.shape.partition("|")
    if polish and getattr(call.account, "page", "de") == "pl":
        return polish
    return german if refusal.status in _ONLY_FOR.get(german, (refusal.status,)) else "A"


SERVICES = (
    Service(
        name="docnova",
        title="Docnova: France, Germany, Poland and what they share.",
        prefix="/docnova",
        endpoints=_ENDPOINTS,
        handlers={one.name: next(getattr(m, one.name) for m in _MODULES if hasattr(m, one.name)) for one in _ENDPOINTS},
        account_of=signing.account_of,
        shape_of=_shape_of,
        invalid=(400, "VALIDATION_FAILED", None),
        fault_shapes={402: "D", 429: "H", 502: "H", 503: "H", 498: "A-expired"},
        lost="A",
    ),
)
