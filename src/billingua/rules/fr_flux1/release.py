"""Which artefacts these rules are, and the subsets that have one each."""

from typing import Final

__all__ = ["GUIDELINES", "RELEASE", "SYNTAXES", "name_of"]

RELEASE: Final = "0.2"
"""The release of the portal's Schematron for flux 1 (rules of annex 7, 1.8) whose verdicts these equal."""

GUIDELINES: Final = {
    "base": "urn.cpro.gouv.fr:1p0:einvoicingextract#Base",
    "full": "urn.cpro.gouv.fr:1p0:einvoicingextract#Full",
}
"""The specification identifiers (BT-24) of the subsets, as release 3.1 of the portal's specifications has them.

Since release 3.2 the name of the file tells the subset (rule S1.06), and any BT-24 is taken; a document with another
one is judged under the rule set that is named.
"""

SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}


def name_of(subset: str) -> str:
    """The rule set of a subset."""
    return f"fr-flux1-{subset}"
