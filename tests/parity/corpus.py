"""Where the parity tests get their documents and the verdicts of the official artefacts from."""

import json
import re
import tarfile
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import billingua

REPOSITORY = Path(__file__).parents[2]
SHARED = REPOSITORY.parent / "shared"
ORACLE = SHARED / "oracle"
CONFORMANCE = SHARED / "conformance"
SAMPLES = REPOSITORY / "samples"

needs_oracle = pytest.mark.skipif(
    not ORACLE.is_dir(), reason="the documents with official verdicts (../shared/oracle) are not here"
)
needs_conformance = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason="the conformance instances (../shared/conformance) are not here"
)

Counts = dict[str, int]


def syntax_of(name: str) -> str:
    """`ubl` or `cii`, from the name of a set of documents or of a sample."""
    return "cii" if "cii" in name else "ubl"


@lru_cache(maxsize=3)
def documents(name: str) -> dict[str, bytes]:
    """The documents of one set by file name."""
    with tarfile.open(ORACLE / f"{name}.tar.xz") as archive:
        members = [member for member in archive if member.isfile()]
        return {Path(member.name).name: archive.extractfile(member).read() for member in members}


@lru_cache(maxsize=3)
def verdicts(name: str) -> list[dict[str, Any]]:
    """What the official artefacts said of them, in their order."""
    return [json.loads(line) for line in (ORACLE / f"{name}.verdicts.jsonl").read_text("utf-8").splitlines()]


@cache
def official_rules(name: str) -> dict[str, str]:
    """Rule id to flag, over the artefacts of one set."""
    rules = json.loads((ORACLE / "rules.json").read_text("utf-8"))[name]
    return {rule["id"]: rule["flag"] for artefact in rules["artefacts"] for rule in artefact["rules"]}


@cache
def business_rules(name: str) -> dict[str, str]:
    """Rule id to the business rule that it is, where the artefacts of a set number it otherwise."""
    rules = json.loads((ORACLE / "rules.json").read_text("utf-8"))[name]
    return {rule["id"]: rule["br"] for artefact in rules["artefacts"] for rule in artefact["rules"] if "br" in rule}


@cache
def differences() -> list[dict[str, str]]:
    """The differences that are known and allowed: each with the set, the document or rule, and the reason."""
    listed = tomllib.loads(Path(__file__).with_name("differences.toml").read_text("utf-8"))
    return listed.get("difference", [])


def judged(data: bytes, *rulesets: str) -> tuple[bool, Counter[str], dict[str, str]]:
    """Our verdict under rule sets (EN 16931 where none is named): structure, how often each rule fired, and its
    severity."""
    report = billingua.validate(data, rulesets=rulesets or ("en16931",))
    findings = [finding for finding in report.findings if finding.rule != "SCHEMA"]
    return (
        report.schema_valid,
        Counter(finding.rule for finding in findings),
        {finding.rule: finding.severity for finding in findings},
    )


def unlike(ours: Mapping[str, int], theirs: Mapping[str, int]) -> set[str]:
    """The rules that did not fire equally often."""
    return {rule for rule in {*ours, *theirs} if ours.get(rule, 0) != theirs.get(rule, 0)}


def check_listed(name: str, found: set[tuple[str, str]], examined: set[str]) -> None:
    """The differences found are those that are listed, no more and no less.

    `found` holds (document, what differs); `examined` the documents that were looked at.
    """
    listed = [one for one in differences() if one["corpus"] == name]
    assert all(one["reason"] for one in listed)
    of_documents = {(one["document"], one["rule"]) for one in listed if one.get("document") in examined}
    of_rules = {one["rule"] for one in listed if "document" not in one}
    unlisted = {one for one in found if one not in of_documents and one[1] not in of_rules}
    assert not unlisted, f"{name}: differs from the official verdict: {sorted(unlisted)[:10]}"
    gone = of_documents - found
    assert not gone, f"{name}: no longer differs, so take it from differences.toml: {sorted(gone)}"


def samples(syntax: str) -> list[Path]:
    """Our own sample documents of a syntax."""
    return sorted(SAMPLES.glob(f"*.{syntax}.xml"))


def test_sets(path: Path) -> list[bytes]:
    """The documents in one file of unit tests, by position; b"" for a test without one."""
    root = etree.parse(path).getroot()
    found = []
    for test in root.iterchildren("{*}test"):
        inside = [child for child in test.iterchildren("{*}*") if re.search(r"\}(Invoice|CreditNote|Cross)", child.tag)]
        found.append(etree.tostring(inside[0], with_tail=False) if inside else b"")
    return found


test_sets.__test__ = False
