"""DodatkowyOpis on the way back: keys that are terms return to their term, the others become notes."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from billingua.formats.fa.mapping.ledger import View
from billingua.model import Term, terms

__all__ = ["Described", "number_in", "put", "value_of"]

_KEY = re.compile(r"(B[TG]-\d+(?:-\d)?)(?:/(.+))?", re.DOTALL)
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
_NUMBERS = {"amount", "unit price amount", "quantity", "percentage"}

Record = dict[str, Any]


class _Entry:
    def __init__(self, view: View) -> None:
        self.view = view
        self.line: int | None = view.see("line_number")
        match = _KEY.fullmatch(view.see("key") or "")
        self.term = match[1] if match and match[1] in terms() else ""
        self.qualifier: str | None = match[2] if match else None

    def take(self) -> str:
        self.view.take("line_number")
        self.view.take("key")
        return self.view.take("value") or ""


class Described:
    """The descriptions of an invoice that nothing has used yet."""

    def __init__(self, views: list[View]) -> None:
        self._open: dict[int | None, list[_Entry]] = {}
        for view in views:
            entry = _Entry(view)
            self._open.setdefault(entry.line, []).append(entry)

    def take(self, term: str, line: int | None = None, qualifier: str | None = None) -> str | None:
        """The first value described for a term; None where there is none."""
        found = self.take_all(term, line, once=True, qualifier=qualifier)
        return found[0][1] if found else None

    def take_all(
        self, term: str, line: int | None = None, *, once: bool = False, qualifier: str | None = None
    ) -> list[tuple[str | None, str]]:
        """Qualifier (a scheme or the like) and value of each description of a term."""
        found = []
        for entry in list(self._open.get(line, ())):
            if entry.term == term and qualifier in (None, entry.qualifier):
                self._open[line].remove(entry)
                found.append((entry.qualifier, entry.take()))
                if once:
                    break
        return found

    def apply(self, record: Record, line: int | None = None) -> None:
        """Put what is described where its term is in a record: that of the invoice, or of one line."""
        for entry in list(self._open.get(line, ())):
            if entry.term and self._put(entry, record, line is not None):
                self._open[line].remove(entry)
                entry.take()

    @staticmethod
    def _put(entry: _Entry, record: Record, in_line: bool) -> bool:
        term = terms()[entry.term]
        text = entry.view.see("value") or ""
        if in_line and entry.term == "BG-32" and entry.qualifier:
            attributes = record.setdefault("item", {}).setdefault("attributes", [])
            attributes.append({"name": entry.qualifier, "value": text})
            return True
        if in_line and entry.term == "BT-158-2":
            return _put_version(record, text)
        value = value_of(term, text)
        path = term.attribute
        if value is None or term.type == "group" or path.startswith("lines[].") is not in_line:
            return False
        path = path.removeprefix("lines[].")
        if path.endswith("identifiers[].value"):
            scheme, _, version = (entry.qualifier or "").partition("/")
            _append(record, path.removesuffix("[].value"), value, scheme, version)
            return True
        if path.startswith(("notes[]", "supporting_documents[]", "payment.credit_transfers[]", "allowances[]")):
            return _put_in_list(record, path, value, entry.qualifier, starts=term.mandatory and "allow" not in path)
        if "[]" in path:
            return False
        if not put(record, path, value):
            return False
        if path.endswith(".value") and entry.qualifier:
            put(record, path.removesuffix("value") + "scheme_id", entry.qualifier)
        return True

    def rest(self) -> Iterator[tuple[int | None, str]]:
        """What is left as `key: value`, each with the number of its line."""
        for line, entries in self._open.items():
            for entry in entries:
                yield line, f"{entry.view.see('key') or ''}: {entry.take()}"
        self._open = {}


def number_in(text: str | None) -> Decimal | None:
    """The number that a description writes; None where it writes none."""
    return Decimal(text) if text is not None and _NUMBER.fullmatch(text) else None


def value_of(term: Term, text: str) -> Any:
    """A text as the type of a term has it; None where it cannot be."""
    if term.type == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if term.type in _NUMBERS:
        return number_in(text)
    return None if term.type == "binary object" else text or None


def put(record: Record, path: str, value: Any) -> bool:
    """Enter a value at a path of nested records; False where there is one."""
    *groups, name = path.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    if record.get(name) is not None:
        return False
    record[name] = value
    return True


def _put_version(line: Record, version: str) -> bool:
    """Enter the version of a list of classifications where it says more than is there: `PKWiU 2015` for `PKWiU`."""
    for one in line.get("item", {}).get("classification_identifiers", ()):
        if version.startswith(one.get("scheme_version", "")):
            one["scheme_version"] = version
            return True
    return False


def _append(record: Record, path: str, value: str, scheme: str, version: str) -> None:
    *groups, name = path.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    record.setdefault(name, []).append(
        {
            "value": value,
            **({"scheme_id": scheme} if scheme else {}),
            **({"scheme_version": version} if version else {}),
        }
    )


def _put_in_list(record: Record, path: str, value: Any, qualifier: str | None, starts: bool) -> bool:
    """Enter a value of a group that repeats: the term that it cannot be without opens a new one."""
    before, _, name = path.partition("[].")
    *groups, collection = before.split(".")
    for group in groups:
        record = record.setdefault(group, {})
    entries = record.setdefault(collection, [])
    if starts or not entries:
        entries.append({})
    if name in entries[-1]:
        return False
    entries[-1][name] = value
    if collection == "notes" and qualifier:
        entries[-1]["subject_code"] = qualifier
    return True
