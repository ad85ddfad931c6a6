"""Codes of EN 16931 and their counterparts in FA(3): kinds of invoice, payment means, units, countries."""

from functools import cache
from typing import Final

from billingua.codelists import codes
from billingua.resources import cells_of, table_beside

__all__ = [
    "ADVANCE",
    "CREDIT",
    "DEBIT",
    "EU",
    "FORMS",
    "FORM_WORDS",
    "IMPOSSIBLE",
    "MEANS",
    "SELF_BILLED",
    "countries",
    "country_back",
    "country_to",
    "type_code",
    "unit_back",
    "unit_to",
]

CREDIT: Final = codes("untdid_1001_creditnote") - {"503"}
"""BT-3 of documents whose amounts are reductions: a correction with every amount negated."""

DEBIT: Final = frozenset({"383", "527"})
"""BT-3 of documents whose amounts are additions: a correction with the amounts as they are."""

ADVANCE: Final = frozenset({"386", "500"})

SELF_BILLED: Final = frozenset({"261", "389", "500", "501", "502", "527"})

IMPOSSIBLE: Final = {
    "325": (
        "a pro forma invoice is none, and KSeF takes invoices only",
        "Issue the invoice (380) when the supply is made, or an advance invoice (386) when a payment comes in.",
    ),
    "503": (
        "a correction of an advance invoice (KOR_ZAL) states what was paid before, which the document does not say",
        "Build the correction with billingua.formats.fa.model.",
    ),
    **dict.fromkeys(
        ("384", "471", "472", "473"),
        (
            "it states the invoice as it is now, but a correction in FA(3) states the difference to the corrected one",
            "Give the difference as a credit note (381) or debit note (383).",
        ),
    ),
}
"""BT-3 that FA(3) has no kind for: why, and what to do."""


def type_code(kind: str, self_billed: bool, reduces: bool) -> str:
    """BT-3 of a kind of invoice (RodzajFaktury)."""
    if kind == "ZAL":
        return "500" if self_billed else "386"
    if kind.startswith("KOR"):
        return ("261" if reduces else "527") if self_billed else ("381" if reduces else "383")
    return "389" if self_billed else "380"


FORMS: Final = {
    "10": "1",
    **dict.fromkeys(("48", "54", "55"), "2"),
    "20": "4",
    **dict.fromkeys(("30", "31", "42", "58"), "6"),
    "68": "7",
}
"""BT-81 -> FormaPlatnosci."""

MEANS: Final = {"1": "10", "2": "48", "3": "ZZZ", "4": "20", "5": "ZZZ", "6": "30", "7": "68"}
"""FormaPlatnosci -> BT-81."""

FORM_WORDS: Final = {
    "1": "gotówka",
    "2": "karta",
    "3": "bon",
    "4": "czek",
    "5": "kredyt",
    "6": "przelew",
    "7": "płatność mobilna",
}
"""FormaPlatnosci in words."""

EU: Final = frozenset(
    [
        *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"),
        *("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"),
    ]
)
"""KodUE: prefixes of EU VAT numbers."""

_COUNTRIES = {"1A": "XK", "EL": "GR"}
"""Codes of EN 16931 -> KodKraju, where they differ."""

_COUNTRIES_BACK = {"XK": "1A", "XC": "ES", "XL": "ES"}
"""KodKraju -> codes of EN 16931: Kosovo, Ceuta and Melilla."""


@cache
def countries() -> frozenset[str]:
    """The countries that KodKraju knows."""
    shared = codes("iso_3166_ubl") | codes("iso_3166_cii")
    return shared - _COUNTRIES.keys() | _COUNTRIES_BACK.keys()


def country_to(code: str) -> str:
    """The KodKraju of a country code; "" where FA(3) does not know it."""
    found = _COUNTRIES.get(code.upper(), code.upper())
    return found if found in countries() else ""


def country_back(code: str) -> str:
    """The country code of EN 16931 for a KodKraju."""
    return _COUNTRIES_BACK.get(code, code)


@cache
def _words() -> dict[str, str]:
    return {code: word for code, word, _ in cells_of(table_beside(__file__, "units.tsv"))[1:]}


@cache
def _units() -> dict[str, str]:
    return {
        one.casefold(): code
        for code, word, others in cells_of(table_beside(__file__, "units.tsv"))[1:]
        for one in (word, *others.split("|"))
        if one
    }


def unit_to(code: str) -> str:
    """The word for a unit of measure; the code itself where there is none."""
    return _words().get(code, code)


def unit_back(word: str) -> str:
    """The code of a unit of measure that a word means; "" where it is not known."""
    text = " ".join(word.split())
    return _units().get(text.casefold()) or (text if text in codes("unece_rec20_rec21") else "")
