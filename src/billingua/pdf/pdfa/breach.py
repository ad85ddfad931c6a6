"""One broken clause at one place of a file."""

from typing import NamedTuple

__all__ = ["Breach"]


class Breach(NamedTuple):
    """One broken clause at one place.

    `rule` is clause and test, `6.2.11.4.1-t01`; `place` is the object, `12 0 obj` or `12 0 obj /Resources/Font/F1`, or
    `trailer`, `header`, `offset 1234`; `page` counts from 1; `detail` is one clause that tells this case.
    """

    rule: str
    place: str
    page: int | None = None
    values: tuple[tuple[str, str], ...] = ()
    detail: str = ""
