"""PDF/A (ISO 19005-2 and -3): what each clause asks of a PDF file. The questions themselves are in `billingua.pdf`."""

from functools import cache

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.errors import UsageError

__all__ = ["LEVELS", "NAME", "RULESETS", "levels", "texts"]

NAME = "pdfa"
RELEASE = "2012"

LEVELS = {
    "all": "",
    "u": "Levels u and a only.",
    "a": "Level a only.",
    "2": "PDF/A-2 only.",
    "3": "PDF/A-3 only.",
}
"""The values of the column `level`, and the note that a rule has for it."""


@cache
def _rows() -> dict[str, dict[str, str]]:
    """The lines of the tables by id, `PDFA-6.1.3-t01`."""
    from billingua.resources import cells_of, table_beside

    rows: dict[str, dict[str, str]] = {}
    for name in ("structure.tsv", "content.tsv"):
        header, *lines = cells_of(table_beside(__file__, name))
        rows |= {f"PDFA-{cells[0]}": dict(zip(header, cells, strict=True)) for cells in lines}
    return rows


@cache
def texts() -> dict[str, RuleText]:
    """What each rule says, by its id."""
    return {
        id: RuleText(
            id=id,
            ruleset=NAME,
            release=RELEASE,
            severity={"pdf": "fatal"},
            terms=(),
            title=row["title"],
            message=row["message"],
            hint=row["hint"],
            note=LEVELS[row["level"]],
        )
        for id, row in _rows().items()
    }


@cache
def levels() -> dict[str, str]:
    """The levels of PDF/A that each rule belongs to, by its id."""
    return {id: row["level"] for id, row in _rows().items()}


def _plan(format_name: str) -> Plan:
    raise UsageError(f"The rule set {NAME} judges PDF files, not {format_name}.", todo="Use `billingua pdf check`.")


RULESETS = (
    RuleSet(
        name=NAME,
        title="PDF/A-2 and PDF/A-3, levels b, u and a",
        authority="ISO 19005-2:2011 and ISO 19005-3:2012; tests as in the validation profiles of veraPDF",
        release=RELEASE,
        formats=(),
        applies=lambda profile: False,
        plan=_plan,
        texts=texts,
    ),
)
