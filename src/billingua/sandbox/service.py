"""A service: its endpoints, the functions that answer them, and how it says no."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from billingua.sandbox.call import Call
from billingua.sandbox.endpoint import Endpoint
from billingua.sandbox.refusal import Refusal

__all__ = ["Service"]


class Service(NamedTuple):
    """One service of the sandbox, below a prefix of its own."""

    name: str
    title: str
    prefix: str
    endpoints: tuple[Endpoint, ...]
    handlers: Mapping[str, Callable[[Call], Any]]
    """By the names of the endpoints."""
    account_of: Callable[[Call], Any]
    """Who asks; raises a Refusal where that is not shown as the endpoint wants it."""
    shape_of: Callable[[Call, Refusal], str]
    """The shape of the body of a refusal."""
    invalid: tuple[int, str, str | None]
    """Status, code and shape (None: the usual one) where fields are missing or wrong."""
    fault_shapes: Mapping[int, str]
    """The shapes of statuses that any endpoint may answer, and its table does not have."""
    lost: str
    """The shape of the answer where there is no such path."""
