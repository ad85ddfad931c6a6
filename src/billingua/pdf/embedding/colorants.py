"""Spot colours of DeviceN: each is described on its own too, by what the space as a whole says of it (6.2.4.4)."""

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.document import decoded, pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["describe_colorants"]

_PROCESS: Final = frozenset({"/Cyan", "/Magenta", "/Yellow", "/Black", "/None"})
_DEEPEST: Final = 12


def describe_colorants(pdf: "Pdf") -> None:
    """Complete the Colorants of every DeviceN space whose function can be asked for one colorant alone."""
    pikepdf = pikepdf_loaded()
    spaces: list[Any] = []
    known: dict[str, Any] = {}
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary | pikepdf.Stream | pikepdf.Array):
            for array in _arrays(one, 0):
                if array[0] == "/DeviceN" and len(array) >= 4:
                    spaces.append(array)
                elif array[0] == "/Separation" and len(array) == 4:
                    known.setdefault(str(array[1]), array)
    for space in spaces:
        _describe(pdf, space, known)


def _arrays(one: Any, depth: int) -> Iterator[Any]:
    """The arrays that begin with a name and stand directly in an object."""
    pikepdf = pikepdf_loaded()
    if isinstance(one, pikepdf.Array):
        values = list(one)
        if values and isinstance(values[0], pikepdf.Name):
            yield one
    else:
        values = [one[key] for key in list(one.keys())]
    for value in values if depth < _DEEPEST else ():
        if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect:
            yield from _arrays(value, depth + 1)


def _describe(pdf: "Pdf", space: Any, known: dict[str, Any]) -> None:
    pikepdf = pikepdf_loaded()
    names = [str(name) for name in space[1]]
    if len(space) < 5 or not isinstance(space[4], pikepdf.Dictionary):
        attributes: Any = pikepdf.Dictionary()
        if len(space) < 5:
            space.append(attributes)
        else:
            space[4] = attributes
    if not isinstance(space[4].get("/Colorants"), pikepdf.Dictionary):
        space[4].Colorants = pikepdf.Dictionary()
    for place, name in enumerate(names):
        if name in _PROCESS or name in space[4].Colorants:
            continue
        if name not in known:
            function = _alone(pdf, space[3], place, len(names))
            if function is None:
                continue
            array = pikepdf.Array([pikepdf.Name.Separation, pikepdf.Name(name), space[2], function])
            known[name] = pdf.make_indirect(array)
        space[4].Colorants[name] = known[name]


def _alone(pdf: "Pdf", function: Any, place: int, count: int) -> "Object | None":
    """The function of one colorant, the others being zero; None for a kind that cannot be asked so."""
    pikepdf = pikepdf_loaded()
    if not isinstance(function, pikepdf.Stream):
        return None
    if function.get("/FunctionType") == 4:
        body = decoded(function).strip().removeprefix(b"{").removesuffix(b"}")
        code = b"{ " + b"0 exch " * place + b"0 " * (count - 1 - place) + body + b" }"
        return pdf.make_stream(code, FunctionType=4, Domain=pikepdf.Array([0, 1]), Range=function.Range)
    if function.get("/FunctionType") != 0 or function.get("/BitsPerSample") not in (8, 16, 32):
        return None
    sizes = [int(size) for size in function.Size]
    outputs = len(function.Range) // 2
    width = outputs * int(function.BitsPerSample) // 8
    step = prod(sizes[:place]) * width
    samples = decoded(function)
    data = b"".join(samples[at * step : at * step + width] for at in range(sizes[place]))
    keys = {key[1:]: function[key] for key in ("/Range", "/Decode", "/BitsPerSample") if key in function}
    return pdf.make_stream(
        data, FunctionType=0, Domain=pikepdf.Array([0, 1]), Size=pikepdf.Array([sizes[place]]), **keys
    )
