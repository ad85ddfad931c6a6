"""`billingua outbox show`: one entry and its history."""

import json
from typing import Any

import click

from billingua.cli.common import tell
from billingua.cli.options import json_option
from billingua.cli.outbox.common import outbox_option, told_deadline, told_target

__all__ = ["command"]


@click.command("show", short_help="One entry, with all that happened to it.")
@click.argument("number", metavar="ENTRY", type=click.IntRange(1))
@outbox_option
@json_option
def command(number: int, path: str | None, as_json: bool) -> int:
    """Show an entry by its number: what it is, where it stands, what the check has found, and its history in UTC.

    \b
    Example:
      billingua outbox show 1
    """
    from billingua.engine.shown import printable
    from billingua.remote.outbox import REASONS, STATES, Outbox
    from billingua.remote.outbox.entry import to_json

    with Outbox(path, create=False) as outbox:
        entry, history = outbox.entry(number), outbox.history(number)
        report = json.loads(outbox.report(number) or b"null")
        documents = [(one.name, one.media_type, len(one.data)) for one in outbox.documents(number)]
    fields = to_json(entry)
    if as_json:
        told = [{"name": name, "media_type": kind, "size": size} for name, kind, size in documents]
        steps = [to_json(step) for step in history]
        click.echo(json.dumps({**fields, "history": steps, "documents": told, "report": report}, ensure_ascii=False))
        return 0
    fields["target"] = told_target(entry.target)
    fields["state"] = f"{entry.state}: {REASONS[entry.reason].means if entry.reason else STATES[entry.state]}"
    fields["deadline"] = told_deadline(entry).removeprefix("due ") if entry.deadline is not None else None
    fields["receipt"] = None if entry.receipt is None else _receipt(entry.receipt.id, entry.receipt.details)
    for inner in ("reason", "overdue"):
        del fields[inner]
    if entry.settled:
        del fields["due"]
    tell({name: None if value == "" else value for name, value in fields.items()}, as_json=False)
    for name, kind, size in documents:
        click.echo(f"document  {printable(name)}, {printable(kind)}, {size:,} bytes")
    for finding in (report or {}).get("findings", ()):
        place = f", line {finding['line']}" if finding["line"] is not None else ""
        click.echo(f"finding   {finding['severity']} {finding['rule']}{place}: {printable(finding['message'])}")
    for step in history:
        words = f": {printable(step.message)}" if step.message else ""
        click.echo(f"{step.at:%Y-%m-%d %H:%M:%S}  {step.state:<10}  {step.event}{words}")
    return 0


def _receipt(id_: str, details: Any) -> str:
    return ", ".join([id_, *(f"{name} {value}" for name, value in details.items())])
