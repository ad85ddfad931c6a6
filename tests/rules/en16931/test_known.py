"""Invoices that look like known ones: what was settled for these is settled for all, and nothing else is."""

import random
import re
from pathlib import Path

import pytest

import billingua as bl
from billingua.engine import judge

SAMPLES = Path(__file__).parents[3] / "samples"
TEXT = re.compile(r"(?<=>)[^<>]*[^<>\s][^<>]*(?=</)")
ODD = ("", " ", "x", "0", "-1.00", "1.005", "S", "E", "DE", "EUR", "2026-01-31")


def altered(data: str, seed: int) -> bytes:
    """The invoice with one or two texts exchanged for others."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 2))):
        start, end = chance.choice([found.span() for found in TEXT.finditer(data)])
        data = data[:start] + chance.choice((*ODD, data[start:end][::-1])) + data[end:]
    return data.encode()


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.[uc][bi][li].xml")), ids=lambda path: path.name)
def test_an_altered_invoice_is_judged_as_if_nothing_were_known(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = path.read_text("utf-8")
    for _ in range(3):
        bl.validate(data.encode())
    alike = [altered(data, seed) for seed in range(8)]
    found = [bl.validate(one).findings for one in alike]
    for one, seen in zip(alike, found, strict=True):
        monkeypatch.setattr(judge, "_PREPARED", {})
        assert bl.validate(one).findings == seen
    assert any(found), "nothing was altered that matters"
