"""The images: read back by a decoder, as large as paper needs, with the whole label under the code."""

import io
import re
from typing import Any

import pytest
import zxingcpp
from lxml import etree
from PIL import Image

from billingua import ksef
from billingua.errors import UsageError
from ksef_vectors import vectors

INVOICE = "https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
CERTIFICATE = (
    "https://qr.ksef.mf.gov.pl/certificate/NipVatUe/4878464127-DE136695976/4878464127/015A28FE67812C41/"
    f"XhqLa6cD-_zCnbmK2anSEV8jynwYSqqVD-2ktkxd2W4/{'iDfQ7ITf9ddRX-4ygj' * 19}"
)
NUMBER = "5265877635-20250826-0100001AF629-AF"
SVG = "{http://www.w3.org/2000/svg}"
CASES = [(INVOICE, NUMBER), (INVOICE, "OFFLINE"), (CERTIFICATE, "CERTYFIKAT"), (INVOICE, "")]


def decoded(image: Image.Image) -> Any:
    [found] = zxingcpp.read_barcodes(image)
    return found


def drawn(svg: bytes, scale: int = 5) -> Image.Image:
    """The code of an SVG in pixels; its letters are left out."""
    root = etree.fromstring(svg)
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    image = Image.new("L", (int(width * scale), int(height * scale)), 255)
    path = root.find(f"{SVG}path").get("d")
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path)
    assert "".join(f"M{x} {y}h{length}v1h-{back}z" for x, y, length, back in runs) == path
    for x, y, length, back in runs:
        assert length == back
        image.paste(0, tuple(int(n) * scale for n in (x, y, int(x) + int(length), int(y) + 1)))
    return image


@pytest.mark.parametrize(("url", "label"), CASES)
def test_a_decoder_reads_them(url: str, label: str) -> None:
    for image in (Image.open(io.BytesIO(ksef.qr_png(url, label))), drawn(ksef.qr_svg(url, label))):
        found = decoded(image)
        assert (found.text, found.ec_level) == (url, "M")
        assert "QR" in str(found.format)


def test_the_links_of_the_vectors() -> None:
    urls = [one["url"] for one in [*vectors("kod1"), *vectors("kod2", "signed")]]
    for url in urls:
        assert decoded(Image.open(io.BytesIO(ksef.qr_png(url, "OFFLINE")))).text == url
        assert decoded(drawn(ksef.qr_svg(url, "OFFLINE"))).text == url


@pytest.mark.parametrize(("url", "label"), CASES)
def test_a_png_is_large_enough_on_paper(url: str, label: str) -> None:
    image = Image.open(io.BytesIO(ksef.qr_png(url, label)))
    dots = image.info["dpi"][0] / 25.4
    assert image.width / dots >= 29.9, "millimetres"
    rows = [image.crop((0, y, image.width, y + 1)).getextrema()[0] for y in range(image.height)]
    margin = rows.index(0)
    module = margin / 4
    assert module == int(module)
    assert module / dots >= 0.4, "millimetres a module, with four of them in the quiet zone"
    assert image.crop((0, 0, margin, image.width)).getextrema() == (255, 255)


@pytest.mark.parametrize(
    "label", [NUMBER, f"{NUMBER[:26]}-{NUMBER[26:]}", "OFFLINE", "CERTYFIKAT", "W" * 60, "a b " * 20]
)
def test_the_label_is_under_the_code_and_whole(label: str) -> None:
    bare = Image.open(io.BytesIO(ksef.qr_png(INVOICE, "")))
    image = Image.open(io.BytesIO(ksef.qr_png(INVOICE, label)))
    assert image.width == bare.width
    assert image.crop((0, 0, *bare.size)).tobytes() == bare.tobytes()
    below = image.crop((0, bare.height, image.width, image.height))
    left, top, right, bottom = Image.eval(below, lambda shade: 255 - shade).getbbox() or (0, 0, 0, 0)
    assert left > 0 < top
    assert right < below.width
    assert bottom < below.height
    root = etree.fromstring(ksef.qr_svg(INVOICE, label))
    _, _, width, height = (float(number) for number in root.get("viewBox").split())
    texts = root.findall(f".//{SVG}text")
    assert "".join("".join(text.itertext()) for text in texts).replace(" ", "") == label.replace(" ", "")
    for text in texts:
        assert float(text.get("textLength")) < width
        assert width < float(text.get("y")) < height


def test_an_svg_takes_any_letters() -> None:
    svg = ksef.qr_svg(INVOICE, 'Zażółć & <b> "jaźń" ąę')
    texts = etree.fromstring(svg).findall(f".//{SVG}text")
    assert " ".join(text.text for text in texts) == 'Zażółć & <b> "jaźń" ąę'


def test_an_svg_is_large_enough_on_paper() -> None:
    for url in (INVOICE, CERTIFICATE):
        root = etree.fromstring(ksef.qr_svg(url, "OFFLINE"))
        millimetres = float(root.get("width").removesuffix("mm"))
        modules = float(root.get("viewBox").split()[2])
        assert millimetres >= 30
        assert millimetres / modules >= 0.42
        assert float(root.get("height").removesuffix("mm")) > millimetres


def test_the_bytes_are_always_the_same() -> None:
    assert ksef.qr_png(INVOICE, NUMBER) == ksef.qr_png(INVOICE, NUMBER)
    assert ksef.qr_svg(INVOICE, NUMBER) == ksef.qr_svg(INVOICE, NUMBER)


@pytest.mark.parametrize(
    ("url", "label", "said"),
    [
        ("", "OFFLINE", "'' is no link"),
        (None, "OFFLINE", "None is no link"),
        ("https://x/ą", "OFFLINE", "is no link"),
        ("https://x/\n", "OFFLINE", "is no link"),
        ("https://x/" + "a" * 2400, "OFFLINE", "2410 characters is too long"),
        (INVOICE, "two\nlines", "is no label"),
        (INVOICE, None, "None is no label"),
        (INVOICE, "x" * 201, "is no label"),
    ],
)
def test_what_cannot_be_drawn_is_refused(url: Any, label: Any, said: str) -> None:
    for draw in (ksef.qr_png, ksef.qr_svg):
        with pytest.raises(UsageError, match=said):
            draw(url, label)


def test_a_png_says_which_letters_it_lacks() -> None:
    with pytest.raises(UsageError, match=r"characters 'óż'.*SVG"):
        ksef.qr_png(INVOICE, "żół".replace("ł", "l"))
