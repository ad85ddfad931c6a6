"""Flux 1: which documents ask for its rules, which rules fire, and what they say.

What each case fires is what the portal's artefacts say of it.
"""

from pathlib import Path

import pytest

import billingua
from billingua import rules
from billingua.resources import cells_of, table_beside
from billingua.rules.fr_flux1 import GUIDELINES, SYNTAXES, questions, table

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*.xml"))
STANDARD = "urn:cen.eu:en16931:2017"

CASES = [
    ("base.cii", "<ram:ID>F-2026 0117", "<ram:ID>F-2026  0117", "G1.05"),
    ("base.cii", "<ram:IssuerAssignedID>F-", "<ram:IssuerAssignedID>F.", "G1.05"),
    ("base.cii", "TypeCode>384", "TypeCode>325", "G1.01"),
    ("base.cii", ">20260915", ">2026-09-15", "G1.09"),
    ("base.cii", ">20260914", ">19990914", "G1.36"),
    ("base.cii", '"0002">100000009', '"0002">10000000', "G1.63 G2.19"),
    ("base.cii", '"0002">100000009', '"0009">100000009', "G1.63 G2.19"),
    ("base.cii", '"0002">200000008', '"0223">200000008', "G1.63"),
    ("base.cii", '"VA">FR88100000009', '"VA">', "G2.33"),
    ("base.cii", '"VA">FR88100000009', '"FC">FR88100000009', "G2.33 S1.17"),
    ("base.cii", "CountryID>FR", "CountryID>EL", "G2.01"),
    ("base.cii", "TypeCode>VAT", "TypeCode>GST", "G1.103 S1.17"),
    ("base.cii", "DueDateTypeCode>5", "DueDateTypeCode>4", "P1.11 S1.13"),
    ("base.cii", "<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", "", "G1.10 G6.08"),
    ("base.cii", "CurrencyCode>EUR", "CurrencyCode>eur", "G1.10"),
    ("base.cii", 'currencyID="EUR"', 'currencyID="USD"', ""),
    ("base.cii", "<ram:ID>M1", "<ram:ID>S8", "G1.02"),
    ("base.cii", "<ram:ID>M1</ram:ID>", "<ram:ID/>", "G1.02"),
    ("base.cii", "Amount>95.76", "Amount>95.765", "G1.14"),
    ("base.cii", 'EUR">95.76', 'EUR">95.78', "G1.53"),
    ("base.cii", "TotalAmount>548.60", "TotalAmount>548.62", "G1.53"),
    ("base.cii", "Percent>20.00", "Percent>21", "G1.24"),
    ("base.cii", "CategoryCode>S", "CategoryCode>L", "G2.31"),
    ("base.cii", "<ram:CategoryCode>S</ram:CategoryCode>", "", "G2.31 G6.08"),
    ("base.cii", "VATEX-EU-132", "VATEX-FR-CNWVAT", "G6.21"),
    ("base.cii", "<ram:ExemptionReason>Exonération</ram:ExemptionReason>", "", "G1.41"),
    ("base.cii", '"0231">300000007', '"0009">30000000700000', "G1.101 S1.14"),
    ("base.cii", "20260901</udt", "20260914</udt", "G6.25"),
    ("full.cii", "Amount>23.94", "Amount>23.92", "G1.55"),
    ("full.cii", "Amount>34.90</", "Amount>-34.90</", "G1.16 G1.55"),
    ("full.cii", 'unitCode="C62">20', 'unitCode="C62">20.00001', "G1.15"),
    ("full.cii", "<ram:LineOne>3 cours du Modèle</ram:LineOne>", "", "G6.16"),
    ("full.cii", '<qdt:DateTimeString format="102">20260801', '<qdt:DateTimeString format="102">2026', "G1.09"),
    ("full.cii", "20260914</udt", "20260901</udt", ""),
    ("base.ubl", "<cbc:ID>F-2026 0117", "<cbc:ID>é", "G1.05"),
    ("base.ubl", "TypeCode>384", "TypeCode>262", "G1.01"),
    ("base.ubl", "IssueDate>2026-09-15", "IssueDate>2026-09-15Z", "G1.09"),
    ("base.ubl", "DueDate>2026-10-15", "DueDate>2126-10-15", "G1.36"),
    ("base.ubl", '"0002">100000009', '"0002">1000000090', "G1.63 G2.19"),
    ("base.ubl", "<cbc:CompanyID>FR88100000009</cbc:CompanyID>", "", "G2.33"),
    ("base.ubl", "Code>FR", "Code>fr", "G2.01"),
    ("base.ubl", "<cbc:ID>VAT", "<cbc:ID>TAX", "S1.17"),
    ("base.ubl", "DescriptionCode>3", "DescriptionCode>4", "P1.11"),
    ("base.ubl", "CurrencyCode>EUR", "CurrencyCode>euro", "G1.10"),
    ("base.ubl", "ProfileID>M1", "ProfileID>S3", "G1.02"),
    ("base.ubl", 'EUR">548.60', 'EUR">548.611', "G1.14 G1.53"),
    ("base.ubl", "Percent>20.00", "Percent>2.00", "G1.24"),
    ("base.ubl", "<cbc:ID>S</cbc:ID>", "<cbc:ID>M</cbc:ID>", "G2.31"),
    ("base.ubl", "<cbc:Percent>0</cbc:Percent>", "", "G1.24 G6.08"),
    ("base.ubl", '"0231">300000007', '"0231">3000', "G1.101"),
    ("base.ubl", ' schemeID="0231">300000007', ">300000007", "S1.14"),
    ("base.ubl", "<cbc:ID>F-2026-0101", "<cbc:ID> F-2026-0101", "G1.05"),
    ("base.ubl", "StartDate>2026-09-01", "StartDate>2026-09-14", "G6.25"),
    ("base.ubl", "<cbc:TaxExemptionReasonCode>VATEX-EU-132</cbc:TaxExemptionReasonCode>", "", "G1.41"),
    ("base-credit.ubl", "VATEX-EU-132", "VATEX-FR-CNWVAT", ""),
    ("base-credit.ubl", "TypeCode>381", "TypeCode>384", ""),
    ("full.ubl", 'EUR">23.94', 'EUR">23.9400001', "G1.16"),
    ("full.ubl", 'EUR">25.94', 'EUR">26.94', "G1.55"),
    ("full.ubl", "<cbc:PostalZone>33000</cbc:PostalZone>", "", "G6.16"),
    ("full.ubl", 'C62">20<', 'C62">20.12345<', "G1.15"),
    ("full.ubl", "<cbc:Percent>20.00</cbc:Percent>", "", "G6.10"),
    ("full.ubl", "<cbc:IssueDate>2026-08-01</cbc:IssueDate>", "", "G1.31"),
    ("full-credit.ubl", "<cbc:IssueDate>2026-08-01</cbc:IssueDate>", "", "G1.31"),
]


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    text = (Path(__file__).parent / "documents" / f"{name}.xml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def without(name: str, *blocks: str) -> bytes:
    """A document without the first element of each of these names."""
    text = changed(name).decode()
    for block in blocks:
        start, end = text.index(f"<{block}"), text.index(f"</{block}>") + len(f"</{block}>")
        text = text[:start] + text[end:]
    return text.encode()


def fired(data: bytes) -> list[str]:
    report = billingua.validate(data)
    assert report.schema_valid, report.findings
    return sorted({one.rule for one in report.findings if one.ruleset != "identifiers"})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_say_their_subset_and_are_valid(document: Path) -> None:
    subset = document.name.partition(".")[0].partition("-")[0]
    report = billingua.validate(document)
    assert (report.valid, report.rulesets, report.findings) == (True, (f"fr-flux1-{subset}",), ())


def test_another_profile_is_judged_when_the_rule_set_is_named() -> None:
    data = changed("full.ubl", (GUIDELINES["full"], STANDARD))
    assert billingua.validate(data).rulesets == ("en16931", "fr-flux2")
    assert billingua.validate(data, rulesets=["fr-flux1-full"]).valid


def test_the_guideline_is_met_in_any_case() -> None:
    assert [one.name for one in rules.applying("cii", GUIDELINES["base"].lower())] == ["fr-flux1-base", "identifiers"]
    assert [one.name for one in rules.applying("cii", None)] == ["en16931", "identifiers"]


def test_base_has_no_place_for_lines() -> None:
    report = billingua.validate(changed("full.cii"), rulesets=["fr-flux1-base"])
    assert not report.schema_valid


@pytest.mark.parametrize(("name", "old", "new", "expected"), CASES, ids=lambda value: str(value)[:20])
def test_what_is_wrong_fires(name: str, old: str, new: str, expected: str) -> None:
    assert fired(changed(name, (old, new))) == expected.split()


def test_a_final_invoice_is_no_deposit() -> None:
    for name, framework in (("base.cii", "<ram:ID>"), ("base.ubl", "ProfileID>")):
        data = changed(name, (f"{framework}M1", f"{framework}B4"), ("TypeCode>384", "TypeCode>386"))
        assert fired(data) == ["G1.60"]


def test_an_invoice_in_another_currency_says_its_vat_in_euros() -> None:
    foreign = ("CurrencyCode>EUR", "CurrencyCode>USD")
    assert fired(changed("base.cii", foreign, ('currencyID="EUR"', 'currencyID="USD"'))) == ["G1.12"]
    assert fired(changed("base.cii", foreign)) == []
    assert fired(changed("base.ubl", foreign)) == []


def test_the_breakdown_is_compared_with_its_own_total() -> None:
    second = '<cac:TaxTotal><cbc:TaxAmount currencyID="USD">1.00</cbc:TaxAmount></cac:TaxTotal><cac:LegalMonetaryTotal>'
    data = changed("base.ubl", ("<cac:LegalMonetaryTotal>", second))
    assert fired(data) == []
    assert fired(data.replace(b'EUR">95.76', b'EUR">95.78', 1)) == ["G1.53"]


def test_an_invoice_that_is_exempt_as_a_whole_is_out_of_scope() -> None:
    for name, reason in (("base.cii", "CategoryCode>"), ("base.ubl", "<cbc:ID>")):
        data = changed(name, ("VATEX-EU-132", "VATEX-FR-CGI261D-1BIS"))
        assert fired(data) == []
        data = changed(name, ("VATEX-EU-132", "VATEX-FR-CGI261D-1BIS"), (f"{reason}S", f"{reason}O"))
        assert fired(data) == ["G2.32"]


def test_exempt_sales_ask_for_a_vat_number() -> None:
    numbers = [f'"VA">FR{key}{siren}' for key, siren in (("88", "100000009"), ("83", "300000007"))]
    cii = changed("base.cii", *[(f"<ram:ID schemeID={number}</ram:ID>", "") for number in numbers])
    assert fired(cii) == ["G1.47", "G2.33"]
    companies = [f"<cbc:CompanyID>FR{key}</cbc:CompanyID>" for key in ("88100000009", "83300000007")]
    assert fired(changed("base.ubl", *[(one, "") for one in companies])) == ["G1.47", "G2.33"]


def test_what_must_be_there_is_missed() -> None:
    assert fired(without("base.cii", "ram:BusinessProcessSpecifiedDocumentContextParameter")) == ["G1.02", "G6.08"]
    assert fired(without("base.cii", "ram:SpecifiedTradeSettlementHeaderMonetarySummation")) == ["G6.08"]
    assert fired(without("base.ubl", "cac:PostalAddress")) == ["G6.08"]
    assert fired(without("base.ubl", "cac:BillingReference")) == ["G1.31"]
    assert fired(without("base.cii", "ram:InvoiceReferencedDocument")) == ["G1.31"]
    assert fired(without("full.cii", "ram:CategoryTradeTax")) == ["G6.09", "G6.10", "S1.17"]
    assert fired(without("full.ubl", "cac:TaxCategory")) == ["G6.09", "G6.10", "S1.17"]


def test_a_preceding_invoice_stands_in_the_head_or_in_the_lines() -> None:
    line = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-1</cbc:ID>"
        "<cbc:IssueDate>2026-08-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    both = changed(
        "full.ubl",
        ("</cac:InvoicePeriod>\n    <cac:Delivery>", f"</cac:InvoicePeriod>{line}<cac:Delivery>"),
    )
    assert fired(both) == ["G1.31"]


