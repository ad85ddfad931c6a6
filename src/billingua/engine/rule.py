"""Rules and rule sets: what is promised, where it is asked, and how a set of them runs over a located document.

A rule asks one question of one group: True means kept. A sweep answers many rules at once from a table and yields the
failures. Both read what the walk found (`engine.locate`); neither does I/O or keeps state.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.groups import Group, Located, first_texts, shapes
from billingua.engine.locate import Row
from billingua.engine.xml import Element

__all__ = [
    "Asked",
    "Check",
    "Context",
    "Detail",
    "Gate",
    "NotAsked",
    "OfShape",
    "OfText",
    "Plan",
    "Refusal",
    "Rule",
    "RuleSet",
    "RuleText",
    "Sweep",
    "by_context",
    "careful",
    "run",
]

Check = Callable[[Group, Any], bool]
Context = str | tuple[str, str]
Detail = Callable[[Group, Any], str]
"""The sentence that shows the figures of a failure."""
Sweep = Callable[[Located, Any], Iterable[Failure]]


class Refusal(NamedTuple):
    """A rule about the bytes of a document that is not kept: the line where, and the texts seen by name.

    `final` says that nothing further is to be asked of these bytes.
    """

    rule: str
    line: int | None
    values: dict[str, str]
    final: bool = False


Gate = Callable[[bytes, str, Element | None], Iterable[Refusal]]
"""The rules about the bytes themselves: of these, the wire format and the root element (None where they are no XML)."""


class NotAsked(Exception):
    """Raised inside a check when a value it needs cannot be read as its type: the structure reports that already."""


def _never(_: Group, __: Any) -> bool:
    return False


@dataclass(frozen=True)
class OfText:
    """A check that the text of the first element of a term may settle.

    `sure` tells the texts ("" also where there is no element) with which the rule is kept, whatever else is there; with
    others `otherwise` is asked. Many groups say the same few things, so that these are asked first: see `run`.
    """

    term: str
    sure: Callable[[str], bool]
    otherwise: Check = _never

    def __call__(self, group: Group, facts: Any) -> bool:
        return self.sure(group.text(self.term)) or self.otherwise(group, facts)

    def surely(self, alike: Sequence[Group]) -> bool:
        """Whether groups of one shape all keep the rule, as far as their texts tell."""
        return all(map(self.sure, first_texts(alike, self.term)))


@dataclass(frozen=True)
class OfShape:
    """A check that asks only which terms are there: groups of one shape answer alike."""

    check: Check

    def __call__(self, group: Group, facts: Any) -> bool:
        return self.check(group, facts)

    def surely(self, alike: Sequence[Group]) -> bool:
        """Whether groups of one shape all keep the rule."""
        return self.check(alike[0], None)


class Rule(NamedTuple):
    """One promise: its id, the groups it is asked of, the question, and the term a finding points at.

    `context` is a kind of group, or a key of the groups that the facts pick out (`Facts.contexts`). `anchor` names the
    term whose element the authority's artefact reports; the group's own element when it is empty.
    """

    id: str
    context: Context
    check: Check
    anchor: str = ""
    needs: str = ""
    """The one term whose presence is all that the check asks; such rules of a context are answered at one stroke."""


class Asked(NamedTuple):
    """The rules of one context: those that only ask for the presence of a term, and the others."""

    needed: frozenset[str]
    presence: tuple[Rule, ...]
    rules: tuple[Rule, ...]


class RuleText(NamedTuple):
    """What a person is told about a rule. `severity` is given for each syntax (`ubl`, `cii`, ...)."""

    id: str
    ruleset: str
    release: str
    severity: dict[str, str]
    terms: tuple[str, ...]
    title: str
    message: str
    hint: str
    note: str = ""


class Plan(NamedTuple):
    """A rule set made ready for one format.

    `rows` are what it needs located beyond the format's own binding; `rules` are kept by context; `facts` makes the
    object that its checks share, whose `contexts` are further groups to ask;
    `details` gives, for some rules, the sentence that shows the figures of a failure; `today` is the day it is where
    the authority is.
    """

    ruleset: str
    rows: Sequence[Row]
    rules: Mapping[Context, Asked]
    sweeps: Sequence[Sweep]
    facts: Callable[[Located, date], Any]
    texts: Callable[[], dict[str, RuleText]]
    details: dict[str, Detail]
    syntax: str
    today: Callable[[], date] = date.today


@dataclass(frozen=True)
class RuleSet:
    """The descriptor of a rule set: light, so that listing the shelf loads no rule.

    `formats` are the wire formats it judges; `applies` says, from the profile (BT-24), whether it is chosen without
    being named, and then takes the place of the rule sets that `replaces` names; `concerns` chooses it also by the
    profile and what the root element holds; `gate` asks the rules about the bytes, before all others; `schema` gives,
    by wire format, the schema (below `schemas/`) that judges the structure instead
    of that of the format; `advisory` are rules of our own that only warn, beside those that decide.
    """

    name: str
    title: str
    authority: str
    release: str
    formats: tuple[str, ...]
    applies: Callable[[str | None], bool]
    plan: Callable[[str], Plan]
    texts: Callable[[], dict[str, RuleText]]
    gate: Gate | None = None
    schema: Mapping[str, str] = field(default_factory=dict, hash=False)
    replaces: tuple[str, ...] = ()
    concerns: Callable[[str | None, Element], bool] | None = None
    advisory: bool = False

    def is_for(self, profile: str | None, root: Element | None) -> bool:
        """Whether a document asks for it."""
        if self.applies(profile):
            return True
        return self.concerns is not None and root is not None and self.concerns(profile, root)


def run(plan: Plan, located: Located, today: date) -> tuple[list[Failure], Any]:
    """Every failure of a rule set on a document, and the facts that explain them."""
    facts = plan.facts(located, today)
    failures: list[Failure] = []
    for context, groups in chain(located.groups.items(), facts.contexts.items()):
        asked = plan.rules.get(context)
        if asked is not None:
            _ask(asked, groups, facts, failures)
    for sweep in plan.sweeps:
        failures.extend(sweep(located, facts))
    return failures, facts


_AtOnce = OfText | OfShape

_SEVERAL: Final = 5
"""From so many groups on it is worth while to see first what texts they have."""

_MANY: Final = 40
"""From so many on, also which are of one shape."""


def _ask(asked: Asked, groups: Sequence[Group], facts: Any, failures: list[Failure]) -> None:
    needed = asked.needed
    several = len(groups) >= _SEVERAL
    together = shapes(groups) if len(groups) >= _MANY else ()
    if needed and not (together and all(alike[0].terms.keys() >= needed for alike in together)):
        for group in groups:
            if not group.terms.keys() >= needed:
                failures += [_failure(rule, group) for rule in asked.presence if rule.needs not in group.terms]
    for rule in asked.rules:
        check = rule.check
        if several and isinstance(check, _AtOnce):
            if together:
                if all(map(check.surely, together)):
                    continue
            elif isinstance(check, OfText) and all(map(check.sure, {group.text(check.term) for group in groups})):
                continue
        for group in groups:
            try:
                if check(group, facts):
                    continue
            except NotAsked:
                continue
            failures.append(_failure(rule, group))


def _failure(rule: Rule, group: Group) -> Failure:
    at = group.first(rule.anchor) if rule.anchor else None
    return Failure(rule.id, group.element if at is None else at, group=group)


def careful(detail: Detail) -> Detail:
    """A sentence on figures that a value which cannot be read leaves out; the finding stands all the same."""

    def figures(group: Group, facts: Any) -> str:
        try:
            return detail(group, facts)
        except NotAsked:
            return ""

    return figures


def by_context(rules: Iterable[Rule]) -> dict[Context, Asked]:
    """The rules as a plan keeps them."""
    contexts: dict[Context, list[Rule]] = {}
    for rule in rules:
        contexts.setdefault(rule.context, []).append(rule)
    return {context: _asked(kept) for context, kept in contexts.items()}


def _asked(rules: list[Rule]) -> Asked:
    presence = tuple(rule for rule in rules if rule.needs)
    return Asked(frozenset(rule.needs for rule in presence), presence, tuple(rule for rule in rules if not rule.needs))
