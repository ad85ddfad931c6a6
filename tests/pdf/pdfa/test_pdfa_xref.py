"""Where the objects of a file stand, by tables and by streams."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfa_files import made

from billingua.pdf.pdfa.xref import read_xref

ROWS = [(0, 0, 255), (1, 9, 0), (1, 300, 0), (2, 2, 1), (1, 70000, 0)]


def packed(rows: list[bytes], kinds: list[int]) -> bytes:
    """The rows as PNG predicts them."""
    found, above = b"", bytes(len(rows[0]))
    for row, kind in zip(rows, kinds, strict=True):
        predicted = bytearray()
        for place, value in enumerate(row):
            left, corner = (row[place - 1], above[place - 1]) if place else (0, 0)
            up = above[place]
            estimate = left + up - corner
            paeth = min((abs(estimate - one), number) for number, one in enumerate((left, up, corner)))[1]
            guess = (0, left, up, (left + up) // 2, (left, up, corner)[paeth])[kind]
            predicted.append((value - guess) & 255)
        found += bytes([kind]) + predicted
        above = row
    return zlib.compress(found)


@given(st.lists(st.integers(0, 4), min_size=len(ROWS), max_size=len(ROWS)))
def test_streams_are_read_whatever_their_prediction(kinds: list[int]) -> None:
    data = packed([bytes([kind]) + place.to_bytes(3) + bytes([last]) for kind, place, last in ROWS], kinds)
    parameters = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 5 >>"
    entries = b"<< /Type /XRef /W [1 3 1] /Size 5 %s /Length %d >>" % (parameters, len(data))
    file = b"%PDF-1.7\n9 0 obj\n" + entries + b"\nstream\n" + data + b"\nendstream\nendobj\nstartxref\n9\n%%EOF\n"
    xref = read_xref(file)
    assert xref.broken == ""
    assert xref.offsets == {1: 9, 2: 300, 4: 70000}
    assert xref.object_streams == {2}


def test_tables_name_the_objects() -> None:
    data = made()
    xref = read_xref(data)
    assert (xref.broken, xref.tidy) == ("", True)
    assert all(data[offset:].startswith(b"%d 0 obj" % number) for number, offset in xref.offsets.items())
    assert sorted(xref.offsets) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"startxref", b"startxxxx", "no startxref"),
        (b"xref\n0 6", b"xxxx\n0 6", "no cross-reference section"),
        (b"trailer", b"tttttt", "no trailer"),
        (b"65535 f", b"6553x f", "ends too early"),
    ],
)
def test_a_chain_that_breaks(old: bytes, new: bytes, why: str) -> None:
    assert why in read_xref(made().replace(old, new)).broken
