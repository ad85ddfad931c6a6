"""Which release these rules are of."""

from typing import Final

__all__ = ["NAME", "RELEASE"]

NAME: Final = "fr-cdar"

RELEASE: Final = "1.4.0.03"
"""The release of the artefact (2026-08-04). The one in pyfrctc 0.24 is older: of the values of MDT-2 it takes REGULATED
alone, as it compares the others with the text of the whole context."""
