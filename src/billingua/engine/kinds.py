"""The types behind the annotations of model classes."""

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

__all__ = ["attribute_kinds", "bare", "extra_of"]


@cache
def attribute_kinds(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The attributes of a model class and the type each has: that of its members where it is a tuple."""
    return {field.name: bare(field.type) for field in msgspec.structs.fields(kind)}


def bare(kind: Any) -> Any:
    """The type that an annotation means, without its documentation, `| None` and `tuple[...]`."""
    if hasattr(kind, "__metadata__"):
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        return bare(next(option for option in get_args(kind) if option is not type(None)))
    return bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind


def extra_of(kind: type[msgspec.Struct], name: str) -> Mapping[str, str]:
    """What `billingua.engine.tree` says of an attribute: its `path`, `form`, `codes` and so on; {} if nothing."""
    for field in msgspec.structs.fields(kind):
        if field.name == name:
            for entry in getattr(field.type, "__metadata__", ()):
                if isinstance(entry, msgspec.Meta) and entry.extra:
                    extra: Mapping[str, str] = entry.extra
                    return extra
    return {}
