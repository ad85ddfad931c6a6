"""Numbers with check digits: known ones are right, changed ones are wrong, and nothing else is let through."""

import subprocess
import sys
from datetime import date
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billingua.identifiers import certificate_serial, eu_vat, iban, internal_id, nip, pesel, regon
from billingua.identifiers.digits import crc8, luhn, mod_11_10, mod_97
from ksef_vectors import vectors

GOOD: list[tuple[ModuleType, str]] = [
    (nip, "5265877635"),
    (nip, "1111111111"),
    (pesel, "49040595178"),
    (regon, "580000440"),
    (regon, "58000044056326"),
    (iban, "PL61109010140000071219812874"),
    (iban, "61109010140000071219812874"),
    (iban, "GB29NWBK60161331926819"),
    (iban, "MT84MALT011000012345MTLCAST001S"),
    (internal_id, "8147258817-00001"),
    (certificate_serial, "01F20A5D352AE590"),
]
VAT_NUMBERS = [
    "ATU13585627",
    "BE0428759497",
    "BG175074752",
    "BG7523169263",
    "CY10259033P",
    "CZ25123891",
    "CZ640903926",
    "CZ7103192745",
    "DE136695976",
    "DK13585628",
    "EE100931558",
    "EL094259216",
    "ESA13585625",
    "ES54362315K",
    "ESX2482300W",
    "FI20774740",
    "FR40303265045",
    "FRK7399859412",
    "HR33392005961",
    "HU12892312",
    "IE6433435F",
    "IE6433435OA",
    "IE8D79739I",
    "IT00743110157",
    "LT119511515",
    "LT100001919017",
    "LU15027442",
    "LV40003521600",
    "LV16117519997",
    "MT11679112",
    "NL004495445B01",
    "NL002455799B11",
    "PL8567346215",
    "PT501964843",
    "RO18547290",
    "SE123456789701",
    "SI50223054",
    "SK2022749619",
    "XI980780684",
    "XIGD001",
    "XIHA599",
]
GOOD += [(eu_vat, number) for number in VAT_NUMBERS]
MODULES = list(dict(GOOD))


@pytest.mark.parametrize(("module", "text"), GOOD, ids=[text for _, text in GOOD])
def test_right_numbers_are_valid_and_anything_around_them_is_not(module: ModuleType, text: str) -> None:
    assert module.problem(text) == ""
    assert module.is_valid(text)
    for changed in (
        f" {text}",
        f"{text}\n",
        f"{text}00000000",
        text[:4],
        f"{text[:4]} {text[4:]}",
        text.replace("1", "١"),
    ):
        if changed != text:
            assert not module.is_valid(changed), repr(changed)
            assert module.problem(changed).endswith(".")


CHECKED = [(m, t) for m, t in GOOD if m is not certificate_serial and t[:4] not in ("XIGD", "XIHA")]


@pytest.mark.parametrize(("module", "text"), CHECKED, ids=[text for _, text in CHECKED])
def test_a_changed_digit_is_noticed(module: ModuleType, text: str) -> None:
    """Not every change (two check digits may agree by chance), but far more than half of those of a digit."""
    changed = [
        text[:place] + digit + text[place + 1 :]
        for place in range(10 if module is internal_id else len(text))
        if text[place].isdigit()
        for digit in "0123456789"
        if digit != text[place]
    ]
    found = sum(not module.is_valid(one) for one in changed)
    assert found >= 0.7 * len(changed)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
@settings(deadline=None)
@given(text=st.text(max_size=40))
def test_any_text_gets_an_answer(module: ModuleType, text: str) -> None:
    assert module.is_valid(text) is (module.problem(text) == "")


@pytest.mark.parametrize(
    ("number", "has_form", "fits"),
    [
        ("5265877635", True, True),
        ("5265877636", True, False),
        ("2002380137", False, True),
        ("9891867550", True, False),
        ("PL5265877635", False, False),
        ("526-587-76-35", False, False),
    ],
)
def test_form_and_checksum_of_a_nip(number: str, has_form: bool, fits: bool) -> None:
    assert (nip.has_form(number), nip.checksum_fits(number)) == (has_form, fits)


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("49040595178", date(1949, 4, 5)),
        ("01210138442", date(2001, 1, 1)),
        ("24222986326", date(2024, 2, 29)),
        ("23222900176", None),
        ("90130100050", None),
        ("0121013844", None),
    ],
)
def test_the_date_of_birth_in_a_pesel(number: str, born: date | None) -> None:
    assert pesel.birth_date(number) == born


@pytest.mark.parametrize(("century", "year"), [(80, 1850), (0, 1950), (20, 2050), (40, 2150), (60, 2250)])
def test_the_century_in_a_pesel(century: int, year: int) -> None:
    assert pesel.birth_date(f"50{century + 7:02}1500000") == date(year, 7, 15)


def test_iban_as_people_write_it() -> None:
    assert not iban.is_valid("PL61 1090 1014 0000 0712 1981 2874")
    assert iban.is_valid(iban.compact("pl61 1090 1014\u00a00000 0712 1981 2874"))


@pytest.mark.parametrize(
    ("text", "said"),
    [("XX8930006000011234567890189", "No country XX"), ("DE8937040044053201300", "of DE"), ("PL00", "An IBAN is")],
)
def test_why_an_iban_is_wrong(text: str, said: str) -> None:
    assert said in iban.problem(text)


def test_the_vat_numbers_are_those_of_every_member_state() -> None:
    assert {number[:2] for number in VAT_NUMBERS} == eu_vat.COUNTRIES
    assert "GR094259216"[:2] not in eu_vat.COUNTRIES
    assert "prefix" in eu_vat.problem("8567346215")


def test_check_digit_methods() -> None:
    assert crc8(b"123456789") == 0xF4
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert mod_11_10("33392005961")
    assert mod_97("3214282912345698765432161182")


def test_the_vectors() -> None:
    known = vectors("identifiers")
    wrong = [
        one
        for name, module in {
            "pesel": pesel,
            "regon": regon,
            "eu_vat": eu_vat,
            "certificate_serial": certificate_serial,
            "iban": iban,
        }.items()
        for one in known[name]
        if module.is_valid(one["value"]) != one["valid"]
    ]
    for one in known["nip"]:
        if (nip.checksum_fits(one["value"]), nip.has_form(one["value"])) != (one["checksum_ok"], one["fa3_pattern_ok"]):
            wrong.append(one)
    for one in known["internal_id"]:
        found = internal_id.has_form(one["value"]), internal_id.is_valid(one["value"])
        if found != (one["pattern_ok"], bool(one["nip_checksum_ok"])):
            wrong.append(one)
    for one in known["pesel"]:
        if one["valid"] and str(pesel.birth_date(one["value"])) != one["birth_date"]:
            wrong.append(one)
    assert wrong == []


def test_they_load_nothing_heavy() -> None:
    code = (
        "import sys, billingua, billingua.errors\n"
        "before = set(sys.modules)\n"
        "from billingua.identifiers import certificate_serial, eu_vat, iban, internal_id, ksef_number, pesel, regon\n"
        "print(*sorted(name for name in set(sys.modules) - before if 'billingua' not in name))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    loaded = set(run.stdout.split())
    assert loaded <= set(sys.stdlib_module_names) | {"re._casefix", "re._compiler", "re._constants", "re._parser"}
    assert loaded.isdisjoint({"dataclasses", "inspect", "json", "pathlib"})
