"""The services of the sandbox, and what one must know to sign in to them."""

from functools import cache
from importlib import import_module
from typing import Any, Final

from billingua.sandbox.faults import ENDS, KINDS
from billingua.sandbox.service import Service

__all__ = ["overview", "services"]

_MODULES: Final = ("docnova", "openapi_fr", "factpulse", "afnor")


@cache
def services() -> tuple[Service, ...]:
    """All of them."""
    return tuple([one for name in _MODULES for one in import_module(f"billingua.sandbox.{name}").SERVICES])


def overview(base: str) -> dict[str, Any]:
    """Where each service is, and with what to sign in."""
    from billingua.sandbox.world import CREDENTIALS

    return {
        "services": {one.name: base + one.prefix for one in services()},
        "credentials": CREDENTIALS,
        "control": f"{base}/_sandbox/state",
        "description": f"{base}/openapi.json",
        "faults": {"kinds": dict(KINDS), "ends": dict(ENDS)},
    }
