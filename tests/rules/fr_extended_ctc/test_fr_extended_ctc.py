"""The French profile EXTENDED-CTC-FR: what it asks instead of EN 16931."""

from pathlib import Path

import pytest

import billingua
from billingua import rules
from billingua.rules.fr_extended_ctc import GUIDELINE

ROOT = Path(__file__).parents[3]
OWN = "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{}</cbc:ID><cbc:DocumentStatusCode>{}"
END = "</cbc:DocumentStatusCode></cac:InvoiceDocumentReference></cac:BillingReference>"


def sample(*changes: tuple[str, str]) -> bytes:
    text = (ROOT / "samples" / "standard-rated.ubl.xml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def fired(data: bytes) -> set[str]:
    return {one.rule for one in billingua.validate(data, rulesets=["fr-extended-ctc"]).findings}


def test_its_guideline_asks_for_it_instead_of_the_standard() -> None:
    assert [one.name for one in rules.applying("ubl-invoice", GUIDELINE)] == [
        "fr-extended-ctc",
        "fr-flux2",
        "identifiers",
    ]


def test_a_document_of_the_standard_keeps_it() -> None:
    assert not {rule for rule in fired(sample()) if "FREXT" in rule}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("<cbc:InvoicedQuantity ", "<cbc:Quantity ", "BR-FREXT-22"),
        ("<cac:Price>", "<cac:Prices>", "BR-FREXT-26"),
        ('<cbc:TaxableAmount currencyID="EUR">', '<cbc:TaxableAmount currencyID="EUR">9', "BR-FREXT-S-08"),
        ('<cbc:TaxableAmount currencyID="EUR">', '<cbc:TaxableAmount currencyID="EUR">9', "BR-FREXT-S-09"),
        ('<cbc:TaxInclusiveAmount currencyID="EUR">', '<cbc:TaxInclusiveAmount currencyID="EUR">9', "BR-FREXT-CO-15"),
        ('<cbc:TaxExclusiveAmount currencyID="EUR">', '<cbc:TaxExclusiveAmount currencyID="EUR">9', "BR-FREXT-CO-13"),
    ],
)
def test_its_own_rules(old: str, new: str, rule: str) -> None:
    data = sample((old, new)).replace(b"</cac:Price>", b"</cac:Prices>") if "Prices" in new else sample((old, new))
    data = data.replace(b"</cbc:InvoicedQuantity>", b"</cbc:Quantity>", 1) if "Quantity" in new else data
    if "Prices" in new:
        data = data.replace(b"<cac:Price>", b"<cac:Prices>")
    assert rule in fired(data)


@pytest.mark.parametrize(("kind", "found"), [("DETAIL", False), ("INFORMATION", False), ("OTHER", True)])
def test_kinds_of_lines(kind: str, found: bool) -> None:
    text = sample().decode()
    number = text.partition("<cbc:ID>")[2].partition("<")[0]
    reference = OWN.format(number, kind) + END
    data = text.replace("<cac:Item>", reference + "<cac:Item>", 1).encode()
    assert ("BR-FREXT-05" in fired(data)) is found
    assert ("BR-FREXT-CO-10" in fired(data)) is (kind != "DETAIL")
