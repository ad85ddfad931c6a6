"""`billingua outbox run`: go on with what is not settled."""

import click

from billingua.cli.outbox.common import (
    json_array_option,
    outbox_option,
    run_with_bar,
    settings_option,
    tell_entries,
    wait_option,
)

__all__ = ["command"]


@click.command("run", short_help="Go on with what is not settled.")
@outbox_option
@settings_option
@wait_option
@json_array_option
def command(path: str | None, settings: str | None, wait: float, as_json: bool) -> int:
    """Check, send and follow all entries that are not settled yet. Several of these commands may run at a time.

    With --wait 0 only what is due now is done, as a timer wants it.

    Exit status: 0 all that was done is accepted; 1 something is rejected, failed or not settled yet; 2 an account
    could not be used.

    \b
    Example:
      billingua outbox run --wait 60
    """
    from billingua.remote.outbox import Outbox
    from billingua.remote.outbox.entry import OPEN

    with Outbox(path, create=False, settings=settings) as outbox:
        count = sum(1 for _ in outbox.entries(OPEN))
        outcome = run_with_bar(outbox, None, count, wait)
        left = any(True for _ in outbox.entries(OPEN))
    tell_entries(outcome.entries, as_json)
    if outcome.stopped:
        return 2
    return 1 if left or any(entry.state != "accepted" for entry in outcome.entries) else 0
