"""Clauses 6.1, 6.10 and 6.11: a small file that keeps them, and the same file with one thing wrong."""

import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfa_files import CONTENT, broken, made
from pikepdf import Array, Dictionary, Name, Pdf, String

from billingua import BillinguaError, pdf
from billingua.pdf.pdfa.lexer import string_end

PLAIN = made()


@pytest.mark.parametrize("flavour", ["3b", "3u"])
def test_the_file_itself_keeps_all(flavour: str) -> None:
    wrong = {"6.6.4-t03"} if flavour == "3u" else set()
    assert broken(PLAIN, flavour) == wrong


BYTES = [
    ("6.1.2-t01", b"%PDF-1.7", b"%PDF-2.0"),
    ("6.1.2-t01", b"%PDF-1.7\n", b"%PDF-1.7 "),
    ("6.1.2-t02", b"\n%\xbf\xf7\xa2\xfe", b"\n%\xbf\xf7\xa2a"),
    ("6.1.3-t03", b"%%EOF\n", b"%%EOF\n\n"),
    ("6.1.3-t03", b"%%EOF\n", b"%%EOF more"),
    ("6.1.4-t02", b"xref\n0 6", b"xref  \n0 6"),
    ("6.1.6-t01", b"[<3141", b"[<341"),
    ("6.1.6-t02", b"[<3141", b"[<31x1"),
    ("6.1.7.1-t01", b"/Length 26", b"/Length 25"),
    ("6.1.7.1-t02", b"stream\nq", b"stream\rq"),
    ("6.1.9-t01", b"\n5 0 obj\n", b"\n5 0 obj "),
    ("6.1.9-t01", b"endobj\n4 0 obj\n", b"endobj 4 0 obj\n"),
    ("6.1.9-t01", b"endstream\nendobj\nxref", b"endstream endobj\nxref"),
]


@pytest.mark.parametrize(("rule", "old", "new"), BYTES, ids=[f"{row[0]}-{number}" for number, row in enumerate(BYTES)])
def test_bytes_that_break_one_clause(rule: str, old: bytes, new: bytes) -> None:
    assert PLAIN.count(old) == 1
    assert rule in broken(PLAIN.replace(old, new))


@pytest.mark.parametrize("end", [b"", b"\r", b"\n", b"\r\n"])
def test_one_line_end_may_follow_the_file(end: bytes) -> None:
    assert broken(PLAIN.rstrip(b"\n") + end) == set()


def with_content(content: bytes) -> Callable[[Pdf], object]:
    def change(document: Pdf) -> None:
        document.pages[0].Contents = document.make_stream(content)

    return change


def image(filters: bytes) -> Callable[[Pdf], object]:
    """An inline image in a page that has a default colour space, so that its colour is no matter."""
    return with_content(b"q BI /W 1 /H 1 /BPC 1 /IM true /F " + filters + b" ID \x00\nEI Q")


def roles(written: bytes) -> Callable[[Pdf], object]:
    def change(document: Pdf) -> None:
        document.Root.StructTreeRoot = document.make_indirect(Dictionary(RoleMap=pikepdf.Object.parse(written)))

    return change


def permissions(**entries: object) -> Callable[[Pdf], object]:
    def change(document: Pdf) -> None:
        document.Root.Perms = document.make_indirect(Dictionary(**entries))

    return change


def digest(document: Pdf) -> None:
    reference = Dictionary(Type=Name.SigRef, TransformMethod=Name.DocMDP, DigestMethod=Name.MD5)
    signature = document.make_indirect(Dictionary(Type=Name.Sig, Reference=Array([reference])))
    document.Root.Perms = Dictionary(DocMDP=signature)


def extra(thing: Callable[[Pdf], object]) -> Callable[[Pdf], object]:
    """An object that the catalogue refers to under a key that nobody knows."""

    def change(document: Pdf) -> None:
        document.Root.Extra = document.make_indirect(thing(document))

    return change


def boxed(*box: float) -> Callable[[Pdf], object]:
    def change(document: Pdf) -> None:
        document.pages[0].obj.CropBox = Array(box)

    return change


def external(document: Pdf) -> object:
    stream = document.make_stream(b"x")
    stream.F = String("elsewhere.bin")
    return stream


def odd_filter(name: str) -> Callable[[Pdf], object]:
    def thing(document: Pdf) -> object:
        stream = document.make_stream(b"x")
        stream.write(b"", filter=Name(name))
        return stream

    return extra(thing)


