"""What the rules of PDF/A say to a person, and the levels each belongs to."""

from functools import cache

from billingua.engine.rule import RuleText
from billingua.pdf.pdfa.level import Level
from billingua.resources import cells_of, table_beside

__all__ = ["NAME", "applies", "texts"]

NAME = "pdfa"
_RELEASE = "ISO 19005-2:2011, ISO 19005-3:2012"
_TABLES = ("structure.tsv", "content.tsv")


@cache
def _rows() -> dict[str, tuple[str, str, str, str]]:
    """By clause and test: level, title, message and hint."""
    rows = {}
    for name in _TABLES:
        for rule, level, title, message, hint in cells_of(table_beside(__file__, name))[1:]:
            rows[rule] = (level, title, message, hint)
    return rows


@cache
def texts() -> dict[str, RuleText]:
    """The texts by id, `PDFA-6.1.3-t01`."""
    return {
        f"PDFA-{rule}": RuleText(
            id=f"PDFA-{rule}",
            ruleset=NAME,
            release=_RELEASE,
            severity={"pdf": "fatal"},
            terms=(),
            title=title,
            message=message,
            hint=hint,
            note=_NOTES.get(level, ""),
        )
        for rule, (level, title, message, hint) in _rows().items()
    }


_NOTES = {
    "u": "Levels u and a only.",
    "a": "Level a only.",
    "2": "PDF/A-2 only.",
    "3": "PDF/A-3 only.",
}


def applies(rule: str, level: Level) -> bool:
    """Whether a rule belongs to the level: its column `level` is all, u, a, or a part (2, 3)."""
    asked = _rows()[rule][0]
    match asked:
        case "u":
            return level.unicode
        case "a":
            return level.tagged
        case "2" | "3":
            return level.part == int(asked)
    return True
