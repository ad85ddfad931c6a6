"""Judging a document: its structure, then the rule sets in one walk, then words for what was not kept."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any, Final

from billingua.engine.failure import Failure
from billingua.engine.format import Format
from billingua.engine.locate import Locator
from billingua.engine.located import Located
from billingua.engine.places import Places
from billingua.engine.report import Finding
from billingua.engine.rule import Plan, Refusal, RuleSet, run
from billingua.engine.structure import check_structure
from billingua.engine.xml import Element

__all__ = ["judge", "judge_bytes", "no_tick"]

Tick = Callable[[str], None]


def no_tick(_: str) -> None:
    """Nobody measures."""


def judge_bytes(
    data: bytes, root: Element | None, name: str, rulesets: Sequence[RuleSet]
) -> tuple[bool, list[Finding]]:
    """What the rule sets say of the bytes of a document, and whether anything further may be asked of it.

    `root` is the root element, None where the bytes are no XML; `name` is the wire format.
    """
    open_, findings = True, []
    for ruleset in rulesets:
        for refusal in ruleset.gate(data, name, root) if ruleset.gate is not None else ():
            findings.append(_refused(refusal, ruleset.plan(name)))
            open_ = open_ and not refusal.final
    return open_, findings


def _refused(refusal: Refusal, plan: Plan) -> Finding:
    text = plan.texts()[refusal.rule]
    return Finding(
        rule=refusal.rule,
        severity=text.severity[plan.syntax],
        ruleset=plan.ruleset,
        path="/",
        line=refusal.line,
        terms=text.terms,
        values=refusal.values,
        message=text.message.format_map(refusal.values),
        hint=text.hint,
    )


def judge(
    root: Element,
    form: Format,
    name: str,
    rulesets: Sequence[RuleSet],
    today: date | None,
    tick: Tick = no_tick,
) -> tuple[bool, list[Finding]]:
    """Whether the structure holds, and every finding in document order.

    `name` is the wire format; `today` the day for rules that compare with it (None: that of each authority); `tick` is
    called with the name of each step when it is done (for the benchmark).
    """
    places = Places(form.prefixes)
    findings = _structure(root, form, name, rulesets, places)
    valid = not findings
    tick("structure")
    locator, plans = _prepared(form, name, rulesets)
    located = locator.locate(root)
    tick("walk")
    failures = [(plan, *run(plan, located, today or plan.today())) for plan in plans]
    tick("rules")
    for plan, failed, facts in failures:
        found = [_finding(failure, plan, facts, located, places) for failure in failed]
        findings += sorted(found, key=_RULE_AND_PATH)
    findings.sort(key=lambda finding: finding.line or 0)
    located.release()
    tick("report")
    return valid, findings


def _structure(root: Element, form: Format, name: str, rulesets: Sequence[RuleSet], places: Places) -> list[Finding]:
    """What the schemas of the rule sets say, that of the format where none has one; the same thing is said once."""
    own = dict.fromkeys([ruleset.schema[name] for ruleset in rulesets if name in ruleset.schema])
    if not own:
        core = form.cores.get(name, "")
        return check_structure(root, form.schema_of(name, root), core, form.prefixes, places, form.apart)
    findings: dict[tuple[str, str], Finding] = {}
    for schema in own:
        seen = check_structure(root, schema, "", form.prefixes, places, form.apart)
        findings |= {(finding.path, finding.message): finding for finding in seen}
    return list(findings.values())


_PREPARED: dict[tuple[str, str, tuple[str, ...]], tuple[Locator, list[Plan]]] = {}


def _prepared(form: Format, name: str, rulesets: Sequence[RuleSet]) -> tuple[Locator, list[Plan]]:
    """The plans of the rule sets and the one walk that serves them all, made once."""
    key = (form.package, name, tuple([ruleset.name for ruleset in rulesets]))
    if key not in _PREPARED:
        plans = [ruleset.plan(name) for ruleset in rulesets]
        rows = [*form.rows(), *(row for plan in plans for row in plan.rows)]
        names, conditions, roots = form.namespaces_of(name), form.conditions(), frozenset(form.roots)
        telling = frozenset().union(*(plan.telling for plan in plans))
        _PREPARED[key] = Locator(rows, names, conditions, roots, form.repeated, telling), plans
    return _PREPARED[key]


def _finding(failure: Failure, plan: Plan, facts: Any, located: Located, places: Places) -> Finding:
    text = plan.texts()[failure.rule]
    told = failure.values is not None and failure.at is not None
    seen = {} if told else _seen(failure, text.terms, located)
    values = failure.values or {term: (element.text or "")[:_LONGEST] for term, element in seen.items()}
    figures, detail = failure.figures, plan.details().get(failure.rule)
    if not figures and detail is not None and failure.group is not None:
        figures = detail(failure.group, facts)
    at = failure.at if failure.at is not None else _telling(failure, seen)
    return Finding(
        rule=failure.rule,
        severity=failure.severity or text.severity[plan.syntax],
        ruleset=plan.ruleset,
        path=places.path(failure.context),
        line=at.sourceline,
        terms=text.terms,
        values=values,
        message=text.message.format_map(values) if failure.values else text.message,
        hint=f"{figures} {text.hint}".strip(),
    )


_RULE_AND_PATH: Final = attrgetter("rule", "path")
"""In this order stand the findings of one line."""

_LONGEST: Final = 200
"""So much of a text is shown in a finding."""


def _seen(failure: Failure, terms: Sequence[str], located: Located) -> dict[str, Element]:
    """The elements of the terms a rule speaks of: in the group that was asked or one around it, or anywhere if only one
    group of the document has them."""
    seen = {}
    for term in terms:
        group = failure.group
        while group is not None and term not in group.terms:
            group = group.parent
        if group is None and failure.group is not None:
            group = located.only_one_with(term)
        element = None if group is None else group.first(term)
        if element is not None:
            seen[term] = element
    return seen


def _telling(failure: Failure, seen: dict[str, Element]) -> Element:
    """The element that tells most: that of the first term of the rule, unless the artefact names one itself."""
    if failure.group is None or failure.context is not failure.group.element:
        return failure.context
    return next(iter(seen.values()), failure.context)
