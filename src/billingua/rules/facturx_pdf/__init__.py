"""What Factur-X asks of the PDF around an invoice. The questions themselves are in `billingua.pdf.container`."""

from functools import cache

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.errors import UsageError
from billingua.resources import cells_of, table_beside

__all__ = ["NAME", "RULESETS", "texts"]

NAME = "facturx-pdf"
RELEASE = "1.0"


@cache
def texts() -> dict[str, RuleText]:
    """What each rule says, by its id."""
    _, *lines = cells_of(table_beside(__file__, "texts.tsv"))
    return {
        id: RuleText(id, NAME, RELEASE, {"facturx": severity}, (), title, message, hint)
        for id, severity, title, message, hint in lines
    }


def _plan(format_name: str) -> Plan:
    raise UsageError(
        f"The rule set {NAME} judges the PDF around an invoice, not {format_name}.", todo="Give the whole PDF."
    )


RULESETS = (
    RuleSet(
        name=NAME,
        title="The PDF around a Factur-X invoice: attachment, metadata, agreement with the XML",
        authority="FNFE-MPE and FeRD, Factur-X 1.0; ids of our own",
        release=RELEASE,
        formats=(),
        applies=lambda profile: False,
        plan=_plan,
        texts=texts,
    ),
)
