"""What rules say to a person, read from the table `texts.tsv` of a rule set."""

from collections.abc import Iterator

from billingua.engine.rule import RuleText
from billingua.resources import cells_of

__all__ = ["read_texts"]

_SEVERITY = "severity_"


def read_texts(table: str, ruleset: str, release: str) -> Iterator[RuleText]:
    """The texts of a table. Its first line names the columns: `severity_ubl` is the severity in that syntax, `-` where
    the rule is not there."""
    header, *rows = cells_of(table)
    syntaxes = [name for name in header if name.startswith(_SEVERITY)]
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        yield RuleText(
            id=row["id"],
            ruleset=ruleset,
            release=release,
            severity={name.removeprefix(_SEVERITY): row[name] for name in syntaxes if row[name] != "-"},
            terms=tuple(row["terms"].split()),
            title=row["title"],
            message=row["message"],
            hint=row["hint"],
            note=row.get("note", ""),
        )
