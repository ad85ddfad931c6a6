"""Actions (6.5)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.annotations import annotations
from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.forms import fields
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, array, dictionary, key_of, name, stream

__all__ = ["check_actions"]

_KINDS: Final = frozenset(("GoTo", "GoToR", "GoToE", "Thread", "URI", "Named", "SubmitForm"))
_NAMED: Final = frozenset(("NextPage", "PrevPage", "FirstPage", "LastPage"))
_OF_CATALOG: Final = ("WC", "WS", "DS", "WP", "DP")
_OF_PAGE: Final = ("O", "C")
_OF_ANNOTATION: Final = ("E", "X", "D", "U", "Fo", "Bl", "PO", "PC", "PV", "PI")
_OF_FIELD: Final = ("K", "F", "V", "C")


def check_actions(file: Inspected) -> Iterator[Breach]:
    """No actions that depend on a program or on the time, and none that start by themselves."""
    if "/AA" in file.catalog:
        yield Breach("6.5.2-t01", file.place(file.catalog, "/AA"))
    for number, node in file.pages():
        if "/AA" in node:
            yield Breach("6.5.2-t02", file.place(node, "/AA"), number)
    seen = set()
    waiting = list(_roots(file))
    waiting.reverse()
    while waiting:
        action, place, page = waiting.pop()
        key = (key_of(action), place if not action.is_indirect else "")
        if key in seen:
            continue
        seen.add(key)
        if action.is_indirect:
            place = file.place(action)
        kind = name(action.get("/S"))
        if kind not in _KINDS:
            yield Breach("6.5.1-t01", place, page, (("action", kind or ""),), f"the type is {kind or 'missing'}")
        elif kind == "Named":
            called = name(action.get("/N"))
            if called not in _NAMED:
                detail = f"the action is {called or 'missing'}"
                yield Breach("6.5.1-t02", place, page, (("action", called or ""),), detail)
        following = action.get("/Next")
        for after in [following] if array(following) is None else reversed(list(following)):
            if _is_action(after):
                waiting.append((after, f"{place} /Next", page))


_Placed = tuple[Thing, str, int | None]


def _roots(file: Inspected) -> Iterator[_Placed]:
    """Where actions stand: the document, its bookmarks, pages, annotations and fields."""
    catalog = file.catalog
    if _is_action(catalog.get("/OpenAction")):
        yield catalog["/OpenAction"], "document /OpenAction", None
    yield from _additional(catalog, _OF_CATALOG, "document", None)
    for item in _bookmarks(file):
        if _is_action(item.get("/A")):
            yield item["/A"], file.place(item, "/A"), None
    for page, node in file.pages():
        yield from _additional(node, _OF_PAGE, file.place(node), page)
    for page, place, annotation in annotations(file):
        if _is_action(annotation.get("/A")):
            yield annotation["/A"], f"{place} /A", page
        yield from _additional(annotation, _OF_ANNOTATION, place, page)
    for field in fields(file):
        yield from _additional(field, _OF_FIELD, file.place(field), None)


def _additional(holder: Thing, keys: tuple[str, ...], place: str, page: int | None) -> Iterator[_Placed]:
    actions = dictionary(holder.get("/AA"))
    for key in keys if actions is not None else ():
        if _is_action(actions.get(f"/{key}")):
            yield actions[f"/{key}"], f"{place} /AA/{key}", page


def _bookmarks(file: Inspected) -> Iterator[Thing]:
    """The items of the outline."""
    root = dictionary(file.catalog.get("/Outlines"))
    waiting = [] if root is None else [dictionary(root.get("/First"))]
    seen = set()
    while waiting:
        item = waiting.pop()
        if item is None or (key := key_of(item)) in seen:
            continue
        seen.add(key)
        yield item
        waiting += [dictionary(item.get("/Next")), dictionary(item.get("/First"))]


def _is_action(value: Thing) -> bool:
    return dictionary(value) is not None and stream(value) is None