def cmap(ranges: bytes) -> Callable[[Pdf], object]:
    def thing(document: Pdf) -> object:
        stream = document.make_stream(ranges)
        stream.Type = Name.CMap
        return stream

    return extra(thing)


OBJECTS: list[tuple[str, Callable[[Pdf], object]]] = [
    ("6.1.7.1-t03", extra(external)),
    ("6.1.7.2-t01", odd_filter("/Unheard")),
    ("6.1.8-t01", extra(lambda _: pikepdf.Object.parse(b"<< /Type /Font /BaseFont /A#e9B >>"))),
    ("6.1.8-t01", extra(lambda _: pikepdf.Object.parse(b"[/Separation /A#e9B /DeviceGray 1]"))),
    ("6.1.8-t01", roles(b"<< /A#e9B /P >>")),
    ("6.1.8-t01", roles(b"<< /Mine /A#e9B >>")),
    ("6.1.10-t01", image(b"/LZW")),
    ("6.1.10-t01", image(b"[/A85 /Crypt]")),
    ("6.1.12-t01", permissions(UR=Dictionary())),
    ("6.1.12-t02", digest),
    ("6.1.13-t01", extra(lambda _: pikepdf.Object.parse(b"[2147483648]"))),
    ("6.1.13-t01", with_content(CONTENT + b" 2147483648 w")),
    ("6.1.13-t02", extra(lambda _: pikepdf.Object.parse(b"[4" + b"0" * 38 + b".0]"))),
    ("6.1.13-t03", extra(lambda _: Array([String("x" * 32768)]))),
    ("6.1.13-t04", extra(lambda _: Array([Name("/" + "x" * 128)]))),
    ("6.1.13-t05", extra(lambda _: pikepdf.Object.parse(b"[." + b"0" * 38 + b"1]"))),
    ("6.1.13-t08", with_content(b"q " * 29 + b"Q " * 29)),
    ("6.1.13-t09", extra(lambda _: Array([Name.DeviceN, Array([Name(f"/C{n}") for n in range(33)])]))),
    ("6.1.13-t10", cmap(b"1 begincidrange <0000> <ffff> 1 endcidrange")),
    ("6.1.13-t10", cmap(b"1 begincidchar <00> 65536 endcidchar")),
    ("6.1.13-t11", boxed(0, 0, 2, 50)),
    ("6.1.13-t11", boxed(0, 0, 50, 14401)),
    ("6.1.13-t11", boxed(0, 50)),
    ("6.1.6-t01", with_content(b"BT <012> Tj ET")),
    ("6.10-t01", lambda document: document.Root.__setitem__("/Names", Dictionary(AlternatePresentations=Dictionary()))),
    ("6.10-t02", lambda document: document.pages[0].obj.__setitem__("/PresSteps", Dictionary())),
    ("6.11-t01", lambda document: document.Root.__setitem__("/Requirements", Array([Dictionary(S=Name.X)]))),
]


@pytest.mark.parametrize(("rule", "change"), OBJECTS, ids=[f"{row[0]}-{number}" for number, row in enumerate(OBJECTS)])
def test_objects_that_break_one_clause(rule: str, change: Callable[[Pdf], object]) -> None:
    assert rule in broken(made(change))


KEPT: list[Callable[[Pdf], object]] = [
    image(b"/Fl"),
    permissions(UR3=Dictionary()),
    extra(lambda _: pikepdf.Object.parse(b"[2147483647 -2147483648 0.0000000000000 (a \\) <1 >>)]")),
    extra(lambda _: Array([String("x" * 32767), Name("/" + "x" * 127)])),
    extra(lambda _: pikepdf.Object.parse("<< /Type /Font /BaseFont /Grün >>".encode())),
    extra(lambda _: pikepdf.Object.parse(b"<< /K#e9 1 >>")),
    with_content(b"q " * 28 + b"Q " * 28),
    with_content(b"BT (q q q q q q q q q q q q q q q q q q q q q q q q q q q q q q q <1>) pop ET"),
    boxed(0, 0, 3, 3),
    cmap(b"1 begincidrange <0000> <ffff> 0 endcidrange 65536"),
]


@pytest.mark.parametrize("change", KEPT, ids=range(len(KEPT)))
def test_what_is_just_allowed(change: Callable[[Pdf], object]) -> None:
    found = {rule for rule in broken(made(change)) if rule.startswith(("6.1.", "6.10", "6.11"))}
    assert found == set()


