"""The ICC profiles made here, opened with Little CMS (through Pillow)."""

import struct
import warnings
from io import BytesIO

import pytest

from billingua.pdf.icc import cmyk, srgb

image_cms = pytest.importorskip("PIL.ImageCms")
image = pytest.importorskip("PIL.Image")


def shown(profile: bytes, mode: str, colour: tuple[int, ...]) -> tuple[int, ...]:
    one = image.new(mode, (1, 1), colour)
    screen = image_cms.createProfile("sRGB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = image_cms.profileToProfile(one, image_cms.ImageCmsProfile(BytesIO(profile)), screen, outputMode="RGB")
    return seen.getpixel((0, 0))


def test_srgb_is_the_srgb_of_little_cms() -> None:
    for colour in [(0, 0, 0), (255, 255, 255), (255, 0, 0), (0, 255, 0), (0, 0, 255), (200, 120, 40), (9, 8, 7)]:
        assert all(abs(a - b) <= 1 for a, b in zip(shown(srgb(), "RGB", colour), colour, strict=True))


@pytest.mark.parametrize(
    ("inks", "colour"),
    [
        ((0, 0, 0, 0), (255, 255, 255)),
        ((255, 0, 0, 0), (0, 174, 239)),
        ((0, 255, 0, 0), (237, 2, 140)),
        ((0, 0, 255, 0), (255, 241, 1)),
        ((0, 0, 0, 255), (35, 31, 32)),
        ((0, 0, 0, 128), (147, 149, 152)),
        ((255, 255, 255, 255), (0, 0, 0)),
    ],
)
def test_inks_look_as_viewers_show_them(inks: tuple[int, ...], colour: tuple[int, ...]) -> None:
    assert all(abs(a - b) <= 14 for a, b in zip(shown(cmyk(), "CMYK", inks), colour, strict=True))


@pytest.mark.parametrize(("profile", "space"), [(srgb(), b"RGB "), (cmyk(), b"CMYK")])
def test_sizes_and_places_agree(profile: bytes, space: bytes) -> None:
    assert int.from_bytes(profile[:4], "big") == len(profile)
    assert profile[16:20] == space
    assert profile[36:40] == b"acsp"
    for number in range(int.from_bytes(profile[128:132], "big")):
        place, size = struct.unpack_from(">II", profile, 136 + 12 * number)
        assert place % 4 == 0
        assert place + size <= len(profile)
