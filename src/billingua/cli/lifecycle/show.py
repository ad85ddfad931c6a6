"""`billingua lifecycle show`: what the messages about an invoice come to."""

import json

import click

from billingua.cli.lifecycle.common import history_of

__all__ = ["command"]


@click.command("show", short_help="What the messages about an invoice come to.")
@click.argument("sources", metavar="MESSAGE...", type=click.Path(), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(sources: tuple[str, ...], as_json: bool) -> int:
    """Show the history that messages about one invoice make, given in any order, and its current status.

    Exit status 1 means that a message has no place in it; why is said on standard error.

    \b
    Example:
      billingua lifecycle show messages/*.xml
    """
    history, refused = history_of(sources)
    current = history.status
    if as_json:
        fields = {
            "status": current.code if current is not None else None,
            "name": current.name if current is not None else None,
            "steps": [
                {"status": step.status.code, "name": step.status.name, "at": step.at.isoformat(), "waits": step.waits}
                for step in history.steps
            ],
            "cashed": [
                {"rate": str(rate), "currency": currency, "amount": str(amount)}
                for (rate, currency), amount in history.cashed.items()
            ],
        }
        click.echo(json.dumps(fields))
        return 1 if refused else 0
    for step in history.steps:
        waits = "  (waits for the status it answers)" if step.waits else ""
        click.echo(f"{step.at}  {step.status.code}  {step.status.name.replace('_', ' ')}{waits}")
    for (rate, currency), amount in history.cashed.items():
        click.echo(f"cashed at {rate} %: {amount} {currency}")
    if current is not None:
        click.echo(click.style(f"status: {current.code} {current.name.replace('_', ' ')}", bold=True))
    return 1 if refused else 0
