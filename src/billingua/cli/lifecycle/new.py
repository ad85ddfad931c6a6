"""`billingua lifecycle new`: a status message about an invoice."""

import os
from datetime import datetime
from typing import Any

import click

from billingua.cli.common import named, read_input, say, shown, write_output
from billingua.cli.options import output_option

__all__ = ["command"]

_DIRECTORY = "0225"
_REFUSED = "Not written, because the message is not valid. Mend what it was made from, or give what is missing."


@click.command("new", short_help="Make a status message about an invoice.")
@click.argument("source", metavar="INVOICE", type=click.Path())
@click.argument("status")
@output_option
@click.option("--by", metavar="ROLE", help="Who set the status: SE, BY, WK, ...; the usual one if it is not given.")
@click.option(
    "--to",
    metavar="ROLE[=ADDRESS]",
    multiple=True,
    help="Who gets the message, and where: SE, BY=200000008, BY=EM:name@example.org; DFH is the public portal.",
)
@click.option("--reason", "reasons", metavar="CODE[=TEXT]", multiple=True, help="A reason, with words of your own.")
@click.option("--action", metavar="CODE", help="What is asked for with the first reason: PIN, NIN, CNF, CNP, ...")
@click.option("--cashed", metavar="RATE=AMOUNT", multiple=True, help="An amount cashed at a VAT rate, VAT included.")
@click.option("--attach", metavar="FILE", multiple=True, type=click.Path(), help="A file that goes with the status.")
@click.option(
    "--at",
    metavar="TIME",
    type=click.DateTime(("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d")),
    help="When it was set, in French time: 2026-10-02T10:15; now if it is not given.",
)
@click.option("--id", "id_", metavar="TEXT", help="The identifier of the message; towards the portal that of the flow.")
@click.option("--process", metavar="WORD", default="REGULATED", show_default=True, help="The kind of trade (MDT-2).")
@click.option("--platform", metavar="NUMBER=NAME", help="The sending platform, named towards the portal.")
def command(
    source: str,
    status: str,
    output: str,
    by: str | None,
    to: tuple[str, ...],
    reasons: tuple[str, ...],
    action: str | None,
    cashed: tuple[str, ...],
    attach: tuple[str, ...],
    at: datetime | None,
    id_: str | None,
    process: str,
    platform: str | None,
) -> int:
    """Make the message that INVOICE has a STATUS, by code (205) or name (approved).

    INVOICE is an invoice, or an earlier message about it. The message is validated, and only written if it is valid.

    \b
    Examples:
      billingua lifecycle new invoice.xml approved -o approved.xml
      billingua lifecycle new invoice.xml 212 --cashed 20=960.00 --cashed 5.5=211.00 -o cashed.xml
      billingua lifecycle new invoice.xml 209 --to BY=200000008_LIFECYCLE --attach proof.pdf -o completed.xml
    """
    data = read_input(source)
    from billingua import api, lifecycle
    from billingua.reports import writer

    files = [(os.path.basename(shown(name)), _media_type(name), read_input(name)) for name in attach]
    with named(shown(source)):
        content = api.read(data).content
    if action is not None and not reasons:
        raise click.UsageError("--action belongs to a --reason.")
    given = [_reason(text, action if number == 0 else None) for number, text in enumerate(reasons)]
    made = lifecycle.message(
        content,
        status,
        by=by,
        to=[_recipient(text) for text in to] or None,
        reasons=given,
        cashed=_amounts(cashed),
        attachments=files,
        at=at,
        id=id_,
        process=process,
        platform=_pair(platform, "--platform") if platform is not None else None,
    )
    document = lifecycle.write(made)
    report = api.validate(document, name=shown(output))
    if report.valid:
        write_output(output, document)
        return 0
    click.echo(writer("text").report(report), err=True, nl=False)
    say(shown(output), _REFUSED)
    return 1


def _recipient(text: str) -> Any:
    """A role, or a party with its electronic address: one of the French directory unless a scheme stands before it."""
    from billingua.formats.cdar.model import Party, SchemedId

    role, equals, address = text.partition("=")
    if not equals:
        return role
    scheme, _, value = address.rpartition(":")
    return Party(role=role, endpoint=SchemedId(value, scheme or _DIRECTORY))


def _reason(text: str, action: str | None) -> Any:
    from billingua.lifecycle import Reason

    code, _, words = text.partition("=")
    return Reason(code, words or None, action)


def _amounts(cashed: tuple[str, ...]) -> dict[str, str]:
    pairs = [_pair(text, "--cashed") for text in cashed]
    if len({rate for rate, _ in pairs}) < len(pairs):
        raise click.UsageError("--cashed names a VAT rate twice.")
    return dict(pairs)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"{option} {text!r} has no =.")
    return name, value


def _media_type(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"
