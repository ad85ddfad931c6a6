"""A sandbox: the remote services on this machine, to try clients and integrations on. Nothing leaves the machine.

    from billingua import sandbox

    with sandbox.running() as base:                 # "http://127.0.0.1:40123", over real HTTP
        ...                                         # base + "/docnova" answers as Docnova does

Each service has a prefix of its own: /docnova, /openapi-fr, /factpulse, /afnor/flow-service and
/afnor/directory-service. Documents are judged with this library, and move one status further each time they are asked
for. Under /_sandbox are the state, the reset, the clock and the faults; /openapi.json describes everything.

What the services do not document is an assumption here, marked as such in the descriptions of the endpoints. That a
document passes here does not prove that the service takes it.

This needs the packages of the extra `sandbox`. Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.sandbox.server import app, running, serve
    from billingua.sandbox.services import overview

__all__ = ["app", "overview", "running", "serve"]

_HOMES = {
    "app": "sandbox.server",
    "overview": "sandbox.services",
    "running": "sandbox.server",
    "serve": "sandbox.server",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
