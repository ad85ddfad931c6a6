"""`billingua show`: an invoice in words."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import ModuleType, SimpleNamespace

import pytest
from click.testing import Result

from billingua.engine.places import Place
from billingua.model import Address, Identifier, Invoice, Item, Line, LineExtension, Seller, SupportingDocument

Run = Callable[..., Result]

INVOICE = Invoice(
    number="A-1",
    issue_date=date(2026, 1, 31),
    seller=Seller(name="Acme\x9b SARL", legal_registration=Identifier("123456789", "0002"))
    if "legal_registration" in Seller.__struct_fields__
    else Seller(name="Acme\x9b SARL", address=Address(country_code="FR")),
    supporting_documents=[SupportingDocument(reference="D", content=b"x" * 1234)],
    lines=[
        Line(
            identifier="1",
            quantity=Decimal("2.50"),
            item=Item(name="Bolt"),
            extension=LineExtension(subtype="DETAIL"),
        ),
        Line(identifier="2", quantity=Decimal("1E+3"), item=Item(name="Nut")),
    ],
)


@pytest.fixture
def show(fake_api: ModuleType, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    unmapped = tuple(Place(f"/Invoice/ext:X[{n}]", n, "x") for n in range(1, 8))
    document = SimpleNamespace(format="ubl-invoice", profile="p", content=INVOICE, unmapped=unmapped)
    monkeypatch.setattr(fake_api, "read", lambda _source: document, raising=False)
    return run


def test_in_words(show: Run) -> None:
    result = show("show", "good.xml")
    assert result.exit_code == 0
    words = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert words[0] == "good.xml: ubl-invoice, p"
    assert "Invoice number (BT-1) A-1" in words
    assert "Invoice issue date (BT-2) 2026-01-31" in words
    assert "Seller (BG-4)" in words
    assert "Seller name (BT-27) Acme\ufffd SARL" in words
    assert "INVOICE LINE (BG-25) 1" in words or "Invoice line (BG-25) 1" in words
    assert "Item name (BT-153) Nut" in words
    assert words[words.index("Extension") + 1] == "Line subtype (EXT-FR-FE-163) DETAIL"
    assert "Invoiced quantity (BT-129) 1000" in words
    assert any(line.endswith("1,234 bytes") for line in words)


def test_what_the_model_does_not_hold_is_named(show: Run) -> None:
    said = show("show", "good.xml").stderr
    assert said.startswith("billingua: good.xml: Not part of the model, and not shown: /Invoice/ext:X[1], ")
    assert said.endswith("/Invoice/ext:X[5] and 2 more\n")


def test_as_json(show: Run) -> None:
    result = show("show", "good.xml", "--json")
    assert Invoice.from_json(result.stdout_bytes) == INVOICE
    assert json.loads(result.stdout)["number"] == "A-1"


def test_of_an_unusable_file(show: Run) -> None:
    result = show("show", "missing.xml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "billingua: missing.xml: There is no such file.\n"
