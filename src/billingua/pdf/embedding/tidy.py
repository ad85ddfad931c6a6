"""Taking out what PDF/A forbids and no reader of the page sees: scripts, actions, hints to printers, stray keys."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import PdfError
from billingua.pdf.document import pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["INTENTS", "dictionaries", "tidy"]

_SUSPECT: Final = re.compile(
    rb"/(?:AA|A|OpenAction|Next|PresSteps|TR2?|HTP|HT|BM|RI|Intent|Interpolate|Alternates|OPI|Ref|PS|Subtype2|Metadata"
    rb"|CIDSet|CharSet|CIDFontType2|Mask)\b"
)
"""What an object must mention for it to be looked into."""

_ACTIONS: Final = frozenset({"/GoTo", "/GoToR", "/GoToE", "/Thread", "/URI", "/Named", "/SubmitForm"})
_TURNS: Final = frozenset({"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"})
INTENTS: Final = frozenset({"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"})
_BLENDS: Final = frozenset(
    {
        "/Normal",
        "/Compatible",
        "/Multiply",
        "/Screen",
        "/Overlay",
        "/Darken",
        "/Lighten",
        "/ColorDodge",
        "/ColorBurn",
        "/HardLight",
        "/SoftLight",
        "/Difference",
        "/Exclusion",
        "/Hue",
        "/Saturation",
        "/Color",
        "/Luminosity",
    }
)
_DEEPEST: Final = 12
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PLAIN: Final = str.maketrans({"&": "_", "#": None, ";": None})


def tidy(pdf: "Pdf") -> None:
    """Take out of a PDF what PDF/A forbids, page contents, fonts, colours and annotations aside.

    Raises:
        PdfError: the pages are made by a form (XFA) when they are shown.
    """
    _catalog(pdf)
    _layers(pdf)
    for page in pdf.pages:
        for key in ("/AA", "/PresSteps"):
            if key in page.obj:
                del page.obj[key]
    pikepdf = pikepdf_loaded()
    root = pdf.Root.objgen
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream | pikepdf.Dictionary | pikepdf.Array) and one.objgen != root:
            written = (one.stream_dict if isinstance(one, pikepdf.Stream) else one).unparse(resolved=True)
            if b"#" in written and (b"/BaseFont" in written or b"/FontName" in written):
                for dictionary in dictionaries(one):
                    _rename(dictionary)
            if _SUSPECT.search(written) is not None:
                for dictionary in dictionaries(one):
                    _clean(dictionary)


def _rename(font: "Object") -> None:
    """Give a font whose name is in an old encoding one in UTF-8 (6.1.8)."""
    pikepdf = pikepdf_loaded()
    for key in ("/BaseFont", "/FontName"):
        name = font.get(key)
        if isinstance(name, pikepdf.Name):
            raw = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), name.unparse())
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                font[key] = pikepdf.Name(
                    raw.decode("latin-1").encode("ascii", "xmlcharrefreplace").decode().translate(_PLAIN)
                )


def _catalog(pdf: "Pdf") -> None:
    pikepdf = pikepdf_loaded()
    root = pdf.Root
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        if root.get("/NeedsRendering"):
            raise PdfError(
                "The pages of the PDF are made by an XFA form when it is shown, which PDF/A does not know.",
                where=f"object {form.objgen[0]} {form.objgen[1]}",
                todo="Print it to a plain PDF first.",
                object=f"{form.objgen[0]} {form.objgen[1]}",
            )
        del form.XFA
    for key in (
        "/AA",
        "/Requirements",
        "/Perms",
        "/NeedsRendering",
        "/Legal",
        "/SpiderInfo",
        "/Version",
        "/Extensions",
    ):
        if key in root:
            del root[key]
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and not _allowed(action):
        del root.OpenAction
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key in ("/JavaScript", "/AlternatePresentations", "/Renditions"):
            if key in names:
                del names[key]


def _layers(pdf: "Pdf") -> None:
    """Every configuration of the layers has a name of its own, lists every layer it orders, and switches by itself
    nothing."""
    pikepdf = pikepdf_loaded()
    layers = pdf.Root.get("/OCProperties")
    if not isinstance(layers, pikepdf.Dictionary):
        return
    groups: Any = layers.get("/OCGs")
    usual: Any = layers.get("/D")
    others: Any = layers.get("/Configs")
    configs = [usual, *(others if isinstance(others, pikepdf.Array) else [])]
    taken: set[str] = set()
    for number, config in enumerate(configs):
        if not isinstance(config, pikepdf.Dictionary):
            continue
        if "/AS" in config:
            del config.AS
        name = config.get("/Name")
        called = str(name) if isinstance(name, pikepdf.String) and str(name) else "Layers"
        while called in taken:
            called = f"{called} {number}"
        taken.add(called)
        config.Name = pikepdf.String(called)
        order = config.get("/Order")
        if isinstance(order, pikepdf.Array) and isinstance(groups, pikepdf.Array):
            listed = set(_references(order, 0))
            for group in groups:
                if isinstance(group, pikepdf.Dictionary) and group.objgen not in listed:
                    order.append(group)


def _references(order: "Object", depth: int) -> Iterator[tuple[int, int]]:
    pikepdf = pikepdf_loaded()
    for one in order if depth < _DEEPEST else ():
        if isinstance(one, pikepdf.Array):
            yield from _references(one, depth + 1)
        elif isinstance(one, pikepdf.Dictionary):
            yield one.objgen


def dictionaries(one: "Object", depth: int = 0) -> "Iterator[Object]":
    """An object's dictionaries: its own and those that stand directly in it."""
    pikepdf = pikepdf_loaded()
    if isinstance(one, pikepdf.Stream | pikepdf.Dictionary):
        yield one
        values = [one[key] for key in list(one.keys())]
    else:
        values = list(one) if isinstance(one, pikepdf.Array) else []
    for value in values if depth < _DEEPEST else ():
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            yield from dictionaries(value, depth + 1)


