"""The model as JSON: decoding with errors that name path and business term, encoding, JSON Schema."""

import re
from typing import Any, TypeVar

import msgspec

from billingua.errors import InvalidModel, UnreadableInput
from billingua.model.base import Group, Refused
from billingua.model.terms import attributes_below, term_at

__all__ = ["decode", "encode", "schema"]

_GroupT = TypeVar("_GroupT", bound=Group)

_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<path>.*)`)?", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`", re.DOTALL)
_WORDS = {"`": "", " | null": "", "decimal": "number", "str": "text", "array": "list"}
_LISTED = 20
_SEE_SCHEMA = "See the JSON Schema of the model."
_WRITE_IDENTIFIER = 'Write {"value": "..."}, with "scheme_id" where there is one.'
_BYTE = re.compile(r"(.*) \(byte (\d+)\)")


def decode(data: bytes | str, kind: type[_GroupT]) -> _GroupT:
    """A group of the given class from JSON text."""
    try:
        encoded = data.encode() if isinstance(data, str) else data
        return msgspec.json.decode(encoded.removeprefix(b"\xef\xbb\xbf"), type=kind)
    except msgspec.ValidationError as error:
        raise _invalid(error, kind) from None
    except msgspec.DecodeError as error:
        raise _unreadable(encoded, str(error)) from None
    except UnicodeError:
        raise UnreadableInput("The text is not UTF-8.", todo="Save it as UTF-8.") from None
    except RecursionError:
        raise UnreadableInput("The JSON is nested too deeply.", todo="An invoice needs six levels.") from None


def encode(group: Group, indent: int = 0) -> bytes:
    """A group as JSON, on one line or indented."""
    encoded = msgspec.json.encode(group)
    return msgspec.json.format(encoded, indent=indent) if indent else encoded


def schema(kind: type[Group]) -> dict[str, Any]:
    """The JSON Schema of a class, numbers allowed as JSON numbers and as strings."""
    adapted = _adapted(msgspec.json.schema(kind))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **adapted}


def _adapted(node: Any) -> Any:
    if isinstance(node, dict):
        if node.get("format") == "decimal":
            return {"type": ["string", "number"], "pattern": r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"}
        return {key: _adapted(value) for key, value in node.items()}
    return [_adapted(value) for value in node] if isinstance(node, list | tuple) else node


def _invalid(error: msgspec.ValidationError, kind: type[Group]) -> InvalidModel:
    match = _AT.fullmatch(str(error))
    what, path = (match["what"], match["path"] or "") if match else (str(error), "")
    cause = error.__cause__
    if isinstance(cause, Refused):
        path = _joined(path, cause.attribute)
        return InvalidModel(f"{_subject(path, kind)} {cause.problem}.", where=path, todo=cause.todo)
    if unknown := _UNKNOWN.fullmatch(what):
        known = attributes_below(path, kind)
        from difflib import get_close_matches

        close = get_close_matches(unknown[1], known, 1)
        todo = f"Known here: {', '.join(known)}." if 0 < len(known) <= _LISTED else _SEE_SCHEMA
        if close:
            todo = f"Did you mean {close[0]}?"
        return InvalidModel("This is no attribute of the model.", where=_joined(path, unknown[1]), todo=todo)
    problem = what[:1].lower() + what[1:]
    for word, plain_word in _WORDS.items():
        problem = problem.replace(word, plain_word)
    found = term_at(path, kind)
    identifier = found is not None and found.attribute.endswith(".value") and not path.endswith(".value")
    todo = _WRITE_IDENTIFIER if identifier and problem.endswith("text") else _SEE_SCHEMA
    return InvalidModel(f"{_subject(path, kind)}: {problem}.", where=path, todo=todo)


def _joined(path: str, attribute: str) -> str:
    return f"{path}.{attribute}" if path else attribute


def _subject(path: str, kind: type[Group]) -> str:
    found = term_at(path, kind) if path else None
    return f"{found.name} ({found.id})" if found else "The value" if path else "The invoice"


def _unreadable(data: bytes, message: str) -> UnreadableInput:
    todo = "Check it with a JSON editor."
    if not data.strip():
        return UnreadableInput("There is no JSON: the input is empty.", todo="Give an invoice as a JSON object.")
    if not (match := _BYTE.fullmatch(message)):
        return UnreadableInput(f"The JSON cannot be read: {message}.", todo=todo)
    before = data[: int(match[2])]
    line = before.count(b"\n") + 1
    column = len(before) - before.rfind(b"\n")
    what = match[1].removeprefix("JSON is malformed: ")
    return UnreadableInput(f"The JSON cannot be read: {what}.", where=f"line {line}, column {column}", todo=todo)
