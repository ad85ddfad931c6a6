"""Every report format: well-formed, complete, safe, and the same each time."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from lxml import etree

from billingua import rules
from billingua.engine.report import Finding, NotChecked, Report
from billingua.engine.rule import RuleText
from billingua.errors import UsageError
from billingua.reports import FORMATS, Style, fails, writer

NASTY = "<b>&\"'\x1b[31m\x9b]]>\ud800"
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def finding(rule: str = "BR-CO-10", severity: str = "fatal", line: int | None = 12, **changes: Any) -> Finding:
    values: dict[str, Any] = {
        "ruleset": "en16931",
        "path": "/Invoice/cac:LegalMonetaryTotal[1]",
        "terms": ("BT-106",),
        "values": {"BT-106": "100.00"},
        "message": "The sum must be right.",
        "hint": "Add up.",
    }
    return Finding(rule=rule, severity=severity, line=line, **{**values, **changes})


def report(*findings: Finding, **changes: Any) -> Report:
    values: dict[str, Any] = {
        "file": "a.xml",
        "format": "ubl-invoice",
        "profile": "urn:cen.eu:en16931:2017",
        "rulesets": ("en16931",),
        "schema_valid": True,
        "valid": not any(item.severity == "fatal" for item in findings),
        "error": None,
        "elapsed_ms": 1.5,
    }
    return Report(findings=findings, **{**values, **changes})


GOOD = report()
BAD = report(finding(), finding("SCHEMA", line=3, ruleset="schema"), finding("UBL-CR-001", "warning"), file="b c.xml")
MILD = report(finding("UBL-CR-001", "warning"), finding("I-1", "information", line=None), file="c.xml")
UNREAD = report(file="d.xml", format=None, profile=None, rulesets=(), valid=False, error="Not whole.")
SKIPPED = report(file="e.xml", valid=False, not_checked=(NotChecked("peppol", "It cannot run."),))
EVIL = report(
    finding(
        NASTY,
        message=NASTY,
        hint=NASTY,
        path=f"/{NASTY}",
        ruleset=NASTY,
        values={NASTY: NASTY},
    ),
    file=NASTY,
    not_checked=(NotChecked(NASTY, NASTY),),
)
ALL = (GOOD, BAD, MILD, UNREAD, SKIPPED)


def written(name: str, *reports: Report, **style: Any) -> str:
    made = writer(name, Style(**{"several": len(reports) != 1, **style}))
    return made.begin() + "".join(made.report(item) for item in reports) + made.end()


@pytest.fixture(autouse=True)
def _explained(monkeypatch: pytest.MonkeyPatch) -> None:
    def explain(rule_id: str) -> list[RuleText]:
        if rule_id != "BR-CO-10":
            raise UsageError(f"There is no rule {rule_id}.")
        return [RuleText(rule_id, "en16931", "1.3.16", {"ubl": "fatal"}, (), "Title", "Message.", "Hint.")]

    monkeypatch.setattr(rules, "explain", explain, raising=False)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_input_gives_the_same_text(name: str) -> None:
    assert written(name, *ALL) == written(name, *ALL)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_at_all_is_written_soundly(name: str) -> None:
    text = written(name)
    if name in ("junit", "svrl"):
        etree.fromstring(text.encode())
    elif name in ("json", "sarif"):
        json.loads(text)


@pytest.mark.parametrize(("fail_on", "failing"), [("error", "bde"), ("warning", "bcde")])
def test_what_fails(fail_on: str, failing: str) -> None:
    assert "".join(str(item.file)[0] for item in ALL if fails(item, fail_on)) == failing


# JSON


def test_json_lines() -> None:
    lines = written("jsonl", *ALL).splitlines()
    assert [json.loads(line)["file"] for line in lines] == [item.file for item in ALL]
    assert json.loads(lines[1])["findings"][0] == {
        "rule": "BR-CO-10",
        "severity": "fatal",
        "ruleset": "en16931",
        "path": "/Invoice/cac:LegalMonetaryTotal[1]",
        "line": 12,
        "terms": ["BT-106"],
        "values": {"BT-106": "100.00"},
        "message": "The sum must be right.",
        "hint": "Add up.",
    }
    assert json.loads(written("json", *ALL)) == [json.loads(line) for line in lines]


# Text


def test_text_tells_what_was_not_done() -> None:
    text = written("text", *ALL)
    assert "d.xml: could not be read: Not whole.\n" in text
    assert "e.xml: not fully checked  (ubl-invoice, en16931)\n  not checked peppol: It cannot run.\n" in text
    assert "c.xml: valid, 1 warning, 1 information  (ubl-invoice, en16931)\n" in text
    assert text.endswith("\n2 of 5 valid, 1 could not be read\n")
    assert written("text", MILD, GOOD, fail_on="warning").endswith("\n1 of 2 valid\n")


def test_text_has_document_order() -> None:
    lines = written("text", BAD).splitlines()
    assert [line.split()[1].strip(",") for line in lines if ", line" in line] == [
        "SCHEMA",
        "BR-CO-10",
        "UBL-CR-001",
    ]


def test_text_counts_what_repeats() -> None:
    many = report(*(finding(line=n, values={}, hint="", path="") for n in range(1000, 0, -1)), finding("X-1"))
    lines = written("text", many).splitlines()
    assert lines[0] == "a.xml: invalid, 1001 fatal  (ubl-invoice, en16931)"
    assert lines[1:4] == [f"  fatal BR-CO-10, line {n}: The sum must be right." for n in (1, 2, 3)]
    assert lines[4] == ("    ... and 997 more places: lines 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, ...")
    assert lines[5].startswith("  fatal X-1, line 12")
    few = report(*(finding(line=7) for _ in range(4)))
    assert "    ... and 1 more place: line 7\n" in written("text", few)
    nowhere = report(*(finding(line=None) for _ in range(5)))
    assert "    ... and 2 more places\n" in written("text", nowhere)


def test_text_is_coloured_only_when_asked() -> None:
    assert "\x1b" not in written("text", *ALL)
    assert "\x1b[31;1m" in written("text", *ALL, colour=True)


def test_text_cannot_command_a_terminal() -> None:
    text = written("text", EVIL)
    assert not {"\x1b", "\x9b", "\ud800"} & set(text)


def test_text_cuts_long_values() -> None:
    assert f'"{"x" * 80}..."' in written("text", report(finding(values={"BT-22": "x" * 5000})))


# XML and HTML


@pytest.mark.parametrize("name", ["junit", "svrl"])
@pytest.mark.parametrize("reports", [(EVIL,), (EVIL, *ALL)], ids=len)
def test_xml_is_safe(name: str, reports: tuple[Report, ...]) -> None:
    root = etree.fromstring(written(name, *reports).encode())
    assert not root.xpath("//b")
    assert NASTY.replace("\x1b", "\ufffd").replace("\ud800", "\ufffd") in [
        value for node in root.iter() for value in node.attrib.values()
    ]


def test_junit() -> None:
    root = etree.fromstring(written("junit", *ALL).encode())
    suites = root.findall("testsuite")
    counts = [[suite.get(name) for name in ("name", "tests", "failures", "errors")] for suite in suites]
    assert counts == [
        ["a.xml", "1", "0", "0"],
        ["b c.xml", "3", "2", "0"],
        ["c.xml", "3", "0", "0"],
        ["d.xml", "1", "0", "1"],
        ["e.xml", "1", "0", "1"],
    ]
    assert all(int(suite.get("tests") or 0) == len(suite.findall("testcase")) for suite in suites)
    (case,) = suites[1].xpath("testcase[@name='BR-CO-10']")
    assert case.get("classname") == "en16931"
    assert case.find("failure").get("message") == "The sum must be right."
    assert case.findtext("failure").startswith("line 12: /Invoice/cac:LegalMonetaryTotal[1]: The sum")
    assert suites[3].find("testcase/error").get("message") == "Not whole."
    assert suites[4].find("testcase/error").get("message") == "It cannot run."


def test_junit_fails_on_warnings_when_asked() -> None:
    suite = etree.fromstring(written("junit", MILD, fail_on="warning").encode()).find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("tests")) == ("1", "2")


def test_junit_gives_a_reason_for_every_failed_document() -> None:
    odd = report(valid=False)
    suite = etree.fromstring(written("junit", odd).encode()).find("testsuite")
    assert suite is not None
    assert (suite.get("failures"), suite.get("tests")) == ("1", "1")


def test_svrl_of_one_document() -> None:
    root = etree.fromstring(written("svrl", BAD).encode())
    assert root.tag == f"{SVRL}schematron-output"
    assert [node.get("id") for node in root.iter(f"{SVRL}active-pattern")] == ["en16931", "schema"]
    failed = root.findall(f"{SVRL}failed-assert")
    assert [(node.get("id"), node.get("flag")) for node in failed] == [
        ("BR-CO-10", "fatal"),
        ("UBL-CR-001", "warning"),
        ("SCHEMA", "fatal"),
    ]
    assert failed[0].get("location") == "/*:Invoice/cac:LegalMonetaryTotal[1]"
    assert failed[0].findtext(f"{SVRL}text") == "The sum must be right."
    assert [node.text for node in failed[0].iter(f"{SVRL}diagnostic-reference")] == ["12", "Add up."]


def test_svrl_of_several_documents() -> None:
    root = etree.fromstring(written("svrl", *ALL).encode())
    assert root.tag == "validation-reports"
    counts = [len(output.findall(f"{SVRL}failed-assert")) for output in root]
    assert counts == [0, 3, 2, 1, 1]


class Page(HTMLParser):
    """Counts tags and collects text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name in ("src", "href", "onload") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("reports", [ALL, (EVIL,), ()], ids=len)
