"""SARIF 2.1.0, as code scanning services read it.

Results are written as they come; the rules they refer to (by index) and the notifications follow at the end,
so that memory does not grow with the number of documents. A document that could not be read and a layer that
could not be checked are tool notifications, and then `executionSuccessful` is false.
"""

from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import msgspec

from billingua import __version__
from billingua.engine.report import Finding, Report
from billingua.reports import Style, Writer

__all__ = ["SarifWriter"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"fatal": "error", "warning": "warning", "information": "note"}


class SarifWriter(Writer):
    """One run of the tool billingua."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._rules: dict[tuple[str, str], int] = {}
        self._descriptors: list[dict[str, Any]] = []
        self._notifications: list[dict[str, Any]] = []
        self._separator = ""

    def begin(self) -> str:
        return f'{{"$schema":"{_SCHEMA}","version":"2.1.0","runs":[{{"results":['

    def report(self, report: Report) -> str:
        place = {"uri": _uri(report.file)}
        problems = [report.error] if report.error is not None else []
        problems += [f"Not checked: {item.layer}: {item.reason}" for item in report.not_checked]
        for problem in problems:
            self._notifications.append(
                {
                    "level": "error",
                    "message": {"text": problem},
                    "locations": [{"physicalLocation": {"artifactLocation": place}}],
                }
            )
        return "".join(self._result(finding, place) for finding in report.findings)

    def end(self) -> str:
        driver = {
            "name": "billingua",
            "semanticVersion": __version__,
            "rules": self._descriptors,
        }
        invocation: dict[str, Any] = {"executionSuccessful": not self._notifications}
        if self._notifications:
            invocation["toolExecutionNotifications"] = self._notifications
        rest = {"tool": {"driver": driver}, "invocations": [invocation], "columnKind": "unicodeCodePoints"}
        return f"\n],{msgspec.json.encode(rest).decode()[1:]}]}}\n"

    def _result(self, finding: Finding, place: dict[str, str]) -> str:
        physical: dict[str, Any] = {"artifactLocation": place}
        if finding.line:
            physical["region"] = {"startLine": finding.line}
        message = f"{finding.message} {finding.hint}" if finding.hint else finding.message
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self._index(finding),
            "level": _LEVELS[finding.severity],
            "message": {"text": message},
            "locations": [
                {
                    "physicalLocation": physical,
                    "logicalLocations": [{"fullyQualifiedName": finding.path, "kind": "element"}],
                }
            ],
            "properties": {"ruleset": finding.ruleset, "terms": finding.terms, "values": finding.values},
        }
        text = f"{self._separator}\n{msgspec.json.encode(result).decode()}"
        self._separator = ","
        return text

    def _index(self, finding: Finding) -> int:
        """The place of the finding's rule among the rules of the run."""
        key = (finding.ruleset, finding.rule)
        if key not in self._rules:
            self._rules[key] = len(self._descriptors)
            self._descriptors.append(_descriptor(finding))
        return self._rules[key]


def _descriptor(finding: Finding) -> dict[str, Any]:
    """What is said of a rule; more than its id only where a rule set of ours explains it."""
    from billingua import rules
    from billingua.errors import UsageError

    descriptor: dict[str, Any] = {"id": finding.rule, "properties": {"tags": [finding.ruleset]}}
    try:
        texts = [text for text in rules.explain(finding.rule) if f"{finding.ruleset}-".startswith(f"{text.ruleset}-")]
    except UsageError:
        texts = []
    if texts:
        descriptor["shortDescription"] = {"text": texts[0].title}
        descriptor["fullDescription"] = {"text": texts[0].message}
        if texts[0].hint:
            descriptor["help"] = {"text": texts[0].hint}
    return descriptor


def _uri(file: str | None) -> str:
    """A file name as a URI reference: relative names stay relative to where the command ran."""
    if not file or file == "-":
        return "stdin"
    if PurePath(file).is_absolute():
        return Path(file).as_uri()
    path = quote(PurePath(file).as_posix())
    return f"./{path}" if ":" in path.split("/")[0] else path
