"""What the commands of e-reporting share: the options of the period and of the head, reading, writing."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from billingua.cli.common import named, read_input, say, shown, write_output
from billingua.errors import UnsupportedFormat

if TYPE_CHECKING:
    from billingua.ereporting import Head, Reported
    from billingua.model import Invoice

__all__ = ["day_option", "finish", "head_from", "head_options", "invoices_from", "regime_option"]

_REGIMES = ("monthly", "quarterly", "simplified", "exempt")

regime_option = click.option(
    "--regime", type=click.Choice(_REGIMES), required=True, help="The VAT regime of the business."
)
day_option = click.option(
    "--day",
    metavar="YYYY-MM-DD",
    type=click.DateTime(("%Y-%m-%d",)),
    required=True,
    help="Any day of the period.",
)

_HEAD = (
    click.option("--id", "id_", metavar="ID", required=True, help="The identifier of the report."),
    click.option("--siren", metavar="SIREN", required=True, help="The business that declares: nine digits."),
    click.option("--name", metavar="NAME", required=True, help="Its name."),
    click.option("--platform", metavar="NUMBER", required=True, help="The platform that sends: four characters."),
    click.option("--platform-name", metavar="NAME", required=True, help="The name of the platform."),
    click.option(
        "--role",
        type=click.Choice(("SE", "BY")),
        default="SE",
        show_default=True,
        help="It declares as seller, or as buyer what it bought.",
    ),
    click.option("--corrects", is_flag=True, help="It replaces the report before (RE)."),
    click.option(
        "--issued",
        metavar="MOMENT",
        type=click.DateTime(("%Y-%m-%dT%H:%M:%S",)),
        help="When it is made, in French time (2027-03-11T08:30:00); the clock of this machine if it is not given.",
    ),
)


def head_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of the head of a report."""
    for option in reversed(_HEAD):
        command = option(command)
    return command


def head_from(given: dict[str, Any]) -> "Head":
    """The head that those options describe."""
    from billingua.ereporting import Head

    return Head(
        id=given["id_"],
        issued=given["issued"] or datetime.now().replace(microsecond=0),
        platform=given["platform"],
        platform_name=given["platform_name"],
        siren=given["siren"],
        name=given["name"],
        role=given["role"],
        corrects=given["corrects"],
    )


def invoices_from(sources: Sequence[str]) -> "list[Invoice]":
    """The invoices in files of UBL, CII or Factur-X.

    Raises:
        UnreadableInput: a file is none.
    """
    from billingua.api import read
    from billingua.model import Invoice

    found: list[Invoice] = []
    for source in sources:
        with named(shown(source)):
            document = read(read_input(source))
            if not isinstance(document.content, Invoice):
                raise UnsupportedFormat(
                    f"The document is {document.format}, not an invoice of EN 16931.", todo="Convert it first."
                )
            found.append(document.content)
    return found


def finish(made: "Reported", output: str, start: date, deadline: date) -> None:
    """Write a report, and say what is not in it and by when it must be sent."""
    from billingua.api import write

    write_output(output, write(made.report, "ereporting"))
    name = shown(output)
    for one in made.left_out:
        say(name, f"left out {one.number}: {one.why}.")
    say(name, f"the report of the period from {start} must be sent by {deadline}.")
