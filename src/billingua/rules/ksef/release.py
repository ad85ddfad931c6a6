"""Which documents these rules follow."""

from typing import Final

__all__ = ["NAME", "RELEASE"]

NAME: Final = "ksef"

RELEASE: Final = "2026-05"
"""The month of the ministry's documents that the conditions were taken from (KSeF API 2.6.0)."""
