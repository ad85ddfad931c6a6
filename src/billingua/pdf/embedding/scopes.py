"""Where a PDF draws: its pages, forms, patterns, glyph procedures and appearances, each with its resources."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from billingua.pdf.document import pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["Scope", "Shown", "entries", "operators", "scopes", "shown_text"]


class Scope(NamedTuple):
    """A content stream: the page, form, pattern or procedure it belongs to, its resources, and the page it is met on.

    `inherited` says that the resources are those of whoever draws it, because it has none of its own.
    """

    holder: "Object"
    resources: "Object"
    page: int
    inherited: bool = False


class Shown(NamedTuple):
    """What is shown of a font: the codes, and the first page."""

    codes: set[int]
    page: int


def scopes(pdf: "Pdf") -> Iterator[Scope]:
    """Every content stream of a PDF that can be met from its pages, once each."""
    pikepdf = pikepdf_loaded()
    seen: set[tuple[int, int]] = set()
    form = pdf.Root.get("/AcroForm")
    usual = form.get("/DR") if isinstance(form, pikepdf.Dictionary) else None
    if not isinstance(usual, pikepdf.Dictionary):
        usual = pikepdf.Dictionary()
    for number, page in enumerate(pdf.pages, 1):
        resources = page.obj.get("/Resources")
        if not isinstance(resources, pikepdf.Dictionary):
            resources = page.obj.Resources = pdf.make_indirect(pikepdf.Dictionary())
        yield Scope(page.obj, resources, number)
        for stream, own in _drawn(resources):
            yield from _stream(stream, own or resources, number, seen)
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(annotation, pikepdf.Dictionary):
                for stream in _appearances(annotation.get("/AP"), 0):
                    yield from _stream(stream, usual, number, seen)


def _appearances(thing: Any, depth: int) -> Iterator["Object"]:
    pikepdf = pikepdf_loaded()
    if isinstance(thing, pikepdf.Stream):
        yield thing
    elif isinstance(thing, pikepdf.Dictionary) and depth < 2:
        for key in list(thing.keys()):
            yield from _appearances(thing[key], depth + 1)


def _stream(stream: "Object", outer: "Object", page: int, seen: set[tuple[int, int]]) -> Iterator[Scope]:
    """A form, pattern or glyph procedure, and what it draws itself."""
    pikepdf = pikepdf_loaded()
    waiting = [(stream, outer)]
    while waiting:
        one, around = waiting.pop()
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        own = one.get("/Resources")
        inherited = not isinstance(own, pikepdf.Dictionary)
        resources: Any = around if inherited else own
        yield Scope(one, resources, page, inherited)
        waiting.extend((inner, given or resources) for inner, given in _drawn(resources))


def _drawn(resources: "Object") -> "Iterator[tuple[Object, Object | None]]":
    """The forms, tiling patterns, soft masks and glyph procedures that resources name; the latter with those that
    their font has for them."""
    pikepdf = pikepdf_loaded()
    for form in entries(resources, "/XObject"):
        if isinstance(form, pikepdf.Stream) and form.get("/Subtype") == "/Form":
            yield form, None
    for pattern in entries(resources, "/Pattern"):
        if isinstance(pattern, pikepdf.Stream):
            yield pattern, None
    for state in entries(resources, "/ExtGState"):
        mask = state.get("/SMask") if isinstance(state, pikepdf.Dictionary) else None
        if isinstance(mask, pikepdf.Dictionary) and isinstance(mask.get("/G"), pikepdf.Stream):
            yield mask.G, None
    for font in entries(resources, "/Font"):
        procedures = font.get("/CharProcs") if isinstance(font, pikepdf.Dictionary) else None
        if isinstance(procedures, pikepdf.Dictionary):
            own = font.get("/Resources")
            for key in list(procedures.keys()):
                if isinstance(procedures[key], pikepdf.Stream):
                    yield procedures[key], own if isinstance(own, pikepdf.Dictionary) else None


def entries(resources: "Object", kind: str) -> list[Any]:
    """What resources name of a kind (`/Font`, `/XObject`, ...)."""
    pikepdf = pikepdf_loaded()
    named = resources.get(kind)
    return [named[key] for key in list(named.keys())] if isinstance(named, pikepdf.Dictionary) else []


def operators(holder: "Object", wanted: str) -> list[Any]:
    """The instructions of a content stream whose operators are among the `wanted`; nothing where it cannot be read."""
    pikepdf = pikepdf_loaded()
    try:
        thing = pikepdf.Page(holder) if isinstance(holder, pikepdf.Dictionary) else holder
        return list(pikepdf.parse_content_stream(thing, wanted))
    except (pikepdf.PikepdfError, ValueError, TypeError, RuntimeError):
        return []


_TEXT = "q Q Tf Tr gs Tj TJ ' \""
_INVISIBLE = 3


def shown_text(pdf: "Pdf") -> dict[tuple[int, int], Shown]:
    """By font object: what is shown of it, text in the invisible mode aside. Direct font dictionaries are made objects
    of their own first."""
    pikepdf = pikepdf_loaded()
    shown: dict[tuple[int, int], Shown] = {}
    for scope in scopes(pdf):
        fonts = _fonts_of(pdf, scope.resources)
        if not fonts:
            continue
        font: Any = None
        mode = 0
        saved: list[tuple[Any, int]] = []
        for operands, operator in operators(scope.holder, _TEXT):
            word = str(operator)
            if word == "q":
                saved.append((font, mode))
            elif word == "Q":
                if saved:
                    font, mode = saved.pop()
            elif word == "Tf":
                font = fonts.get(str(operands[0])) if operands else None
            elif word == "Tr":
                mode = int(operands[0]) if operands else 0
            elif word == "gs":
                font = _font_of_state(scope.resources, operands) or font
            elif font is not None and mode != _INVISIBLE:
                known = shown.setdefault(font.objgen, Shown(set(), scope.page))
                for text in operands[0] if word == "TJ" and operands else operands[-1:]:
                    if isinstance(text, pikepdf.String):
                        known.codes.update(bytes(text))
    return shown


def _fonts_of(pdf: "Pdf", resources: "Object") -> dict[str, Any]:
    pikepdf = pikepdf_loaded()
    named = resources.get("/Font")
    if not isinstance(named, pikepdf.Dictionary):
        return {}
    fonts = {}
    for key in list(named.keys()):
        font = named[key]
        if isinstance(font, pikepdf.Dictionary):
            if not font.is_indirect:
                font = named[key] = pdf.make_indirect(font)
            fonts[key] = font
    return fonts


def _font_of_state(resources: "Object", operands: Any) -> Any:
    pikepdf = pikepdf_loaded()
    states = resources.get("/ExtGState")
    state = states.get(str(operands[0])) if operands and isinstance(states, pikepdf.Dictionary) else None
    chosen = state.get("/Font") if isinstance(state, pikepdf.Dictionary) else None
    return chosen[0] if isinstance(chosen, pikepdf.Array) and len(chosen) and chosen[0].is_indirect else None
