"""Which places a lean schema has, and what is left of a document that is brought down to them."""

from pathlib import Path

import pytest
from lxml import etree

from billingua.engine.content_model import bring_down, places_of
from billingua.engine.structure import compiled_schema

DOCUMENTS = sorted((Path(__file__).parents[1] / "rules" / "fr_flux1" / "documents").glob("*.xml"))
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"


def schema_of(subset: str, root: etree._Element) -> str:
    return f"fr-flux1-{subset}/{etree.QName(root).localname}.xsd"


def test_a_place_says_how_often_and_what_is_inside() -> None:
    places = places_of("fr-flux1-base/Invoice.xsd")
    assert (places[f"{CBC}ID"].required, places[f"{CBC}ID"].most, places[f"{CBC}ID"].inside) == (True, 1, {})
    assert (places[f"{CBC}Note"].required, places[f"{CBC}Note"].most) == (False, None)
    assert places[f"{CAC}TaxTotal"].most == 2
    party = places[f"{CAC}AccountingSupplierParty"].inside[f"{CAC}Party"].inside
    assert f"{CAC}PartyLegalEntity" in party
    assert f"{CAC}PartyName" not in party
    assert f"{CAC}InvoiceLine" not in places


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_fits_stays_as_it_is(document: Path) -> None:
    root = etree.parse(document, etree.XMLParser(remove_blank_text=True)).getroot()
    before = etree.tostring(root)
    bring_down(root, places_of(schema_of("full" if "full" in document.name else "base", root)))
    assert etree.tostring(root) == before


@pytest.mark.parametrize("name", ["full.cii.xml", "full.ubl.xml"])
def test_full_is_brought_down_to_base(name: str) -> None:
    root = etree.parse(DOCUMENTS[0].with_name(name)).getroot()
    schema = schema_of("base", root)
    assert not compiled_schema(schema).validate(root)
    bring_down(root, places_of(schema))
    assert compiled_schema(schema).validate(root)


def test_groups_that_are_emptied_go_unless_they_must_be_there() -> None:
    root = etree.parse(DOCUMENTS[0].with_name("full.cii.xml")).getroot()
    for found in list(root.iter("{*}ActualDeliverySupplyChainEvent")):
        found.getparent().remove(found)
    terms = next(root.iter("{*}SpecifiedTradePaymentTerms"))
    etree.SubElement(terms, terms[0].tag.replace("DueDateDateTime", "Description"))
    terms.remove(terms[0])
    bring_down(root, places_of("fr-flux1-base/CrossIndustryInvoice.xsd"))
    assert [len(one) for one in root.iter("{*}ApplicableHeaderTradeDelivery")] == [0]
    assert next(root.iter("{*}SpecifiedTradePaymentTerms"), None) is None


def test_one_too_many_goes() -> None:
    root = etree.parse(DOCUMENTS[0].with_name("base.cii.xml")).getroot()
    number = next(root.iter("{*}GlobalID"))
    number.addnext(etree.fromstring(etree.tostring(number)))
    bring_down(root, places_of("fr-flux1-base/CrossIndustryInvoice.xsd"))
    assert len(list(root.iter("{*}GlobalID"))) == 1
