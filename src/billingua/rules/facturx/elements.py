"""Small questions about elements of CII: what stands inside, and what it says."""

from collections.abc import Callable
from functools import cache
from typing import Final

from billingua.engine.locate import Element

__all__ = ["NAMESPACES", "Elements", "only", "path", "said", "tag_of_step"]

NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}

Elements = list[Element]


@cache
def tag_of_step(step: str) -> str:
    """The tag that a step of a path means; without a prefix it is one of `ram`."""
    prefix, _, name = step.rpartition(":")
    return f"{{{NAMESPACES[prefix or 'ram']}}}{name}"


@cache
def path(steps: str) -> Callable[[Element], Elements]:
    """The way from an element to those inside it: `path("SpecifiedTradeProduct/Name")`; `..` is the one around it."""
    first, *rest = [".." if step == ".." else tag_of_step(step) for step in steps.split("/")]

    def inside(element: Element) -> Elements:
        found = _step(element, first)
        for tag in rest:
            if not found:
                break
            found = _step(found[0], tag) if len(found) == 1 else [one for around in found for one in _step(around, tag)]
        return found

    return inside


def _step(element: Element, tag: str) -> Elements:
    """The children with a tag, or the parent. Comparing tags is quicker than to let the parser's library select."""
    if tag == "..":
        around = element.getparent()
        return [] if around is None else [around]
    return [child for child in element if child.tag == tag]


def said(element: Element) -> str:
    """The text of an element and of all in it; the walk may have gathered it in the element already."""
    own = element.text or ""
    if not len(element):
        return own
    inside = "".join(element.itertext())[len(own) :]
    return own if own.endswith(inside) else own + inside


def only(elements: Elements) -> str:
    """What the one element says; "" where there is none or several, which the artefact then does not look at."""
    return said(elements[0]) if len(elements) == 1 else ""
