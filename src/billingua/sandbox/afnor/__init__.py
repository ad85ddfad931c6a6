"""AFNOR XP Z12-013: the flow service and the directory service of a platform, and where it gives tokens."""

from billingua.sandbox.afnor import directory, flow, signing
from billingua.sandbox.endpoint import endpoints_of
from billingua.sandbox.service import Service

__all__ = ["DIRECTORY", "FLOW", "HANDLERS", "SERVICES", "SIGNING"]

FLOW = endpoints_of(__file__, "flow.tsv", "afnor-flow")
DIRECTORY = endpoints_of(__file__, "directory.tsv", "afnor-directory")
SIGNING = endpoints_of(__file__, "signing.tsv", "afnor")

HANDLERS = {
    one.name: next(getattr(module, one.name) for module in (flow, directory, signing) if hasattr(module, one.name))
    for one in (*FLOW, *DIRECTORY, *SIGNING)
}
"""Of all three; FactPulse passes them on."""


def _service(name: str, title: str, prefix: str) -> Service:
    table = {"afnor-flow": FLOW, "afnor-directory": DIRECTORY, "afnor": SIGNING}[name]
    return Service(
        name=name,
        title=title,
        prefix=prefix,
        endpoints=table,
        handlers=HANDLERS,
        account_of=signing.account_of,
        shape_of=lambda call, _: call.endpoint.shape,
        invalid=(400, "invalid_request" if table is SIGNING else "INVALID_REQUEST", None),
        fault_shapes={},
        lost="afnor",
    )


SERVICES = (
    _service("afnor-flow", "AFNOR XP Z12-013: flows.", "/afnor/flow-service"),
    _service("afnor-directory", "AFNOR XP Z12-013: directory.", "/afnor/directory-service"),
    _service("afnor", "The tokens of the AFNOR services.", "/afnor"),
)
