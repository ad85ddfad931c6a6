"""What `send` and the commands of `billingua outbox` share."""

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from billingua.cli.common import say, shown

if TYPE_CHECKING:
    from billingua.remote.outbox import Entry, Outbox, Outcome

__all__ = [
    "json_array_option",
    "outbox_option",
    "run_with_bar",
    "settings_option",
    "tell_entries",
    "told_target",
    "wait_option",
]

outbox_option = click.option(
    "--outbox",
    "path",
    metavar="FILE",
    type=click.Path(),
    help="The file of the outbox; otherwise BILLINGUA_OUTBOX, or outbox.db in the data folder of this user.",
)
settings_option = click.option(
    "--settings",
    metavar="TOML",
    type=click.Path(),
    help="The settings of the services; otherwise BILLINGUA_SETTINGS, or services.toml in the settings folder.",
)
wait_option = click.option(
    "--wait",
    metavar="SECONDS",
    type=click.FloatRange(0, 7 * 24 * 3600),
    default=600,
    show_default=True,
    help="How long to go on with what is not settled yet.",
)
json_array_option = click.option("--json", "as_json", is_flag=True, help="One JSON array of entries.")


def run_with_bar(outbox: "Outbox", ids: Iterable[int] | None, count: int, wait: float) -> "Outcome":
    """Run the outbox beside a bar that counts what is settled, and say which accounts nothing could go to."""
    from billingua.cli.progress import counted

    with counted("sending", count) as done:
        outcome = outbox.run(ids, wait=wait, tick=lambda entry: done() if entry.settled else None)
    for target, error in outcome.stopped:
        say(told_target(target), str(error))
    return outcome


def tell_entries(entries: "Iterable[Entry]", as_json: bool) -> None:
    """What became of entries: one JSON array, or a line or two for each."""
    from billingua.remote.outbox.entry import to_json

    if as_json:
        click.echo(json.dumps([to_json(entry) for entry in entries], ensure_ascii=False))
        return
    for entry in entries:
        _tell(entry)


def _tell(entry: "Entry") -> None:
    from billingua.engine.shown import printable
    from billingua.remote.outbox import REASONS, STATES

    means = f": {REASONS[entry.reason].means}" if entry.reason else ""
    if entry.state in ("validated", "submitting", "submitted"):
        means = f": {STATES[entry.state]}"
    told = [f"entry {entry.id}", told_target(entry.target)]
    if entry.deadline is not None:
        told.append(told_deadline(entry))
    click.echo(f"{printable(shown(entry.file))}: {entry.state}{means}  ({', '.join(told)})")
    if entry.message and entry.state != "accepted":
        click.echo(f"  {printable(entry.message)}")


def told_deadline(entry: "Entry") -> str:
    """The deadline of an entry that has one, and whether it is over."""
    return f"due {entry.deadline}{', overdue' if entry.overdue else ''}"


def told_target(target: str) -> str:
    """Where an entry goes; a folder below the current one without the way to that."""
    from billingua.engine.shown import printable
    from billingua.remote.outbox.courier import FOLDER

    if target.startswith(FOLDER):
        path = target[len(FOLDER) :]
        here = os.path.join(os.getcwd(), "")
        return FOLDER + printable(shown(path.removeprefix(here)))
    return printable(target)
