"""French e-reporting: the rules that fire and the errors of the schema are those of the portal's artefacts."""

import importlib.util
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from corpus import CONFORMANCE, documents, judged, needs_conformance, needs_oracle, official_rules, verdicts
from lxml import etree
from mutate import CHANGES, mutants

from billingua import rules
from billingua.engine.structure import compiled_schema

NAME = "flux10"
RULESET = "fr-flux10"
EXAMPLES = sorted((CONFORMANCE / "france" / NAME).glob("*.xml"))
WITHIN = tuple([change for change in CHANGES if change.__name__ != "_allowed"])
"""Changes that need no list of what may stand where."""

EDGES = (
    "",
    " ",
    "x",
    "0",
    "-0",
    "+1",
    "1.",
    ".5",
    "1e3",
    "1,5",
    " 1.00 ",
    "true",
    "1\u0663",
    "a b",
    "%",
    "http://[",
    "\u00e9",
)


@cache
def official() -> etree.XMLSchema:
    package = Path(importlib.util.find_spec("pyfrctc").origin).parent
    return etree.XMLSchema(etree.parse(package / "frr-xsd" / "ereporting.xsd"))


def both(root: etree._Element) -> list[list[tuple[int, str, str]]]:
    """The errors of our schema and of the official one."""
    found = []
    for schema in (compiled_schema("fr-ereporting/Report.xsd"), official()):
        schema.validate(root)
        found.append([(error.line, error.path, error.type_name) for error in schema.error_log])
    return found


@needs_oracle
def test_same_verdicts() -> None:
    examined = 0
    for verdict in verdicts(NAME):
        structure, ours, severities = judged(documents(NAME)[verdict["file"]], RULESET)
        assert structure is verdict["xsd_valid"], verdict["file"]
        if verdict["fired"] is not None:
            examined += 1
            assert ours == Counter({rule: said["count"] for rule, said in verdict["fired"].items()}), verdict["file"]
            assert set(severities.values()) <= {"fatal"}
    assert examined > 300


@needs_oracle
def test_the_rules_are_the_official_ones() -> None:
    texts = rules.get(RULESET).texts()
    assert {rule: text.severity["ereporting"] for rule, text in texts.items()} == official_rules(NAME)


@needs_oracle
def test_same_errors_on_the_corpus() -> None:
    for file, data in documents(NAME).items():
        ours, theirs = both(etree.fromstring(data))
        assert ours == theirs, file


@needs_conformance
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_same_errors_on_changed_examples(example: Path) -> None:
    for name, data in mutants(example, 25, WITHIN):
        ours, theirs = both(etree.fromstring(data))
        assert ours == theirs, name


@needs_conformance
def test_same_errors_at_the_edges_of_each_type() -> None:
    seen = set()
    for example in EXAMPLES:
        root = etree.parse(example).getroot()
        for element in root.iter("*"):
            path = "/".join(one.tag for one in element.iterancestors()) + element.tag
            if path in seen:
                continue
            seen.add(path)
            kept = element.text, dict(element.attrib)
            for value in EDGES:
                element.text = value
                for attribute in kept[1]:
                    element.set(attribute, value)
                ours, theirs = both(root)
                assert ours == theirs, (path, value)
            element.text = kept[0]
            for attribute, value in kept[1].items():
                element.set(attribute, value)
            element.set("foreign", "x")
            ours, theirs = both(root)
            assert ours == theirs, path
            del element.attrib["foreign"]


@needs_conformance
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_have_the_verdict_of_their_name(example: Path) -> None:
    structure, fired, _ = judged(example.read_bytes(), RULESET)
    assert (structure and not fired) is example.name.startswith("ok-")
