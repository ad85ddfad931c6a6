"""`billingua rules`: what the rules say."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from billingua.errors import UsageError

if TYPE_CHECKING:
    from billingua.engine.rule import RuleText

__all__ = ["command"]


@click.command("rules", short_help="Explain rules, or list them.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--ruleset", metavar="NAME", help="Only the rules of this rule set.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array of objects.")
def command(ids: tuple[str, ...], ruleset: str | None, as_json: bool) -> int:
    """Explain the rules named by their ids; without an id, list all rules.

    \b
    Examples:
      billingua rules BR-CO-10
      billingua rules --ruleset en16931
    """
    from billingua import rules

    if ids:
        texts = [text for rule_id in ids for text in _explained(rule_id, ruleset)]
    else:
        texts = list(rules.catalogue(ruleset))
    if as_json:
        _print_json(texts)
    elif ids:
        click.echo("\n\n".join(_explanation(alike) for alike in _alike(texts)))
    else:
        _print_list(texts)
    return 0


def _explained(rule_id: str, ruleset: str | None) -> Sequence["RuleText"]:
    """The texts of one id. Raises UsageError with similar ids where there is none."""
    from billingua import rules

    wanted = rule_id.upper()
    if ruleset is None:
        try:
            found: Sequence[RuleText] = rules.explain(rule_id)
        except UsageError:
            found = []
        if found:
            return found
    known = rules.catalogue(ruleset)
    found = [text for text in known if text.id.upper() == wanted]
    if found:
        return found
    from difflib import get_close_matches

    ids = {text.id.upper(): text.id for text in known}
    near = [ids[match] for match in get_close_matches(wanted, ids, n=4, cutoff=0.7)]
    place = f" in the rule set {ruleset}" if ruleset else ""
    todo = f"Did you mean {_either(near)}?" if near else "List the ids with: billingua rules"
    raise UsageError(f"There is no rule {rule_id}{place}.", todo=todo)


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _alike(texts: Sequence["RuleText"]) -> list[list["RuleText"]]:
    """The texts, those together that say the same in several rule sets."""
    groups: dict[object, list[RuleText]] = {}
    for text in texts:
        same = (text.id, _severity(text), text.terms, text.title, text.message, text.hint, text.note)
        groups.setdefault(same, []).append(text)
    return list(groups.values())


def _explanation(alike: Sequence["RuleText"]) -> str:
    """One rule in full, as some rule sets have it."""
    from textwrap import fill

    def part(label: str, body: str) -> str:
        return fill(f"{label:<9} {body}", 100, subsequent_indent=" " * 10, break_long_words=False)

    text = alike[0]
    lines = [click.style(f"{text.id}  {text.title}", bold=True)]
    lines.append(part("rule set", ", ".join(f"{one.ruleset} {one.release}" for one in alike)))
    lines.append(part("severity", _severity(text)))
    lines += [part("term" if number == 0 else "", _term(term)) for number, term in enumerate(text.terms)]
    for label, body in (("message", text.message), ("hint", text.hint), ("note", text.note)):
        if body:
            lines.append(part(label, body))
    return "\n".join(lines)


def _severity(text: "RuleText") -> str:
    """`fatal`, or `fatal (ubl), warning (cii)` where syntaxes differ."""
    kinds = set(text.severity.values())
    if len(kinds) == 1:
        return f"{kinds.pop()} ({', '.join(text.severity)})"
    return ", ".join(f"{severity} ({syntax})" for syntax, severity in text.severity.items())


def _term(term: str) -> str:
    from billingua.model import term_name

    try:
        return f"{term} {term_name(term)}"
    except UsageError:
        return term


def _print_list(texts: Sequence["RuleText"]) -> None:
    """A line a rule: rule set, id, severity, title."""
    sets = max((len(text.ruleset) for text in texts), default=0)
    width = max((len(text.id) for text in texts), default=0)
    rows = []
    for text in texts:
        severity = "/".join(dict.fromkeys(text.severity.values()))
        rows.append(f"{text.ruleset:<{sets}}  {text.id:<{width}}  {severity:<7}  {text.title}".rstrip())
    click.echo("\n".join(rows))


def _print_json(texts: Sequence["RuleText"]) -> None:
    import json

    objects = [json.dumps(text._asdict(), ensure_ascii=False) for text in texts]
    click.echo("[" + ",".join(f"\n{text}" for text in objects) + "\n]")
