"""Annotations and form fields: each has the flags and the one appearance that PDF/A asks for, and looks as before."""

import re
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import PdfError
from billingua.pdf.document import pikepdf_loaded
from billingua.pdf.embedding.shapes import appearance

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["settle_annotations", "settle_forms"]

_KINDS: Final = frozenset(
    {
        "/Text",
        "/Link",
        "/FreeText",
        "/Line",
        "/Square",
        "/Circle",
        "/Polygon",
        "/PolyLine",
        "/Highlight",
        "/Underline",
        "/Squiggly",
        "/StrikeOut",
        "/Stamp",
        "/Caret",
        "/Ink",
        "/Popup",
        "/FileAttachment",
        "/Widget",
        "/PrinterMark",
        "/TrapNet",
        "/Watermark",
        "/Redact",
    }
)
_INVISIBLE, _HIDDEN, _PRINT, _NO_ZOOM, _NO_ROTATE, _NO_VIEW, _TOGGLE = 1, 2, 4, 8, 16, 32, 256
_BARE: Final = frozenset({"/Popup", "/Link"})
"""Annotations that have no appearance of their own."""
_HIGHEST: Final = 64
_CHOSEN: Final = re.compile(r"(/[^\s/]+)\s+([-\d.]+)\s+Tf")
"""Font and size in the default appearance of a field."""


def settle_forms(pdf: "Pdf") -> None:
    """Make the appearances of fields that have none, and have no viewer make others.

    Raises:
        PdfError: the PDF is signed; whatever is added to it would break the signature.
    """
    pikepdf = pikepdf_loaded()
    _list_fields(pdf)
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return
    helper = pdf.acroform
    helper.invalidate_cache()
    for number, page in enumerate(pdf.pages, 1):
        for annotation in helper.get_widget_annotations_for_page(page):
            widget = annotation.obj
            field = helper.get_field_for_annotation(annotation)
            kind = inherited(widget, "/FT")
            if kind == "/Sig" and isinstance(inherited(widget, "/V"), pikepdf.Dictionary):
                raise PdfError(
                    "The PDF is signed, and embedding an invoice would break the signature.",
                    where=f"page {number}",
                    todo="Embed the invoice first and sign the result.",
                    page=number,
                    object=f"{widget.objgen[0]} {widget.objgen[1]}",
                )
            if kind in ("/Tx", "/Ch") and not _has_appearance(widget):
                _plain_font(pdf, form, widget)
                try:
                    field.generate_appearance(annotation)
                except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError):
                    continue
    for key in ("/NeedAppearances", "/SigFlags"):
        if key in form:
            del form[key]


def _list_fields(pdf: "Pdf") -> None:
    """List the fields of all widgets in the form: viewers leave those that are not without a field."""
    pikepdf = pikepdf_loaded()
    tops: dict[tuple[int, int], Object] = {}
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        for place, one in enumerate(annotations):
            if not isinstance(one, pikepdf.Dictionary) or one.get("/Subtype") != "/Widget":
                continue
            top: Any = one
            if not one.is_indirect:
                top = annotations[place] = pdf.make_indirect(one)
            for _ in range(_HIGHEST):
                if not isinstance(top.get("/Parent"), pikepdf.Dictionary):
                    break
                top = top.Parent
            tops[top.objgen] = top
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        if not tops:
            return
        form = pdf.Root.AcroForm = pikepdf.Dictionary()
    if not isinstance(form.get("/Fields"), pikepdf.Array):
        form.Fields = pikepdf.Array()
    listed = {one.objgen for one in form.Fields if isinstance(one, pikepdf.Dictionary)}
    for key, top in tops.items():
        if key not in listed and key[0]:
            form.Fields.append(top)


_HELVETICA: Final = "/BillinguaHelv"


def _plain_font(pdf: "Pdf", form: "Object", widget: "Object") -> None:
    """Have a field shown in Helvetica where its own font is missing, or one whose codes are not those of letters."""
    pikepdf = pikepdf_loaded()
    said = inherited(widget, "/DA") or form.get("/DA")
    style = str(said) if isinstance(said, pikepdf.String) else ""
    match = _CHOSEN.search(style)
    resources = form.get("/DR")
    if not isinstance(resources, pikepdf.Dictionary):
        resources = form.DR = pikepdf.Dictionary()
    if not isinstance(form.DR.get("/Font"), pikepdf.Dictionary):
        form.DR.Font = pikepdf.Dictionary()
    fonts = form.DR.Font
    font = fonts.get(match[1]) if match is not None else None
    if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") in ("/Type1", "/TrueType"):
        return
    if _HELVETICA not in fonts:
        fonts[_HELVETICA] = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
        )
    chosen = f"{_HELVETICA} {match[2] if match is not None else '0'} Tf"
    widget.DA = pikepdf.String(_CHOSEN.sub(chosen, style, count=1) if match is not None else f"{chosen} 0 g")


