"""A report, written for people and for machines: a file a format.

Every writer is a stream: `begin` once, `report` for each document as soon as its verdict is there, `end`
once. Each returns text to be written as it is ("" for nothing). No writer keeps more than counts, and the
rules it has named.
"""

from abc import ABC, abstractmethod
from importlib import import_module
from typing import NamedTuple

from billingua.engine.report import Report

__all__ = ["FORMATS", "Style", "Writer", "fails", "writer"]


class Style(NamedTuple):
    """What a writer may take into account.

    `several`: whether there is more than one document; `colour`: whether the reader is a terminal; `fail_on`:
    the mildest severity that fails a document, "error" (as the verdict has it) or "warning".
    """

    several: bool = False
    colour: bool = False
    fail_on: str = "error"


class Writer(ABC):
    """What every report format does, and says nothing where it has nothing to say."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def begin(self) -> str:
        """What stands before the first document."""
        return ""

    @abstractmethod
    def report(self, report: Report) -> str:
        """What is said of one document."""

    def end(self) -> str:
        """What stands after the last document."""
        return ""


FORMATS = {
    "text": ("text", "TextWriter"),
    "json": ("jsonl", "JsonWriter"),
    "jsonl": ("jsonl", "JsonLinesWriter"),
    "junit": ("junit", "JUnitWriter"),
    "sarif": ("sarif", "SarifWriter"),
    "svrl": ("svrl", "SvrlWriter"),
    "html": ("html", "HtmlWriter"),
}
"""Name of a report format -> module and class. A module is imported when its format is asked for."""


def writer(name: str, style: Style | None = None) -> Writer:
    """A new writer of a format of `FORMATS`."""
    module, kind = FORMATS[name]
    made: Writer = getattr(import_module(f"{__name__}.{module}"), kind)(style or Style())
    return made


def fails(report: Report, fail_on: str) -> bool:
    """Whether a document does not pass: it is not valid, or has a finding of the severity asked for."""
    return not report.valid or (
        fail_on == "warning" and any(finding.severity == "warning" for finding in report.findings)
    )
