"""A refusal: what a handler raises, and the service says in the shape of its error bodies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Complaint", "Refusal"]


class Complaint(NamedTuple):
    """What is wrong with one field, or one place of a document."""

    field: str
    code: str
    message: str
    severity: str = "Error"
    source: str = "system"


class Refusal(Exception):
    """The service does not do what it is asked.

    `status` is the HTTP status, `code` and `message` are what the body says, `complaints` what is wrong with single
    fields. `shape` is another shape than the usual one of the endpoint, `retry_after` the seconds to wait, `data` goes
    into the body where it has a place for data.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        complaints: tuple[Complaint, ...] = (),
        *,
        shape: str | None = None,
        retry_after: int | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.complaints = complaints
        self.shape = shape
        self.retry_after = retry_after
        self.data = data
        self.headers = dict(headers or {})
