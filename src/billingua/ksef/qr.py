"""The image of a link: a QR code with its label below, for the eye, as PNG or SVG.

Error correction M, a quiet zone of four modules, and at least 0.4 mm a module and 30 mm in all when printed at the
size that the file names (PNG: 300 dots an inch; SVG: millimetres), so that a telephone reads it from paper. The same
link and label give the same bytes (PNG: with the same release of Pillow). The letters in a PNG are printable ASCII,
which is all that a KSeF number, OFFLINE and CERTYFIKAT need; an SVG takes any.
"""

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from billingua.errors import UsageError
from billingua.ksef.values import need, shown

if TYPE_CHECKING:
    from segno import QRCode

__all__ = ["qr_png", "qr_svg"]

_PURPOSE = "Drawing a QR code"
_QUIET: Final = 4
"""Modules of white around the code."""
_DPI: Final = 300
_LEAST_PIXELS: Final = 5
"""A module in a PNG: 0.42 mm."""
_LEAST_WIDTH: Final = 355
"""The whole image in a PNG, in pixels: 30 mm."""
_LETTER: Final = 32
"""The height of letters in a PNG, in pixels: 2.7 mm, or 7.7 points."""
_MODULE: Final = 0.42
"""A module in an SVG, in millimetres, where the code is large enough."""
_LEAST_MILLIMETRES: Final = 30.0
_LETTER_MILLIMETRES: Final = 2.3
"""The height of letters in an SVG, in millimetres."""
_ADVANCE: Final = 0.6
"""The width of a letter of a monospaced font, by its height."""
_LEADING: Final = 1.25
_LONGEST: Final = 200
"""Characters of a label: far more than any that KSeF prescribes."""


def qr_png(url: str, label: str) -> bytes:
    """The code and its label as PNG.

    Args:
        url: KOD I or KOD II.
        label: the KSeF number, OFFLINE or CERTYFIKAT; "" for none. It is broken into lines where it must be.

    Raises:
        UsageError: the link is empty or too long, or the label has characters that cannot be drawn.
        MissingExtra: segno or Pillow is not installed.
    """
    need("segno", _PURPOSE)
    need("PIL", _PURPOSE)
    from PIL import Image, ImageDraw, ImageFont

    code = _code(url, label)
    if not label.isascii():
        odd = "".join(sorted({character for character in label if not character.isascii()}))
        raise UsageError(f"The label of a PNG cannot have the characters {odd!r}.", todo="Leave them out, or draw SVG.")
    modules = int(code.symbol_size(border=_QUIET)[0])
    scale = max(_LEAST_PIXELS, -(-_LEAST_WIDTH // modules))
    width = modules * scale
    font = ImageFont.load_default(_LETTER)
    lines = list(_lines(label, lambda text: font.getlength(text) <= width - 2 * scale))
    step = round(_LETTER * _LEADING)
    image = Image.new("L", (width, width + step * len(lines) + (2 * scale if lines else 0)), 255)
    draw = ImageDraw.Draw(image)
    for y, x, length in _runs(code):
        draw.rectangle(
            (
                (x + _QUIET) * scale,
                (y + _QUIET) * scale,
                (x + length + _QUIET) * scale - 1,
                (y + 1 + _QUIET) * scale - 1,
            ),
            fill=0,
        )
    for number, line in enumerate(lines):
        draw.text(((width - font.getlength(line)) // 2, width + number * step), line, font=font, fill=0)
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(_DPI, _DPI))
    return stream.getvalue()


def qr_svg(url: str, label: str) -> bytes:
    """The code and its label as SVG, in UTF-8. Its numbers are modules; its size is in millimetres.

    Args and errors are those of `qr_png`; the label may have any printable characters.
    """
    need("segno", _PURPOSE)
    code = _code(url, label)
    modules = int(code.symbol_size(border=_QUIET)[0])
    module = max(_MODULE, _LEAST_MILLIMETRES / modules)
    letter = _LETTER_MILLIMETRES / module
    lines = list(_lines(label, lambda text: len(text) * _ADVANCE * letter <= modules - 2))
    height = modules + (len(lines) * letter * _LEADING + 2 if lines else 0)
    path = "".join(f"M{x + _QUIET} {y + _QUIET}h{length}v1h-{length}z" for y, x, length in _runs(code))
    texts = "".join(
        f'<text x="{modules / 2:g}" y="{modules + letter * (0.8 + number * _LEADING):.3f}" '
        f'textLength="{len(line) * _ADVANCE * letter:.3f}" lengthAdjust="spacingAndGlyphs">{_escaped(line)}</text>\n'
        for number, line in enumerate(lines)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{modules * module:.3f}mm" height="{height * module:.3f}mm" '
        f'viewBox="0 0 {modules} {height:.3f}">\n'
        f'<rect width="{modules}" height="{height:.3f}" fill="#fff"/>\n'
        f'<path shape-rendering="crispEdges" d="{path}"/>\n'
        f'<g font-family="monospace" font-size="{letter:.3f}" text-anchor="middle" xml:space="preserve">\n{texts}</g>\n'
        "</svg>\n"
    ).encode()


def _code(url: str, label: str) -> "QRCode":
    import segno

    if not isinstance(url, str) or not url or not url.isascii() or not url.isprintable():
        raise UsageError(f"{shown(url)} is no link.", todo="Give what invoice_link() or certificate_link() returns.")
    if not isinstance(label, str) or not label.isprintable() or len(label) > _LONGEST:
        raise UsageError(
            f"{shown(label)} is no label.", todo="Give the KSeF number, OFFLINE or CERTYFIKAT, on one line."
        )
    try:
        return segno.make_qr(url, error="m", mode="byte", boost_error=False)
    except segno.DataOverflowError:
        raise UsageError(f"The link of {len(url)} characters is too long for a QR code.") from None


def _runs(code: "QRCode") -> Iterator[tuple[int, int, int]]:
    """Row, column and length of every run of dark modules."""
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                yield y, start, x - start
            x += 1


def _lines(label: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """The label in lines that fit, broken after a hyphen or a space where one is, else anywhere."""
    rest = label.strip()
    while rest:
        end = len(rest)
        while end > 1 and not fits(rest[:end].rstrip()):
            end -= 1
        if end < len(rest):
            end = max(rest.rfind("-", 0, end), rest.rfind(" ", 0, end)) + 1 or end
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
