"""The rules of PDF/A and the words for them: none without the other."""

import re
from pathlib import Path

import pytest

import billingua
from billingua.pdf.pdfa.level import FLAVOURS, Level, parse
from billingua.pdf.pdfa.texts import applies, texts
from billingua.rules.pdfa import LEVELS, levels

CODE = Path(billingua.__file__).parent / "pdf" / "pdfa"
NUMBERED = re.compile(r'f?"((?:\{_RULE\}|\d+(?:\.\d+)+)-t(?:\d\d|\{\w+:02\}))"')


def named() -> set[str]:
    """The rules that the code names; `6.6.2.3.3-t{test:02}` stands for all of its clause."""
    found = {rule for path in CODE.rglob("*.py") for rule in NUMBERED.findall(path.read_text("utf-8"))}
    tables = {path: path.read_text("utf-8") for path in CODE.rglob("*.tsv")}
    found |= {rule for text in tables.values() for rule in re.findall(r"\b\d+(?:\.\d+)+-t\d\d\b", text)}
    return found


def test_rules_in_code_have_words() -> None:
    plain = {rule for rule in named() if "{" not in rule}
    assert len(plain) > 30
    assert {f"PDFA-{rule}" for rule in plain} <= set(texts())


def test_words_belong_to_a_rule_in_code() -> None:
    plain = {f"PDFA-{rule}" for rule in named()}
    clauses = {"PDFA-6.6.2.3.3", "PDFA-6.6.4"}
    silent = {id for id in texts() if id not in plain and id.rpartition("-")[0] not in clauses}
    assert silent == set()


def test_ids_have_the_form_of_the_contract() -> None:
    for id in texts():
        assert re.fullmatch(r"PDFA-\d+(\.\d+)+-t\d\d", id)
    assert set(levels().values()) <= set(LEVELS)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_flavours(flavour: str) -> None:
    level = parse(flavour)
    assert str(level) == flavour
    assert level == Level(int(flavour[0]), flavour[1])
    assert applies("6.8-t05", level) == (level.part == 2)
    assert applies("6.7.4-t01", level) == (flavour[1] == "a")