def test_html_is_one_safe_page(reports: tuple[Report, ...]) -> None:
    text = written("html", *reports)
    page = Page()
    page.feed(text)
    page.close()
    assert not {"b", "script", "link", "img"} & set(page.tags)
    assert page.tags.count("section") == len(reports)
    assert "url(" not in text
    assert "http" not in text


def test_html_tells_everything() -> None:
    page = Page()
    page.feed(written("html", *ALL))
    for words in ("2 of 5 valid, 1 could not be read", "BR-CO-10", "100.00", "Not whole.", "It cannot run."):
        assert words in page.text


# SARIF


def test_sarif() -> None:
    log = json.loads(written("sarif", *ALL))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] == "billingua"
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert set(result) == {"ruleId", "ruleIndex", "level", "message", "locations", "properties"}
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("BR-CO-10", "error")
    assert first["message"] == {"text": "The sum must be right. Add up."}
    assert first["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "b%20c.xml"}, "region": {"startLine": 12}},
            "logicalLocations": [{"fullyQualifiedName": "/Invoice/cac:LegalMonetaryTotal[1]", "kind": "element"}],
        }
    ]
    assert [result["level"] for result in run["results"]] == ["error", "error", "warning", "warning", "note"]
    assert "region" not in run["results"][-1]["locations"][0]["physicalLocation"]
    assert [rule["id"] for rule in driver["rules"]] == ["BR-CO-10", "SCHEMA", "UBL-CR-001", "I-1"]
    assert driver["rules"][0]["shortDescription"] == {"text": "Title"}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    said = [note["message"]["text"] for note in invocation["toolExecutionNotifications"]]
    assert said == ["Not whole.", "Not checked: peppol: It cannot run."]


def test_sarif_of_good_documents() -> None:
    run = json.loads(written("sarif", GOOD))["runs"][0]
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a/b.xml", "a/b.xml"),
        ("-", "stdin"),
        ("/tmp/a b.xml", "file:///tmp/a%20b.xml"),
        ("C:x.xml", "C%3Ax.xml"),
        ("50%.xml", "50%25.xml"),
    ],
)
def test_sarif_names_files_as_uris(name: str, uri: str) -> None:
    run = json.loads(written("sarif", report(finding(), file=name)))["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": uri}
