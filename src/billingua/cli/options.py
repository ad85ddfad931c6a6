"""Options that several commands have."""

import click

__all__ = ["formats_option", "json_option", "output_option", "profile_option"]

output_option = click.option(
    "-o",
    "--output",
    metavar="OUT",
    required=True,
    type=click.Path(),
    help="Where to write; - is standard output.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
profile_option = click.option(
    "--profile",
    metavar="P",
    help="The profile to write: minimum, basicwl, basic, en16931, extended, xrechnung, extended-ctc-fr, flux1-base, "
    "flux1-full, or a whole identifier (BT-24).",
)

formats_option = click.option(
    "--to",
    "format_",
    metavar="FORMAT",
    required=True,
    help="The wire format: ubl, cii, facturx (build only), ubl-invoice or ubl-creditnote.",
)
