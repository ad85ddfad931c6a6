"""`billingua outbox retry`: let failed entries go on."""

import click

from billingua.cli.outbox.common import json_array_option, outbox_option, tell_entries

__all__ = ["command"]


@click.command("retry", short_help="Let failed entries go on.")
@click.argument("numbers", metavar="[ENTRY]...", type=click.IntRange(1), nargs=-1)
@outbox_option
@json_array_option
def command(numbers: tuple[int, ...], path: str | None, as_json: bool) -> int:
    """Let failed entries go on from where they failed, with the next `billingua outbox run`.

    Without numbers: all but those that are not valid, and those that may be at the service already. Name such an entry
    only when you have looked there: it is sent again if the service cannot be asked. A rejected entry that is named
    is sent again too.

    \b
    Example:
      billingua outbox retry 3 7
    """
    from billingua.remote.outbox import Outbox

    with Outbox(path, create=False) as outbox:
        tell_entries(outbox.retry(numbers or None), as_json)
    return 0
