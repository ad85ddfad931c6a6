"""Receipts of KSeF: what is read, what is left out of the structure check, what is refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from lxml import etree

import billingua
from billingua.engine.places import Places
from billingua.engine.structure import check_structure
from billingua.engine.tree import elements_of
from billingua.errors import UnreadableInput, UnsupportedFormat
from billingua.formats.upo import FORMAT
from billingua.formats.upo.model import AcceptedInvoice, Receipt, ReceiptPage
from billingua.resources import data_folder

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance" / "ksef"
XSD = "{http://www.w3.org/2001/XMLSchema}"

RECEIPT = """<?xml version="1.0" encoding="UTF-8"?>
<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3" wersjaSchemy="4-3">
  <NazwaPodmiotuPrzyjmujacego>Ministerstwo Finansów</NazwaPodmiotuPrzyjmujacego>
  <NumerReferencyjnySesji>20260302-SO-0123456789-ABCDEF0123-45</NumerReferencyjnySesji>
  <Uwierzytelnienie>
    <IdKontekstu>
      <Nip>5260250274</Nip>
    </IdKontekstu>
    <NumerReferencyjnyTokenaKSeF>20260101-EC-0123456789-ABCDEF0123-45</NumerReferencyjnyTokenaKSeF>
  </Uwierzytelnienie>
  <OpisPotwierdzenia>
    <Strona>1</Strona>
    <LiczbaStron>2</LiczbaStron>
    <ZakresDokumentowOd>1</ZakresDokumentowOd>
    <ZakresDokumentowDo>2</ZakresDokumentowDo>
    <CalkowitaLiczbaDokumentow>3</CalkowitaLiczbaDokumentow>
  </OpisPotwierdzenia>
  <NazwaStrukturyLogicznej>Schemat_FA(3)_v1-0E.xsd</NazwaStrukturyLogicznej>
  <KodFormularza>FA (3)</KodFormularza>
  <Dokument>
    <NipSprzedawcy>5260250274</NipSprzedawcy>
    <NumerKSeFDokumentu>5260250274-20260302-0123456789AB-CD</NumerKSeFDokumentu>
    <NumerFaktury>FV/1/2026</NumerFaktury>
    <DataWystawieniaFaktury>2026-03-01</DataWystawieniaFaktury>
    <DataPrzeslaniaDokumentu>2026-03-02T10:00:00.5Z</DataPrzeslaniaDokumentu>
    <DataNadaniaNumeruKSeF>2026-03-02T10:00:01Z</DataNadaniaNumeruKSeF>
    <SkrotDokumentu>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</SkrotDokumentu>
    <TrybWysylki>Online</TrybWysylki>
  </Dokument>
</Potwierdzenie>
"""
SIGNATURE = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="s"><ds:SignedInfo>
<ds:CanonicalizationMethod Algorithm="x"/></ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>
"""


def receipt(*changes: tuple[str, str]) -> bytes:
    text = RECEIPT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


SIGNED = ("</Potwierdzenie>", f"{SIGNATURE}</Potwierdzenie>")
V42 = ("KSeF/v4-3", "KSeF/v4-2")
NO_MODE = ("    <TrybWysylki>Online</TrybWysylki>\n", "")


def messages(data: bytes) -> list[str]:
    return [finding.message for finding in billingua.validate(data).findings]


def test_every_attribute_is_read() -> None:
    document = billingua.read(receipt())
    assert document.content == Receipt(
        schema_version="4-3",
        authority="Ministerstwo Finansów",
        session="20260302-SO-0123456789-ABCDEF0123-45",
        context_nip="5260250274",
        token="20260101-EC-0123456789-ABCDEF0123-45",
        page=ReceiptPage(number=1, pages=2, first=1, last=2, invoices=3),
        structure="Schemat_FA(3)_v1-0E.xsd",
        form_code="FA (3)",
        invoices=(
            AcceptedInvoice(
                seller_nip="5260250274",
                ksef_number="5260250274-20260302-0123456789AB-CD",
                number="FV/1/2026",
                issue_date=date(2026, 3, 1),
                sent_at=datetime(2026, 3, 2, 10, 0, 0, 500_000, UTC),
                numbered_at=datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC),
                hash="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                sending_mode="Online",
            ),
        ),
    )
    assert (document.format, document.profile, document.unmapped) == ("upo", None, ())
    assert document.positions["invoices[0].hash"] == (27, "/Potwierdzenie/Dokument[1]/SkrotDokumentu[1]")


def test_a_receipt_is_judged_by_its_structure_alone() -> None:
    report = billingua.validate(receipt())
    assert (report.format, report.valid, report.findings, report.not_checked) == ("upo", True, (), ())


def test_white_space_means_nothing() -> None:
    data = receipt((">FV/1/2026<", ">\n FV/1/2026\t<"), (">FA (3)<", "> FA  (3) <"))
    content = billingua.read(data).content
    assert (content.invoices[0].number, content.form_code) == ("FV/1/2026", "FA (3)")


@pytest.mark.parametrize("day", ["2026-03-01Z", "2026-03-01+01:00", "2026-03-01-14:00"])
def test_a_day_with_a_zone_is_that_day(day: str) -> None:
    data = receipt((">2026-03-01<", f">{day}<"))
    assert billingua.validate(data).valid
    assert billingua.read(data).content.invoices[0].issue_date == date(2026, 3, 1)


def test_the_end_of_a_day_is_the_start_of_the_next() -> None:
    data = receipt(("2026-03-02T10:00:01Z", "2026-03-02T24:00:00Z"))
    assert billingua.validate(data).valid
    assert billingua.read(data).content.invoices[0].numbered_at == datetime(2026, 3, 3, tzinfo=UTC)


