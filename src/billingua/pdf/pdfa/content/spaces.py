"""Colour spaces: the array or name of a PDF as a small tree."""

from collections.abc import Hashable
from typing import Final, NamedTuple

import pikepdf

from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, key_of, name, stream

__all__ = ["DEFAULTS", "Space", "space_named", "space_of"]

DEFAULTS: Final = {"DeviceGray": "DefaultGray", "DeviceRGB": "DefaultRGB", "DeviceCMYK": "DefaultCMYK"}
"""The device spaces, and the name under which resources may put another space in their stead."""

_DEEP = 12
"""Spaces do not nest deeper than this in earnest."""


class Space(NamedTuple):
    """`kind` is the family, or Tiling or Shading for a pattern set as the colour; `base` what lies below it.

    `base` is the base of Indexed, the alternate of Separation and DeviceN, what lies under Pattern, and the space of a
    shading.
    """

    kind: str
    raw: Thing
    key: Hashable
    base: "Space | None" = None


def space_named(found: str, resources: Thing, *, defaulted: bool = False, deep: int = 0) -> Space | None:
    """The space that a name stands for in a resource dictionary: one listed there, or a device space."""
    listed = None if resources is None else dictionary(resources.get("/ColorSpace"))
    raw = None if listed is None else listed.get(f"/{found}")
    given = raw if raw is not None else pikepdf.Name(f"/{found}")
    return space_of(given, resources, defaulted=defaulted, deep=deep + 1)


def space_of(raw: Thing, resources: Thing, *, defaulted: bool = False, deep: int = 0) -> Space | None:
    """The space a PDF object describes; none if it describes none.

    `defaulted` says that the object is a default space already, for which no default stands.
    """
    if deep > _DEEP:
        return None
    family = name(raw)
    if family is not None:
        return _of_name(family, raw, resources, defaulted, deep)
    if dictionary(raw) is not None:
        return _pattern(raw, resources, deep)
    if array(raw) is None or not len(raw):
        return None
    if len(raw) == 1:
        return space_of(raw[0], resources, defaulted=defaulted, deep=deep + 1)
    family = name(raw[0])
    match family:
        case "CalGray" | "CalRGB" | "Lab":
            return Space(family, raw, (family, key_of(raw)))
        case "ICCBased":
            return Space(family, raw, (family, key_of(raw[1])))
        case "CalCMYK":
            return _of_name("DeviceCMYK", pikepdf.Name.DeviceCMYK, resources, defaulted, deep)
        case "Indexed":
            base = space_of(raw[1], resources, deep=deep + 1)
        case "Pattern":
            base = space_of(raw[1], resources, deep=deep + 1)
        case "Separation" | "DeviceN" if len(raw) > 3:
            base = space_of(raw[2], resources, defaulted=defaulted, deep=deep + 1)
        case _:
            return None
    return Space(family, raw, (family, key_of(raw), base and base.key), base)


def _of_name(family: str, raw: Thing, resources: Thing, defaulted: bool, deep: int) -> Space | None:
    listed = None if resources is None else dictionary(resources.get("/ColorSpace"))
    default = DEFAULTS.get(family)
    if default and listed is not None and not defaulted and f"/{default}" in listed:
        return space_of(listed[f"/{default}"], resources, defaulted=True, deep=deep + 1)
    if default or family == "Pattern":
        return Space(family, raw, family)
    if listed is not None and f"/{family}" in listed:
        return space_of(listed[f"/{family}"], resources, deep=deep + 1)
    return None


def _pattern(raw: Thing, resources: Thing, deep: int) -> Space | None:
    match integer(raw.get("/PatternType")):
        case 1 if stream(raw) is not None:
            return Space("Tiling", raw, ("Tiling", key_of(raw)))
        case 2:
            shading = dictionary(raw.get("/Shading"))
            base = None if shading is None else space_of(shading.get("/ColorSpace"), resources, deep=deep + 1)
            return Space("Shading", raw, ("Shading", key_of(raw), base and base.key), base)
    return None
