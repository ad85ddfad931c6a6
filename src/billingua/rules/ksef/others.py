"""Lines (KSEF-LINE), dates (KSEF-DATE) and the attachment (KSEF-ATT, KSEF-TAB)."""

from collections.abc import Iterator

from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Group, Located
from billingua.engine.rule import Rule
from billingua.rules.ksef.checks import day, of_each
from billingua.rules.ksef.facts import Facts

__all__ = ["RULES", "SWEEPS"]


def line_01(line: Group, facts: Facts) -> bool:
    return line not in facts.repeating


def line_02(line: Group, facts: Facts) -> bool:
    return "P_6A" not in line.terms or "P_6" not in facts.invoice.terms


def date_01(invoice: Group, facts: Facts) -> bool:
    return "P_1" not in invoice.terms or day(invoice.text("P_1")) <= facts.today


def date_02(invoice: Group, _: Facts) -> bool:
    if "P_6_Od" not in invoice.terms or "P_6_Do" not in invoice.terms:
        return True
    return day(invoice.text("P_6_Od")) <= day(invoice.text("P_6_Do"))


def _not_after_issue(text: str, facts: Facts) -> bool:
    return day(text) <= day(facts.invoice.text("P_1"))


def attachment(located: Located, _: Facts) -> Iterator[Failure]:
    """KSEF-ATT-01 and KSEF-TAB-01, asked of the elements: the walk does not go where no other rule looks."""
    for attached in located.root.element.findall("{*}Zalacznik"):
        yield Failure("KSEF-ATT-01", attached)
        for table in attached.iterfind("{*}BlokDanych/{*}Tabela"):
            columns = len(table.findall("{*}TNaglowek/{*}Kol"))
            for row in (*table.iterfind("{*}Wiersz"), *table.iterfind("{*}Suma")):
                if len(row) > columns:
                    yield Failure("KSEF-TAB-01", row, values={"cells": str(len(row)), "columns": str(columns)})


RULES = (
    Rule("KSEF-LINE-01", "FaWiersz", line_01, "NrWierszaFa"),
    Rule("KSEF-LINE-02", "FaWiersz", line_02, "P_6A"),
    Rule("KSEF-DATE-01", ROOT, date_01, "P_1"),
    Rule("KSEF-DATE-02", ROOT, date_02, "P_6_Od"),
)

SWEEPS = (of_each("KSEF-DATE-03", ROOT, "DataWystFaKorygowanej", _not_after_issue), attachment)
