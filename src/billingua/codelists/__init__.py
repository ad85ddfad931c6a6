"""Code lists: one file a list, `NAME.tsv`, read when it is asked for.

A file opens with comment lines `# key: value` (title, authority, list, version, used by, codes; sometimes
note), then has one code a line, in the order of the authority, with a tab and a short label of our own where
there is one. Where the artefacts of two syntaxes disagree on a list there are two files, and the note says
what differs.

    >>> "EUR" in codes("iso_4217")
    True
    >>> labels("untdid_5305")["AE"]
    'Reverse charge'
"""

import os
from functools import cache
from typing import NamedTuple

from billingua.errors import UsageError
from billingua.resources import lines_of, table_beside

__all__ = ["Source", "codes", "labels", "lists", "source"]

_FOLDER = os.path.dirname(__file__)


class Source(NamedTuple):
    """Where a list comes from, as its file says."""

    title: str
    authority: str
    number: str
    """The authority's name or number of the list, such as `UNTDID 1001 (subset)`."""
    version: str
    used_by: str
    """The rules that ask for the list."""
    note: str
    """What a reader must know, such as the difference to the list of another syntax; often empty."""


@cache
def lists() -> tuple[str, ...]:
    """The names of all lists, sorted."""
    return tuple(sorted([name.removesuffix(".tsv") for name in os.listdir(_FOLDER) if name.endswith(".tsv")]))


@cache
def codes(name: str) -> frozenset[str]:
    """The codes of a list, as they are written: comparing is case-sensitive."""
    return frozenset([line.partition("\t")[0] for line in lines_of(_text(name))])


@cache
def labels(name: str) -> dict[str, str]:
    """Code to label for every code of a list, in the order of the file; "" where there is no label."""
    pairs = (line.partition("\t") for line in lines_of(_text(name)))
    return {code: label for code, _, label in pairs}


@cache
def source(name: str) -> Source:
    """Title, authority, number and version of a list."""
    head = {}
    for line in _text(name).splitlines():
        if not line.startswith("#"):
            break
        key, _, value = line.removeprefix("# ").partition(": ")
        head[key] = value
    return Source(
        title=head["title"],
        authority=head["authority"],
        number=head["list"],
        version=head["version"],
        used_by=head["used by"],
        note=head.get("note", ""),
    )


def _text(name: str) -> str:
    """What a list's file holds; a name that is no list (a path, a typing error) is refused."""
    if name.isidentifier():
        try:
            return table_beside(__file__, f"{name}.tsv")
        except FileNotFoundError:
            pass
    raise UsageError(f"There is no code list {name!r}.", todo=f"The lists are: {', '.join(lists())}.")
