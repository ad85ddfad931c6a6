"""Reading CMaps, encodings and font programs: what is read is what was written, whatever is written."""

import struct
from contextlib import suppress
from io import BytesIO

from fontTools.ttLib.tables.DefaultTable import DefaultTable
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Name, Pdf

from billingua.pdf.pdfa.fonts.cff import Cff
from billingua.pdf.pdfa.fonts.cmap import CMap, cmap_of
from billingua.pdf.pdfa.fonts.encodings import NOTDEF, table, unicode_of
from billingua.pdf.pdfa.fonts.truetype import TrueType
from billingua.pdf.pdfa.fonts.type1 import Type1, _uncovered
from billingua.pdf.pdfa.jpeg2000 import jpeg2000_of
from billingua.pdf.pdfa.signatures import _signed_data
from pdfa_fonts import WIDTHS, cff, covered, true_type, type1

WINDOW = Pdf.new()


def read(text: bytes) -> CMap:
    found = cmap_of(WINDOW.make_stream(text))
    assert found is not None
    return found


@given(st.dictionaries(st.integers(0, 65535), st.integers(0, 65535), min_size=1, max_size=20))
def test_cids_are_read_as_written(cids: dict[int, int]) -> None:
    lines = b"".join(b"<%04x> %d\n" % pair for pair in cids.items())
    found = read(b"%d begincidchar\n%s endcidchar" % (len(cids), lines))
    assert {code: found.find(code) for code in cids} == cids


@given(st.dictionaries(st.integers(0, 65535), st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_texts_are_read_as_written(texts: dict[int, str]) -> None:
    lines = b"".join(b"<%04x> <%s>\n" % (code, one.encode("utf-16-be").hex().encode()) for code, one in texts.items())
    found = read(b"%d beginbfchar\n%s endbfchar" % (len(texts), lines))
    assert {code: found.text(code) for code in texts} == texts


def test_ranges_and_codes_of_one_and_two_bytes() -> None:
    found = read(
        b"/WMode 1 def 2 begincodespacerange <00> <7F> <8000> <FFFF> endcodespacerange\n"
        b"1 begincidrange <20> <7e> 1 endcidrange 1 beginnotdefrange <8000> <8010> 3 endnotdefrange\n"
        b"2 beginbfrange <0020> <0022> <0041> <0023> <0024> [<0061> /b] endbfrange"
    )
    assert list(found.codes(b"A\x80\x01B\xff")) == [0x41, 0x8001, 0x42, 0]
    assert [found.find(code) for code in (0x20, 0x7E, 0x8001, 0x7F)] == [1, 95, 3, None]
    assert [found.text(code) for code in (0x20, 0x22, 0x23, 0x24, 0x25)] == ["A", "C", "a", "b", None]
    assert found.writing_mode == 1


def test_a_range_of_texts_ends_with_the_last_byte() -> None:
    found = read(b"1 beginbfrange <0000> <FFFF> <0000> endbfrange")
    assert found.text(0x41) == "A"
    assert found.text(0x141) is None


def test_a_cmap_uses_another() -> None:
    other = WINDOW.make_stream(b"1 begincidchar <0001> 7 endcidchar")
    stream = WINDOW.make_stream(b"1 begincidchar <0002> 8 endcidchar")
    stream.UseCMap = other
    found = cmap_of(stream)
    assert found is not None
    assert (found.find(1), found.find(2)) == (7, 8)
    other.UseCMap = stream
    assert cmap_of(stream) is not None


@given(st.binary(max_size=200))
def test_any_bytes_are_a_cmap_of_some_kind(data: bytes) -> None:
    assert all(isinstance(code, int) for code in read(data).codes(data))


@given(st.binary(max_size=100), st.sampled_from([4330, 55665]))
def test_the_cipher_of_type_1(clear: bytes, key: int) -> None:
    assert _uncovered(covered(clear, key), key) == clear


def test_programs_say_what_they_were_made_of() -> None:
    assert Type1(type1()).widths == WIDTHS
    assert Type1(type1(hexadecimal=True)).widths == WIDTHS
    assert [TrueType(true_type()).width(glyph) for glyph in range(3)] == [500, 600, 700]
    program = Cff(cff())
    assert {name: program.width(number) for name, number in program.numbers.items()} == WIDTHS


@given(st.integers(0, 2), st.integers(0, 4000), st.binary(min_size=1, max_size=8), st.booleans())
def test_damaged_programs_give_one_error(kind: int, at: int, junk: bytes, cut: bool) -> None:
    data = (type1, true_type, cff)[kind]()
    at %= len(data)
    data = data[:at] + junk + (b"" if cut else data[at + len(junk) :])
    with suppress(ValueError):
        if kind == 0:
            assert Type1(data).widths
        elif kind == 1:
            font = TrueType(data)
            assert font.width(1) >= 0
            assert isinstance(font.maps, list)
            assert isinstance(font.names, dict)
        else:
            program = Cff(data)
            assert isinstance(program.width(1), float | int)
            assert isinstance(program.encoding, tuple)


def test_encodings() -> None:
    assert table("WinAnsiEncoding")[0x80] == "Euro"
    assert table("WinAnsiEncoding")[0x81] == "bullet"
    assert table("WinAnsiEncoding")[0x1F] == NOTDEF
    assert table("MacRomanEncoding")[0xCA] == "space"
    assert table("MacRomanEncoding")[0xB0] == NOTDEF
    assert table("StandardEncoding") == ()
    assert [unicode_of(name) for name in ("Euro", "a1", "a207", "uni20AC", "nothing")] == ["€", " ", None, None, None]


def test_differences_count_on_from_their_code() -> None:
    from billingua.pdf.pdfa.fonts.encodings import encoding_of

    entry = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[65, Name.one, Name.two, 90, Name.three])
    found = encoding_of(Dictionary(Encoding=entry))
    assert [found.name(code) for code in (64, 65, 66, 67, 90)] == ["at", "one", "two", "C", "three"]


@given(st.binary(max_size=80))
def test_any_bytes_are_looked_at_as_a_picture_and_a_signature(data: bytes) -> None:
    assert jpeg2000_of(b"\0\0\0\x0cjP  \r\n\x87\n" + data).channels >= 0
    assert _signed_data(data) >= (0, 0)


def test_maps_that_cover_everything_many_times_map_nothing() -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(true_type()))
    count = 500
    body = struct.pack(">HHHH", 2 * count, 0, 0, 0) + b"\xff\xfe" * count + b"\0\0" + b"\0\0" * count
    body += b"\0\1" * count + b"\0\0" * count
    sub = struct.pack(">HHH", 4, 6 + len(body), 0) + body
    groups = struct.pack(">III", 0, 0xFFFFFFFF, 1)
    wide = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, 1) + groups
    table = struct.pack(">HHHHIHHI", 0, 2, 3, 1, 20, 3, 10, 20 + len(sub)) + sub + wide
    font.tables["cmap"] = DefaultTable("cmap")
    font.tables["cmap"].data = table
    target = BytesIO()
    font.save(target)
    assert TrueType(target.getvalue()).maps == [(3, 1, {}), (3, 10, {})]
