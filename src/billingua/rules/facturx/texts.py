"""What the rules of the profiles say to a person: in the words of the business rule they are, or worded from the table
of the structure."""

from functools import cache

from billingua.engine.rule import RuleText
from billingua.engine.texts import read_texts
from billingua.resources import table_beside
from billingua.rules.business import business_texts
from billingua.rules.facturx import RELEASE, SYNTAX, name_of
from billingua.rules.facturx.business import Listed, listed
from billingua.rules.facturx.structure import Said, structure_rows
from billingua.rules.vat import FAMILIES

__all__ = ["texts"]


@cache
def texts(profile: str) -> dict[str, RuleText]:
    """Every rule of a profile by its id: the business rules, then those of the structure."""
    words = {**_own(profile), **_shared(profile)}
    business = {rule.id: _business(rule, words[rule.name.removesuffix("/all")]) for rule in listed(profile)}
    return {**business, **_structure(profile)}


def _shared(profile: str) -> dict[str, RuleText]:
    return business_texts(name_of(profile), RELEASE)


def _own(profile: str) -> dict[str, RuleText]:
    """The words of rules that only Factur-X has. A row for `<category>` stands for every VAT category."""
    found: dict[str, RuleText] = {}
    for text in read_texts(table_beside(__file__, "texts.tsv"), name_of(profile), RELEASE):
        for family in FAMILIES if "<category>" in text.id else ():
            name = text.id.replace("<category>", family.id)
            found[name] = text._replace(
                id=name,
                title=text.title.replace("<code>", family.code),
                message=text.message.replace("<code>", family.code),
                hint=text.hint.replace("<code>", family.code),
            )
        found[text.id] = text
    return found


def _business(rule: Listed, text: RuleText) -> RuleText:
    notes = [] if rule.id == rule.name else [f"The profile numbers {rule.name.removesuffix('/all')} so."]
    if rule.name in _NEVER:
        notes.append("The test of the artefact is always true, so this never fires.")
    elif rule.name.endswith("/all"):
        notes.append("All lines are added up, also those that group others or only inform.")
    return text._replace(id=rule.id, severity={SYNTAX: rule.severity}, note=" ".join(notes))


_NEVER = frozenset(("BR-AF-09", "BR-AG-09", "BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "CII-SR-464"))


def _structure(profile: str) -> dict[str, RuleText]:
    found: dict[str, RuleText] = {}
    for one in structure_rows(profile):
        if one.rule not in found:
            title, message, hint = _sentences(one)
            found[one.rule] = RuleText(
                id=one.rule,
                ruleset=name_of(profile),
                release=RELEASE,
                severity={SYNTAX: "fatal"},
                terms=(),
                title=title,
                message=message,
                hint=hint,
                note=_NO_MATCH if one.kind == "never" else "",
            )
    return found


_NO_MATCH = "The artefact does not look at an identifier without a scheme here, so this never fires."


def _sentences(one: Said) -> tuple[str, str, str]:
    """Title, message and hint."""
    element, name = _named(one)
    match one.kind:
        case "unused":
            return (
                f"{name} is not used here",
                f"The profile does not use {element} in this place.",
                "Remove it, or choose a profile that has a place for it.",
            )
        case "needed" | "never":
            return (f"{name} is needed", f"{element[0].upper()}{element[1:]} is missing.", "Add the attribute.")
        case "codes":
            return (
                f"{name} is a code of its list",
                f"The value {{found}} of {element} is no code that the profile takes here; it takes {{taken}}.",
                "Write a code that the profile takes, as its list has it.",
            )
        case _ if one.most is None:
            return (f"{name} is needed", f"There must be {element} here; there is none.", f"Add {element}.")
        case _ if one.least:
            return (
                f"{name} exactly once",
                f"There must be {element} exactly once here; found {{found}}.",
                f"Add {element} where it is missing; keep one where there are several.",
            )
        case _:
            times = "once" if one.most == 1 else f"{one.most} times"
            return (
                f"{name} at most {times}",
                f"There may be {element} at most {times} here; found {{found}}.",
                "Remove those too many.",
            )


def _named(one: Said) -> tuple[str, str]:
    """The step as messages show it, and the short name that titles use."""
    step, variant, _ = one.steps[-1].rstrip("]").partition("[")
    if one.rule == "NOT-USED:variant":
        return "this kind of element", "An element of another kind"
    if step.startswith("@"):
        return f"the attribute `{step[1:]}`", f"Attribute {step[1:]}"
    kind = one.steps[-1].rstrip("]").partition("[")[2]
    return f"`{step}`{f' ({kind})' if variant else ''}", step.rpartition(":")[2]
