"""Which artefacts these rules are."""

from typing import Final

__all__ = ["NAME", "RELEASE"]

NAME: Final = "en16931"

RELEASE: Final = "1.3.16"
"""The release of the CEN validation artefacts that the verdicts equal."""
