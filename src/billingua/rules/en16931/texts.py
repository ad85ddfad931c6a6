"""What the EN 16931 rules say to a person: business rules from a table, syntax rules worded from their rows."""

from collections.abc import Iterator
from functools import cache

from billingua.engine.rule import RuleText
from billingua.resources import cells_of, table_beside
from billingua.rules.en16931.release import NAME, RELEASE
from billingua.rules.en16931.syntax_texts import syntax_texts

__all__ = ["texts"]


@cache
def texts() -> dict[str, RuleText]:
    """Every rule by its id: first the business rules, then the syntax rules of UBL and CII."""
    return {**{text.id: text for text in _business()}, **syntax_texts()}


def _business() -> Iterator[RuleText]:
    header, *rows = cells_of(table_beside(__file__, "texts.tsv"))
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        severity = {syntax: row[f"severity_{syntax}"] for syntax in ("ubl", "cii") if row[f"severity_{syntax}"] != "-"}
        yield RuleText(
            id=row["id"],
            ruleset=NAME,
            release=RELEASE,
            severity=severity,
            terms=tuple(row["terms"].split()),
            title=row["title"],
            message=row["message"],
            hint=row["hint"],
            note=row.get("note", ""),
        )
