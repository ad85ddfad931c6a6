"""Colour spaces (6.2.4): profiles, device spaces, spot colours."""

from collections.abc import Hashable, Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.spaces import Space
from billingua.pdf.pdfa.content.walk import uses
from billingua.pdf.pdfa.icc import is_fit, profile_of
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.output_intents import intended_space
from billingua.pdf.pdfa.values import array, content_of, dictionary, integer, name, stream

__all__ = ["check_colours"]

_PROCESS: Final = ("Cyan", "Magenta", "Yellow", "Black", "None")


def check_colours(file: Inspected) -> Iterator[Breach]:
    """The colour spaces in which anything is painted, and those they rest on."""
    found = uses(file)
    intended = intended_space(file)
    spots: dict[str, set[tuple[Hashable, Hashable]]] = {}
    for space, (place, page) in found.spaces.values():
        match space.kind:
            case "DeviceRGB" if intended != "RGB":
                yield Breach("6.2.4.3-t02", place, page, _intent(intended))
            case "DeviceCMYK" if intended != "CMYK":
                yield Breach("6.2.4.3-t03", place, page, _intent(intended))
            case "DeviceGray" if not intended:
                yield Breach("6.2.4.3-t04", place, page, _intent(intended))
            case "ICCBased":
                yield from _profile(file, space, page)
            case "DeviceN":
                missing = _unnamed_colorants(space)
                if missing:
                    listed = ", ".join(missing)
                    yield Breach("6.2.4.4-t01", place, page, (("colorants", listed),), f"it is {listed}")
            case "Separation":
                spot = name(space.raw[1]) or ""
                ways = spots.setdefault(spot, set())
                ways.add((content_of(space.raw[2]), content_of(space.raw[3])))
                if len(ways) == 2:
                    yield Breach("6.2.4.4-t02", place, page, (("colorant", spot),), f"the colorant is {spot}")
    for space, mode, (place, page) in found.overprinted.values():
        profile = stream(space.raw[1])
        if profile is not None and integer(profile.get("/N")) == 4:
            yield Breach("6.2.4.2-t02", place, page, (("mode", str(mode)),), f"the overprint mode is {mode}")


def _intent(intended: str | None) -> tuple[tuple[str, str], ...]:
    return (("output intent", intended or "none"),)


def _profile(file: Inspected, space: Space, page: int | None) -> Iterator[Breach]:
    profile = stream(space.raw[1])
    if profile is None:
        return
    head = profile_of(profile)
    if not is_fit(head):
        values = (("class", head.kind), ("space", head.space), ("version", f"{head.version:.1f}"))
        detail = f"it is of class {head.kind or '?'}, space {head.space or '?'}, version {head.version:.1f}"
        yield Breach("6.2.4.2-t01", file.place(profile), page, values, detail)


def _unnamed_colorants(space: Space) -> list[str]:
    """The colorants of a DeviceN space that its attributes do not describe."""
    attributes = dictionary(space.raw[4]) if len(space.raw) > 4 else None
    described = set(_PROCESS)
    if attributes is not None:
        colorants = dictionary(attributes.get("/Colorants"))
        described.update(() if colorants is None else (key[1:] for key in colorants))
        process = dictionary(attributes.get("/Process"))
        components = None if process is None else array(process.get("/Components"))
        described.update(called for called in map(name, components or ()) if called)
    colorants = [name(one) or "" for one in array(space.raw[1]) or ()]
    return [one for one in colorants if one not in described]
