"""The shelf of wire formats: a folder each, with one light descriptor `FORMAT`; the rest loads on use."""

from functools import cache
from importlib import import_module

from billingua.engine.format import Format
from billingua.errors import UsageError
from billingua.resources import shelf

__all__ = ["all_formats", "by_bytes", "by_name", "by_root", "folders", "get"]


_HEAD = 65_536
"""The root element of a document starts in so many bytes, comments before it included."""


@cache
def folders() -> tuple[str, ...]:
    """The names of the folders on the shelf, sorted."""
    return shelf(__file__)


@cache
def get(folder: str) -> Format:
    """The descriptor of a format by its folder: `get("ubl")`."""
    if folder not in folders():
        raise UsageError(f"There is no format folder {folder!r}.", todo=f"There are: {', '.join(folders())}.")
    descriptor: Format = import_module(f"{__name__}.{folder}").FORMAT
    return descriptor


@cache
def all_formats() -> tuple[Format, ...]:
    """The descriptors of all formats, in the order of their folders."""
    return tuple(get(folder) for folder in folders())


@cache
def by_name(name: str) -> Format:
    """The format that serves a wire format or alias: `by_name("ubl-creditnote")`, `by_name("cii")`.

    `facturx` is the format of the invoice that such a PDF holds.

    Raises:
        UsageError: there is no such wire format.
    """
    if name == "facturx":
        return get("cii")
    for descriptor in all_formats():
        if name in descriptor.names or (name and name == descriptor.alias):
            return descriptor
    known = sorted({word for one in all_formats() for word in (*one.names, one.alias, "facturx") if word})
    raise UsageError(f"There is no format {name!r}.", todo=f"Name one of: {', '.join(known)}.")


@cache
def by_root(tag: str) -> Format | None:
    """The format whose documents have this root element (Clark notation), or one in its namespace."""
    namespace = tag.rpartition("}")[0]
    return next((one for one in all_formats() if tag in one.roots or namespace in one.vocabularies), None)


def by_bytes(data: bytes) -> tuple[Format, str] | None:
    """The format and wire format whose namespace stands at the start of bytes that may be no XML, in one of the usual
    encodings."""
    head = data[:_HEAD]
    for descriptor in all_formats():
        for namespace, name in descriptor.vocabularies.items():
            if any(namespace[1:].encode(encoding) in head for encoding in ("ascii", "utf-16-le", "utf-16-be")):
                return descriptor, name
    return None
