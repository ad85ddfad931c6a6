"""The subsets of an invoice that the French public portal takes (flux 1): how an invoice and a user call each."""

import re
from typing import Final, NamedTuple

__all__ = ["SUBSETS", "Subset", "subset_called", "subset_of"]


class Subset(NamedTuple):
    """One subset: `name` is the word of the API and the command, `guideline` its specification identifier (BT-24),
    `folder` where its schemas are, `has_lines` whether it is more than the head of an invoice."""

    name: str
    title: str
    guideline: str
    folder: str
    has_lines: bool

    def schema(self, format_name: str) -> str:
        """The schema (below `schemas/`) of its documents in a wire format."""
        return f"{self.folder}/{_FILES[format_name]}.xsd"


_FILES: Final = {"cii": "CrossIndustryInvoice", "ubl-invoice": "Invoice", "ubl-creditnote": "CreditNote"}

SUBSETS: Final = tuple(
    [
        Subset(
            f"flux1-{word}",
            f"flux 1 {word.upper()}",
            f"urn.cpro.gouv.fr:1p0:einvoicingextract#{word.capitalize()}",
            f"fr-flux1-{word}",
            word == "full",
        )
        for word in ("base", "full")
    ]
)
"""BASE, the head of an invoice, and FULL, which has the lines too.

The identifiers are those of release 3.1 of the portal's specifications; since release 3.2 the name of the file tells
the subset (rule S1.06: `Base_` or `Full_` before it), and any identifier is taken.
"""


def subset_of(guideline: str | None) -> Subset | None:
    """The subset that a specification identifier (BT-24) names, in any case; None if it names none."""
    wanted = (guideline or "").strip().lower()
    return next((subset for subset in SUBSETS if subset.guideline.lower() == wanted), None)


def subset_called(word: str) -> Subset | None:
    """The subset of a word, in any spelling: `flux1-base`, `FLUX1 BASE`; None if it is none."""
    wanted = re.sub(r"[\s_-]", "", word).lower()
    return next((subset for subset in SUBSETS if subset.name.replace("-", "") == wanted), None)
