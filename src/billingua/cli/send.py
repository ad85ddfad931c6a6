"""`billingua send`: documents to a service, through the outbox."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from billingua.cli.common import read_input, say, shown, without_name
from billingua.cli.outbox.common import (
    json_array_option,
    outbox_option,
    run_with_bar,
    settings_option,
    tell_entries,
    wait_option,
)

if TYPE_CHECKING:
    from billingua.remote.outbox import Outbox

__all__ = ["command"]

_MODES = ("offline24", "unavailability", "emergency")


@click.command("send", short_help="Send documents to a service, through the outbox.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--to", "target", metavar="SERVICE", required=True, help="A service by its name in the settings, or folder:DIR."
)
@outbox_option
@settings_option
@click.option("--offline", type=click.Choice(_MODES), help="The KSeF mode the invoices were issued offline in.")
@click.option(
    "--ended",
    metavar="YYYY-MM-DD",
    type=click.DateTime(("%Y-%m-%d",)),
    help="With --offline: the day the unavailability or the failure ended; the issue date if it is not given.",
)
@wait_option
@click.option("--no-wait", is_flag=True, help="Only check and keep them; billingua outbox run sends them.")
@json_array_option
def command(
    paths: tuple[str, ...],
    target: str,
    path: str | None,
    settings: str | None,
    offline: str | None,
    ended: datetime | None,
    wait: float,
    no_wait: bool,
    as_json: bool,
) -> int:
    """Send documents to a service: each is kept in the outbox, validated, sent once, and followed until it is settled.

    What is not valid is never sent. What was sent there before is not sent again: its state is told. A crash or
    Ctrl-C loses nothing: billingua outbox run goes on.

    Exit status: 0 all accepted (with --no-wait: all kept and valid); 1 something is not, or not yet; 2 a file or the
    service could not be used.

    \b
    Examples:
      billingua send invoices/*.xml --to docnova
      billingua send invoice.fa3.xml --to ksef-bridge --offline offline24 --no-wait
      billingua send invoice.xml --to folder:pickup --outbox outbox.db
    """
    if ended is not None and offline is None:
        raise click.UsageError("--ended belongs to --offline.")
    from billingua.remote.outbox import Outbox

    with Outbox(path, settings=settings) as outbox:
        ids, unusable = _enqueued(outbox, paths, target, offline, ended)
        if no_wait:
            outbox.check(ids)
        else:
            unusable |= bool(run_with_bar(outbox, ids, len(ids), wait).stopped)
        entries = [outbox.entry(number) for number in ids]
    tell_entries(entries, as_json)
    if unusable:
        return 2
    good = ("validated", "submitting", "submitted", "accepted") if no_wait else ("accepted",)
    return 0 if all(entry.state in good for entry in entries) else 1


def _enqueued(
    outbox: "Outbox", paths: tuple[str, ...], target: str, offline: str | None, ended: datetime | None
) -> tuple[list[int], bool]:
    """The entries of the files, and whether a file could not be used, which is said of each."""
    from billingua.errors import InputError, SendingError

    ids: dict[int, None] = {}
    unusable = False
    for path in paths:
        name = shown(path)
        try:
            data = read_input(path)
            day = ended.date() if ended is not None else None
            ids[outbox.enqueue(data, target, file=name, offline=offline, ended=day).id] = None
        except (InputError, SendingError) as error:
            if error.where == str(outbox.path):
                raise
            say(name, without_name(error, name))
            unusable = True
    return list(ids), unusable
