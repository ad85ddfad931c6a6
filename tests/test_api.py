"""The verbs: what they hold on to while they work."""

import sys
from pathlib import Path
from typing import Any

import pytest

import billingua as bl
from billingua import api

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "standard-rated.cii.xml"


def test_the_bytes_of_a_file_are_let_go_before_its_rules_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    size = SAMPLE.stat().st_size
    held: list[str] = []
    original = api.judge

    def judge(*args: Any) -> Any:
        frame = sys._getframe()
        while frame is not None:
            for name, value in frame.f_locals.items():
                if isinstance(value, bytes) and len(value) == size:
                    held.append(f"{frame.f_code.co_name}: {name}")
            frame = frame.f_back
        return original(*args)

    monkeypatch.setattr(api, "judge", judge)
    assert bl.validate(SAMPLE).valid
    assert held == []
