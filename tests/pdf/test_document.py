"""Opening PDFs: what is refused, with what words, and what is mended."""

import re
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from billingua.errors import UnreadableInput, UsageError
from billingua.pdf.document import decoded, open_pdf

pikepdf = pytest.importorskip("pikepdf")

PLAIN = Path(__file__).resolve().parents[3] / "shared" / "plain-pdfs"
HYBRID = PLAIN.parent / "facturx-pdfs"


def blank(**saving: object) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        stream = BytesIO()
        pdf.save(stream, **saving)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a PDF"),
        (b"hello", "not a PDF"),
        (b"%PDF-1.7\n%%EOF\n", "cut off"),
        (b"%PDF-1.7\n" + b"x" * 500, "damaged beyond repair"),
        (b" " * 2000 + b"%PDF-1.7\n", "not a PDF"),
    ],
)
def test_what_is_no_pdf_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableInput, match=words):
        open_pdf(data, "it.pdf")


def test_a_password_is_asked_for_by_name() -> None:
    data = blank(encryption=pikepdf.Encryption(owner="owner", user="user"))
    with pytest.raises(UnreadableInput, match="without a password"):
        open_pdf(data)


def test_an_owner_password_alone_is_no_hindrance() -> None:
    with open_pdf(blank(encryption=pikepdf.Encryption(owner="owner", user=""))) as pdf:
        assert len(pdf.pages) == 1


def test_a_lost_cross_reference_table_is_rebuilt() -> None:
    data = blank()
    with open_pdf(b"xx" + data[: data.rindex(b"startxref")]) as pdf:
        assert len(pdf.pages) == 1


def test_a_pdf_without_pages_is_refused() -> None:
    with pikepdf.new() as pdf:
        stream = BytesIO()
        pdf.save(stream)
    with pytest.raises(UnreadableInput, match="no pages"):
        open_pdf(stream.getvalue())


@pytest.mark.parametrize("filters", [["/FlateDecode"], ["/FlateDecode", "/FlateDecode"]])
def test_a_stream_that_unfolds_too_far_is_refused(filters: list[str]) -> None:
    bomb = zlib.compress(bytes(5_000_000), 9)
    if len(filters) == 2:
        bomb = zlib.compress(bomb, 9)
    with pikepdf.new() as pdf:
        stream = pikepdf.Stream(pdf, bomb, Filter=pikepdf.Array([pikepdf.Name(one) for one in filters]))
        with pytest.raises(UnreadableInput, match="unfolds to more than"):
            decoded(stream, 1_000_000)
        assert decoded(stream, 5_000_000) == bytes(5_000_000)


def test_a_loop_of_pages_is_told_without_addresses() -> None:
    whole = blank()
    pages = re.search(rb"/Pages (\d+ 0 R)", whole)
    assert pages is not None
    looped = re.sub(rb"/Kids \[ \d+ 0 R", b"/Kids [ " + pages[1], whole)
    with pytest.raises(UnreadableInput, match="Loop detected") as caught:
        open_pdf(looped)
    assert "0x" not in str(caught.value)


def test_a_path_is_no_pdf() -> None:
    with pytest.raises(UsageError, match="given as bytes, not as str"):
        open_pdf("invoice.pdf")  # type: ignore[arg-type]
