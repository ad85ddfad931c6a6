"""The report for people: a document at a time, findings in its order, a rule at many places told once."""

from collections import Counter
from collections.abc import Iterator

from billingua.engine.report import Finding, Report
from billingua.engine.shown import printable
from billingua.reports import Style, Writer, fails

__all__ = ["PLACES", "TextWriter"]

PLACES = 3
"""So many places of one rule are told in full; the others are counted."""

_LINES = 12
_VALUE = 80
_BOLD, _DIM, _RED, _GREEN, _YELLOW, _CYAN = "1", "2", "31", "32", "33", "36"
"""What terminals do with text (ECMA-48, SGR)."""

_COLOURS = {"fatal": _RED, "warning": _YELLOW, "information": _CYAN}
_PLURALS = {"fatal": "fatal", "warning": "warnings", "information": "information"}


class TextWriter(Writer):
    """A line a document, its findings below it, a total at the end."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._count = self._passed = self._unread = 0

    def report(self, report: Report) -> str:
        self._count += 1
        self._passed += not fails(report, self.style.fail_on)
        self._unread += report.error is not None
        lines = [self._head(report), *self._body(report)]
        if len(lines) > 1 and self.style.several:
            lines.append("")
        return "\n".join(lines) + "\n"

    def end(self) -> str:
        if not self.style.several:
            return ""
        all_well = self._passed == self._count
        text = f"{self._passed} of {self._count} valid"
        if self._unread:
            text += f", {self._unread} could not be read"
        return self._paint(text, _GREEN if all_well else _RED, _BOLD) + "\n"

    def _paint(self, text: str, *effects: str) -> str:
        return f"\x1b[{';'.join(effects)}m{text}\x1b[0m" if self.style.colour else text

    def _head(self, report: Report) -> str:
        name = self._paint(printable(report.file or "-"), _BOLD)
        if report.error is not None:
            return f"{name}: {self._paint('could not be read', _RED, _BOLD)}: {printable(report.error)}"
        counts = Counter(finding.severity for finding in report.findings)
        if report.valid:
            verdict = self._paint("valid", _GREEN, _BOLD)
        elif counts["fatal"] or report.schema_valid is False or not report.not_checked:
            verdict = self._paint("invalid", _RED, _BOLD)
        else:
            verdict = self._paint("not fully checked", _RED, _BOLD)
        told = ", ".join(
            f"{count} {severity if count == 1 else _PLURALS[severity]}"
            for severity in _COLOURS
            if (count := counts[severity])
        )
        what = ", ".join(part for part in (report.format, *report.rulesets) if part)
        return f"{name}: {verdict}{f', {told}' if told else ''}  {self._paint(f'({what})', _DIM)}"

    def _body(self, report: Report) -> Iterator[str]:
        findings = sorted(report.findings, key=lambda finding: finding.line or 0)
        places: dict[tuple[str, str, str], list[Finding]] = {}
        for finding in findings:
            places.setdefault(_rule(finding), []).append(finding)
        told: Counter[tuple[str, str, str]] = Counter()
        for finding in findings:
            key = _rule(finding)
            told[key] += 1
            if told[key] <= PLACES:
                yield from self._finding(finding)
            if told[key] == PLACES and len(places[key]) > PLACES:
                yield self._paint(f"    ... and {_more(places[key][PLACES:])}", _DIM)
        for item in report.not_checked:
            label = self._paint("not checked", _RED, _BOLD)
            yield f"  {label} {printable(item.layer)}: {printable(item.reason)}"

    def _finding(self, finding: Finding) -> Iterator[str]:
        severity = self._paint(finding.severity, _COLOURS[finding.severity], _BOLD)
        line = f", line {finding.line}" if finding.line else ""
        yield f"  {severity} {self._paint(printable(finding.rule), _BOLD)}{line}: {printable(finding.message)}"
        if finding.values:
            seen = ", ".join(f'{printable(term)} "{_short(value)}"' for term, value in finding.values.items())
            yield f"    seen: {seen}"
        if finding.hint:
            yield f"    {self._paint('fix:', _GREEN)}  {printable(finding.hint)}"
        if finding.path:
            yield self._paint(f"    at:   {printable(finding.path)}", _DIM)


def _rule(finding: Finding) -> tuple[str, str, str]:
    return finding.ruleset, finding.rule, finding.severity


def _more(findings: list[Finding]) -> str:
    """`997 more places: lines 12, 40, ...`."""
    text = "1 more place" if len(findings) == 1 else f"{len(findings)} more places"
    lines = list(dict.fromkeys(finding.line for finding in findings if finding.line))
    if not lines:
        return text
    shown = ", ".join(str(line) for line in lines[:_LINES])
    return f"{text}: {'line' if len(lines) == 1 else 'lines'} {shown}{', ...' if len(lines) > _LINES else ''}"


def _short(value: str) -> str:
    text = printable(value)
    return text if len(text) <= _VALUE else text[:_VALUE] + "..."
