"""Who carries documents to a service: what the outbox asks of a courier, and which there are."""

import os
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, Protocol

from billingua.errors import UsageError
from billingua.remote.outbox.entry import Answer, Entry, Receipt
from billingua.remote.settings import Service, service

__all__ = ["COURIERS", "FOLDER", "Courier", "account_of", "courier_for", "to_target"]

FOLDER: Final = "folder:"
"""What a target begins with that is a folder and needs no settings."""

COURIERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "afnor": "billingua.remote.afnor.courier:courier",
        "docnova": "billingua.remote.docnova.courier:courier",
        "factpulse": "billingua.remote.afnor.courier:courier_through_factpulse",
        "folder": "billingua.remote.outbox.folder:courier",
    }
)
"""The service -> module and function; the function takes the settings (`Service`) and returns a `Courier`. A module is
imported when its service is asked for."""


class Courier(Protocol):
    """What the outbox asks of a service. Nothing is called twice at a time for one entry.

    All may raise a RemoteError, whose kind, `uncertain` and `retry_after` the outbox obeys. A UsageError or
    MissingExtra says that the account cannot be used as it is set; all its entries wait. Any other BillinguaError of
    `submit` says that nothing has been sent. Making a courier asks nothing of the service. One that keeps connections
    has `close()` too.
    """

    settling: float
    """So many seconds after it was handed over a document that `find` does not show has certainly not arrived: more
    than a request can take, and the time the service needs to show it."""

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        """Hand over the exact bytes. AlreadyThere says that the service has them, or others in their place."""

    def find(self, entry: Entry, /) -> Receipt | None:
        """Look for a document that may have been handed over, by a key of our own: its SHA-256, its number.

        None says that it is not there. Raises NotOffered where the service cannot be asked.
        """

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:
        """Ask what became of a document that the service has. Where it tells no more, "accepted" at once."""


def to_target(target: str) -> str:
    """A target in the one form that it has in the file: a folder with its whole path.

    Raises:
        UsageError: it is no name.
    """
    whole = target
    if isinstance(target, str) and target.startswith(FOLDER) and target != FOLDER:
        whole = FOLDER + os.path.abspath(target[len(FOLDER) :])
    if not isinstance(target, str) or not target.strip() or not whole.isprintable() or target == FOLDER:
        raise UsageError(f"{target!r} is no service.", todo="Give its name in the settings, or folder: and a path.")
    return whole


def account_of(target: str, settings: str | os.PathLike[str] | None = None) -> str:
    """Which account a target means, in words: "" for a folder, which says so itself.

    Raises:
        UsageError: as `courier_for`.
    """
    return "" if target.startswith(FOLDER) else _settings_of(target, settings)[0].account


def courier_for(target: str, settings: str | os.PathLike[str] | None = None) -> Courier:
    """A courier to a target of `to_target`.

    Raises:
        UsageError: there are no settings for it, or they are wrong, or no courier goes there.
        MissingExtra: it needs a package that is not installed.
    """
    found, place = _settings_of(target, settings)
    module, _, function = place.partition(":")
    make: Any = getattr(import_module(module), function)
    made: Courier = make(found)
    return made


def _settings_of(target: str, settings: str | os.PathLike[str] | None) -> tuple[Service, str]:
    """The settings of a target, and where its courier is made."""
    if target.startswith(FOLDER):
        found = Service(target, "folder", MappingProxyType({"directory": target[len(FOLDER) :]}), MappingProxyType({}))
    else:
        found = service(target, settings)
    place = COURIERS.get(found.service)
    if place is None:
        raise UsageError(
            f"No courier goes to the service {found.service!r}.", todo=f"They go to: {', '.join(sorted(COURIERS))}."
        )
    return found, place
