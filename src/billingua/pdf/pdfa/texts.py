"""What the rules of PDF/A say to a person, and the levels each belongs to."""

from billingua.pdf.pdfa.level import Level
from billingua.rules.pdfa import levels, texts

__all__ = ["applies", "texts"]


def applies(rule: str, level: Level) -> bool:
    """Whether a rule belongs to the level: its column `level` is all, u, a, or a part (2, 3)."""
    asked = levels()[f"PDFA-{rule}"]
    match asked:
        case "u":
            return level.unicode
        case "a":
            return level.tagged
        case "2" | "3":
            return level.part == int(asked)
    return True
