"""Images (6.2.8)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import Where, uses
from billingua.pdf.pdfa.icc import is_fit, profile_of
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.jpeg2000 import is_jpx, jpeg2000_of
from billingua.pdf.pdfa.values import Thing, integer, stream

__all__ = ["check_images"]

_DEPTHS: Final = (1, 2, 4, 8, 16)
_CIE_JAB: Final = 19


def check_images(file: Inspected) -> Iterator[Breach]:
    """The dictionaries of the images painted, and the boxes of JPEG 2000 files. Pixels are not looked at."""
    for image, role, where in uses(file).images.values():
        place, page = where
        if "/Alternates" in image:
            yield Breach("6.2.8-t01", place, page)
        if "/OPI" in image:
            yield Breach("6.2.8-t02", place, page)
        if image.get("/Interpolate", image.get("/I")) is True:
            yield Breach("6.2.8-t03", place, page)
        depth = integer(image.get("/BitsPerComponent", image.get("/BPC")))
        if depth is not None and role == "mask" and depth != 1:
            yield Breach("6.2.8-t05", place, page, (("bits", str(depth)),), f"it has {depth} bits")
        elif depth is not None and depth not in _DEPTHS:
            yield Breach("6.2.8-t04", place, page, (("bits", str(depth)),), f"it has {depth} bits")
        if stream(image) is not None and is_jpx(image):
            yield from _jpx(image, where)


def _jpx(image: Thing, where: Where) -> Iterator[Breach]:
    place, page = where
    found = jpeg2000_of(image.read_raw_bytes())
    if found.channels not in (1, 3, 4):
        yield Breach("6.2.8.3-t01", place, page, (("channels", str(found.channels)),), f"it has {found.channels}")
    if found.varying_depth or not 1 <= found.depth <= 38:
        detail = "they differ between channels" if found.varying_depth else f"there are {found.depth}"
        yield Breach("6.2.8.3-t05", place, page, (("bits", str(found.depth)),), detail)
    if "/ColorSpace" in image:
        return
    if found.specifications != 1 and found.best != 1:
        values = (("specifications", str(found.specifications)), ("best", str(found.best)))
        yield Breach(
            "6.2.8.3-t02", place, page, values, f"{found.best} of {found.specifications} are marked as the best"
        )
    if found.method not in (1, 2, 3):
        yield Breach("6.2.8.3-t03", place, page, (("method", str(found.method)),), f"the method is {found.method}")
    if found.enumerated == _CIE_JAB:
        yield Breach("6.2.8.3-t04", place, page)
    if found.profile is not None and not is_fit(head := profile_of(found.profile)):
        said = (("class", head.kind), ("space", head.space), ("version", f"{head.version:.1f}"))
        yield Breach("6.2.4.2-t01", place, page, said, "it is in a JPEG 2000 image")
