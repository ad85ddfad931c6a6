"""`billingua sandbox`: the remote services on this machine, to try an integration on."""

import gc
import json

import click

__all__ = ["command"]


@click.command("sandbox", short_help="Serve the remote services on this machine, to try clients on.")
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0 for a free one."
)
@click.option(
    "--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Another address lets others in as well."
)
@click.option(
    "--polls",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How often a document is shown in a status before it goes on.",
)
@click.option("--json", "as_json", is_flag=True, help="Print where everything is as one JSON object.")
def command(port: int, host: str, polls: int, as_json: bool) -> int:
    """Answer as Docnova, Openapi France, FactPulse and the AFNOR services do, as far as they are documented.

    A client only needs another base URL, and the credentials that are printed. Documents are judged and move through
    their statuses; nothing leaves this machine, and everything is forgotten at the end. What goes wrong on request:
    POST /_sandbox/faults, or the header X-Sandbox-Fault. The description (OpenAPI 3.1) is at /openapi.json. Stop it
    with Ctrl-C.

    \b
    Example:
      billingua sandbox --port 8765
      curl -H 'X-Sandbox-Fault: 429; retry=2' http://127.0.0.1:8765/docnova/auth/login
    """
    gc.enable()
    from billingua import sandbox

    def tell(base: str) -> None:
        found = sandbox.overview(base)
        if as_json:
            click.echo(json.dumps(found))
            return
        click.echo(f"billingua sandbox: {base}, until Ctrl-C")
        for name, url in found["services"].items():
            click.echo(f"  {name:<16}{url}")
        click.echo("Credentials, which open nothing else:")
        for name, credentials in found["credentials"].items():
            click.echo(f"  {name:<16}" + ", ".join(_shown(key, value) for key, value in credentials.items()))
        click.echo(f"State {found['control']}, description {found['description']}")

    sandbox.serve(host, port, polls=polls, tell=tell)
    return 0


def _shown(key: str, value: object) -> str:
    if isinstance(value, dict):
        return f"{key} " + ", ".join(f"{name} {one}" for name, one in value.items())
    return f"{key} {value}"
