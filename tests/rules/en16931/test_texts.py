"""What the semantic rules of EN 16931 say: every rule has words, ids are the authority's."""

import json
import re
from pathlib import Path

import pytest

from billingua import errors

ROOT = Path(__file__).resolve().parents[3]
TEXTS = Path(errors.__file__).parent / "rules" / "business.tsv"
ORACLE = ROOT.parent / "shared" / "oracle" / "rules.json"
COLUMNS = ["id", "severity_ubl", "severity_cii", "terms", "title", "message", "hint", "note"]

needs_oracle = pytest.mark.skipif(
    not ORACLE.is_file(), reason="the authority's list of rules, ../shared/oracle/rules.json, is not here"
)


def read() -> list[dict[str, str]]:
    lines = [line for line in TEXTS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0].split("\t") == COLUMNS
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


ROWS = read()


def test_there_are_all_rules_once() -> None:
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids)) == 223


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_row_is_complete(row: dict[str, str]) -> None:
    assert re.fullmatch(r"BR-([A-Z]+-)?\d\d", row["id"])
    assert row["severity_ubl"] in {"fatal", "warning", "-"}
    assert row["severity_cii"] in {"fatal", "warning", "-"}
    terms = row["terms"].split(" ")
    assert all(re.fullmatch(r"B[TG]-[1-9]\d{0,2}", term) for term in terms)
    assert len(set(terms)) == len(terms)
    assert 10 <= len(row["title"]) <= 60
    assert not row["title"].endswith(".")
    for key, longest in (("message", 220), ("hint", 200), ("note", 400)):
        text = row[key]
        assert text == " ".join(text.split()), f"{key}: stray white space"
        assert len(text) <= longest, key
        if key != "note" or text:
            assert text.endswith("."), key
            assert len(text) >= 20, key
    assert not re.search(r"\b(shall|MUST)\b", " ".join(row.values())), "say it in plain words"


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_message_names_its_first_term_or_a_list(row: dict[str, str]) -> None:
    named = set(re.findall(r"B[TG]-\d+", row["message"]))
    assert named <= set(row["terms"].split(" ")), "a term of the message is not declared"
    if row["id"] != "BR-CL-03":
        assert named or row["id"].startswith("BR-B-"), "the message names no term"


def test_messages_and_titles_tell_rules_apart() -> None:
    for key in ("message", "title"):
        texts = [row[key] for row in ROWS]
        assert len(set(texts)) == len(texts), [text for text in texts if texts.count(text) > 1]


@needs_oracle
@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_ids_and_severities_are_the_authoritys(syntax: str) -> None:
    artefacts = json.loads(ORACLE.read_text(encoding="utf-8"))[f"en16931-{syntax}"]["artefacts"]
    flags = {rule["id"]: rule["flag"] for artefact in artefacts for rule in artefact["rules"]}
    semantic = {rule: flag for rule, flag in flags.items() if not re.match(r"(UBL|CII)-", rule)}
    ours = {row["id"]: row[f"severity_{syntax}"] for row in ROWS if row[f"severity_{syntax}"] != "-"}
    assert ours == semantic


@needs_oracle
@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_rules_that_never_fire_say_so(syntax: str) -> None:
    never = json.loads(ORACLE.read_text(encoding="utf-8"))[f"en16931-{syntax}"]["never_fired"]
    ids = {rule if isinstance(rule, str) else rule["id"] for rule in never}
    notes = {row["id"]: row["note"] for row in ROWS}
    never_here = re.compile(rf"({syntax.upper()}:[^:]*|^The artefacts of both[^:]*: .*)never fires")
    said = {rule for rule, note in notes.items() if never_here.search(note)}
    assert said == {rule for rule in ids if rule in notes}
