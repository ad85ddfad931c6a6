"""One walk through every content stream in use, which notes what the clauses ask about."""

import warnings
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf

from billingua.pdf.document import MAX_STREAM
from billingua.pdf.pdfa.content.replaced import is_replaced, parents_of
from billingua.pdf.pdfa.content.resources import Resources, of_page
from billingua.pdf.pdfa.content.spaces import Space, space_of
from billingua.pdf.pdfa.content.state import State, apply
from billingua.pdf.pdfa.fonts.encodings import encoding_of
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.jpeg2000 import CMYK, is_jpx, jpeg2000_of
from billingua.pdf.pdfa.values import Thing, array, data_of, dictionary, integer, key_of, name, stream, string

__all__ = ["Shown", "Uses", "Where", "uses"]

_DEEP: Final = 60
"""Forms in forms deeper than this are not followed: nobody draws so."""

_RATIO: Final = 1032
"""No stream of Flate unfolds to more than so many times its size."""

Where = tuple[str, int | None]
"""The place of the first use, and its page."""


@dataclass(slots=True)
class Shown:
    """A font that shows text: the strings by text rendering mode and by whether ActualText stands for them."""

    font: Thing
    place: str
    page: int | None
    strings: dict[tuple[int, bool], set[bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Uses:
    """What the content streams of a file use, each thing once, with the place and page where it comes first."""

    unreadable: dict[str, int | None] = field(default_factory=dict)
    unknown_operators: dict[str, Where] = field(default_factory=dict)
    borrowed: dict[str, tuple[tuple[str, ...], int | None]] = field(default_factory=dict)
    intents: dict[str, Where] = field(default_factory=dict)
    parameters: dict[Hashable, tuple[Thing, Where]] = field(default_factory=dict)
    spaces: dict[Hashable, tuple[Space, Where]] = field(default_factory=dict)
    overprinted: dict[Hashable, tuple[Space, int, Where]] = field(default_factory=dict)
    images: dict[Hashable, tuple[Thing, str, Where]] = field(default_factory=dict)
    xobjects: dict[Hashable, tuple[Thing, Where]] = field(default_factory=dict)
    fonts: dict[Hashable, Shown] = field(default_factory=dict)
    transparent: list[tuple[int, Thing]] = field(default_factory=list)


def uses(file: Inspected) -> Uses:
    """What the content streams of the file use; walked through once and kept with the file."""
    return file.kept("uses", lambda: _Walk(file).pages())


class _Walk:
    """The walk: where it is, what it has seen, and what it notes."""

    def __init__(self, file: Inspected) -> None:
        self.file = file
        self.noted = Uses()
        self.page: int | None = None
        self.walked: dict[Hashable, bool] = {}
        self.within: list[Hashable] = []

    def pages(self) -> Uses:
        for number_, page in self.file.pages():
            self.page = number_
            resources = of_page(page)
            transparent = self.content(page, resources, None, self.file.place(page, "/Contents"))
            transparent |= self.annotations(page, resources)
            group = dictionary(page.get("/Group"))
            space = None if group is None else space_of(group.get("/CS"), resources.page)
            self.space(space, resources, self.file.place(page, "/Group/CS"))
            if transparent and (group is None or space_of(group.get("/CS"), None) is None):
                self.noted.transparent.append((number_, page))
        return self.noted

    def annotations(self, page: Thing, resources: Resources) -> bool:
        transparent = False
        for annotation in array(page.get("/Annots")) or ():
            appearances = dictionary(annotation) and dictionary(annotation.get("/AP"))
            if not appearances:
                continue
            for kind in ("/N", "/D", "/R"):
                given = dictionary(appearances.get(kind))
                if given is None:
                    continue
                for form in [given] if stream(given) is not None else list(given.values()):
                    if stream(form) is not None:
                        transparent |= self.form(form, resources, None, self.file.place(form))
        return transparent

    def form(self, form: Thing, resources: Resources, state: State | None, place: str) -> bool:
        """A form XObject; true if it is transparent."""
        self.noted.xobjects.setdefault(key_of(form), (form, (place, self.page)))
        own = resources.of(form)
        group = dictionary(form.get("/Group"))
        transparent = False
        if group is not None:
            transparent = name(group.get("/S")) == "Transparency"
            space = space_of(group.get("/CS"), own.own)
            self.space(space, own, f"{place} /Group/CS")
        return self.content(form, own, state, place) or transparent

    def content(self, holder: Thing, resources: Resources, state: State | None, place: str) -> bool:
        """A content stream, or that of a page; true if it paints anything transparent."""
        if state is None:
            state = State(resources.space("DeviceGray"), resources.space("DeviceGray"))
        key = key_of(holder)
        memory = (key, state.signature)
        if memory in self.walked:
            return self.walked[memory]
        if key in self.within or len(self.within) > _DEEP:
            return False
        self.within.append(key)
        try:
            transparent = _Stream(self, resources, state, place).run(holder)
        finally:
            self.within.pop()
        self.walked[memory] = transparent
        if resources.borrowed:
            self.noted.borrowed.setdefault(place, (tuple(resources.borrowed), self.page))
        return transparent

    def space(self, space: Space | None, resources: Resources, place: str) -> None:
        """Note a colour space in use, and the spaces it rests on."""
        deep = 0
        while space is not None and deep < _DEEP:
            if space.kind not in ("Pattern", "Tiling"):
                if space.key in self.noted.spaces:
                    return
                self.noted.spaces[space.key] = (space, (place, self.page))
                if space.kind == "DeviceN":
                    self._attributes(space, resources, place)
            elif space.kind == "Pattern":
                return
            space, deep = space.base, deep + 1

    def _attributes(self, space: Space, resources: Resources, place: str) -> None:
        """The spaces in the attributes of a DeviceN space: its colorants and its process space."""
        attributes = dictionary(space.raw[4]) if len(space.raw) > 4 else None
        if attributes is None:
            return
        colorants = dictionary(attributes.get("/Colorants"))
        for colorant in () if colorants is None else colorants.values():
            below = space_of(colorant, resources.nearest)
            if below is not None and below.kind == "Separation":
                self.space(below, resources, place)
        process = dictionary(attributes.get("/Process"))
        if process is not None:
            self.space(space_of(process.get("/ColorSpace"), None), resources, place)


class _Stream:
    """One content stream while its operators are followed."""

    def __init__(self, walk: _Walk, resources: Resources, state: State, place: str) -> None:
        self.walk = walk
        self.noted = walk.noted
        self.resources = resources
        self.initial = state
        self.state = state.saved()
        self.saved: list[State] = []
        self.place = place
        self.transparent = False
        self.marked: list[bool] = []
        self.painted: set[Hashable] = set()
        self.fonts: dict[str, tuple[Thing, Hashable, str]] = {}
        self.parents: Thing = None

    def run(self, holder: Thing) -> bool:
        if self.walk.file.level.tagged:
            self.parents = parents_of(self.walk.file, holder)
        for instruction in self.instructions(holder):
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self.inline_image(instruction)
                continue
            operator = _spelled(instruction.operator)
            act = _ACTS.get(operator)
            if act is not None:
                act(self, instruction.operands)
            elif operator not in _IDLE:
                self.noted.unknown_operators.setdefault(operator, self.where)
        return self.transparent

    def instructions(self, holder: Thing) -> Iterable[Any]:
        """The instructions of the stream; none if it cannot be read."""
        contents = holder if stream(holder) is not None else holder.get("/Contents")
        if contents is None:
            return ()
        try:
            if any(_unfolds_too_far(one) for one in array(contents) or (contents,)):
                raise ValueError("The content stream is larger than any page needs.")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of operands without an operator at the end
                return pikepdf.parse_content_stream(holder)
        except (pikepdf.PdfError, TypeError, ValueError):
            self.noted.unreadable.setdefault(self.place, self.walk.page)
            return ()

    @property
    def where(self) -> Where:
        return self.place, self.walk.page

    def place_of(self, found: Thing, category: str, called: str) -> str:
        if isinstance(found, pikepdf.Object) and found.is_indirect:
            return self.walk.file.place(found)
        return f"{self.place} /Resources{category}/{called}"

    # graphics state

    def save(self, _: Any) -> None:
        self.saved.append(self.state.saved())

    def restore(self, _: Any) -> None:
        if self.saved:
            coloured = self.state.coloured
            self.state = self.saved.pop()
            self.state.coloured &= coloured

    def parameters(self, operands: Any) -> None:
        called = _last_name(operands)
        found = None if called is None else dictionary(self.resources.find("/ExtGState", called))
        if found is None or called is None:
            return
        place = self.place_of(found, "/ExtGState", called)
        self.noted.parameters.setdefault(key_of(found), (found, (place, self.walk.page)))
        apply(self.state, found)
        if array(found.get("/Font")) is not None:
            self.state.font_place = place

    def intent(self, operands: Any) -> None:
        if self.state.coloured and (called := _last_name(operands)) is not None:
            self.noted.intents.setdefault(called, self.where)

    # colour

    def device(self, kind: str, stroke: bool) -> None:
        if self.state.coloured:
            self.set_space(self.resources.space(kind) or Space(kind, pikepdf.Name(f"/{kind}"), kind), stroke)

    def named(self, operands: Any, stroke: bool) -> None:
        called = _last_name(operands)
        if self.state.coloured and called is not None:
            self.set_space(self.resources.space(called), stroke)

    def set_space(self, space: Space | None, stroke: bool) -> None:
        if stroke:
            self.state.stroke = space
        else:
            self.state.fill = space
        self.use(space)

    def colour(self, operands: Any, stroke: bool) -> None:
        """SCN and scn: a pattern becomes the colour."""
        state = self.state
        space = state.stroke if stroke else state.fill
        if not state.coloured or space is None:
            return
        called = _last_name(operands)
        if called is None or space.kind not in ("Pattern", "Tiling", "Shading"):
            self.use(space)
            return
        raw = self.resources.find("/Pattern", called)
        pattern = None if raw is None else space_of(raw, self.resources.nearest)
        if stroke:
            state.under_stroke, state.stroke = (space.base if space.kind == "Pattern" else state.under_stroke), pattern
        else:
            state.under_fill, state.fill = (space.base if space.kind == "Pattern" else state.under_fill), pattern
        self.use(pattern)

    def use(self, space: Space | None) -> None:
        """A colour space set or painted with."""
        if space is None:
            return
        if space.kind == "Tiling":
            self.tiling(space)
        elif space.key not in self.painted:
            self.painted.add(space.key)
            self.walk.space(space, self.resources, self.place)

    def tiling(self, space: Space) -> bool:
        """The content of a tiling pattern; true if it is transparent."""
        begins = self.initial.handed_on()
        begins.fill = self.state.under_fill or begins.fill
        begins.stroke = self.state.under_stroke or begins.stroke
        if integer(space.raw.get("/PaintType")) == 2:
            begins.coloured = False
        return self.walk.content(space.raw, self.resources.of(space.raw), begins, self.walk.file.place(space.raw))

    def paint(self, fill: bool, stroke: bool) -> None:
        state = self.state
        if state.masked or state.blended or (fill and not state.opaque_fill) or (stroke and not state.opaque_stroke):
            self.transparent = True
        for painted, space, overprint in (
            (fill, state.fill, state.overprint_fill),
            (stroke, state.stroke, state.overprint_stroke),
        ):
            if not painted or space is None:
                continue
            if space.kind == "Tiling":
                self.transparent |= self.tiling(space)
            elif state.coloured:
                self.use(space)
                if overprint and state.overprint_mode and space.kind == "ICCBased":
                    self.noted.overprinted.setdefault(space.key, (space, state.overprint_mode, self.where))

    def shading(self, operands: Any) -> None:
        called = _last_name(operands)
        if not self.state.coloured or called is None:
            return
        found = dictionary(self.resources.find("/Shading", called))
        self.paint(fill=False, stroke=False)
        if not self.state.opaque_fill:
            self.transparent = True
        if found is not None:
            self.use(space_of(found.get("/ColorSpace"), self.resources.nearest))

    # XObjects and images

    def paint_xobject(self, operands: Any) -> None:
        called = _last_name(operands)
        found = None if called is None else stream(self.resources.find("/XObject", called))
        if found is None or called is None:
            return
        place = self.place_of(found, "/XObject", called)
        state = self.state
        if state.masked or state.blended or not state.opaque_fill:
            self.transparent = True
        match name(found.get("/Subtype")):
            case "Form":
                self.transparent |= self.walk.form(found, self.resources, state.handed_on(), place)
            case "Image":
                self.image(found, place)
            case "PS":
                self.noted.xobjects.setdefault(key_of(found), (found, (place, self.walk.page)))

    def image(self, image: Thing, place: str) -> None:
        mask = stream(image.get("/SMask"))
        if mask is not None or (integer(image.get("/SMaskInData")) or 0) > 0:
            self.transparent = True
        if image.get("/ImageMask") is True:
            self.use(self.state.fill)
        else:
            raw = image.get("/ColorSpace")
            called = name(raw) or (name(raw[0]) if array(raw) is not None and len(raw) == 1 else None)
            if called is not None:
                self.use(self.resources.space(called))
            elif raw is not None:
                self.use(space_of(raw, self.resources.nearest))
            elif is_jpx(image) and jpeg2000_of(image.read_raw_bytes()).enumerated == CMYK:
                self.use(self.resources.space("DeviceCMYK"))
        self.note_image(image, "image", place)
        self.note_image(mask, "soft", place)
        self.note_image(stream(image.get("/Mask")), "mask", place)

    def note_image(self, image: Thing, role: str, place: str) -> None:
        if image is not None:
            self.noted.images.setdefault((role, key_of(image)), (image, role, (place, self.walk.page)))

    def inline_image(self, instruction: Any) -> None:
        image = instruction.iimage.obj
        if not self.state.coloured and image.get("/ImageMask") is not True:
            return
        if self.state.masked or self.state.blended or not self.state.opaque_fill:
            self.transparent = True
        if image.get("/ImageMask") is True:
            self.use(self.state.fill)
        else:
            raw = image.get("/ColorSpace", image.get("/CS"))
            called = name(raw)
            if called is not None:
                self.use(self.resources.space(_SHORT.get(called, called)))
            elif array(raw) is not None and len(raw) > 1 and name(raw[1]) is not None:
                self.use(self.resources.space(_SHORT.get(str(raw[1])[1:], str(raw[1])[1:])))
        self.noted.images.setdefault(("inline", key_of(image)), (image, "inline", self.where))

    # text

    def font(self, operands: Any) -> None:
        called = name(operands[0]) if len(operands) else None
        if called is None:
            return
        if called not in self.fonts:
            found = dictionary(self.resources.find("/Font", called))
            place = "" if found is None else self.place_of(found, "/Font", called)
            self.fonts[called] = found, None if found is None else key_of(found), place
        self.state.font, self.state.font_key, self.state.font_place = self.fonts[called]

    def mode(self, operands: Any) -> None:
        given = integer(operands[0]) if len(operands) else None
        self.state.mode = given if given is not None and 0 <= given <= 7 else 0

    def show(self, operands: Any) -> None:
        state = self.state
        if not len(operands):
            return
        given = operands[-1]
        strings = [bytes(one) for one in given if isinstance(one, pikepdf.String)] if array(given) is not None else []
        if isinstance(given, pikepdf.String):
            strings.append(bytes(given))
        if state.mode % 4 != 3:
            self.paint(fill=state.mode % 4 in (0, 2), stroke=state.mode % 4 in (1, 2))
        if state.font is None:
            return
        shown = self.noted.fonts.get(state.font_key)
        if shown is None:
            shown = self.noted.fonts[state.font_key] = Shown(state.font, state.font_place, self.walk.page)
        kept = shown.strings.setdefault((state.mode, any(self.marked)), set())
        kept.update(strings)
        if name(state.font.get("/Subtype")) == "Type3":
            self.glyphs_of_type3(strings)

    def glyphs_of_type3(self, strings: Iterable[bytes]) -> None:
        font = self.state.font
        programs = dictionary(font.get("/CharProcs"))
        if programs is None:
            return
        encoding = encoding_of(font)
        drawn = {encoding.name(code) for text in strings for code in text}
        resources = self.resources.of(font)
        for called, program in programs.items():
            if stream(program) is None:
                continue
            own = resources.of(program) if "/Resources" in program else resources
            place = self.walk.file.place(program)
            transparent = self.walk.content(program, own, self.state.handed_on(), place)
            if called[1:] in drawn:
                self.transparent |= transparent

    # marked content

    def begin_marked(self, operands: Any) -> None:
        properties = operands[-1] if len(operands) > 1 else None
        called = name(properties)
        if called is not None:
            properties = self.resources.find("/Properties", called)
        properties = dictionary(properties)
        replaced = properties is not None and (
            string(properties.get("/ActualText")) is not None
            or is_replaced(self.parents, integer(properties.get("/MCID")))
        )
        self.marked.append(replaced)

    def end_marked(self, _: Any) -> None:
        if self.marked:
            self.marked.pop()

    def mark(self, operands: Any) -> None:
        """DP: one marked point, whose properties may be a resource."""
        called = name(operands[-1]) if len(operands) > 1 else None
        if called is not None:
            self.resources.find("/Properties", called)

    def uncoloured(self, _: Any) -> None:
        self.state.coloured = False


def _unfolds_too_far(content: Thing) -> bool:
    """Whether a content stream is more than is read; it is undone on trial only if it is long enough for that."""
    small = stream(content) is None or len(content.read_raw_bytes()) * _RATIO < MAX_STREAM
    return not small and data_of(content) is None


def _spelled(operator: pikepdf.Operator) -> str:
    try:
        return str(operator)
    except UnicodeDecodeError:
        return operator.unparse().decode("latin-1")


def _last_name(operands: Any) -> str | None:
    return name(operands[-1]) if len(operands) else None


_Act = Callable[[_Stream, Any], None]


def _painting(fill: bool, stroke: bool) -> _Act:
    return lambda self, _: self.paint(fill, stroke)


_SHORT: Final = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK"}

_ACTS: Final[dict[str, _Act]] = {
    "q": _Stream.save,
    "Q": _Stream.restore,
    "gs": _Stream.parameters,
    "ri": _Stream.intent,
    "G": lambda self, _: self.device("DeviceGray", True),
    "g": lambda self, _: self.device("DeviceGray", False),
    "RG": lambda self, _: self.device("DeviceRGB", True),
    "rg": lambda self, _: self.device("DeviceRGB", False),
    "K": lambda self, _: self.device("DeviceCMYK", True),
    "k": lambda self, _: self.device("DeviceCMYK", False),
    "CS": lambda self, operands: self.named(operands, True),
    "cs": lambda self, operands: self.named(operands, False),
    "SCN": lambda self, operands: self.colour(operands, True),
    "scn": lambda self, operands: self.colour(operands, False),
    "S": _painting(False, True),
    "s": _painting(False, True),
    "f": _painting(True, False),
    "F": _painting(True, False),
    "f*": _painting(True, False),
    "B": _painting(True, True),
    "B*": _painting(True, True),
    "b": _painting(True, True),
    "b*": _painting(True, True),
    "sh": _Stream.shading,
    "Do": _Stream.paint_xobject,
    "Tf": _Stream.font,
    "Tr": _Stream.mode,
    "Tj": _Stream.show,
    "TJ": _Stream.show,
    "'": _Stream.show,
    '"': _Stream.show,
    "BMC": _Stream.begin_marked,
    "BDC": _Stream.begin_marked,
    "EMC": _Stream.end_marked,
    "DP": _Stream.mark,
    "d1": _Stream.uncoloured,
}
"""The operators that change what is noted."""

_IDLE: Final = frozenset(
    (
        *("w", "J", "j", "M", "d", "i", "cm", "SC", "sc", "d0", "MP", "BX", "EX"),
        *("m", "l", "c", "v", "y", "h", "re", "n", "W", "W*"),
        *("BT", "ET", "Tc", "Tw", "Tz", "TL", "Ts", "Td", "TD", "Tm", "T*"),
    )
)
"""The other operators of ISO 32000-1."""