def _clean(one: "Object") -> None:
    pikepdf = pikepdf_loaded()
    if isinstance(one.get("/AA"), pikepdf.Dictionary):
        del one.AA
    for key in ("/A", "/OpenAction", "/PA"):
        action = one.get(key)
        if isinstance(action, pikepdf.Dictionary) and "/S" in action and not _allowed(action):
            del one[key]
    kind = one.get("/Type")
    if isinstance(one.get("/Metadata"), pikepdf.Stream) and kind != "/Catalog":
        del one.Metadata
    if isinstance(one, pikepdf.Stream):
        _drawing(one)
    elif kind == "/ExtGState" or "/SMask" in one or "/TR" in one or "/HT" in one or "/BM" in one or "/RI" in one:
        _state(one)
    for key in ("/CIDSet", "/CharSet"):
        if key in one and ("/FontName" in one or kind == "/FontDescriptor"):
            del one[key]
    if one.get("/Subtype") == "/CIDFontType2" and "/CIDToGIDMap" not in one:
        descriptor = one.get("/FontDescriptor")
        if isinstance(descriptor, pikepdf.Dictionary) and "/FontFile2" in descriptor:
            one.CIDToGIDMap = pikepdf.Name.Identity


def _allowed(action: "Object", depth: int = 0) -> bool:
    """Whether an action may stay; one that follows it and may not is cut off."""
    pikepdf = pikepdf_loaded()
    kind = action.get("/S")
    if kind not in _ACTIONS or (kind == "/Named" and action.get("/N") not in _TURNS):
        return False
    following = action.get("/Next")
    if following is None:
        return True
    if depth == _DEEPEST or not isinstance(following, pikepdf.Dictionary) or not _allowed(following, depth + 1):
        del action.Next
    return True


def _drawing(one: "Object") -> None:
    """An image or a form: no hints to other machines, no second versions."""
    kind = one.get("/Subtype")
    if kind not in ("/Image", "/Form"):
        return
    for key in ("/OPI", "/Alternates", "/PS", "/Ref"):
        if key in one and (key != "/Alternates" or kind == "/Image"):
            del one[key]
    if one.get("/Subtype2") == "/PS":
        del one["/Subtype2"]
    if one.get("/Interpolate"):
        one.Interpolate = False
    if kind == "/Image" and "/Intent" in one and one.Intent not in INTENTS:
        del one.Intent


def _state(one: "Object") -> None:
    """A graphics state: no transfer functions and halftones, only blend modes and intents that exist."""
    pikepdf = pikepdf_loaded()
    for key in ("/TR", "/TR2", "/HTP", "/HT"):
        if key in one and (key != "/TR" or one.get("/S") not in ("/Alpha", "/Luminosity")):
            del one[key]
    if "/RI" in one and one.RI not in INTENTS:
        del one.RI
    modes = one.get("/BM")
    if isinstance(modes, pikepdf.Array):
        one.BM = next((mode for mode in modes if mode in _BLENDS), pikepdf.Name.Normal)
    elif isinstance(modes, pikepdf.Name) and modes not in _BLENDS:
        one.BM = pikepdf.Name.Normal
    if modes == "/Compatible":
        one.BM = pikepdf.Name.Normal
