"""Small questions about elements of UBL and CII, for rule sets that follow paths: what stands inside, what it says."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

from billingua.engine.locate import Element

__all__ = [
    "NAMESPACES",
    "ROOTS",
    "Elements",
    "by_tag",
    "inside",
    "only",
    "path",
    "said",
    "stands_in",
    "tag_of_step",
    "texts",
    "with_scheme",
]

_UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd"
_CII: Final = "urn:un:unece:uncefact:data:standard"
NAMESPACES: Final = {
    "ubl": f"{_UBL}:Invoice-2",
    "cn": f"{_UBL}:CreditNote-2",
    "ext": f"{_UBL}:CommonExtensionComponents-2",
    "cac": f"{_UBL}:CommonAggregateComponents-2",
    "cbc": f"{_UBL}:CommonBasicComponents-2",
    "rsm": f"{_CII}:CrossIndustryInvoice:100",
    "ram": f"{_CII}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_CII}:UnqualifiedDataType:100",
    "qdt": f"{_CII}:QualifiedDataType:100",
}

ROOTS: Final = {
    f"{{{NAMESPACES['ubl']}}}Invoice": "ubl-invoice",
    f"{{{NAMESPACES['cn']}}}CreditNote": "ubl-creditnote",
    f"{{{NAMESPACES['rsm']}}}CrossIndustryInvoice": "cii",
}
"""The tags of elements that are invoices, wherever they stand, and the wire formats they are of."""

Elements = list[Element]
Way = Callable[[Element], Elements]


@cache
def tag_of_step(step: str) -> str:
    """The tag that a step of a path means; without a prefix it is one of `ram`."""
    prefix, _, name = step.rpartition(":")
    return f"{{{NAMESPACES[prefix or 'ram']}}}{name}"


@cache
def path(steps: str) -> Way:
    """The way from an element to those inside it, in document order: `path("cac:Item/cbc:Name")`; `..` is the one
    around it.
    """
    names = steps.split("/")
    return _way_out(names) if ".." in names else _way_in([tag_of_step(name) for name in names])


def _way_in(tags: list[str]) -> Way:
    """Comparing tags is quicker than to let the parser's library select."""
    first, *rest = tags

    def way(element: Element) -> Elements:
        found = [child for child in element if child.tag == first]
        for tag in rest:
            if not found:
                break
            found = [child for around in found for child in around if child.tag == tag]
        return found

    return way


def _way_out(names: list[str]) -> Way:
    ways = [_around if name == ".." else path(name) for name in names]

    def way(element: Element) -> Elements:
        found = [element]
        for step in ways:
            found = [one for around in found for one in step(around)]
        return found

    return way


def _around(element: Element) -> Elements:
    around = element.getparent()
    return [] if around is None else [around]


def inside(element: Element, steps: str) -> Elements:
    """The elements that steps lead to from an element."""
    return path(steps)(element)


def by_tag(root: Element) -> dict[object, Elements]:
    """Every element of a tree by its tag, in document order."""
    found: dict[object, Elements] = {}
    for element in root.iter("*"):
        found.setdefault(element.tag, []).append(element)
    return found


def said(element: Element) -> str:
    """The text of an element and of all in it; the walk may have gathered it in the element already."""
    own = element.text or ""
    if not len(element):
        return own
    inner = "".join(element.itertext())[len(own) :]
    return own if own.endswith(inner) else own + inner


def texts(element: Element, steps: str) -> list[str]:
    """What the elements say that steps lead to."""
    return [said(one) for one in path(steps)(element)]


def only(elements: Elements) -> str:
    """What the one element says; "" where there is none or several, which artefacts then do not look at."""
    return said(elements[0]) if len(elements) == 1 else ""


def with_scheme(elements: Elements, *schemes: str) -> Elements:
    """Of identifiers, those of one of the schemes."""
    return [one for one in elements if one.get("schemeID") in schemes]


def stands_in(element: Element, around: Sequence[str]) -> bool:
    """Whether an element stands in elements of these tags, the last one next to it."""
    above = element.getparent()
    for tag in reversed(around):
        if above is None or above.tag != tag:
            return False
        above = above.getparent()
    return True
