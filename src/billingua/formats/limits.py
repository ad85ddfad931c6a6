"""How large a document may be for those who take it: asked before anything is sent.

    check_size(len(data), "fr-invoice")

The services speak of MB and do not say which. Beyond the larger reading (1,048,576 bytes a MB) a document is refused;
beyond the smaller one (1,000,000) it may be, which is told. What KSeF takes are rules of its own (`KSEF-SIZE-01`).
"""

from typing import Final, NamedTuple

from billingua.errors import TooLarge, UsageError

__all__ = ["LIMITS", "Limit", "check_size"]


class Limit(NamedTuple):
    """What is limited, to how many MB, and how something that is larger is mended."""

    what: str
    megabytes: int
    mend: str

    @property
    def sure(self) -> int:
        """So many bytes are taken, whatever a MB is."""
        return self.megabytes * 1_000_000

    @property
    def most(self) -> int:
        """More bytes are refused, whatever a MB is."""
        return self.megabytes * 1_048_576


_LESS: Final = "Attach less, or smaller files."

LIMITS: Final = {
    "fr-invoice": Limit("An invoice for a French platform", 10, _LESS),  # Docnova, /invoice/FR/submit
    "fr-cdar": Limit("A life-cycle message (CDAR)", 5, _LESS),  # Docnova, /invoice/FR/cdar/receive
    "fr-flow": Limit("The file of a flow (XP Z12-013)", 100, "Split what is reported, or attach less."),  # /v1/flows
    "chorus-file": Limit("A file added to Chorus Pro", 10, "Add a smaller one."),  # transverses/ajouter-fichier
    "docnova-attachment": Limit("A file that goes with an e-mail", 5, "Attach a smaller one."),  # /email/send
}
"""By name; the raw bytes count, before base64."""


def check_size(size: int, limit: str) -> str:
    """What is to be told of so many bytes: "" when nothing, a sentence when only the larger reading of MB takes them.

    Args:
        size: the number of raw bytes.
        limit: one of `LIMITS`.

    Raises:
        TooLarge: they are too many; it tells the size, the limit and how to mend it.
        UsageError: there is no such limit.
    """
    found = LIMITS.get(limit)
    if found is None:
        raise UsageError(f"There is no limit {limit!r}.", todo=f"Name one of: {', '.join(LIMITS)}.")
    if size > found.most:
        raise TooLarge(found.what, size, found.most, todo=found.mend)
    if size > found.sure:
        return f"{found.what} has {size:,} bytes, and may be refused above {found.sure:,}. {found.mend}"
    return ""
