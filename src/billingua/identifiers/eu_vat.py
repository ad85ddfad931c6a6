"""VAT numbers of the European Union and of Northern Ireland, with their prefix: form and check digits.

Whether a number has been given to somebody only the register (VIES) can tell. The form of Poland is `PL` and a NIP;
Greece writes EL. Numbers of natural persons are judged by their check digits; the date of birth in them is not read.

French keys are judged by python-stdnum. The other countries are judged here: nearly every invoice has a VAT number, and
loading python-stdnum takes a good part of a cold validation. A test holds both to the same verdicts, but for Swedish
numbers that do not end with 01, which python-stdnum refuses, and Slovak birth numbers, which it takes.

    >>> is_valid("DE136695976"), is_valid("DE136695977")
    (True, False)
"""

import re
from collections.abc import Callable
from typing import Final

from billingua.identifiers import nip
from billingua.identifiers.digits import luhn, mod_11_10, mod_97, weighted

__all__ = ["COUNTRIES", "has_form", "is_valid", "problem"]

_IRISH = "WABCDEFGHIJKLMNOPQRSTUV"
_SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"
_CYPRIOT = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
_DOWN = tuple(range(10, 0, -1))
"""The weights 10, 9, ... 1."""


def _at(n: str) -> bool:
    digits = [int(digit) for digit in n[1:]]
    doubled = sum(digit * 2 // 10 + digit * 2 % 10 for digit in digits[1:7:2])
    return (4 + doubled + sum(digits[0:7:2]) + digits[7]) % 10 == 0


def _be(n: str) -> bool:
    return (int(n[:8]) + int(n[8:])) % 97 == 0 and int(n) > 0


def _bg(n: str) -> bool:
    last = int(n[-1])
    if len(n) == 9:
        check = weighted(n, range(1, 9)) % 11
        return last == (check if check < 10 else weighted(n, range(3, 11)) % 11 % 10)
    return last in (
        weighted(n, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10,  # citizens
        weighted(n, (21, 19, 17, 13, 11, 9, 7, 3, 1)) % 10,  # foreigners
        -weighted(n, (4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11,  # others
    )


def _cy(n: str) -> bool:
    total = sum(_CYPRIOT[int(digit)] for digit in n[0:8:2]) + sum(int(digit) for digit in n[1:8:2])
    return ord(n[8]) - ord("A") == total % 26


def _cz(n: str) -> bool:
    if len(n) == 8:
        return (-weighted(n[:7], _DOWN[2:]) % 11 or 1) % 10 == int(n[7])
    if len(n) == 10:
        return int(n[:9]) % 11 % 10 == int(n[9])
    if n[0] != "6":
        return int(n[2:4]) % 50 % 20 in range(1, 13)  # a birth number given before 1954 has no check digit
    return (8 - (10 - weighted(n[1:8], _DOWN[2:]) % 11) % 11) % 10 == int(n[8])


def _el(n: str) -> bool:
    return weighted(n[:8], (256, 128, 64, 32, 16, 8, 4, 2)) % 11 % 10 == int(n[8])


def _es(n: str) -> bool:
    if n[0] in "ABCDEFGHJNPQRSUVW":
        wanted = next(digit for digit in "0123456789" if luhn(n[1:8] + digit))
        return n[8] in (wanted, "JABCDEFGHI"[int(wanted)])
    # Residents, foreigners (X, Y, Z stand for 0, 1, 2) and persons without a number (K, L, M)
    number = str("XYZ".index(n[0])) + n[1:8] if n[0] in "XYZ" else n[:8].lstrip("KLM")
    return n[8] == _SPANISH[int(number) % 23]


def _fr(n: str) -> bool:
    """With its prefix, or python-stdnum would take the key FR for one."""
    from stdnum.fr.tva import is_valid as fits

    return fits(f"FR{n}")


def _ie(n: str) -> bool:
    if not n[1].isdigit():
        n = "0" + n[2:7] + n[0] + n[7:]
    total = weighted(n[:7], _DOWN[2:]) + 9 * _IRISH.index(n[8:] or "W")
    return n[7] == _IRISH[total % 23]


def _it(n: str) -> bool:
    office = n[7:10]
    return int(n[:7]) > 0 and ("001" <= office <= "100" or office in ("120", "121", "888", "999")) and luhn(n)


def _lt(n: str) -> bool:
    digits = n[:-1]
    check = weighted(digits, (1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2)) % 11
    if check == 10:
        check = weighted(digits, (3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4)) % 11 % 10
    return check == int(n[-1])


def _lv(n: str) -> bool:
    if n[0] > "3":
        return weighted(n, (9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1)) % 11 == 3
    return (1 + weighted(n, (10, 5, 8, 4, 2, 1, 6, 3, 7, 9))) % 11 % 10 == int(n[10])


def _nl(n: str) -> bool:
    if int(n[:9]) == 0 or n[10:] == "00":
        return False
    return weighted(n, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 or mod_97(f"NL{n}")


def _pt(n: str) -> bool:
    return -weighted(n[:8], _DOWN[1:]) % 11 % 10 == int(n[8])


def _ro(n: str) -> bool:
    if len(n) == 13:
        return weighted(n, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11 in {int(n[12]), 10 if n[12] == "1" else -1}
    return weighted(n[:-1].zfill(9), (7, 5, 3, 2, 1, 7, 5, 3, 2)) * 10 % 11 % 10 == int(n[-1])


def _si(n: str) -> bool:
    check = 11 - weighted(n[:7], _DOWN[2:]) % 11
    return (0 if check == 10 else check) == int(n[7])


def _xi(n: str) -> bool:
    if n[:2] in ("GD", "HA"):
        return (n[2:] < "500") == (n[:2] == "GD")
    check = weighted(n, (8, 7, 6, 5, 4, 3, 2, 10, 1)) % 97
    return check == 0 or (check in (42, 55) and n >= "100")


_RULES: Final[dict[str, tuple[str, Callable[[str], bool]]]] = {
    "AT": (r"U\d{8}", _at),
    "BE": (r"[01]\d{9}", _be),
    "BG": (r"\d{9,10}", _bg),
    "CY": (r"(?!12)\d{8}[A-Z]", _cy),
    "CZ": (r"[0-8]\d{7}|\d{9,10}", _cz),
    "DE": (r"[1-9]\d{8}", mod_11_10),
    "DK": (r"[1-9]\d{7}", lambda n: weighted(n, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0),
    "EE": (r"\d{9}", lambda n: weighted(n, (3, 7, 1, 3, 7, 1, 3, 7, 1)) % 10 == 0),
    "EL": (r"\d{9}", _el),
    "ES": (r"[A-HJ-NP-SU-Z]\d{7}[0-9A-Z]|\d{8}[A-Z]", _es),
    "FI": (r"\d{8}", lambda n: weighted(n, (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0),
    "FR": (r"[0-9A-HJ-NP-Z]{2}\d{9}", _fr),
    "HR": (r"\d{11}", mod_11_10),
    "HU": (r"\d{8}", lambda n: weighted(n, (9, 7, 3, 1, 9, 7, 3, 1)) % 10 == 0),
    "IE": (r"\d{7}[A-W][A-W]?|\d[A-Z+*]\d{5}[A-W]", _ie),
    "IT": (r"\d{11}", _it),
    "LT": (r"\d{7}1\d|\d{10}1\d", _lt),
    "LU": (r"\d{8}", lambda n: int(n[:6]) % 89 == int(n[6:])),
    "LV": (r"\d{11}", _lv),
    "MT": (r"[1-9]\d{7}", lambda n: weighted(n, (3, 4, 6, 7, 8, 9, 10, 1)) % 37 == 0),
    "NL": (r"\d{9}B\d{2}", _nl),
    "PL": (r"\d{10}", nip.is_valid),
    "PT": (r"[1-9]\d{8}", _pt),
    "RO": (r"[1-9]\d{1,9}|[1-9]\d{12}", _ro),
    "SE": (r"\d{10}(?!00)\d{2}", lambda n: luhn(n[:10])),
    "SI": (r"[1-9]\d{7}", _si),
    "SK": (r"[1-9]\d[2-47-9]\d{7}", lambda n: int(n) % 11 == 0),
    "XI": (r"\d{9}|\d{12}|(?:GD|HA)\d{3}", _xi),
}
"""By prefix: what follows it, and whether its check digits fit."""

COUNTRIES: Final = frozenset(_RULES)
"""The prefixes."""


def has_form(text: str) -> bool:
    """Whether prefix and form are right."""
    form, _ = _RULES.get(text[:2], ("(?!)", None))
    return re.fullmatch(form, text[2:], re.ASCII) is not None


def problem(text: str) -> str:
    """What is wrong with a VAT number; "" when nothing is."""
    if text[:2] not in COUNTRIES:
        return "A VAT number starts with the prefix of its member state, such as PL, EL for Greece, or XI."
    if not has_form(text):
        return f"After {text[:2]} a VAT number has another form."
    return "" if _RULES[text[:2]][1](text[2:]) else "The check digits of the VAT number do not fit."


def is_valid(text: str) -> bool:
    """Whether prefix, form and check digits are right."""
    return not problem(text)
