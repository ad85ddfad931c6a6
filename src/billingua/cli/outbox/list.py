"""`billingua outbox list`: all that the outbox holds."""

import click

from billingua.cli.common import shown
from billingua.cli.outbox.common import json_array_option, outbox_option, tell_entries, told_deadline, told_target

__all__ = ["command"]


@click.command("list", short_help="All entries, a line each.")
@click.option("--state", "states", metavar="STATE", multiple=True, help="Only entries in this state. May be repeated.")
@outbox_option
@json_array_option
def command(states: tuple[str, ...], path: str | None, as_json: bool) -> int:
    """List the entries in the order in which they came: number, state, name, where they go, and what was last said.

    The states: enqueued, validated, submitting, submitted; then accepted, rejected or failed.

    \b
    Example:
      billingua outbox list --state failed --state rejected
    """
    from billingua.engine.shown import printable
    from billingua.remote.outbox import Outbox

    with Outbox(path, create=False) as outbox:
        entries = outbox.entries(states or None)
        if as_json:
            tell_entries(entries, as_json)
            return 0
        for entry in entries:
            parts = [
                f"{entry.id:>4}  {entry.state:<10}",
                printable(shown(entry.file)),
                told_target(entry.target),
                told_deadline(entry) if entry.deadline is not None else "",
                "" if entry.state == "accepted" else printable(entry.message),
            ]
            click.echo("  ".join(part for part in parts if part))
    return 0
