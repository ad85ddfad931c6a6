"""The unit tests of the authors of EN 16931: the rules that must fire do, those that must not do not."""

import json
from collections import defaultdict
from functools import cache
from typing import Any

import pytest
from corpus import CONFORMANCE, judged, needs_conformance, official_rules, test_sets

pytestmark = needs_conformance

SOURCE = "cen-en16931"
CHUNKS = 6


@cache
def expectations() -> dict[str, list[dict[str, Any]]]:
    """File to what is expected of the tests in it."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (CONFORMANCE / "expectations.jsonl").read_text("utf-8").splitlines():
        expectation = json.loads(line)
        if expectation["source"] == SOURCE:
            found[expectation["file"]].append(expectation)
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_expectations_are_met(chunk: int) -> None:
    asked = 0
    broken = []
    for file in sorted(expectations())[chunk::CHUNKS]:
        fragments = test_sets(CONFORMANCE / SOURCE / file)
        for expectation in expectations()[file]:
            where = f"{file} test {expectation['test']}"
            _, fired, severities = judged(fragments[expectation["test"] - 1])
            for kind, rules in expectation["expect"].items():
                for wanted in rules:
                    rule, _, times = wanted.partition("#")
                    if rule not in known():
                        continue
                    asked += 1
                    if kind == "success":
                        kept = rule not in fired
                    else:
                        kept = fired[rule] == int(times) if times else rule in fired
                        kept = kept and (severities.get(rule) == "warning") is (kind == "warning")
                    if not kept:
                        broken.append(f"{where}: {kind} {wanted}")
    assert not broken
    assert asked > 100


@cache
def known() -> frozenset[str]:
    return frozenset(official_rules("en16931-ubl")) | frozenset(official_rules("en16931-cii"))
