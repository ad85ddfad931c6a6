"""The types behind the annotations of model classes."""

from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec

__all__ = ["attribute_kinds", "bare"]


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
