"""JUnit XML, as build servers show it: a suite a document, a test case a rule that has something to say.

A document without findings has one case, `document`, that passes. A fatal finding is a failure (with
`--fail-on warning` a warning too), a milder one a passed case with a note; what was not checked or not
readable is an error.
"""

from billingua.engine.report import Finding, Report
from billingua.reports import Writer, fails
from billingua.reports.markup import attributes, escape

__all__ = ["JUnitWriter"]


class JUnitWriter(Writer):
    """One `testsuites` element; its totals stand on the suites, which are written as they come."""

    def begin(self) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="billingua">\n'

    def report(self, report: Report) -> str:
        cases = [self._document(report)]
        rules: dict[tuple[str, str, str], list[Finding]] = {}
        for finding in report.findings:
            rules.setdefault((finding.ruleset, finding.rule, finding.severity), []).append(finding)
        failed = errors = 0
        for (ruleset, rule, severity), findings in rules.items():
            failing = severity == "fatal" or (severity == "warning" and self.style.fail_on == "warning")
            failed += failing
            cases.append(_case(ruleset, rule, severity, findings, failing))
        problems = [("not-readable", "document", report.error)] if report.error is not None else []
        problems += [("not-checked", item.layer, item.reason) for item in report.not_checked]
        for kind, name, reason in problems:
            errors += 1
            cases.append(
                f"    <testcase{attributes(classname=kind, name=name)}>"
                f"<error{attributes(type=kind, message=reason)}/></testcase>\n"
            )
        passed = not fails(report, self.style.fail_on)
        if not passed and not failed and not errors:
            failed = 1
        count = len(cases) if cases[0] else len(cases) - 1
        name = report.file or "-"
        suite = attributes(
            name=name, tests=count, failures=failed, errors=errors, time=f"{report.elapsed_ms / 1000:.6f}"
        )
        return f"  <testsuite{suite}>\n{''.join(cases)}  </testsuite>\n"

    def end(self) -> str:
        return "</testsuites>\n"

    def _document(self, report: Report) -> str:
        """The case that stands for the document as a whole; left out where others tell why it fails."""
        if not fails(report, self.style.fail_on):
            return f"    <testcase{attributes(classname=report.format or 'document', name='document')}/>\n"
        if report.findings or report.not_checked or report.error is not None:
            return ""
        return (
            f"    <testcase{attributes(classname=report.format or 'document', name='document')}>"
            f'<failure type="invalid" message="The document is not valid."/></testcase>\n'
        )


def _case(ruleset: str, rule: str, severity: str, findings: list[Finding], failing: bool) -> str:
    places = "\n".join(_place(finding) for finding in findings)
    if failing:
        body = f"<failure{attributes(type=severity, message=findings[0].message)}>{escape(places)}</failure>"
    else:
        body = f"<system-out>{escape(f'{severity}: {places}')}</system-out>"
    return f"    <testcase{attributes(classname=ruleset, name=rule)}>{body}</testcase>\n"


def _place(finding: Finding) -> str:
    line = f"line {finding.line}: " if finding.line else ""
    seen = "".join(f' [{term} "{value}"]' for term, value in finding.values.items())
    hint = f" {finding.hint}" if finding.hint else ""
    return f"{line}{finding.path}: {finding.message}{seen}{hint}"
