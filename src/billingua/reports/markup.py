"""What the XML and HTML reports share: text that is safe between tags and in attributes."""

import re
from collections.abc import Iterable

from billingua.engine.report import Report

__all__ = ["attributes", "by_ruleset", "escape"]

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#39;"}


def escape(text: str) -> str:
    """Text for element content or a quoted attribute; characters that XML cannot carry become U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text).translate(_ESCAPES)


def attributes(**values: object) -> str:
    """` name="value"` for each value that is not None; an underscore at the end of a name is dropped."""
    return "".join(f' {name.rstrip("_")}="{escape(str(value))}"' for name, value in values.items() if value is not None)


def by_ruleset(report: Report) -> Iterable[str]:
    """The names of the rule sets of a report, those asked first, then those that only findings name."""
    return dict.fromkeys((*report.rulesets, *(finding.ruleset for finding in report.findings)))
