"""The rules of e-reporting: which fire, how often, and what they say."""

import pytest

import billingua
from ereports import PAYMENTS, TRANSACTIONS, changed

CASES = [
    (TRANSACTIONS, "<Id>REP-1", "<Id>  é", ["F10-TRANSMISSION-G1.104"] * 3),
    (TRANSACTIONS, "20270401083000", "19990401083000", ["F10-TRANSMISSION-G7.53"]),
    (TRANSACTIONS, 'schemeId="0238">0042', 'schemeId="0002">42', ["F10-EMETTEUR-G6.22"] * 2),
    (TRANSACTIONS, "<EndDate>20270310", "<EndDate>20270301", ["F10-PERIODE-TX-G6.25"]),
    (TRANSACTIONS, "<TypeCode>380", "<TypeCode>381", ["F10-FACTURE-G1.32b"]),
    (TRANSACTIONS, "<TypeCode>380", "<TypeCode>384", ["F10-FACTURE-G1.32a"]),
    (TRANSACTIONS, '"0227">US12', '"0223">US12', ["F10-ACHETEUR-G2.33a"]),
    (TRANSACTIONS, "<Code>G", "<Code>E", ["F10-TVA-G1.40"]),
    (TRANSACTIONS, "<Percent>0<", "<Percent>00.00<", []),
    (TRANSACTIONS, "<Percent>0<", "<Percent>19<", ["F10-TVA-G1.24"]),
    (TRANSACTIONS, 'CurrencyCode="EUR">0.00', 'CurrencyCode="USD">0.001', ["F10-TOTAL-TAXAMOUNT"] * 2),
    (TRANSACTIONS, "Amount>110.00", "Amount>110.001", ["F10-TOTAL-G1.14a"]),
    (TRANSACTIONS, "Amount>110.00", "Amount>110.02", ["F10-TOTAL-G1.53"]),
    (TRANSACTIONS, "<PriceAmount>90", "<PriceAmount>91", ["F10-LIGNE-G1.55"]),
    (TRANSACTIONS, "<TaxTotal>40.00", "<TaxTotal>41.00", ["F10-TRANSAC-G1.53"]),
    (TRANSACTIONS, "TLB1", "TLB2", ["F10-TRANSAC-G1.68"]),
    (PAYMENTS, "<Amount>120.00", "<Amount>-120.00", ["F10-PMT-ENCAISSEMENT-G1.16"]),
    (PAYMENTS, ">EUR<", ">USD<", ["F10-PMT-ENCAISSEMENT-G6.27a"]),
    (PAYMENTS, ">EUR<", ">eur<", ["F10-PMT-DEVISE-G1.10"]),
]


@pytest.mark.parametrize("text", [TRANSACTIONS, PAYMENTS])
def test_a_right_report_is_valid(text: str) -> None:
    report = billingua.validate(text.encode())
    assert (report.valid, report.rulesets, report.findings) == (True, ("fr-flux10",), ())


@pytest.mark.parametrize(("text", "old", "new", "fired"), CASES, ids=lambda value: str(value)[:20])
def test_what_is_wrong_fires(text: str, old: str, new: str, fired: list[str]) -> None:
    report = billingua.validate(changed(text, (old, new)))
    assert report.schema_valid
    assert [finding.rule for finding in report.findings] == fired


def test_a_report_has_one_part() -> None:
    payments = PAYMENTS[PAYMENTS.index("<PaymentsReport>") : PAYMENTS.index("</Report>")]
    report = billingua.validate(changed(TRANSACTIONS, ("</Report>", f"{payments}</Report>")))
    assert [finding.rule for finding in report.findings] == ["F10-TRANSMISSION-G6.29"]


def test_a_finding_says_what_was_found_and_expected() -> None:
    (finding,) = billingua.validate(changed(TRANSACTIONS, ("TLB1", "TLB2"))).findings
    assert "'TLB2'" in finding.message
    assert "TLB1, TPS1, TNT1 or TMA1" in finding.message
    assert finding.path.endswith("/Transactions[1]/CategoryCode[1]")
    assert finding.terms == ("TT-81",)
