"""Rules and rule sets: what is promised, where it is asked, and how a set of them runs over a located document.

A rule asks one question of one group: True means kept. A sweep answers many rules at once from a table and yields the
failures. Both read what the walk found (`engine.locate`); neither does I/O or keeps state.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.groups import ROOT, UNTOLD, Group, NotTold, Subtree, Variant, trial_of
from billingua.engine.locate import Row
from billingua.engine.located import Located, in_common
from billingua.engine.xml import Element

__all__ = [
    "Check",
    "Context",
    "Contexts",
    "Detail",
    "Gate",
    "NotAsked",
    "OfDocument",
    "OfText",
    "Plan",
    "Question",
    "Refusal",
    "Rule",
    "RuleSet",
    "RuleText",
    "Sweep",
    "by_context",
    "careful",
    "questions",
    "questions_whole",
    "run",
]

Check = Callable[[Group, Any], bool]
Context = str | tuple[str, str]
Detail = Callable[[Group, Any], str]
"""The sentence that shows the figures of a failure."""
Contexts = Callable[[Subtree], Mapping[Context, Sequence[int]]]
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


class OfText:
    """A check that the text of the first element of a term, or an attribute of it, may settle.

    `sure` tells the texts ("" also where there is no element) with which the rule is kept, whatever else is there; with
    others `otherwise` is asked. It is asked of all texts first, before a group is made for any of them.
    """

    __slots__ = ("attribute", "otherwise", "sure", "term")

    def __init__(self, term: str, sure: Callable[[str], bool], otherwise: Check = _never, attribute: str = "") -> None:
        self.attribute = attribute
        self.term = term
        self.sure = sure
        self.otherwise = otherwise

    def __call__(self, group: Group, facts: Any) -> bool:
        return self.sure(self._text(group)) or self.otherwise(group, facts)

    def _text(self, group: Group) -> str:
        if not self.attribute:
            return group.text(self.term)
        return next(iter(group.attributes(self.term, self.attribute)), "") or ""

    def place(self, subtree: Subtree, number: int) -> int | None:
        """Where the text is of a group, by its number, in subtrees like this one; None if it is not there."""
        places = subtree.group(number).terms.get(self.term)
        if places is None or not self.attribute:
            return None if places is None else places[0]
        return subtree.recipe.attributes.get((places[0], self.attribute))


class OfDocument:
    """A check that answers alike for all groups of a context."""

    __slots__ = ("check",)

    def __init__(self, check: Check) -> None:
        self.check = check

    def __call__(self, group: Group, facts: Any) -> bool:
        return self.check(group, facts)


class Rule(NamedTuple):
    """One promise: its id, the groups it is asked of, the question, and the term a finding points at.

    `context` is a kind of group, or a key of the groups that the facts pick out (`Facts.contexts`). `anchor` names the
    term whose element the authority's artefact reports; the group's own element when it is empty.
    """

    id: str
    context: Context
    check: Check
    anchor: str = ""


class Question(NamedTuple):
    """A rule that the groups of a number in subtrees of one variant may break; they do not if the text at `place` is
    `sure`."""

    rule: Rule
    number: int
    place: int = 0
    sure: Callable[[str], bool] | None = None


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
    object that its checks share, whose `contexts` are further contexts of the document itself; `contexts` gives those
    of a subtree, with the numbers of its groups: it may ask only what `telling` terms say, which have few texts;
    `details` gives, for some rules, the sentence that shows the figures of a failure, once there is one; `today` is the
    day it is where the authority is.
    """

    ruleset: str
    rows: Sequence[Row]
    rules: Mapping[Context, Sequence[Rule]]
    sweeps: Sequence[Sweep]
    facts: Callable[[Located, date], Any]
    texts: Callable[[], dict[str, RuleText]]
    details: Callable[[], Mapping[str, Detail]]
    syntax: str
    telling: frozenset[str] = frozenset()
    contexts: "Contexts | None" = None
    today: Callable[[], date] = date.today


class RuleSet(NamedTuple):
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
    schema: Mapping[str, str] = MappingProxyType({})
    replaces: tuple[str, ...] = ()
    concerns: Callable[[str | None, Element], bool] | None = None
    advisory: bool = False

    def is_for(self, profile: str | None, root: Element | None) -> bool:
        """Whether a document asks for it."""
        if self.applies(profile):
            return True
        return self.concerns is not None and root is not None and self.concerns(profile, root)


