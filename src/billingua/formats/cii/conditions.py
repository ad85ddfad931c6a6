"""Conditions of the CII table: which occurrences of an element are the group a row names."""

from collections.abc import Mapping

from billingua.engine.groups import Condition
from billingua.engine.values import has_boolean

__all__ = ["CONDITIONS"]

CONDITIONS: Mapping[str, Condition] = {
    "allowance": has_boolean("charge-indicator", False),
    "charge": has_boolean("charge-indicator", True),
}
