"""Pictures of annotations that have none: what viewers draw for them, from their points and colours."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.document import pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["appearance"]

_ROUND: Final = 0.5523
"""How far the handles of a curve reach to make a quarter of a circle."""


def appearance(pdf: "Pdf", one: "Object") -> "Object":
    """A picture of a simple annotation, in the coordinates of its page; of any other, one that shows nothing."""
    pikepdf = pikepdf_loaded()
    left, bottom, right, top = (float(number) for number in one.Rect)
    box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
    content, multiplied = _content(one, box)
    form: Object = pdf.make_stream(content.encode("ascii"))
    form.Type = pikepdf.Name.XObject
    form.Subtype = pikepdf.Name.Form
    form.BBox = pikepdf.Array([round(number, 3) for number in box])
    form.Resources = pikepdf.Dictionary()
    if multiplied:
        state = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply)
        form.Resources.ExtGState = pikepdf.Dictionary(G=state)
        form.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB)
    return form


def _content(one: "Object", box: tuple[float, ...]) -> tuple[str, bool]:
    """The operators, and whether what is below shows through."""
    kind = str(one.get("/Subtype"))
    colour = _colour(one.get("/C"))
    line = f"{_spoken(colour or (0, 0, 0))} RG {_width(one):g} w "
    if kind in ("/Square", "/Circle", "/Polygon", "/PolyLine"):
        fill = _colour(one.get("/IC")) if kind != "/PolyLine" else None
        if colour is None and fill is None:
            return "", False
        path = _path(one, kind, box, _width(one) / 2)
        ending = "B" if fill and colour else "f" if fill else "S"
        return (f"{line}{_spoken(fill)} rg {path} {ending}" if fill else f"{line}{path} S") if path else "", False
    if kind == "/Line":
        points = _numbers(one.get("/L"))
        return (line + _through(points[:4], "S") if len(points) >= 4 else ""), False
    if kind == "/Ink":
        strokes = one.get("/InkList")
        lists = [_numbers(stroke) for stroke in strokes] if isinstance(strokes, pikepdf_loaded().Array) else []
        return line + " ".join(_through(points, "S") for points in lists if len(points) >= 4), False
    if kind in ("/Highlight", "/Underline", "/Squiggly", "/StrikeOut"):
        return _marked(kind, _numbers(one.get("/QuadPoints")), colour or (0, 0, 0))
    return "", False


def _marked(kind: str, points: list[float], colour: tuple[float, ...]) -> tuple[str, bool]:
    """Marks over or under the lines of a text, each given by its corners."""
    parts = []
    for start in range(0, len(points) - 7, 8):
        x0, y0, x1, y1, x2, y2, x3, y3 = points[start : start + 8]
        if kind == "/Highlight":
            parts.append(f"{x0:.3f} {y0:.3f} m {x1:.3f} {y1:.3f} l {x3:.3f} {y3:.3f} l {x2:.3f} {y2:.3f} l h f")
        else:
            share = 0.5 if kind == "/StrikeOut" else 0.08
            parts.append(f"{x2:.3f} {y2 + (y0 - y2) * share:.3f} m {x3:.3f} {y3 + (y1 - y3) * share:.3f} l S")
    if kind == "/Highlight":
        return f"/G gs {_spoken(colour)} rg {' '.join(parts)}", True
    return f"{_spoken(colour)} RG 1 w {' '.join(parts)}", False


def _path(one: "Object", kind: str, box: tuple[float, ...], inset: float) -> str:
    if kind in ("/Polygon", "/PolyLine"):
        points = _numbers(one.get("/Vertices"))
        return _through(points, "h" if kind == "/Polygon" else "") if len(points) >= 4 else ""
    left, bottom, right, top = box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset
    if kind == "/Square":
        return f"{left:.3f} {bottom:.3f} {right - left:.3f} {top - bottom:.3f} re"
    x, y, a, b = (left + right) / 2, (bottom + top) / 2, (right - left) / 2, (top - bottom) / 2
    corners = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]
    path = f"{x + a:.3f} {y:.3f} m"
    for (x0, y0), (x1, y1) in pairwise(corners):
        handles = ((x0 + x1 * _ROUND, y0 + y1 * _ROUND), (x1 + x0 * _ROUND, y1 + y0 * _ROUND), (x1, y1))
        path += "".join(f" {x + u * a:.3f} {y + v * b:.3f}" for u, v in handles) + " c"
    return path


def _through(points: list[float], ending: str) -> str:
    """A line through points."""
    pairs = list(zip(points[::2], points[1::2], strict=False))
    words = [f"{x:.3f} {y:.3f} {'l' if place else 'm'}" for place, (x, y) in enumerate(pairs)]
    return " ".join([*words, ending])


def _width(one: "Object") -> float:
    pikepdf = pikepdf_loaded()
    style = one.get("/BS")
    if isinstance(style, pikepdf.Dictionary):
        return float(style.get("/W", 1))
    border = _numbers(one.get("/Border"))
    return border[2] if len(border) >= 3 else 1.0


def _numbers(listed: Any) -> list[float]:
    return [float(number) for number in listed] if isinstance(listed, pikepdf_loaded().Array) else []


def _spoken(colour: tuple[float, ...]) -> str:
    return " ".join(f"{part:.3f}" for part in colour)


def _colour(parts: Any) -> tuple[float, ...] | None:
    """The colour of an annotation as red, green and blue; None for none."""
    numbers = tuple(min(max(part, 0.0), 1.0) for part in _numbers(parts))
    if len(numbers) == 4:
        return tuple((1 - part) * (1 - numbers[3]) for part in numbers[:3])
    return numbers * 3 if len(numbers) == 1 else numbers if len(numbers) == 3 else None