def declared() -> dict[str, etree._Element]:
    """The named types and groups of the receipt's schema."""
    found: dict[str, etree._Element] = {}
    for path in (Path(data_folder("schemas")) / "upo-4.3").glob("*.xsd"):
        found |= {node.get("name", ""): node for node in etree.parse(path).getroot().iterchildren("{*}*")}
    return found


def paths(name: str) -> Iterator[str]:
    known = declared()
    for node in known[name].iter(f"{XSD}element", f"{XSD}group"):
        if node.get("ref"):
            yield from paths(node.get("ref", ""))
        elif node.get("name") != name:
            yield node.get("name", "")
            kind = known.get(node.get("type", ""))
            if kind is not None and kind.tag == f"{XSD}complexType":
                yield from (f"{node.get('name')}/{path}" for path in paths(kind.get("name", "")))


def test_the_model_has_every_element_of_the_schema_in_its_order() -> None:
    assert list(elements_of(Receipt)) == list(paths("receipt"))


def test_the_signature_is_left_out() -> None:
    data = receipt(SIGNED)
    assert billingua.validate(data).valid
    assert billingua.read(data) == billingua.read(receipt())._replace(positions=billingua.read(data).positions)


def test_the_signature_may_come_first() -> None:
    data = receipt(("  <NazwaPodmiotu", f"  {SIGNATURE.replace(chr(10), '')}<NazwaPodmiotu"), (">FV/1/2026<", "><"))
    findings = billingua.validate(data).findings
    assert [(one.line, one.path) for one in findings] == [(23, "/Potwierdzenie/Dokument[1]/NumerFaktury[1]")]


@pytest.mark.parametrize(
    "changes",
    [
        ("</Potwierdzenie>", f"{SIGNATURE}{SIGNATURE}</Potwierdzenie>"),
        ("</Potwierdzenie>", f"{SIGNATURE}text</Potwierdzenie>"),
        ("</Dokument>", f"{SIGNATURE}</Dokument>"),
        ("</Potwierdzenie>", f"<x:Signature xmlns:x='urn:x'/>{SIGNATURE}</Potwierdzenie>"),
    ],
)
def test_nothing_else_is_left_out(changes: tuple[str, str]) -> None:
    assert len(messages(receipt(changes))) == 1


def test_the_signature_is_still_there_after_the_check() -> None:
    root = etree.fromstring(receipt(SIGNED))
    before = etree.tostring(root)
    assert check_structure(root, FORMAT.schemas["upo"], "", {}, Places({}), FORMAT.apart) == []
    assert etree.tostring(root) == before


def test_the_release_before() -> None:
    data = receipt(V42, NO_MODE)
    assert billingua.detect(data) == ("upo", None, "4-2")
    assert billingua.validate(data).valid
    assert billingua.read(data).content.invoices[0].sending_mode is None
    assert "TrybWysylki" in messages(receipt(V42))[0]
    long = ("0123456789AB", "012345-6789AB")
    assert billingua.validate(receipt(long)).valid
    assert messages(receipt(V42, NO_MODE, long))


@pytest.mark.parametrize("version", ["v3", "v3-1", "v4-1"])
def test_older_releases_are_refused(version: str) -> None:
    data = receipt(("KSeF/v4-3", f"KSeF/{version}"))
    for verb in (billingua.detect, billingua.read, billingua.validate):
        with pytest.raises(UnsupportedFormat, match=f"release {version[1:]}"):
            verb(data)


def test_receipts_are_neither_written_nor_converted() -> None:
    with pytest.raises(UnsupportedFormat):
        billingua.write(billingua.read(receipt()).content, "upo")
    with pytest.raises(UnsupportedFormat):
        billingua.convert(receipt(), "cii")


@pytest.mark.parametrize(
    ("stated", "environment"),
    [
        ("Ministerstwo Finansów", "production"),
        ("Ministerstwo Finansów - środowisko testowe (TE)", "test"),
        ("Ministerstwo Finansów - środowisko przedprodukcyjne (TR)", "demo"),
        ("Ministerstwo Finansów - inne", None),
        ("Ministerstwo", None),
    ],
)
def test_the_receipt_tells_its_environment(stated: str, environment: str | None) -> None:
    data = receipt((">Ministerstwo Finansów<", f">{stated}<"))
    assert billingua.read(data).content.environment == environment
    assert billingua.validate(data).valid is (environment == "production")
    assert Receipt().environment is None


def test_a_value_of_the_wrong_type_is_named_with_its_place() -> None:
    with pytest.raises(UnreadableInput, match=r"^line 26, .*DataNadaniaNumeruKSeF.*: The value 'soon' is not a moment"):
        billingua.read(receipt(("2026-03-02T10:00:01Z", "soon")))


def test_two_invoices_with_one_number() -> None:
    text = RECEIPT[RECEIPT.index("  <Dokument>") : RECEIPT.index("</Potwierdzenie>")]
    assert len(messages(receipt(("</Potwierdzenie>", f"{text}</Potwierdzenie>")))) == 1


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the documents of KSeF (../shared/conformance/ksef) are not here")
def test_the_receipts_of_the_ministry() -> None:
    files = sorted(CONFORMANCE.glob("*upo*.xml"))
    assert files
    for path in files:
        testing = path.name.endswith(".testenv.xml")
        document = billingua.read(path)
        assert (document.unmapped, document.content.environment) == ((), "test" if testing else "production")
        assert all(invoice.hash and len(invoice.hash) == 44 for invoice in document.content.invoices), path.name
        assert billingua.validate(path).valid is not testing, path.name
