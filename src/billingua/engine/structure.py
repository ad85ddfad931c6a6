"""The XSD step: a document against the lean schema of its format, schemas compiled once a process."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Final

from lxml import etree

from billingua.engine.lock import ForkSafeLock
from billingua.engine.places import Places
from billingua.engine.report import SCHEMA, Finding
from billingua.engine.xml import Element, qualified
from billingua.errors import InvalidModel
from billingua.resources import data_folder

__all__ = ["check_structure", "compiled_schema", "require_structure", "structural_errors"]

_HINTS: Final = {
    "SCHEMAV_ELEMENT_CONTENT": "Elements must stand in the order the format gives them, each as often as it allows.",
    "SCHEMAV_CVC_DATATYPE_VALID_1_2_1": "Write the value in the form its type asks for.",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "Remove the attribute.",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Add the attribute.",
    "SCHEMAV_CVC_ELT_1": "The document must start with the root element of its format.",
}


_LISTED: Final = 5
"""So many missing terms are named in an error."""

_COMPILED: dict[str, etree.XMLSchema] = {}

_lock = ForkSafeLock()
"""A schema object keeps the errors of the last document, whichever thread asked."""


def compiled_schema(path: str) -> etree.XMLSchema:
    """The compiled schema at a path below `schemas/`, such as `ubl-2.1/Invoice.xsd`."""
    schema = _COMPILED.get(path)
    if schema is None:
        schema = _COMPILED[path] = etree.XMLSchema(etree.parse(f"{data_folder('schemas')}/{path}"))
    return schema


def structural_errors(root: Element, path: str, core: str = "") -> list[etree._LogEntry]:
    """What the schema says against a document; [] when it holds. `core` is as for `check_structure`."""
    with _lock:
        if core and path not in _COMPILED and compiled_schema(core).validate(root):
            return []
        schema = compiled_schema(path)
        return [] if schema.validate(root) else list(schema.error_log)


def check_structure(
    root: Element, path: str, core: str, prefixes: Mapping[str, str], places: Places, apart: str = ""
) -> list[Finding]:
    """One finding of the rule `SCHEMA` for each structural error, with the schema's own message; [] when it holds.

    `core` is a part of the schema that accepts nothing that the whole one refuses ("" if there is none). It takes a
    fraction of the time to compile, so it is asked first as long as the whole one has not been needed. `apart` is the
    tag of a child of the root that the schema knows nothing of and is not asked about.
    """
    with _without(root, apart) if apart else nullcontext():
        errors = structural_errors(root, path, core)
        if not errors:
            return []
        elements = _elements(root, [error.path or "" for error in errors])
    findings = []
    for error, element in zip(errors, elements, strict=True):
        message = _readable(error.message, prefixes)
        findings.append(
            Finding(
                rule=SCHEMA,
                severity="fatal",
                ruleset="schema",
                path=places.path(element) if element is not None else error.path or "/",
                line=(element.sourceline if element is not None else None) or error.line or None,
                terms=(),
                values={},
                message=message,
                hint=_HINTS.get(error.type_name, ""),
            )
        )
    return findings


@contextmanager
def _without(root: Element, tag: str) -> Iterator[None]:
    """The tree while a comment stands in for the first child of this tag; it comes back afterwards."""
    child = next(root.iterchildren(tag), None)
    if child is None:
        yield
        return
    stand_in = etree.Comment("")
    stand_in.tail = child.tail
    root.replace(child, stand_in)
    try:
        yield
    finally:
        root.replace(stand_in, child)


def require_structure(
    root: Element, path: str, core: str, places: Places, lacking: Callable[[], Iterable[str]], title: str
) -> None:
    """Hold a document that was just written to its schema; `lacking` names what the model should have and has not.

    Raises:
        InvalidModel: the schema (`path`, `core`: as for `check_structure`) refuses it.
    """
    errors = structural_errors(root, path, core)
    if not errors:
        return
    error = errors[0]
    message = _readable(error.message, places.prefixes)
    if missing := list(lacking()):
        more = ", ..." if len(missing) > _LISTED else "."
        message = f"it lacks {', '.join(missing[:_LISTED])}{more} The schema says: {message}"
    (element,) = _elements(root, [error.path or ""])
    raise InvalidModel(
        f"The invoice cannot be written as {title}: {message}",
        where=places.path(element) if element is not None else error.path or "",
        todo="Fill in what is missing; with_totals() computes the totals.",
    )


def _elements(root: Element, paths: Iterable[str]) -> list[Element | None]:
    """The elements at paths such as `/Invoice/cac:InvoiceLine[2]`; None where there is none.

    The paths are walked here, with the children of an element gathered once by their name: an XPath counts the children
    anew for each error, and there may be as many errors as children.
    """
    tags = {prefix: f"{{{uri}}}" for prefix, uri in root.nsmap.items() if prefix}
    children: dict[tuple[Element | None, str], list[Element]] = {}
    found = []
    for path in paths:
        element: Element | None = None
        for step in path.split("/")[1:]:
            name, _, number = step.partition("[")
            prefix, _, local = name.rpartition(":")
            tag = "*" if name == "*" else f"{tags.get(prefix, prefix)}{local}"
            if (element, tag) not in children:
                inside = [root] if element is None else element.iterchildren("*")
                children[element, tag] = [one for one in inside if tag in ("*", one.tag)]
            place = int(number[:-1]) if number[:-1].isdecimal() else 1
            listed = children[element, tag]
            element = listed[place - 1] if 0 < place <= len(listed) else None
            if element is None:
                break
        found.append(element)
    return found


def _readable(message: str, prefixes: Mapping[str, str]) -> str:
    """The schema's message with namespaces shortened to the usual prefixes."""
    for namespace, prefix in prefixes.items():
        message = message.replace(f"{{{namespace}}}", f"{prefix}:" if prefix else "")
    return qualified(message, {}) if message.startswith("{") else message
