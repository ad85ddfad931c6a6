"""French identifiers: the known ones are right, changed ones are wrong, addresses are what they are made of."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.errors import UsageError
from billingua.identifiers import fr_routing, fr_vat, siren, siret
from ksef_vectors import SHARED

VECTORS = SHARED / "vectors"

SIRENS = st.integers(0, 10**8 - 1).map(
    lambda number: next(text for digit in range(10) if siren.is_valid(text := f"{number:08d}{digit}"))
)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors of identifiers (../shared/vectors) are not here")
def test_the_vectors() -> None:
    known = json.loads((VECTORS / "identifiers.json").read_text("utf-8"))["vectors"]
    faces = {
        "siren": lambda one: siren.is_valid(one["value"]),
        "siret": lambda one: siret.is_valid(one["value"]),
        "vat_fr": lambda one: fr_vat.is_valid(one["value"]),
        "eas": lambda one: fr_routing.is_valid(one["value"], one["scheme"]),
    }
    asked = [one for one in known if one["type"] in faces]
    assert len(asked) > 90
    assert [one for one in asked if faces[one["type"]](one) is not (one["valid"] and " " not in one["value"])] == []


@given(SIRENS)
def test_the_vat_number_of_a_company_is_right_and_leads_back(number: str) -> None:
    vat = fr_vat.of_siren(number)
    assert fr_vat.is_valid(vat)
    assert fr_vat.siren_of(vat) == number
    assert not fr_vat.is_valid(f"FR{(int(fr_vat.key(number)) + 1) % 97:02d}{number}") or number.startswith("000")


@given(SIRENS, st.integers(0, 9))
def test_another_check_digit_is_wrong(number: str, digit: int) -> None:
    assert siren.is_valid(number[:8] + str(digit)) is (number[8] == str(digit))


def test_a_key_needs_a_siren() -> None:
    with pytest.raises(UsageError, match="nine digits"):
        fr_vat.key("12345678")


@pytest.mark.parametrize(
    ("text", "made_of"),
    [
        ("640580445", {}),
        ("640580445_64058044500644", {"siret": "64058044500644"}),
        ("640580445_64058044500644_COMPTA-01", {"siret": "64058044500644", "routing_code": "COMPTA-01"}),
        ("640580445_FACTURES.ACHATS", {"suffix": "FACTURES.ACHATS"}),
    ],
)
def test_addresses_of_the_directory(text: str, made_of: dict[str, str]) -> None:
    assert fr_routing.address("640580445", **made_of) == text
    assert fr_routing.parts(text) == fr_routing.Parts("640580445", **made_of)


@pytest.mark.parametrize(
    "made_of",
    [
        {"siret": "64058044500644", "suffix": "A"},
        {"routing_code": "A"},
        {"siret": "55210055400013"},
        {"suffix": "A/B"},
        {"suffix": "A" * 120},
    ],
)
def test_what_is_no_address(made_of: dict[str, str]) -> None:
    with pytest.raises(UsageError, match=r"\."):
        fr_routing.address("640580445", **made_of)


def test_a_scheme_that_nobody_knows() -> None:
    assert "no scheme" in fr_routing.problem("1", "9999")
    assert fr_routing.problem(" ", "0088") == "The identifier is empty."