def questions(plan: Plan, variant: Variant, subtree: Subtree, often: bool) -> list[Question]:
    """What subtrees of a variant have to be asked: the rules that are not settled by what they have in common.

    Each is tried on a subtree that tells nothing else, when a variant comes again or often: to ask once is quicker.
    """
    key = (Question, plan.ruleset, subtree.group_around.astray)
    found: list[Question] | None = variant.answers.get(key)
    if found is None:
        trial = trial_of(subtree)
        contexts: dict[Context, Sequence[int]] = dict(variant.found.items())
        if plan.contexts is not None:
            contexts.update(plan.contexts(trial))
        is_worth = variant.is_common and (often or (_SEEN, key) in variant.answers)
        found = [
            _question(rule, number, trial)
            for context, numbers in contexts.items()
            for rule in plan.rules.get(context, ())
            for number in numbers
            if not is_worth or not _is_settled(rule, trial.group(number))
        ]
        variant.answers.update({key: found} if is_worth else {(_SEEN, key): True})
        trial.part()
    return found


_SEEN: Final = "seen"

_OFTEN: Final = 8
"""So many subtrees of a variant in one document are often."""


def _question(rule: Rule, number: int, subtree: Subtree) -> Question:
    if isinstance(rule.check, OfText) and (place := rule.check.place(subtree, number)) is not None:
        return Question(rule, number, place, rule.check.sure)
    return Question(rule, number)


def _is_settled(rule: Rule, group: Group, facts: Any = UNTOLD) -> bool:
    """Whether a group keeps a rule, or is not asked, whatever else its document says."""
    try:
        return rule.check(group, facts)
    except NotAsked:
        return True
    except NotTold:
        return False


def run(plan: Plan, located: Located, today: date) -> tuple[list[Failure], Any]:
    """Every failure of a rule set on a document, and the facts that explain them."""
    facts = plan.facts(located, today)
    failures: list[Failure] = []
    if plan.rules:
        _ask_whole(plan, located, facts, failures)
        kept: set[int] = set()
        for variant, alike in located.parts:
            first, is_single = alike[0], len(alike) == 1
            for rule, number, place, sure in questions(plan, variant, first, len(alike) >= _OFTEN):
                if sure is not None and (
                    sure(first.texts[place]) if is_single else all(map(sure, {one.texts[place] for one in alike}))
                ):
                    continue
                _ask(rule, number, alike, facts, kept, failures)
    for sweep in plan.sweeps:
        failures.extend(sweep(located, facts))
    return failures, facts


def _ask_whole(plan: Plan, located: Located, facts: Any, failures: list[Failure]) -> None:
    """The rules about the document itself."""
    if not located.root.astray:
        for rule in questions_whole(plan, located, facts):
            _ask_one(rule, located.root, facts, failures)


def questions_whole(plan: Plan, located: Located, facts: Any) -> Sequence[Rule]:
    """The rules about the document itself that are not settled by what documents of its variants have in common.

    They are tried when these come again.
    """
    answers, key = located.answers, (Rule, plan.ruleset)
    if key not in answers and (_SEEN, key) in answers:
        answers[key] = _unsettled(plan, located)
    answers[_SEEN, key] = True
    found: Sequence[Rule] | None = answers.get(key)
    return _about_document(plan, facts) if found is None else found


def _about_document(plan: Plan, facts: Any) -> list[Rule]:
    return [rule for context in (ROOT, *facts.contexts) for rule in plan.rules.get(context, ())]


def _unsettled(plan: Plan, located: Located) -> list[Rule] | None:
    """None where more than the variants decides which rules are about the document."""

    def find(told: Located) -> list[Rule]:
        facts = plan.facts(told, UNTOLD)
        return [rule for rule in _about_document(plan, facts) if not _is_settled(rule, told.root, facts)]

    try:
        return in_common(located, find)
    except NotTold:
        return None


def _ask(
    rule: Rule, number: int, alike: Sequence[Subtree], facts: Any, kept: set[int], failures: list[Failure]
) -> None:
    """Ask a rule of a group of subtrees of a variant; `kept` are the checks (by identity) of which the document
    answered for all."""
    if isinstance(rule.check, OfDocument):
        key = id(rule.check)
        if key in kept:
            return
        if rule.check(alike[0].group(number), facts):
            kept.add(key)
            return
    for subtree in alike:
        _ask_one(rule, subtree.group(number), facts, failures)


def _ask_one(rule: Rule, group: Group, facts: Any, failures: list[Failure]) -> None:
    try:
        if rule.check(group, facts):
            return
    except NotAsked:
        return
    at = group.first(rule.anchor) if rule.anchor else None
    failures.append(Failure(rule.id, group.element if at is None else at, group=group))


def careful(detail: Detail) -> Detail:
    """A sentence on figures that a value which cannot be read leaves out; the finding stands all the same."""

    def figures(group: Group, facts: Any) -> str:
        try:
            return detail(group, facts)
        except NotAsked:
            return ""

    return figures


def by_context(rules: Iterable[Rule]) -> dict[Context, list[Rule]]:
    """The rules as a plan keeps them."""
    contexts: dict[Context, list[Rule]] = {}
    for rule in rules:
        contexts.setdefault(rule.context, []).append(rule)
    return contexts
