"""Secrets: texts that no log, error or `repr` shows."""

import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

__all__ = ["HIDDEN", "Secret", "without_secrets"]

HIDDEN = "***"
_SHORTEST = 4  # a shorter text would blank out half of an answer, and is no secret


class Secret:
    """A password, key or token. `reveal()` gives the text; printing, formatting and pickling do not."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"Secret({HIDDEN!r})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> tuple[type, tuple[str]]:
        raise TypeError("A Secret is not pickled: it would be readable in the file.")


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """A text with each secret that stands in it blanked out, as it is or as JSON or a URL writes it: services repeat
    what they were sent."""
    forms = {form for secret in secrets if len(secret) >= _SHORTEST for form in _written(secret)}
    for form in sorted(forms, key=len, reverse=True):  # one may be the beginning of another
        text = text.replace(form, HIDDEN)
    return text


def _written(secret: str) -> set[str]:
    plain, escaped = json.dumps(secret, ensure_ascii=False)[1:-1], json.dumps(secret)[1:-1]
    return {secret, plain, escaped, escaped.replace("/", "\\/"), quote(secret, safe=""), quote_plus(secret)}