@pytest.mark.parametrize(("name", "rules"), [(b"/LZWDecode", {"6.1.7.2-t01"}), (b"/Crypt    ", set())])
def test_filters_that_pikepdf_would_not_write(name: bytes, rules: set[str]) -> None:
    assert broken(made(odd_filter("/" + "U" * 9)).replace(b"/" + b"U" * 9, name)) == rules


def test_a_finding_names_object_and_page() -> None:
    [finding] = [one for one in pdf.check(made(boxed(0, 0, 1, 50))).findings if one.rule == "PDFA-6.1.13-t11"]
    assert finding.path.endswith(" 0 obj")
    assert finding.values == {"boundary": "/CropBox", "width": "1", "height": "50", "page": "1"}
    assert (finding.ruleset, finding.severity) == ("pdfa-3b", "fatal")


def test_encryption_is_told_and_a_password_refused() -> None:
    def saved(user: str) -> bytes:
        with pikepdf.open(BytesIO(PLAIN)) as document:
            target = BytesIO()
            document.save(target, encryption=pikepdf.Encryption(owner="o", user=user))
            return target.getvalue()

    assert "6.1.3-t02" in broken(saved(""))
    with pytest.raises(BillinguaError, match="password"):
        pdf.check(saved("u"))


def test_compressed_objects_are_looked_into() -> None:
    changed = made(extra(lambda _: Array([Name("/" + "x" * 128)])))
    with pikepdf.open(BytesIO(changed)) as document:
        target = BytesIO()
        document.save(target, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"xxxxxx" not in target.getvalue()
    assert broken(target.getvalue()) == {"6.1.13-t04"}


def test_a_damaged_cross_reference_is_told() -> None:
    damaged = PLAIN.replace(b"startxref\n", b"startxref\n9")
    assert "6.1.1-t01" in broken(damaged)


def test_a_file_before_its_update_does_not_count() -> None:
    """An object that an update replaced may be written as it likes."""
    old = PLAIN.replace(b"\n5 0 obj\n", b"\n5 0 obj ")
    update = b"5 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n"
    table = b"xref\n5 1\n%010d 00000 n \n" % len(old)
    previous = PLAIN[PLAIN.index(b"startxref\n") + 10 :].split(b"\n")[0]
    trailer = PLAIN[PLAIN.index(b"trailer ") : PLAIN.index(b"startxref")]
    trailer = trailer.replace(b" >>\n", b" /Prev %s >>\n" % previous)
    data = old + update + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(old) + len(update))
    assert broken(old) == {"6.1.9-t01"}
    assert broken(data) == set()


def test_only_errors_of_ours_come_out_of_what_is_no_pdf() -> None:
    for data in (b"", b"%PDF-1.7", b"PK\x03\x04", PLAIN[:100]):
        with pytest.raises(BillinguaError):
            pdf.check(data)
    with pytest.raises(BillinguaError, match="flavour"):
        pdf.check(PLAIN, "1b")


@pytest.mark.parametrize(
    "content", [b"BI " * 99999, b"(" * 99999, (b"(" * 32000 + b")") * 4, b"<" * 99999, b"BI ID " * 50000]
)
def test_content_that_never_closes_takes_no_time(content: bytes) -> None:
    started = time.process_time()
    broken(made(with_content(content)))
    assert time.process_time() - started < 5


def bomb(document: Pdf) -> None:
    packed = document.make_stream(b"")
    packed.write(zlib.compress(b"q Q " * 2_000_000, 9), filter=Name.FlateDecode)
    document.pages[0].Contents = Array([packed])


def test_content_that_is_a_bomb_is_an_error_of_ours() -> None:
    with BytesIO() as target, pikepdf.open(BytesIO(PLAIN)) as document:
        bomb(document)
        document.save(target)
        data = target.getvalue()
    assert len(data) < 20_000
    with pytest.raises(BillinguaError, match="content of page 1"):
        pdf.check(data)


def test_a_page_tree_that_contains_itself_comes_to_an_end() -> None:
    def looped(document: Pdf) -> None:
        document.Root.Pages.Kids.append(document.Root.Pages)

    with suppress(BillinguaError):
        assert not pdf.check(made(looped)).valid


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=4))
def test_damage_anywhere_is_a_verdict_or_an_error_of_ours(at: int, junk: bytes) -> None:
    try:
        report = pdf.check(PLAIN[:at] + junk + PLAIN[at + len(junk) :])
    except BillinguaError:
        return
    assert report.valid == (not report.findings)


@given(st.text("()\\a", max_size=20))
def test_strings_end_where_their_brackets_do(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode()
    data = b"[(" + escaped + b") (x)]"
    assert string_end(data, 1) == len(escaped) + 3
