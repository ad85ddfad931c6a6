"""The business rules that the artefacts for UBL and CII ask alike: of the same group, with the same question."""

from typing import Any

from billingua.engine.locate import ROOT, Group
from billingua.engine.rule import OfText, Rule
from billingua.rules.en16931.checks import (
    any_not_negative,
    any_of,
    at_most_decimals,
    attribute,
    filled,
    group_filled,
    group_present,
    group_with,
    present,
)

__all__ = ["BREAKDOWN", "RULES"]


def br_27(line: Group, _: Any) -> bool:
    return any_not_negative(line, "BT-146")


def br_28(line: Group, _: Any) -> bool:
    return "BT-148" not in line.terms or any_not_negative(line, "BT-148")


def starts_with_digit(text: str) -> bool:
    """The text is no negative number. (It may be no number at all; then the rules do not ask.)"""
    return text[:1].isdigit()


RULES = (
    Rule("BR-01", ROOT, filled("BT-24")),
    Rule("BR-02", ROOT, filled("BT-1")),
    Rule("BR-04", ROOT, filled("BT-3")),
    Rule("BR-05", ROOT, filled("BT-5")),
    Rule("BR-06", ROOT, group_filled("BG-4", "BT-27")),
    Rule("BR-07", ROOT, group_filled("BG-7", "BT-44")),
    Rule("BR-08", ROOT, group_present("BG-5")),
    Rule("BR-10", ROOT, group_present("BG-8")),
    present("BR-12", "BG-22", "BT-106"),
    present("BR-13", "BG-22", "BT-109"),
    present("BR-14", "BG-22", "BT-112"),
    present("BR-15", "BG-22", "BT-115"),
    Rule("BR-21", "BG-25", filled("BT-126")),
    present("BR-22", "BG-25", "BT-129"),
    Rule("BR-23", "BG-25", attribute("BT-129", "unitCode")),
    present("BR-24", "BG-25", "BT-131"),
    Rule("BR-25", "BG-25", filled("BT-153")),
    present("BR-26", "BG-25", "BT-146"),
    present("BR-31", "BG-20", "BT-92"),
    Rule("BR-33", "BG-20", any_of("BT-97", "BT-98")),
    present("BR-36", "BG-21", "BT-99"),
    Rule("BR-38", "BG-21", any_of("BT-104", "BT-105")),
    present("BR-41", "BG-27", "BT-136"),
    Rule("BR-42", "BG-27", any_of("BT-139", "BT-140")),
    present("BR-43", "BG-28", "BT-141"),
    Rule("BR-44", "BG-28", any_of("BT-144", "BT-145")),
    present("BR-49", "BG-16", "BT-81"),
    Rule("BR-52", "BG-24", filled("BT-122")),
    Rule("BR-CO-21", "BG-20", any_of("BT-97", "BT-98")),
    Rule("BR-CO-22", "BG-21", any_of("BT-104", "BT-105")),
    Rule("BR-CO-23", "BG-27", any_of("BT-139", "BT-140")),
    Rule("BR-CO-24", "BG-28", any_of("BT-144", "BT-145")),
    *(
        Rule(f"BR-DEC-{number}", context, at_most_decimals(term))
        for number, context, term in (
            ("01", "BG-20", "BT-92"),
            ("02", "BG-20", "BT-93"),
            ("05", "BG-21", "BT-99"),
            ("06", "BG-21", "BT-100"),
            ("09", "BG-22", "BT-106"),
            ("10", "BG-22", "BT-107"),
            ("11", "BG-22", "BT-108"),
            ("12", "BG-22", "BT-109"),
            ("14", "BG-22", "BT-112"),
            ("16", "BG-22", "BT-113"),
            ("17", "BG-22", "BT-114"),
            ("18", "BG-22", "BT-115"),
            ("23", "BG-25", "BT-131"),
            ("24", "BG-27", "BT-136"),
            ("25", "BG-27", "BT-137"),
            ("27", "BG-28", "BT-141"),
            ("28", "BG-28", "BT-142"),
        )
    ),
    Rule("BR-18", "BG-11", filled("BT-62")),
    Rule("BR-19", "BG-11", group_with("BG-12")),
    Rule("BR-27", "BG-25", OfText("BT-146", starts_with_digit, br_27)),
    Rule("BR-28", "BG-25", OfText("BT-148", lambda text: not text or starts_with_digit(text), br_28)),
    Rule("BR-54", "BG-32", lambda one, _: "BT-160" in one.terms and "BT-161" in one.terms),
)

BREAKDOWN = (
    present("BR-45", "BG-23", "BT-116"),
    present("BR-46", "BG-23", "BT-117"),
    Rule("BR-DEC-19", "BG-23", at_most_decimals("BT-116")),
    Rule("BR-DEC-20", "BG-23", at_most_decimals("BT-117")),
)
"""Asked of every VAT breakdown group; in CII some groups are taken by the rules of their category first."""
