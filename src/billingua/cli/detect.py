"""`billingua detect`: what is this document?"""

import click

from billingua.cli.common import internal, read_input, say, shown, without_name
from billingua.errors import BillinguaError

__all__ = ["command"]


@click.command("detect", short_help="Name the format of documents.")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="One JSON object a document, a line each.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Tell format, profile and version of documents, without validating them.

    PATH is a file; - is standard input.

    \b
    Example:
      billingua detect invoice.xml
    """
    from billingua import api

    status = 0
    for path in paths:
        name = shown(path)
        try:
            found = api.detect(read_input(path))
        except BillinguaError as error:
            say(name, without_name(error, name))
            status = 2
        except Exception as error:
            say(name, internal(error))
            status = 2
        else:
            click.echo(_line(name, found.format, found.profile, found.version, as_json))
    return status


def _line(name: str, format_: str, profile: str | None, version: str | None, as_json: bool) -> str:
    if as_json:
        import json

        about = {"file": name, "format": format_, "profile": profile, "version": version}
        return json.dumps(about, ensure_ascii=False)
    more = f", profile {profile}" if profile else ""
    return f"{name}: {format_}{more}{f', version {version}' if version else ''}"
