"""Identifiers in invoices: the wrong ones are warnings of our own, beside the rules of authorities."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import billingua as bl
from billingua import rules
from billingua.identifiers import eu_vat, fr_routing, fr_vat, gln, siren, siret
from billingua.model import (
    Address,
    CreditTransfer,
    Delivery,
    DirectDebit,
    Identifier,
    Invoice,
    Payee,
    TaxRepresentative,
)
from billingua.rules.identifiers import checks
from ksef_vectors import SHARED

SAMPLES = Path(__file__).parents[3] / "samples"
VECTORS = SHARED / "vectors" / "identifiers.json"
SYNTAXES = ("ubl", "cii")


@cache
def french() -> Invoice:
    content = bl.read(SAMPLES / "france.ubl.xml").content
    assert isinstance(content, Invoice)
    return content


def findings(invoice: Invoice, syntax: str) -> list[bl.Finding]:
    return list(bl.validate(bl.write(invoice, syntax), rulesets=["identifiers"]).findings)


def of_seller(scheme: str, value: str) -> Invoice:
    return french().replace(seller=french().seller.replace(identifiers=(Identifier(value, scheme),)))


PLACES = {
    "BT-29": lambda one: {"seller": french().seller.replace(identifiers=(one,))},
    "BT-30": lambda one: {"seller": french().seller.replace(legal_registration_identifier=one)},
    "BT-34": lambda one: {"seller": french().seller.replace(electronic_address=one)},
    "BT-46": lambda one: {"buyer": french().buyer.replace(identifier=one)},
    "BT-47": lambda one: {"buyer": french().buyer.replace(legal_registration_identifier=one)},
    "BT-49": lambda one: {"buyer": french().buyer.replace(electronic_address=one)},
    "BT-60": lambda one: {"payee": Payee(name="P", identifier=one)},
    "BT-61": lambda one: {"payee": Payee(name="P", legal_registration_identifier=one)},
    "BT-71": lambda one: {"delivery": Delivery(location_identifier=one)},
}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("term", PLACES)
def test_every_place_is_looked_at(term: str, syntax: str) -> None:
    right, wrong = (french().replace(**PLACES[term](Identifier(text, "0002"))) for text in ("100000009", "100000008"))
    assert findings(right, syntax) == []
    [found] = findings(wrong, syntax)
    assert (found.rule, found.severity, found.ruleset) == ("ID-SIREN", "warning", "identifiers")
    assert found.values == {term: "100000008"}
    assert term in found.terms
    assert found.hint.startswith("The last digit of the SIREN, its check digit, does not fit the others. Compare")
    assert found.line is not None


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_vat_numbers_of_all_three(syntax: str) -> None:
    address = Address(line1="1", city="X", post_code="1", country_code="FR")
    for term, parts in (
        ("BT-31", {"seller": french().seller.replace(vat_identifier="FR87100000009")}),
        ("BT-48", {"buyer": french().buyer.replace(vat_identifier="PL5265877634")}),
        ("BT-63", {"tax_representative": TaxRepresentative(name="T", vat_identifier="DE136695977", address=address)}),
    ):
        [found] = findings(french().replace(**parts), syntax)
        assert (found.rule, list(found.values)) == ("ID-VAT", [term])
        assert "check digits of the VAT number do not fit" in found.hint


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_is_no_vat_number_of_a_member_state_is_not_judged(syntax: str) -> None:
    for parts in ({"vat_identifier": "GB123456789"}, {"tax_registration_identifier": "FR00000000000"}):
        assert findings(french().replace(seller=french().seller.replace(**parts)), syntax) == []


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_accounts(syntax: str) -> None:
    payment = french().payment
    for account, is_right in (
        ("FR7630006000011234567890189", True),
        ("FR76 3000 6000 0112 3456 7890 189", True),
        ("FR7630006000011234567890180", False),
        ("12345678", True),
    ):
        paid = french().replace(payment=payment.replace(credit_transfers=(CreditTransfer(account_identifier=account),)))
        assert [one.rule for one in findings(paid, syntax)] == ([] if is_right else ["ID-IBAN"])
    debit = DirectDebit(mandate_reference="M", debited_account_identifier="DE89370400440532013001")
    debited = french().replace(payment=payment.replace(credit_transfers=(), means_code="59", direct_debit=debit))
    assert [one.values for one in findings(debited, syntax)] == [{"BT-91": "DE89370400440532013001"}]


@pytest.mark.parametrize(
    ("scheme", "value", "why"),
    [
        ("0002", "10000000900017", "A SIREN is nine digits"),
        ("0009", "10000000900018", "check digit"),
        ("0088", "4006381333932", "check digit"),
        ("9945", "PL5265877634", "check digits"),
        ("0223", "FR87100000009", "check digits"),
        ("0224", "A B", "A routing code"),
        ("0225", "100000009/X", "without spaces"),
        ("0225", "100000008_X", "no SIREN"),
        ("0225", "100000009_20000000800016", "not one of the SIREN before it"),
        ("0225", "100000009_10000000900018", "check digit"),
        ("0229", "12", "TAHITI"),
        ("0231", "1", "single taxable person"),
    ],
)
def test_schemes(scheme: str, value: str, why: str) -> None:
    [found] = findings(of_seller(scheme, value), "ubl")
    assert why in found.hint


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("0009", "35600000000048"),  # La Poste: Luhn
        ("0009", "35600000000001"),  # La Poste: the digits add up to a multiple of five, and do not keep Luhn
        ("0225", "100000009_10000000900017_ACHATS"),
        ("0225", "STATUTS"),
        ("9932", "GB1"),
        ("0204", "04011000-1234512345-06"),
        ("0228", "123456789"),
    ],
)
def test_what_is_right_or_not_known_here(scheme: str, value: str) -> None:
    assert findings(of_seller(scheme, value), "cii") == []


def test_blanks_around_do_no_harm_and_nothing_is_not_judged() -> None:
    data = bl.write(of_seller("0009", "10000000900017"), "ubl")
    for text in (b"\n 10000000900017\n", b"", b" "):
        changed = data.replace(b">10000000900017<", b">" + text + b"<")
        assert not [one for one in bl.validate(changed, rulesets=["identifiers"]).findings if one.rule != "SCHEMA"]


FACES = {
    "siren": ("0002", siren.is_valid),
    "siret": ("0009", siret.is_valid),
    "gln": ("0088", gln.is_valid),
    "vat_fr": ("9957", fr_vat.is_valid),
}


@pytest.mark.skipif(not VECTORS.is_file(), reason="the vectors of identifiers (../shared/vectors) are not here")
def test_the_vectors() -> None:
    known = json.loads(VECTORS.read_text("utf-8"))["vectors"]
    asked = [one for one in known if one["type"] in FACES and one["value"]]
    assert len(asked) > 70
    for one in asked:
        scheme, is_valid = FACES[one["type"]]
        value = one["value"]
        assert is_valid(value) is (one["valid"] and one.get("wire_valid", True)), value
        judged = value.strip() and (scheme != "9957" or value[:2] in eu_vat.COUNTRIES)
        assert bool(findings(of_seller(scheme, value), "ubl")) is bool(judged and not is_valid(value.strip())), value


@given(st.integers(0, 10**12 - 1), st.integers(0, 9))
def test_one_digit_fits_a_gln(number: int, other: int) -> None:
    [digit] = [one for one in range(10) if gln.is_valid(f"{number:012d}{one}")]
    assert gln.is_valid(f"{number:012d}{other}") is (other == digit)
    assert not gln.is_valid(f"{number:012d}")
    assert not gln.is_valid(f"{number:013d}{digit}")


def test_it_is_asked_beside_the_others_and_not_where_rule_sets_are_named() -> None:
    data = bl.write(of_seller("0009", "10000000900018"), "cii")
    report = bl.validate(data)
    assert report.rulesets == ("en16931", "fr-flux2", "identifiers")
    assert report.valid
    assert [one.rule for one in report.findings] == ["ID-SIRET"]
    named = bl.validate(data, rulesets=["en16931", "fr-flux2"])
    assert (named.rulesets, named.findings) == (("en16931", "fr-flux2"), ())


def test_every_rule_has_its_question_and_every_form_a_rule() -> None:
    texts = rules.get("identifiers").texts()
    assert set(texts) == set(checks.DETAILS)
    assert {severity for text in texts.values() for severity in text.severity.values()} == {"warning"}
    assert set(fr_routing.SCHEMES) <= set(checks._BY_SCHEME)


def test_an_invoice_without_such_identifiers_loads_nothing_about_them() -> None:
    plain = french().replace(
        seller=french().seller.replace(
            identifiers=(), legal_registration_identifier=None, electronic_address=None, vat_identifier=None
        ),
        buyer=french().buyer.replace(legal_registration_identifier=None, electronic_address=None, vat_identifier=None),
        payment=None,
    )
    code = (
        "import sys, billingua; billingua.validate(sys.stdin.buffer.read());"
        "print([name for name in sys.modules if name.startswith('billingua.identifiers.')])"
    )
    run = subprocess.run([sys.executable, "-c", code], input=bl.write(plain, "cii"), capture_output=True, check=True)
    assert run.stdout.strip() == b"[]"