def test_every_rule_of_the_tables_can_be_asked() -> None:
    _, *rows = cells_of(table_beside(table.__file__, "asks.tsv"))
    assert {row[6] for row in rows} == set(questions._QUESTIONS)
    for subset in GUIDELINES:
        asked = {(ask.rule, SYNTAXES[name]) for name in SYNTAXES for ask in table.asks(subset, name)}
        worded = {(rule, syntax) for rule, text in table.texts(subset).items() for syntax in text.severity}
        assert asked == worded
    assert {"G6.09", "G6.10", "G6.16"} == set(table.texts("full")) - set(table.texts("base"))
    assert table.texts("base")["S1.13"].severity == {"cii": "fatal"}


def test_a_finding_says_what_was_found_and_expected() -> None:
    (finding,) = billingua.validate(changed("base.cii", ("TypeCode>384", "TypeCode>325"))).findings
    assert finding.message.startswith("The type of the invoice (BT-3) is '325'; expected 261, 380, ")
    assert finding.path.endswith("/ram:TypeCode[1]")
    (finding,) = billingua.validate(without("base.ubl", "cac:BillingReference")).findings
    assert finding.message.startswith("The reference to a preceding invoice (BG-3) is not as it must be: expected one ")
    findings = billingua.validate(without("base.ubl", "cac:PostalAddress")).findings
    assert [one.message for one in findings] == ["The country of the seller (BT-40) is missing."]
