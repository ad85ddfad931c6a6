"""Which artefact these rules are."""

from typing import Final

__all__ = ["FORMAT", "NAME", "RELEASE"]

NAME: Final = "fr-flux10"

FORMAT: Final = "ereporting"
"""The wire format they judge."""

RELEASE: Final = "1.0"
"""The release of the portal's Schematron for flux 10 whose verdicts these equal."""