def inherited(field: "Object", key: str) -> Any:
    """What a field says, or the fields above it."""
    pikepdf = pikepdf_loaded()
    one: Any = field
    for _ in range(_HIGHEST):
        if not isinstance(one, pikepdf.Dictionary):
            return None
        if key in one:
            return one[key]
        one = one.get("/Parent")
    return None


def _has_appearance(widget: "Object") -> bool:
    pikepdf = pikepdf_loaded()
    stated = widget.get("/AP")
    return isinstance(stated, pikepdf.Dictionary) and isinstance(stated.get("/N"), pikepdf.Stream | pikepdf.Dictionary)


def settle_annotations(pdf: "Pdf") -> None:
    """Bring the annotations of every page into the form of PDF/A; those that nobody sees are dropped."""
    pikepdf = pikepdf_loaded()
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            if annotations is not None:
                del page.obj.Annots
            continue
        kept = []
        for annotation in annotations:
            if isinstance(annotation, pikepdf.Dictionary) and _settle(pdf, annotation):
                kept.append(annotation)
        if kept:
            page.obj.Annots = pikepdf.Array(kept)
        else:
            del page.obj.Annots


def _settle(pdf: "Pdf", one: "Object") -> bool:
    """Settle one annotation; False if it is to be dropped, because it is not seen or could not be shown."""
    pikepdf = pikepdf_loaded()
    kind: Any = one.get("/Subtype")
    stated = one.get("/F", 0)
    flags = stated if isinstance(stated, int) else 0
    if kind not in _KINDS:
        if not _has_appearance(one):
            return False
        # A film or a model becomes the picture that stands for it.
        for key in list(one.keys()):
            if key not in ("/Type", "/Rect", "/AP", "/AS", "/P", "/NM", "/M", "/Contents", "/StructParent"):
                del one[key]
        one.Subtype = pikepdf.Name.Stamp
        kind = "/Stamp"
    if flags & (_HIDDEN | _NO_VIEW) and kind != "/Popup":
        return False
    flags = (flags | _PRINT) & ~(_INVISIBLE | _HIDDEN | _NO_VIEW | _TOGGLE)
    if kind == "/Text":
        flags |= _NO_ZOOM | _NO_ROTATE
    if kind != "/Popup" or "/F" in one:
        one.F = flags
    if kind == "/Widget":
        for key in ("/A", "/AA"):
            if key in one:
                del one[key]
    if kind not in _BARE:
        _appearance(pdf, one, kind == "/Widget" and inherited(one, "/FT") == "/Btn")
    elif "/AP" in one and not _has_appearance(one):
        del one.AP
    return True


def _appearance(pdf: "Pdf", one: "Object", button: bool) -> None:
    """The one normal appearance: a stream, or for a button one for each of its states."""
    pikepdf = pikepdf_loaded()
    stated = one.get("/AP")
    normal: Any = stated.get("/N") if isinstance(stated, pikepdf.Dictionary) else None
    state = one.get("/AS")
    if isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
        streams = {key: normal[key] for key in list(normal.keys()) if isinstance(normal[key], pikepdf.Stream)}
        if button:
            if not streams:
                normal = None
            elif len(streams) != len(normal.keys()):
                normal = pikepdf.Dictionary(streams)
        else:
            normal = streams.get(str(state)) or next(iter(streams.values()), None)
    if not isinstance(normal, pikepdf.Stream | pikepdf.Dictionary):
        if _flat(one):
            if "/AP" in one:
                del one.AP
            return
        normal = appearance(pdf, one)
    if button and isinstance(normal, pikepdf.Stream):
        normal = pikepdf.Dictionary(Off=normal)
        one.AS = pikepdf.Name.Off
    if button and not isinstance(one.get("/AS"), pikepdf.Name):
        one.AS = pikepdf.Name.Off
    one.AP = pikepdf.Dictionary(N=normal)


def _flat(one: "Object") -> bool:
    """Whether an annotation has no extent, so that it needs no appearance."""
    pikepdf = pikepdf_loaded()
    box = one.get("/Rect")
    return not isinstance(box, pikepdf.Array) or len(box) != 4 or box[0] == box[2] or box[1] == box[3]
