"""`billingua lifecycle next`: which statuses may follow."""

import json

import click

from billingua.cli.lifecycle.common import history_of

__all__ = ["command"]


@click.command("next", short_help="Which statuses may follow.")
@click.argument("known", metavar="[STATUS|MESSAGE]...", type=click.Path(), nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def command(known: tuple[str, ...], as_json: bool) -> int:
    """List the statuses that may follow others, named in order (203 or made_available) or as messages in any order.

    With nothing given: those that can come first. Exit status 1 means that a message has no place in the history.

    \b
    Examples:
      billingua lifecycle next 200 203 208
      billingua lifecycle next messages/*.xml
    """
    from billingua import lifecycle
    from billingua.formats.cdar.model import codes

    refused = 0
    if known and all(lifecycle.is_status(one) for one in known):
        found = lifecycle.next_statuses(list(known))
    else:
        history, refused = history_of(known)
        found = lifecycle.next_statuses(history)
    if as_json:
        fields = [
            {
                "status": one.code,
                "name": one.name,
                "label": one.label,
                "setters": one.setters,
                "recipients": one.recipients,
                "portal": one.portal,
                "reasons": one.reasons,
            }
            for one in found
        ]
        click.echo(json.dumps(fields, ensure_ascii=False))
        return 1 if refused else 0
    roles = codes()["role"]
    for one in found:
        needs = (
            "; needs a reason" if one.reasons == "needed" else "; needs the amounts cashed" if one.code == "212" else ""
        )
        who = f"{roles[one.setters[0]]} to {roles[one.recipients[0]]}{', portal' if one.portal else ''}"
        click.echo(f"{one.code}  {one.name.replace('_', ' '):<22}  {who}{needs}")
    return 1 if refused else 0
