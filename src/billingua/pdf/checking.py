"""Is a PDF file PDF/A? The verdict on ISO 19005-2 and -3, levels b, u and a."""

from time import perf_counter

from billingua.engine.report import Finding, Report
from billingua.errors import MissingExtra

__all__ = ["check"]


def check(pdf_bytes: bytes, flavour: str = "3b", name: str | None = None) -> Report:
    """Judge a PDF file by a part and conformance level of PDF/A: `3b`, `3u`, `3a`, `2b`, `2u` or `2a`.

    A finding names its clause and test (`PDFA-6.1.3-t01`), the object as `path` (`12 0 obj`), and the page among its
    `values`.

    Raises:
        UsageError: there is no such flavour.
        UnreadableInput: the bytes are no PDF, too damaged, or encrypted with a password.
        MissingExtra: a package of the extra `pdf` is not installed.
    """
    from billingua.pdf.document import open_pdf
    from billingua.pdf.pdfa import inspect
    from billingua.pdf.pdfa.inspected import Inspected
    from billingua.pdf.pdfa.level import parse
    from billingua.pdf.pdfa.texts import texts

    try:
        import fontTools  # noqa: F401
    except ImportError:
        raise MissingExtra("fonttools", "pdf", "Checking the fonts of a PDF") from None
    started = perf_counter()
    level = parse(flavour)
    ruleset = f"pdfa-{level}"
    worded = texts()
    findings = []
    with open_pdf(pdf_bytes, name or "", as_written=True) as pdf:
        file = Inspected(pdf_bytes, pdf, level)
        for breach in inspect(file):
            text = worded[f"PDFA-{breach.rule}"]
            values = dict(breach.values)
            if breach.page is not None:
                values["page"] = str(breach.page)
            detail = f" {breach.detail[0].upper()}{breach.detail[1:]}." if breach.detail else ""
            findings.append(
                Finding(
                    rule=text.id,
                    severity="fatal",
                    ruleset=ruleset,
                    path=breach.place,
                    line=None,
                    terms=(),
                    values=values,
                    message=text.message + detail,
                    hint=text.hint,
                )
            )
    return Report(
        file=name,
        format="pdf",
        profile=None,
        rulesets=(ruleset,),
        schema_valid=None,
        valid=not findings,
        error=None,
        elapsed_ms=(perf_counter() - started) * 1000,
        findings=tuple(findings),
    )
