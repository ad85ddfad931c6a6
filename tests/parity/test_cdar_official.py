"""Life-cycle messages beside the official artefacts: schema, rules, recorded verdicts; seeded changes as well.

The rules of pyfrctc 0.24 are older than ours: its test of BR-FR-CDV-CL-01_MDT-2 takes one flow only (`OLDER`).
"""

import importlib.util
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from corpus import CONFORMANCE, documents, judged, needs_conformance, needs_oracle, official_rules, unlike, verdicts
from lxml import etree
from mutate import mutants
from test_official import official

from billingua import rules
from billingua.engine.structure import compiled_schema
from billingua.formats.cdar import FORMAT

PYFRCTC = Path(importlib.util.find_spec("pyfrctc").origin).parent
STYLESHEET = PYFRCTC / "cdar-schematron" / "BR-FR-CDV-Schematron-CDAR.xslt"
MESSAGES = sorted((CONFORMANCE / "france" / "cdar").glob("*.xml"))
MUTANTS = {"schema": 25, "rules": 4}
CHUNKS = 4

OLDER = "BR-FR-CDV-CL-01_MDT-2"
"""The one rule that release 1.4.0.03 asks in another way than pyfrctc 0.24."""


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(PYFRCTC / "cdar-xsd" / "CrossDomainAcknowledgementAndResponse_100pD22B.xsd"))


def errors(schema: etree.XMLSchema, data: bytes) -> list[tuple[int, str, str]]:
    schema.validate(etree.fromstring(data))
    return [(error.line, error.path, error.type_name) for error in schema.error_log]


def same_errors(data: bytes) -> bool:
    return errors(compiled_schema(FORMAT.schemas["cdar"]), data) == errors(schema(), data)


def newer_flow(data: bytes) -> bool:
    """The message is of a flow that the older rules do not take."""
    steps = ".//{*}BusinessProcessSpecifiedDocumentContextParameter/{*}ID"
    flows = {"NON_REGULATED", "B2C", "B2CINT", "B2BINT", "OUTOFSCOPE"}
    return any("".join(one.itertext()) in flows for one in etree.fromstring(data).iterfind(steps))


@needs_oracle
def test_same_verdicts() -> None:
    found = []
    assert {verdict["file"] for verdict in verdicts("cdar")} == set(documents("cdar"))
    for verdict in verdicts("cdar"):
        data = documents("cdar")[verdict["file"]]
        structure, ours, severities = judged(data, "fr-cdar")
        theirs = {rule: said["count"] for rule, said in verdict["fired"].items()}
        found += [(verdict["file"], rule) for rule in unlike(ours, theirs) if rule != OLDER or not newer_flow(data)]
        assert structure is verdict["xsd_valid"], verdict["file"]
        assert all(severities.get(rule, said["flag"]) == said["flag"] for rule, said in verdict["fired"].items())
    assert not found


@needs_oracle
def test_the_rules_are_the_official_ones() -> None:
    assert {rule: text.severity["cdar"] for rule, text in rules.get("fr-cdar").texts().items()} == official_rules(
        "cdar"
    )


@needs_oracle
def test_same_errors_on_the_corpus() -> None:
    assert [file for file, data in documents("cdar").items() if not same_errors(data)] == []


@needs_conformance
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_same_errors_on_changed_messages(chunk: int) -> None:
    unlike = [
        name
        for message in MESSAGES[chunk::CHUNKS]
        for name, data in [(message.name, message.read_bytes()), *mutants(message, MUTANTS["schema"])]
        if not same_errors(data)
    ]
    assert unlike == []


@cache
def manifest() -> list[dict[str, Any]]:
    lines = (CONFORMANCE / "france" / "manifest.jsonl").read_text("utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["kind"] == "cdar"]


@needs_conformance
def test_the_verdicts_of_release_1_4_0_03() -> None:
    assert len(manifest()) == len(MESSAGES)
    older = set()
    for one in manifest():
        structure, ours, _ = judged((CONFORMANCE / "france" / one["file"]).read_bytes(), "fr-cdar")
        assert structure is one["xsd_valid"], one["file"]
        assert sorted(ours) == one["fired"], one["file"]
        older |= set(one["fired"]) ^ set(one["fired_pyfrctc_0_24"])
    assert older == {OLDER}


@needs_conformance
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_changed_messages_as_the_official_artefact(chunk: int, tmp_path: Path) -> None:
    path = tmp_path / "message.xml"
    found = []
    for message in MESSAGES[chunk::CHUNKS]:
        for name, data in mutants(message, MUTANTS["rules"]):
            path.write_bytes(data)
            theirs = official().fired(STYLESHEET, path)
            if theirs is None:
                continue
            _, ours, _ = judged(data, "fr-cdar")
            found += [(name, rule) for rule in unlike(ours, Counter(theirs)) if rule != OLDER or not newer_flow(data)]
    assert found == []
