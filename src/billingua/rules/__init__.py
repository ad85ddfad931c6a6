"""The shelf of rule sets: a folder each, or one for those of an authority that are kin. Its light descriptors are its
`RULESETS`; the rules load on use.
"""

from functools import cache
from importlib import import_module

from billingua.engine.rule import RuleSet, RuleText
from billingua.engine.xml import Element
from billingua.errors import UsageError
from billingua.resources import shelf

__all__ = ["applying", "catalogue", "explain", "get", "rulesets"]


@cache
def rulesets() -> tuple[RuleSet, ...]:
    """The descriptors of all rule sets, in the order of their folders."""
    return tuple([one for folder in shelf(__file__) for one in import_module(f"{__name__}.{folder}").RULESETS])


def get(name: str) -> RuleSet:
    """A rule set by its name, or by `NAME@RELEASE`.

    Raises:
        UsageError: there is no such rule set, or not in that release.
    """
    wanted, _, release = name.partition("@")
    found = _by_name().get(wanted)
    if found is None:
        known = ", ".join(_by_name())
        raise UsageError(f"There is no rule set {wanted!r}.", todo=f"Name one of: {known}.")
    if release and release != found.release:
        raise UsageError(f"There is no release {release!r} of {wanted}.", todo=f"There is: {wanted}@{found.release}.")
    return found


@cache
def _by_name() -> dict[str, RuleSet]:
    return {ruleset.name: ruleset for ruleset in rulesets()}


def applying(format_name: str, profile: str | None, root: Element | None = None) -> tuple[RuleSet, ...]:
    """The rule sets that a document asks for: by wire format, profile (BT-24) and what the root element holds."""
    asked = [ruleset for ruleset in _judging(format_name) if ruleset.is_for(profile, root)]
    replaced = {name for ruleset in asked for name in ruleset.replaces}
    return tuple([ruleset for ruleset in asked if ruleset.name not in replaced])


@cache
def _judging(format_name: str) -> list[RuleSet]:
    """The rule sets for a wire format."""
    return [ruleset for ruleset in rulesets() if format_name in ruleset.formats]


def catalogue(ruleset: str | None = None) -> list[RuleText]:
    """What every rule says, of one rule set or of all."""
    chosen = rulesets() if ruleset is None else (get(ruleset),)
    return [text for one in chosen for text in one.texts().values()]


def explain(rule_id: str) -> list[RuleText]:
    """What a rule says in each rule set that has it.

    Raises:
        UsageError: no rule set has such a rule.
    """
    found = [text for ruleset in rulesets() if (text := ruleset.texts().get(rule_id)) is not None]
    if not found:
        raise UsageError(f"There is no rule {rule_id!r}.", todo="`billingua rules` lists them all.")
    return found
