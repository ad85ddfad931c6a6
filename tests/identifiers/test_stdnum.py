"""python-stdnum beside our own: one verdict on what has the right form, and what differs is known."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean
from stdnum import iban as stdnum_iban
from stdnum.eu import vat
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret
from stdnum.pl import nip as stdnum_nip

from billingua.identifiers import eu_vat, fr_vat, gln, iban, nip, siren, siret

SAMPLES = Path(__file__).parents[2] / "samples"

BIRTH_DATES = {"BG", "CZ", "LV", "RO"}
"""Whose persons have numbers in which python-stdnum reads a date of birth too."""

WITH_OTHER_ENDINGS = {"SE"}
BIRTH_NUMBERS = {"SK"}
WITH_A_FORM_OF_OURS = {"PL"}

DIGITS = "0123456789"


def numbers(country: str) -> st.SearchStrategy[str]:
    form = eu_vat._RULES[country][0]
    return st.from_regex(rf"\A(?:{form})\Z".replace(r"\d", "[0-9]")).map(lambda text: f"{country}{text}")


@pytest.mark.parametrize("country", sorted(eu_vat.COUNTRIES))
@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_vat_numbers(country: str, data: st.DataObject) -> None:
    """The last character is tried with all digits, so that right numbers are among them."""
    number = data.draw(numbers(country))
    for last in (*DIGITS, number[-1]):
        text = number[:-1] + last
        if not eu_vat.has_form(text):
            continue
        ours, theirs = eu_vat.is_valid(text), vat.is_valid(text)
        if ours and not theirs:
            assert country in BIRTH_DATES | WITH_OTHER_ENDINGS, text
        if theirs and not ours:
            assert country in BIRTH_NUMBERS | WITH_A_FORM_OF_OURS, text


@settings(deadline=None)
@given(st.text(DIGITS, min_size=9, max_size=9), st.text(DIGITS, min_size=13, max_size=13))
def test_numbers_of_digits(nine: str, thirteen: str) -> None:
    for digit in DIGITS:
        assert siren.is_valid(nine[:8] + digit) is stdnum_siren.is_valid(nine[:8] + digit)
        assert nip.checksum_fits(nine + digit) is stdnum_nip.is_valid(nine + digit)
        assert gln.is_valid(thirteen[:12] + digit) is ean.is_valid(thirteen[:12] + digit)
        assert siret.is_valid(thirteen + digit) is stdnum_siret.is_valid(thirteen + digit)


@settings(deadline=None)
@given(st.integers(0, 99_999))
def test_the_post_office_has_a_luhn_digit_or_a_multiple_of_five(number: int) -> None:
    text = f"356000000{number:05d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(text)]
    by_luhn = sum(one // 10 + one % 10 for one in doubled) % 10 == 0
    assert siret.is_valid(text) is (by_luhn or sum(map(int, text)) % 5 == 0)


def test_what_only_the_form_of_the_wire_refuses() -> None:
    for module, text in ((siren, "552 100 554"), (siret, "552.100.554.00013"), (fr_vat, "fr40303265045")):
        assert not module.is_valid(text)
        assert module.is_valid("".join(one for one in text.upper() if one.isalnum()))


def test_a_key_may_be_the_letters_of_the_country() -> None:
    numbers_of_monaco = map("FRFR{:09d}".format, range(1000))
    assert len([text for text in numbers_of_monaco if fr_vat.is_valid(text)]) in range(80, 100)


@pytest.mark.parametrize(
    "text", ["GB29NWBK60161331926819", "DE89370400440532013000", "FR7630006000011234567890189", "NL91ABNA0417164300"]
)
def test_accounts(text: str) -> None:
    for digits in range(100):
        changed = f"{text[:2]}{digits:02d}{text[4:]}"
        assert iban.is_valid(changed) is stdnum_iban.is_valid(changed)


def test_a_belgian_account_needs_no_check_digits_of_its_country() -> None:
    text = next(one for one in map("BE{:02d}539007547035".format, range(2, 99)) if iban.is_valid(one))
    assert not stdnum_iban.is_valid(text)


def loaded(code: str) -> bool:
    code = f"import sys\n{code}\nimport json; print(json.dumps('stdnum' in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return bool(json.loads(run.stdout.splitlines()[-1]))


def test_it_is_loaded_when_a_french_number_is_judged() -> None:
    validated = "import billingua; billingua.validate({!r})"
    assert not loaded("import billingua.api, billingua.cli")
    assert not loaded(validated.format(str(SAMPLES / "standard-rated.ubl.xml")))
    assert not loaded(validated.format(str(SAMPLES / "invoice.fa3.xml")))
    assert not loaded("from billingua.identifiers import fr_vat, siret, pesel, regon")
    assert loaded(validated.format(str(SAMPLES / "france.ubl.xml")))
