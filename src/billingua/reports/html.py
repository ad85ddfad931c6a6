"""One page of HTML that needs nothing else: no scripts, no fonts and no pictures from anywhere.

The total is written last, because it is known last, and shown first by the style sheet.
"""

from collections.abc import Iterator

from billingua.engine.report import Finding, Report
from billingua.reports import Style, Writer, fails
from billingua.reports.markup import attributes, escape

__all__ = ["HtmlWriter"]

_HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Validation report</title>
<style>
:root { color-scheme: light dark; --ok: #1a7f37; --bad: #c62828; --mild: #9a6700; --soft: #80808055; }
@media (prefers-color-scheme: dark) { :root { --ok: #57ab5a; --bad: #ff7b72; --mild: #d4a72c; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  display: flex; flex-direction: column; }
header { order: -1; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
section { border: 1px solid var(--soft); border-left: .4rem solid var(--ok); border-radius: .3rem;
  padding: .8rem 1rem; margin: .5rem 0; }
section.bad { border-left-color: var(--bad); }
.about, .path, dt { opacity: .75; font-size: .9rem; }
ol { padding-left: 0; list-style: none; }
li { border-top: 1px solid var(--soft); padding: .6rem 0; }
li p { margin: .2rem 0; }
.severity { font-weight: 600; }
.fatal { color: var(--bad); }
.warning { color: var(--mild); }
.valid { color: var(--ok); }
code, .path { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: .2rem 0; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
</style>
</head>
<body>
"""


class HtmlWriter(Writer):
    """A section a document."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._count = self._passed = self._unread = 0

    def begin(self) -> str:
        return _HEAD

    def report(self, report: Report) -> str:
        self._count += 1
        self._unread += report.error is not None
        passed = not fails(report, self.style.fail_on)
        self._passed += passed
        return "".join(f"{line}\n" for line in _section(report, passed))

    def end(self) -> str:
        total = f"{self._passed} of {self._count} valid"
        if self._unread:
            total += f", {self._unread} could not be read"
        verdict = "valid" if self._passed == self._count else "fatal"
        return (
            f'<header>\n<h1>Validation report</h1>\n<p class="severity {verdict}">{total}</p>\n</header>\n'
            "</body>\n</html>\n"
        )


def _section(report: Report, passed: bool) -> Iterator[str]:
    yield f"<section{'' if passed else attributes(class_='bad')}>"
    yield f"<h2>{escape(report.file or '-')}</h2>"
    if report.error is not None:
        yield f'<p class="severity fatal">could not be read</p>\n<p>{escape(report.error)}</p>\n</section>'
        return
    kind = "valid" if report.valid else "fatal"
    yield f'<p><span class="severity {kind}">{"valid" if report.valid else "not valid"}</span>'
    about = [report.format, report.profile, *report.rulesets]
    yield f'<span class="about">{escape(" · ".join(part for part in about if part))}</span></p>'
    if report.findings or report.not_checked:
        yield "<ol>"
        for finding in report.findings:
            yield from _finding(finding)
        for item in report.not_checked:
            yield f'<li><span class="severity fatal">not checked</span> <code>{escape(item.layer)}</code>'
            yield f"<p>{escape(item.reason)}</p></li>"
        yield "</ol>"
    yield "</section>"


def _finding(finding: Finding) -> Iterator[str]:
    line = f", line {finding.line}" if finding.line else ""
    yield f'<li><span class="severity {escape(finding.severity)}">{escape(finding.severity)}</span>'
    yield f'<code>{escape(finding.rule)}</code>{line} <span class="about">{escape(finding.ruleset)}</span>'
    yield f"<p>{escape(finding.message)}</p>"
    if finding.values:
        yield "<dl>"
        for term, value in finding.values.items():
            yield f"<dt>{escape(term)}</dt><dd>{escape(value)}</dd>"
        yield "</dl>"
    if finding.hint:
        yield f"<p>{escape(finding.hint)}</p>"
    yield f'<p class="path">{escape(finding.path)}</p></li>'
