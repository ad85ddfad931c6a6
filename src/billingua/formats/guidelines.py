"""Specification identifiers (BT-24) that more than one wire format knows."""

from typing import Final

__all__ = ["EXTENDED_CTC_FR", "FRENCH", "STANDARD"]

STANDARD: Final = "urn:cen.eu:en16931:2017"
"""An invoice that follows nothing but the standard."""

EXTENDED_CTC_FR: Final = f"{STANDARD}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
"""An invoice in the French extension of the standard."""

FRENCH: Final = "extended-ctc-fr"
"""The word of the API and the command for the French extension, which both syntaxes have."""
