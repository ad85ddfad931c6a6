"""What the rules of one message share: its elements by their place."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Group, Located
from billingua.engine.rule import Context
from billingua.engine.xml import said

__all__ = ["CHORUS", "PORTAL", "Facts", "inside", "platforms", "texts"]

PORTAL: Final = "0000"
"""The number of the public portal among the platforms (0238)."""

CHORUS: Final = "9999"
"""The number of Chorus Pro among the platforms (0238)."""

_PLATFORMS: Final = "0238"
_NAMESPACES: Final = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
}
_REFERENCED: Final = "rsm:AcknowledgementDocument/ram:ReferenceReferencedDocument"


def _tag(step: str) -> str:
    prefix, _, name = step.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{name}"


_ROOT: Final = _tag("rsm:CrossDomainAcknowledgementAndResponse")


def inside(element: Element, steps: str) -> list[Element]:
    """The elements that steps lead to from an element; `.` is itself, a leading `..` the one around it."""
    while steps.startswith(".."):
        around = element.getparent()
        if around is None:
            return []
        element, steps = around, steps[3:]
    return [element] if steps in ("", ".") else element.findall(steps, _NAMESPACES)


def texts(element: Element, steps: str) -> list[str]:
    """What the elements say that steps lead to."""
    return [said(one) for one in inside(element, steps)]


class Facts:
    """`root` is the element of the document."""

    def __init__(self, located: Located, today: date) -> None:
        self.root = located.root.element
        self.today = today
        self.contexts: dict[Context, list[Group]] = {}

    def anywhere(self, steps: str) -> Iterator[Element]:
        """The elements that steps lead to from anywhere."""
        *around, last = [_tag(step) for step in steps.split("/")]
        for element in self.root.iter(last):
            parent = element.getparent()
            for tag in reversed(around):
                if parent is None or parent.tag != tag:
                    break
                parent = parent.getparent()
            else:
                yield element

    @lazy
    def is_unreadable_invoice(self) -> bool:
        """A status of the message is 501: the invoice could not be read, so little is known of it."""
        known = self.root.tag == _ROOT
        return known and "501" in texts(self.root, f"{_REFERENCED}/ram:ProcessConditionCode")

    @lazy
    def is_from_chorus(self) -> bool:
        """The sender is Chorus Pro, by its number among the platforms."""
        senders = "rsm:ExchangedDocument/ram:SenderTradeParty/ram:GlobalID"
        return self.root.tag == _ROOT and CHORUS in platforms(inside(self.root, senders))

    @lazy
    def senders(self) -> list[Element]:
        """The global identifiers of the sender."""
        return list(self.anywhere("rsm:ExchangedDocument/ram:SenderTradeParty/ram:GlobalID"))


def platforms(identifiers: list[Element]) -> list[str]:
    """Of some identifiers, the numbers of platforms."""
    return [said(one) for one in identifiers if one.get("schemeID") == _PLATFORMS]
