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


def tag_of_step(step: str) -> str:
    """The tag that a step of a path means; without a prefix it is one of `ram`."""
    prefix, _, name = step.rpartition(":")
    return f"{{{NAMESPACES[prefix or 'ram']}}}{name}"


@cache
def path(steps: str) -> Callable[[Element], Elements]:
    """The way from an element to those inside it: `path("SpecifiedTradeProduct/Name")`; `..` is the one around it."""
    tags = tuple(".." if step == ".." else tag_of_step(step) for step in steps.split("/"))

    def inside(element: Element) -> Elements:
        found = [element]
        for tag in tags:
            if tag == "..":
                found = [around for one in found if (around := one.getparent()) is not None]
            else:
                found = [child for one in found for child in one.iterchildren(tag)]
        return found

    return inside


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
