"""JSON: one object a document, a line each (`jsonl`), or the same objects in one array (`json`)."""

from billingua.engine.report import Report
from billingua.reports import Writer

__all__ = ["JsonLinesWriter", "JsonWriter"]


class JsonLinesWriter(Writer):
    """One object a line, in input order, and nothing else."""

    def report(self, report: Report) -> str:
        return report.to_json().decode() + "\n"


class JsonWriter(Writer):
    """One array, an object a line."""

    _separator = ""

    def begin(self) -> str:
        return "["

    def report(self, report: Report) -> str:
        text = f"{self._separator}\n{report.to_json().decode()}"
        self._separator = ","
        return text

    def end(self) -> str:
        return "\n]\n"
