"""What a validation says: findings, gathered in a report (contract: `--report jsonl`)."""

from typing import NamedTuple

__all__ = ["SCHEMA", "Finding", "NotChecked", "Report"]

SCHEMA = "SCHEMA"
"""The rule id under which structural (XSD) errors are reported."""


class Finding(NamedTuple):
    """One broken promise at one place.

    `rule` is the authority's id; `severity` is "fatal", "warning" or "information"; `path` is the node that the
    authority's artefact reports; `line` (from 1; None when unknown) is the line of the most telling element;
    `terms` are business terms (BT-/BG-); `values` the texts seen, by term.
    """

    rule: str
    severity: str
    ruleset: str
    path: str
    line: int | None
    terms: tuple[str, ...]
    values: dict[str, str]
    message: str
    hint: str


class NotChecked(NamedTuple):
    """A layer or rule set that was asked for and could not run, and why."""

    layer: str
    reason: str


class Report(NamedTuple):
    """The verdict on one document.

    `valid` means: schema-valid, no fatal finding, and nothing that was asked for left unchecked. `schema_valid` is
    None when the structure was not checked. `error` carries the message when the input could not be read at all.
    """

    file: str | None
    format: str | None
    profile: str | None
    rulesets: tuple[str, ...]
    schema_valid: bool | None
    valid: bool
    error: str | None
    elapsed_ms: float
    findings: tuple[Finding, ...]
    not_checked: tuple[NotChecked, ...] = ()

    def to_json(self) -> bytes:
        """The report as one line of JSON, UTF-8 (the `jsonl` report)."""
        import msgspec

        findings = [finding._asdict() for finding in self.findings]
        not_checked = [entry._asdict() for entry in self.not_checked]
        return msgspec.json.encode(self._asdict() | {"findings": findings, "not_checked": not_checked})
