"""Colours of devices: an output intent says what one kind of them means, default colour spaces say it of the others.

ISO 19005-3, 6.2.3 and 6.2.4.3. Nothing that is painted changes: DeviceRGB is taken for sRGB, as every viewer does, and
DeviceCMYK for the inks that viewers assume.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import UnreadableInput
from billingua.pdf.document import decoded, pikepdf_loaded
from billingua.pdf.embedding.scopes import Scope, entries, scopes
from billingua.pdf.embedding.tidy import dictionaries
from billingua.pdf.icc import cmyk, grey, srgb

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["settle_colours"]

_PAINTS: Final = {
    "CMYK": re.compile(rb"(?<![^\s\])>])[kK](?![^\s\[/(<%])|/(?:Device)?CMYK(?![^\s\]/>\[(<%])"),
    "RGB": re.compile(rb"(?<![^\s\])>])(?:rg|RG)(?![^\s\[/(<%])|/(?:Device)?RGB(?![^\s\]/>\[(<%])"),
}
_NAMES: Final = {"CMYK": b"/DeviceCMYK", "RGB": b"/DeviceRGB"}
_COMPONENTS: Final = {b"RGB ": 3, b"CMYK": 4, b"GRAY": 1}
_STAND_INS: Final = {1: grey, 3: srgb, 4: cmyk}
_DEEPEST: Final = 12
_MAKERS: Final = {"CMYK": (cmyk, 4), "RGB": (srgb, 3)}


def settle_colours(pdf: "Pdf") -> None:
    """Give the file an output intent, and default colour spaces for the device colours it does not cover."""
    pikepdf = pikepdf_loaded()
    _mend_profiles(pdf)
    every = list(scopes(pdf))
    _own_resources(pdf, every)
    every = list(scopes(pdf))
    covered = _intent(pdf)
    for kind, (make, components) in _MAKERS.items():
        if kind == covered or not _painted(pdf, every, kind):
            continue
        profile = pdf.make_stream(make(), N=components)
        space = pdf.make_indirect(pikepdf.Array([pikepdf.Name.ICCBased, profile]))
        for scope in every:
            named = scope.resources.get("/ColorSpace")
            if not isinstance(named, pikepdf.Dictionary):
                named = scope.resources.ColorSpace = pikepdf.Dictionary()
            key = f"/Default{kind}"
            if key not in named:
                scope.resources.ColorSpace[key] = space
            group = scope.holder.get("/Group")
            if isinstance(group, pikepdf.Dictionary) and group.get("/CS") == f"/Device{kind}":
                group.CS = pikepdf.Name("/Device" + covered)
        if kind == "CMYK":
            _end_overprint_mode(pdf)


def _own_resources(pdf: "Pdf", every: list[Scope]) -> None:
    """Let every form, pattern and appearance name its resources itself, rather than those of whoever draws it."""
    pikepdf = pikepdf_loaded()
    for scope in every:
        resources = scope.resources
        if not resources.is_indirect:
            resources = pdf.make_indirect(resources)
            if not scope.inherited:
                scope.holder.Resources = resources
        if scope.inherited and (scope.holder.get("/Subtype") == "/Form" or "/PatternType" in scope.holder):
            scope.holder.Resources = resources
        for font in entries(resources, "/Font"):
            if isinstance(font, pikepdf.Dictionary) and "/CharProcs" in font and "/Resources" not in font:
                font.Resources = _without_glyph_procedures(resources)


def _without_glyph_procedures(resources: "Object") -> "Object":
    """Resources for the glyph procedures of a font, which must not name that font again."""
    pikepdf = pikepdf_loaded()
    copied: Object = pikepdf.Dictionary({key: resources[key] for key in list(resources.keys()) if key != "/Font"})
    fonts = resources.get("/Font")
    if isinstance(fonts, pikepdf.Dictionary):
        copied.Font = pikepdf.Dictionary(
            {
                key: fonts[key]
                for key in list(fonts.keys())
                if isinstance(fonts[key], pikepdf.Dictionary) and "/CharProcs" not in fonts[key]
            }
        )
    return copied


def _mend_profiles(pdf: "Pdf") -> None:
    """Put a profile that says what viewers do in the place of one that is damaged."""
    pikepdf = pikepdf_loaded()
    for one in pdf.objects:
        if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            continue
        if b"/ICCBased" not in _written(one):
            continue
        for space in _spaces(one, 0):
            profile: Any = space[1]
            components = profile.get("/N")
            if components in _STAND_INS and not _sound(profile, components):
                profile.write(_STAND_INS[components]())


def _spaces(one: Any, depth: int) -> "Iterator[Object]":
    """The colour spaces with a profile that stand directly in an object."""
    pikepdf = pikepdf_loaded()
    if isinstance(one, pikepdf.Array):
        if len(one) == 2 and one[0] == "/ICCBased" and isinstance(one[1], pikepdf.Stream):
            yield one
            return
        values = list(one)
    else:
        values = [one[key] for key in list(one.keys())]
    for value in values if depth < _DEEPEST else ():
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            yield from _spaces(value, depth + 1)


def _sound(profile: "Object", components: int) -> bool:
    """Whether a profile can be read as one, and has as many components as it is said to have."""
    try:
        data = decoded(profile)
    except UnreadableInput:
        return False
    return (
        len(data) >= 132
        and data[36:40] == b"acsp"
        and data[8] < 5
        and (_COMPONENTS.get(data[16:20], 3 if data[16:20] == b"Lab " else 0) == components)
    )


def _intent(pdf: "Pdf") -> str:
    """Keep the output intent of the file if it has a sound one, or write one for sRGB; gives what it covers."""
    pikepdf = pikepdf_loaded()
    found = pdf.Root.get("/OutputIntents")
    intents = [one for one in found if isinstance(one, pikepdf.Dictionary)] if isinstance(found, pikepdf.Array) else []
    for subtype in ("/GTS_PDFA1", "/GTS_PDFX"):
        for intent in intents:
            covered = _covers(intent.get("/DestOutputProfile"))
            if intent.get("/S") == subtype and covered:
                intent.S = pikepdf.Name.GTS_PDFA1
                if "/OutputConditionIdentifier" not in intent:
                    intent.OutputConditionIdentifier = pikepdf.String("Custom")
                pdf.Root.OutputIntents = pikepdf.Array([intent])
                return covered
    profile = pdf.make_stream(srgb(), N=3)
    intent = pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier=pikepdf.String("sRGB"),
        Info=pikepdf.String("sRGB IEC61966-2.1"),
        DestOutputProfile=profile,
    )
    pdf.Root.OutputIntents = pikepdf.Array([pdf.make_indirect(intent)])
    return "RGB"


def _covers(profile: Any) -> str:
    """The kind of colours that a profile of a device gives a meaning to; "" if it cannot serve as one."""
    pikepdf = pikepdf_loaded()
    if not isinstance(profile, pikepdf.Stream):
        return ""
    try:
        data = decoded(profile)
    except UnreadableInput:
        return ""
    space = data[16:20]
    fits = len(data) >= 132 and data[8:9] <= b"\x04" and data[12:16] in (b"mntr", b"prtr") and data[36:40] == b"acsp"
    if not fits or profile.get("/N") != _COMPONENTS.get(space):
        return ""
    return space.decode().strip().replace("GRAY", "Gray")


def _painted(pdf: "Pdf", every: list[Scope], kind: str) -> bool:
    """Whether a kind of device colour may be painted anywhere (it never says no where it is)."""
    pikepdf = pikepdf_loaded()
    name = _NAMES[kind]
    composed = pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream
    if any(name in _written(one) for one in pdf.objects if isinstance(one, composed)):
        return True
    pattern = _PAINTS[kind]
    return any(pattern.search(_content(scope.holder)) is not None for scope in every)


def _written(one: "Object") -> bytes:
    """An object as it stands in the file, without the data of a stream."""
    pikepdf = pikepdf_loaded()
    text: bytes = (one.stream_dict if isinstance(one, pikepdf.Stream) else one).unparse(resolved=True)
    return text


def _content(holder: "Object") -> bytes:
    """The operators of a page, form or pattern."""
    pikepdf = pikepdf_loaded()
    found: Any = holder.get("/Contents") if isinstance(holder, pikepdf.Dictionary) else holder
    parts = []
    for stream in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(stream, pikepdf.Stream):
            parts.append(decoded(stream))
    return b"\n".join(parts)


def _end_overprint_mode(pdf: "Pdf") -> None:
    """With inks defined by a profile, leaving out those of amount zero (OPM 1) has no meaning and is forbidden."""
    pikepdf = pikepdf_loaded()
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array) and b"/OPM 1" in _written(one):
            for state in dictionaries(one):
                if state.get("/OPM") == 1:
                    state.OPM = 0
