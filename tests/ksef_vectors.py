"""What others have computed for KSeF: read through ../shared, and skipped where that is absent."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"
VECTORS = SHARED / "vectors" / "ksef.json"
INVOICES = SHARED / "conformance" / "ksef"


def vectors(*keys: str) -> Any:
    """The vectors below some keys."""
    if not VECTORS.is_file():
        pytest.skip("the vectors (../shared/vectors/ksef.json) are not here")
    found = _read()
    for key in keys:
        found = found[key]
    assert found
    return found


def invoice(name: str) -> bytes:
    """An FA(3) document."""
    if not INVOICES.is_dir():
        pytest.skip("the KSeF documents (../shared/conformance/ksef) are not here")
    return (INVOICES / name).read_bytes()


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(VECTORS.read_text("utf-8"))
    return found
