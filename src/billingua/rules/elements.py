"""Small questions about elements of UBL and CII, for rule sets that follow paths: what stands inside, what it says."""

from collections.abc import Callable
from functools import cache
from typing import Final

from billingua.engine.locate import Element

__all__ = ["Elements", "path", "said", "tag_of", "texts", "with_scheme"]

_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_CII = "urn:un:unece:uncefact:data:standard"
_NAMESPACES: Final = {
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
    "rsm": f"{_CII}:CrossIndustryInvoice:100",
    "ram": f"{_CII}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}:UnqualifiedDataType:100",
    "qdt": f"{_CII}:QualifiedDataType:100",
}

Elements = list[Element]


@cache
def tag_of(step: str) -> str:
    """The tag that a step of a path means."""
    prefix, _, name = step.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{name}"


@cache
def path(steps: str) -> Callable[[Element], Elements]:
    """The way from an element to those inside it, in document order: `path("cac:Item/cbc:Name")`."""
    tags = [tag_of(step) for step in steps.split("/")]

    def inside(element: Element) -> Elements:
        found = [element]
        for tag in tags:
            found = [child for around in found for child in around if child.tag == tag]
        return found

    return inside


def said(element: Element) -> str:
    """The text of an element and of all in it; the walk may have gathered it in the element already."""
    own = element.text or ""
    if not len(element):
        return own
    inside = "".join(element.itertext())[len(own) :]
    return own if own.endswith(inside) else own + inside


def texts(element: Element, steps: str) -> list[str]:
    """What the elements say that steps lead to."""
    return [said(one) for one in path(steps)(element)]


def with_scheme(elements: Elements, *schemes: str) -> Elements:
    """Of identifiers, those of one of the schemes."""
    return [one for one in elements if one.get("schemeID") in schemes]
