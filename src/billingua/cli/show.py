"""`billingua show`: an invoice in words."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from billingua.cli.common import named, read_input, say, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    Codes = Mapping[str, Mapping[str, str]]

__all__ = ["command"]

_CLAUSE = re.compile(r"[,:;] ")
_LABEL = 50
_SHOWN_NODES = 5


@click.command("show", short_help="Show an invoice in words, or as JSON.")
@click.argument("source", metavar="IN", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="The model as JSON, as `billingua build` reads it.")
def command(source: str, as_json: bool) -> int:
    """Show what an invoice says, term by term, whatever its format. IN may be - for standard input.

    \b
    Examples:
      billingua show invoice.xml
      billingua show invoice.xml --json > invoice.json
    """
    data = read_input(source)
    from billingua import api
    from billingua.formats import by_name

    name = shown(source)
    with named(name):
        document = api.read(data)
    if as_json:
        click.echo(document.content.to_json(indent=2))
    else:
        about = ", ".join(part for part in (document.format, document.profile) if part)
        click.echo(click.style(f"{name}: {about}", bold=True) + "\n")
        click.echo("\n".join(_group(document.content, "", 0, by_name(document.format).codes())))
    if document.unmapped:
        nodes = [place.path for place in document.unmapped]
        more = f" and {len(nodes) - _SHOWN_NODES} more" if len(nodes) > _SHOWN_NODES else ""
        say(name, f"Not part of the model, and not shown: {', '.join(nodes[:_SHOWN_NODES])}{more}")
    return 0


def _group(group: Any, path: str, depth: int, codes: "Codes") -> Iterator[str]:
    """Every attribute that has a value, in the order of the model; the groups indented, codes with their meaning."""
    from billingua.engine.kinds import extra_of
    from billingua.model import Identifier

    for attribute in group.__struct_fields__:
        value = getattr(group, attribute)
        place = f"{path}.{attribute}" if path else attribute
        entries = value if isinstance(value, tuple) else (value,)
        many = isinstance(value, tuple) and len(value) > 1
        for number, entry in enumerate(entries, 1):
            if entry is None or entry is False:
                continue
            here = f"{place}[]" if isinstance(value, tuple) else place
            if hasattr(entry, "__struct_fields__") and not isinstance(entry, Identifier):
                if depth == 0:
                    yield ""
                label = _label(type(group), attribute, here) + (f" {number}" if many else "")
                yield "  " * depth + click.style(label, bold=True)
                yield from _group(entry, here, depth + 1, codes)
            else:
                label = "  " * depth + _label(type(group), attribute, here)
                meaning = codes.get(extra_of(type(group), attribute).get("codes", ""), {}).get(str(entry), "")
                yield f"{label:<{_LABEL}}  {_value(entry)}{f': {meaning}' if meaning else ''}"


def _label(kind: Any, attribute: str, path: str) -> str:
    """The name of an attribute and its id: of the term, or of the element it stands in."""
    from billingua.model import term_at
    from billingua.model.base import description_of

    if attribute == "extension":
        return "Extension"
    description = description_of(kind, attribute)
    term = term_at(path) if description.startswith(("B", "EXT-")) else None
    if term is not None:
        return f"{term.name} ({term.id})"
    name, _, words = description.partition(" ")
    said = _CLAUSE.split(words, maxsplit=1)[0].rstrip(".")
    return f"{said[:1].upper()}{said[1:]} ({name})" if said else attribute.replace("_", " ")


def _value(value: Any) -> str:
    from billingua.engine.shown import printable

    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    if isinstance(value, Decimal):
        return f"{value:f}"
    scheme = getattr(value, "scheme_id", None)
    text = printable(str(value))
    return f"{text} (scheme {scheme})" if scheme else text
