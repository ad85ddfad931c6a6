"""Notes (BT-22) that stand for elements of FA(3): `P_18A: mechanizm podzielonej płatności`."""

import re
from typing import Final

__all__ = ["FLAGS", "KSEF_NUMBER", "KSEF_NUMBER_OF", "NOTED", "REVERSE_CHARGE", "spelled_out"]

REVERSE_CHARGE: Final = "reverse_charge"
"""P_18, which a note says only where no VAT category does."""

FLAGS: Final = {
    "cash_accounting": ("P_16", "metoda kasowa"),
    "split_payment": ("P_18A", "mechanizm podzielonej płatności"),
    "simplified_triangulation": ("P_23", "procedura uproszczona"),
    "receipt_invoice": ("FP", "faktura do paragonu"),
    "related_parties": ("TP", "podmioty powiązane"),
    "excise_refund": ("ZwrotAkcyzy", "zwrot akcyzy"),
    REVERSE_CHARGE: ("P_18", "odwrotne obciążenie"),
}
"""Annotation -> its element, and the words that an invoice has for it."""

NOTED: Final = {
    "issue_place": "P_1M",
    "correction_reason": "PrzyczynaKorekty",
    "correction_effect": "TypKorekty",
    "corrected_period": "OkresFaKorygowanej",
    "corrected_number": "NrFaKorygowany",
}
"""Attribute of an invoice -> its element, for what is said as `PrzyczynaKorekty: zwrot towaru`."""

KSEF_NUMBER: Final = re.compile(
    r"(?<![0-9A-Z-])(?:[1-9][0-9]{9}|M[0-9]{9}|[A-Z]{3}[0-9]{7})-20[2-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r"-[0-9A-F]{6}-?[0-9A-F]{6}-[0-9A-F]{2}(?![0-9A-Z-])"
)
"""The number that KSeF gave an invoice, within a text."""

KSEF_NUMBER_OF: Final = "Numer KSeF faktury {number}: {ksef_number}"
"""How a note says the KSeF number of a preceding invoice."""


def spelled_out(note: str) -> str:
    """The annotation (of `FLAGS`) that a note says and nothing else; "" for other notes."""
    text = " ".join(note.split()).rstrip(".").casefold()
    for name, (element, words) in FLAGS.items():
        if text in (words, f"{element}: {words}".casefold(), f"{element}: 1".casefold()):
            return name
    return ""
