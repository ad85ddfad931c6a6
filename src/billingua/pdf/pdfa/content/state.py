"""The part of the graphics state that PDF/A asks about."""

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass

from billingua.pdf.pdfa.content.spaces import Space
from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, key_of, name, number

__all__ = ["State", "apply"]


@dataclass(slots=True)
class State:
    """The graphics state at one point of a content stream.

    `under_fill` and `under_stroke` are the spaces below an uncoloured pattern; `coloured` is off where colour operators
    do nothing. The last four are what makes painting transparent; they do not pass into a form.
    """

    fill: Space | None
    stroke: Space | None
    under_fill: Space | None = None
    under_stroke: Space | None = None
    mode: int = 0
    font: Thing = None
    font_key: Hashable = None
    font_place: str = ""
    overprint_fill: bool = False
    overprint_stroke: bool = False
    overprint_mode: int = 0
    coloured: bool = True
    masked: bool = False
    blended: bool = False
    opaque_fill: bool = True
    opaque_stroke: bool = True

    def saved(self) -> "State":
        return copy(self)

    def handed_on(self) -> "State":
        """The state with which a form begins that is painted now."""
        state = copy(self)
        state.masked = state.blended = False
        state.opaque_fill = state.opaque_stroke = True
        return state

    @property
    def signature(self) -> Hashable:
        """What of the state can change the verdict on a stream that begins with it."""
        return (
            self.fill and self.fill.key,
            self.stroke and self.stroke.key,
            self.mode,
            self.font_key,
            self.overprint_fill,
            self.overprint_stroke,
            self.overprint_mode,
            self.coloured,
        )


def apply(state: State, parameters: Thing) -> None:
    """Take over what a graphics state parameter dictionary sets."""
    font = array(parameters.get("/Font"))
    if font is not None and len(font) and dictionary(font[0]) is not None:
        state.font, state.font_key = font[0], key_of(font[0])
    stroke = parameters.get("/OP")
    if isinstance(stroke, bool):
        state.overprint_stroke = stroke
    fill = parameters.get("/op", stroke)
    if isinstance(fill, bool):
        state.overprint_fill = fill
    mode = integer(parameters.get("/OPM"))
    if mode is not None:
        state.overprint_mode = mode
    mask = parameters.get("/SMask")
    if mask is not None:
        state.masked = dictionary(mask) is not None
    blend = parameters.get("/BM")
    if blend is not None:
        state.blended = _blends(blend)
    opacity = number(parameters.get("/ca"))
    if opacity is not None:
        state.opaque_fill = opacity >= 1
    opacity = number(parameters.get("/CA"))
    if opacity is not None:
        state.opaque_stroke = opacity >= 1


def _blends(mode: Thing) -> bool:
    modes = array(mode)
    if modes is not None:
        return len(modes) != 1 or name(modes[0]) not in (None, "Normal")
    return name(mode) != "Normal"
