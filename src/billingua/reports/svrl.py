"""SVRL, the report language of ISO Schematron: a `schematron-output` a document, a pattern a rule set.

Several documents are wrapped in one element `validation-reports` of no namespace. SVRL has no line numbers:
the line and the hint are given as diagnostics. A document that could not be read, and a layer that could not
be checked, are failed assertions too, so that a reader who only counts those is not misled.
"""

import re
from collections.abc import Iterator

from billingua.engine.report import Finding, Report
from billingua.reports import Writer
from billingua.reports.markup import attributes, by_ruleset, escape

__all__ = ["SvrlWriter"]

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_CII = "urn:un:unece:uncefact:data:standard:"
_PREFIXES = {
    "cac": f"{_UBL}CommonAggregateComponents-2",
    "cbc": f"{_UBL}CommonBasicComponents-2",
    "ext": f"{_UBL}CommonExtensionComponents-2",
    "rsm": f"{_CII}CrossIndustryInvoice:100",
    "ram": f"{_CII}ReusableAggregateBusinessInformationEntity:100",
    "qdt": f"{_CII}QualifiedDataType:100",
    "udt": f"{_CII}UnqualifiedDataType:100",
}
_PLAIN_STEP = re.compile(r"/(?=[^\W\d][\w.-]*(?:[\[/]|$))")


class SvrlWriter(Writer):
    """Writes SVRL with the prefixes that paths in reports use."""

    def begin(self) -> str:
        head = '<?xml version="1.0" encoding="UTF-8"?>\n'
        return head + "<validation-reports>\n" if self.style.several else head

    def report(self, report: Report) -> str:
        return "".join(_lines(report))

    def end(self) -> str:
        return "</validation-reports>\n" if self.style.several else ""


def _lines(report: Report) -> Iterator[str]:
    namespace = 'xmlns:svrl="http://purl.oclc.org/dsdl/svrl"'
    yield f"<svrl:schematron-output {namespace}{attributes(title=report.file, phase=report.profile)}>\n"
    for prefix, uri in _PREFIXES.items():
        yield f"  <svrl:ns-prefix-in-attribute-values{attributes(prefix=prefix, uri=uri)}/>\n"
    for ruleset in by_ruleset(report):
        yield from _pattern(ruleset, report.file)
        for finding in report.findings:
            if finding.ruleset == ruleset:
                yield from _failed(finding)
    problems = [("NOT-READABLE", report.error)] if report.error is not None else []
    problems += [("NOT-CHECKED", f"{item.layer}: {item.reason}") for item in report.not_checked]
    if problems:
        yield from _pattern("not-checked", report.file)
    for name, text in problems:
        yield (
            f"  <svrl:failed-assert{attributes(id=name, test=name, flag='fatal', location='/')}>"
            f"<svrl:text>{escape(text)}</svrl:text></svrl:failed-assert>\n"
        )
    yield "</svrl:schematron-output>\n"


def _pattern(name: str, file: str | None) -> Iterator[str]:
    yield f"  <svrl:active-pattern{attributes(id=name, document=file)}/>\n"
    yield '  <svrl:fired-rule context="/"/>\n'


def _failed(finding: Finding) -> Iterator[str]:
    location = _PLAIN_STEP.sub("/*:", finding.path) or "/"
    about = attributes(id=finding.rule, test=finding.rule, flag=finding.severity, location=location)
    yield f"  <svrl:failed-assert{about}><svrl:text>{escape(finding.message)}</svrl:text>"
    for name, text in (("line", str(finding.line or "")), ("hint", finding.hint)):
        if text:
            diagnostic = attributes(diagnostic=name)
            yield f"<svrl:diagnostic-reference{diagnostic}>{escape(text)}</svrl:diagnostic-reference>"
    yield "</svrl:failed-assert>\n"
