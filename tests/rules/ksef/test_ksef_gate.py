"""Rules about the bytes of a file."""

from collections.abc import Callable
from datetime import date

import pytest
from ksef_cases import TODAY, base, edited, ids, judged

import billingua
from billingua.engine.xml import parse
from billingua.errors import UnreadableInput
from billingua.rules.ksef.gate import gate

VAT = base("vat")
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
ATTACHED = edited(
    VAT,
    [
        "/Faktura < <Zalacznik><BlokDanych><MetaDane><ZKlucz>a</ZKlucz><ZWartosc>b</ZWartosc></MetaDane>"
        "</BlokDanych></Zalacznik>"
    ],
)
assert VAT.startswith(DECLARATION)


def padded(data: bytes, size: int) -> bytes:
    return data + b" " * (size - len(data))


def named(text: str) -> bytes:
    """The document with a text in its name of goods."""
    return VAT.replace("Stoły".encode(), text.encode())


def fa2() -> bytes:
    """The same invoice in the structure before."""
    data = VAT.replace(b"2025/06/25/13775", b"2023/06/29/12648").replace(b"FA (3)", b"FA (2)")
    data = data.replace(b"<WariantFormularza>3", b"<WariantFormularza>2")
    for gone in (b"    <JST>2</JST>\n", b"    <GV>2</GV>\n"):
        data = data.replace(gone, b"")
    start, end = data.index(b"<LinkDoPlatnosci"), data.index(b"</IPKSeF>") + len(b"</IPKSeF>")
    data = data[:start] + data[end:]
    for party in (b"3333333333", b"7777777777"):
        place = data.index(b"</DaneIdentyfikacyjne>", data.index(party)) + len(b"</DaneIdentyfikacyjne>")
        data = data[:place] + b"<Adres><KodKraju>PL</KodKraju><AdresL1>x</AdresL1></Adres>" + data[place:]
    return data


Case = tuple[str, Callable[[], bytes], bool]

GATE_CASES: list[Case] = [
    ("KSEF-XML-01", lambda: VAT.replace(b"</Faktura>", b"</Faktura"), True),
    ("KSEF-XML-01", lambda: VAT[:2000], True),
    ("KSEF-XML-01", lambda: VAT.replace(b"<P_1>", b"<P_1>&nbsp;"), True),
    ("KSEF-XML-01", lambda: VAT.replace(b"<P_1>", b"<P_1>\0"), True),
    ("KSEF-XML-01", lambda: VAT.replace(b"<P_1>", b"<P_1><!-- -->"), False),
    ("KSEF-XML-02", lambda: b"\xef\xbb\xbf" + VAT, True),
    ("KSEF-XML-02", lambda: named("\ufeffStoły"), False),
    ("KSEF-XML-03", lambda: VAT.replace(b'"UTF-8"', b'"windows-1250"'), True),
    ("KSEF-XML-03", lambda: VAT.replace(b'"UTF-8"', b"'utf8'"), True),
    ("KSEF-XML-03", lambda: VAT.replace(b'"UTF-8"', b'"nonsense"'), True),
    ("KSEF-XML-03", lambda: VAT.decode().replace("UTF-8", "UTF-16").encode("utf-16"), True),
    ("KSEF-XML-03", lambda: VAT.decode().replace(' encoding="UTF-8"', "").encode("utf-16-le"), True),
    ("KSEF-XML-03", lambda: VAT.decode().encode("iso-8859-2"), True),
    ("KSEF-XML-03", lambda: VAT.decode().replace("UTF-8", "iso-8859-2").encode("iso-8859-2"), True),
    ("KSEF-XML-03", lambda: VAT.replace(b'"UTF-8"', b"'utf-8'"), False),
    ("KSEF-XML-03", lambda: VAT.replace(DECLARATION, b'<?xml version="1.0" standalone="yes"?>'), False),
    ("KSEF-XML-03", lambda: VAT.removeprefix(DECLARATION + b"\n"), False),
    ("KSEF-XML-04", lambda: VAT.replace(b"<Faktura ", b'<?xml-stylesheet href="x.xsl"?><Faktura '), True),
    ("KSEF-XML-04", lambda: VAT.replace(b"<P_1>", b"<P_1><?a?>"), True),
    ("KSEF-XML-04", lambda: VAT + b"<?a b?>", True),
    ("KSEF-XML-04", lambda: b"<?xml-model a?>" + VAT.removeprefix(DECLARATION), True),
    ("KSEF-XML-04", lambda: VAT.replace(b"<Faktura ", b"<!-- <?a?> --><Faktura "), False),
    ("KSEF-XML-04", lambda: named("<![CDATA[<?a?>]]>"), False),
    ("KSEF-XML-05", lambda: named("Sto\x7fły"), True),
    ("KSEF-XML-05", lambda: named("Sto\x84ły"), True),
    ("KSEF-XML-05", lambda: named("Sto\x86ły"), True),
    ("KSEF-XML-05", lambda: named("Sto\x9fły"), True),
    ("KSEF-XML-05", lambda: named("\ufdd0"), True),
    ("KSEF-XML-05", lambda: named("\ufdef"), True),
    ("KSEF-XML-05", lambda: named("\U0001fffe"), True),
    ("KSEF-XML-05", lambda: named("\U0010ffff"), True),
    ("KSEF-XML-05", lambda: named("Sto&#x7F;ły"), True),
    ("KSEF-XML-05", lambda: named("Sto&#134;ły"), True),
    ("KSEF-XML-05", lambda: VAT.replace(b"<Faktura ", "<!-- \x80 --><Faktura ".encode()), True),
    ("KSEF-XML-05", lambda: named("Sto\x85ły ~\xa0 \ufdcf\ufdf0 \ufffd \U0001fffd\U00020000"), False),
    ("KSEF-XML-05", lambda: named("<![CDATA[&#x7F;]]>&#x85;"), False),
    ("KSEF-SIZE-01", lambda: padded(VAT, 1_000_001), True),
    ("KSEF-SIZE-01", lambda: padded(VAT, 1_000_000), False),
    ("KSEF-SIZE-02", lambda: padded(ATTACHED, 3_000_001), True),
    ("KSEF-SIZE-02", lambda: padded(ATTACHED, 3_000_000), False),
    ("KSEF-FORM-01", fa2, True),
    ("KSEF-FORM-01", lambda: VAT, False),
]


