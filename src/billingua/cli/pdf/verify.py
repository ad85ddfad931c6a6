"""`billingua pdf verify`: are the signatures of a PDF right?"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from billingua.cli.common import named, read_input, shown

if TYPE_CHECKING:
    from billingua.pdf.verification import SignatureCheck

__all__ = ["command"]

_COVERS = {"file": "the whole file", "revision": "the file as it was signed", "part": "a part of the file"}


@click.command("verify", short_help="Verify the signatures of a PDF offline.")
@click.argument("source", metavar="IN.pdf", type=click.Path())
@click.option(
    "--root", "roots", metavar="PEM", multiple=True, type=click.Path(), help="Trusted certificates, PEM or DER."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(source: str, roots: tuple[str, ...], as_json: bool) -> int:
    """Verify every signature of IN.pdf: the signed bytes, later changes, the chain to a root, the level of PAdES.

    Nothing is fetched. Without --root nobody is trusted or distrusted, and only the bytes are judged.

    Exit status: 0 all are valid; 1 one is not, or there is none; 2 the file could not be used.

    \b
    Example:
      billingua pdf verify invoice.pdf --root root.pem
    """
    data = read_input(source)
    trusted = [read_input(name) for name in roots]
    from billingua import pdf
    from billingua.engine.shown import printable

    with named(shown(source)):
        found = pdf.verify(data, trusted)
    if as_json:
        fields = {**found._asdict(), "signatures": [_fields(check) for check in found.signatures]}
        click.echo(json.dumps({"file": shown(source), **fields}, ensure_ascii=False))
    else:
        click.echo(printable(f"{shown(source)}: {'valid' if found.valid else 'not valid'}"))
        for check in found.signatures:
            for indent, line in _told(check):
                click.echo(indent + printable(line))
        if not found.signatures:
            click.echo(f"  {found.reasons[0]}")
    return 0 if found.valid else 1


def _fields(check: "SignatureCheck") -> dict[str, object]:
    times = {"signed_at": check.signed_at, "timestamp": check.timestamp}
    return {**check._asdict(), **{name: time.isoformat() if time else None for name, time in times.items()}}


def _told(check: "SignatureCheck") -> Iterator[tuple[str, str]]:
    """A signature in lines, each with what stands before it."""
    facts = {
        "level": check.level if check.kind == "signature" else None,
        "signer": check.signer or None,
        "trusted": {True: "yes", False: "no", None: "not asked"}[check.trusted],
        "signed at": f"{check.signed_at:%Y-%m-%d %H:%M:%S %Z} (as the signer says)" if check.signed_at else None,
        "timestamp": f"{check.timestamp:%Y-%m-%d %H:%M:%S %Z}" if check.timestamp else None,
        "covers": _COVERS[check.coverage],
    }
    yield "  ", f"{check.field or 'the form'}: {check.kind}, {'valid' if check.valid else 'not valid'}"
    for name, value in facts.items():
        if value is not None:
            yield f"    {name:<10} ", value
    for reason in check.reasons:
        yield "    ", reason