@pytest.mark.parametrize(("rule", "made", "fires"), GATE_CASES)
def test_bytes(rule: str, made: Callable[[], bytes], fires: bool) -> None:
    report = judged(made())
    assert ids(report) - {"KSEF-ATT-01"} == ({rule} if fires else set())
    assert report.schema_valid is (rule not in ("KSEF-XML-01", "KSEF-XML-03") or not fires)
    if fires:
        [finding] = [finding for finding in report.findings if finding.rule == rule]
        assert (finding.severity, report.valid) == ("fatal", False)
        assert finding.line
        assert "{" not in finding.message


def refused(code: int) -> bool:
    data = named(f"a{chr(code)}b")
    return [refusal.rule for refusal in gate(data, "fa3", parse(data))] == ["KSEF-XML-05"]


def test_each_character_of_the_first_pages() -> None:
    wrong = [code for code in range(0x60, 0x400) if refused(code)]
    assert wrong == [*range(0x7F, 0x85), *range(0x86, 0xA0)]


def test_the_last_two_of_each_plane() -> None:
    for plane in range(1, 17):
        assert [refused(plane * 0x10000 + offset) for offset in (0, 0xFFFD, 0xFFFE, 0xFFFF)] == [
            False,
            False,
            True,
            True,
        ]


def test_final_findings_stand_alone() -> None:
    wrong = VAT.replace(b"1111111111", b"1111111112").replace(b"<P_15>", b"<?a?><P_15>1")
    assert ids(judged(wrong)) == {"KSEF-XML-04", "KSEF-NIP-01", "KSEF-SUM-01"}
    assert len(judged(wrong.replace(b"</Faktura>", b"")).findings) == 1
    assert len(judged(wrong.replace(b'"UTF-8"', b'"ascii"')).findings) == 1


def test_a_byte_order_mark_stops_nothing() -> None:
    wrong = b"\xef\xbb\xbf" + VAT.replace(b"1111111111", b"1111111112")
    assert ids(judged(wrong)) == {"KSEF-XML-02", "KSEF-NIP-01"}


def test_lines_and_reasons() -> None:
    [broken] = judged(VAT.replace(b"</Nazwa>", b"</Name>", 1)).findings
    assert broken.line == 11
    assert "tag mismatch" in broken.message
    [instruction] = judged(VAT.replace(b"<P_15>", b"<?one two?><P_15>")).findings
    assert (instruction.line, instruction.values) == (58, {"instruction": "one"})


def test_a_document_type_is_refused_for_itself() -> None:
    with pytest.raises(UnreadableInput, match="DOCTYPE"):
        judged(VAT.replace(b"<Faktura ", b"<!DOCTYPE Faktura><Faktura "))


def test_today_is_the_day_of_the_caller() -> None:
    assert ids(billingua.validate(VAT, today=date(2026, 3, 1))) == {"KSEF-DATE-01"}
    assert ids(billingua.validate(VAT, today=date(2026, 3, 2))) == set()
    assert ids(billingua.validate(VAT, today=TODAY)) == set()
