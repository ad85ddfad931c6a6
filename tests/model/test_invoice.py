"""The classes of the model: what they accept and refuse, and that they agree with the table of terms."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args

import msgspec
import pytest

import billingua.model as model
from billingua.errors import InvalidModel, UsageError
from billingua.model import (
    Group,
    Identifier,
    Invoice,
    Item,
    Line,
    Price,
    Seller,
    extension_terms,
    term_at,
    term_name,
    terms,
)
from billingua.model.base import description_of

IDS = re.compile(r"((?:(?:B[TG](?:-X)?|EXT-FR-FE(?:-BG)?)-\d+(?:-\d)? )+)([^:]+): \S.*\.")
SHARED = (model.Address, model.Contact)
"""Classes of the standard that the extension uses again: their documentation names the terms of the standard."""

OF_NO_TERM = {"lines[].extension.delivery_terms"}
"""Groups that make two terms one, where the extension has no group."""

NAMES_FROM_THE_SCHEME = {"value", "scheme_id", "scheme_version"}


def attributes(group: type[Group] = Invoice, path: str = "") -> Iterator[tuple[str, type[Group], str]]:
    """Every attribute of the model: its path, its class and its name."""
    for field in msgspec.structs.fields(group):
        kind: Any = get_args(field.type)[0] if hasattr(field.type, "__metadata__") else field.type
        options = [option for option in (get_args(kind) or (kind,)) if option not in (type(None), ...)]
        suffix = "[]" if str(kind).startswith("tuple") else ""
        yield f"{path}{field.name}{suffix}", group, field.name
        if issubclass(options[0], Group):
            yield from attributes(options[0], f"{path}{field.name}{suffix}.")


def test_every_term_has_its_attribute() -> None:
    found = {path for path, _, name in attributes() if name != "extension"}
    expected = {term.attribute for term in (*terms().values(), *extension_terms()) if term.id != "BG-2"}
    assert expected <= found
    others = {path for path in found - expected if path.rpartition(".")[2] not in NAMES_FROM_THE_SCHEME}
    assert {term_at(path) for path in others} - {None} <= {*terms().values(), *extension_terms()}
    assert {path for path in others if term_at(path) is None} == OF_NO_TERM


def test_every_attribute_names_its_terms() -> None:
    for path, group, name in attributes():
        if group is Identifier or path in OF_NO_TERM or name == "extension":
            continue
        match = IDS.fullmatch(description_of(group, name))
        assert match, path
        ids = match[1].split()
        term = term_at(path)
        assert term is not None, path
        assert term.id in ids or (".extension." in f".{path}" and group in SHARED), path
        if len(ids) == 1 and group not in SHARED:
            assert match[2] == term.name, path


def test_the_table_is_complete_and_consistent() -> None:
    table = terms()
    assert set(table) >= {f"BT-{n}" for n in range(1, 166) if n != 4} | {f"BG-{n}" for n in range(1, 33)}
    for term in table.values():
        assert term.cardinality in {"0..1", "1..1", "0..n", "1..n"}
        assert term.parent == "" or table[term.parent].type == "group"
        if term.parent and table[term.parent].attribute and term.parent != "BG-13":
            assert term.attribute.startswith(table[term.parent].attribute + "."), term.id
        if not re.fullmatch(r"BT-\d+-\d", term.id):
            above = table[term.parent].attribute if term.parent else ""
            assert term.repeatable == ("[]" in term.attribute.removeprefix(above)), term.id


def test_terms_are_found_by_id_and_by_path() -> None:
    assert term_name("BT-1") == "Invoice number"
    assert terms()["BT-1"].mandatory
    found = term_at("lines[3].item.classification_identifiers[0]")
    assert found is not None
    assert found.id == "BT-158"
    assert term_at("lines[3].nothing") is None
    with pytest.raises(UsageError, match="BT-4"):
        term_name("BT-4")


def test_public_names_are_sorted_and_exist() -> None:
    assert sorted(model.__all__) == model.__all__
    assert all(hasattr(model, name) for name in model.__all__)


def test_convenient_values_become_exact_ones() -> None:
    line = Line(quantity=2, net_amount=Decimal("10.10"), object_identifier="X1", allowances=[])  # type: ignore[arg-type]
    assert line.quantity == Decimal(2)
    assert type(line.quantity) is Decimal
    assert str(line.net_amount) == "10.10"
    assert line.object_identifier == Identifier("X1")
    assert line.allowances == ()
    assert str(Price(net_price=Decimal("1E+3")).net_price) == "1000"
    assert str(Identifier("5790000435975", "0088")) == "5790000435975"
    seller = Seller(identifiers=["1", Identifier("2", "0088")])  # type: ignore[list-item,arg-type]
    assert seller.identifiers == (Identifier("1"), Identifier("2", "0088"))
    assert model.SupportingDocument(content=bytearray(b"%PDF")).content == b"%PDF"


def test_text_enumerations_become_text() -> None:
    class Country(StrEnum):
        PL = "PL"

    country = model.Address(country_code=Country.PL).country_code
    assert type(country) is str
    assert country == "PL"


def test_groups_are_immutable_and_replaced() -> None:
    invoice = Invoice(number="1")
    with pytest.raises(AttributeError):
        invoice.number = "2"  # type: ignore[misc]
    assert invoice.replace(number="2") == Invoice(number="2")
    assert hash(invoice) == hash(Invoice(number="1"))
    with pytest.raises(InvalidModel, match="BT-1"):
        invoice.replace(number=2)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Line(quantity=1.5), r'Line\.quantity \(BT-129\).*float 1\.5.*Decimal\("1\.5"\)'),
        (lambda: Line(quantity=True), r"BT-129.*bool True"),
        (lambda: Line(quantity="1"), r"BT-129.*Decimal or an int, not str '1'"),
        (lambda: Line(quantity=Decimal("NaN")), r"BT-129.*finite"),
        (lambda: Line(quantity=Decimal("-Infinity")), r"BT-129.*finite"),
        (lambda: Line(quantity=Decimal("1E+999999")), r"BT-129.*more than 60 digits"),
        (lambda: Line(quantity=Decimal("1E-61")), r"BT-129.*more than 60 digits"),
        (lambda: Line(quantity=10**5000), r"BT-129.*more than 60 digits"),
        (lambda: Invoice(issue_date=datetime(2026, 1, 1, tzinfo=UTC)), r"BT-2.*\.date\(\)"),
        (lambda: Invoice(issue_date="2026-01-01"), r"BT-2.*date\(2026, 1, 31\)"),
        (lambda: Invoice(number=1), r"Invoice\.number \(BT-1\) must be text"),
        (lambda: Item(name="a\x00b"), r"BT-153.*'\\x00' at position 2"),
        (lambda: Item(name="\ud800"), r"BT-153.*XML cannot carry"),
        (lambda: Invoice(seller=model.Buyer()), r"BG-4.*class Seller, not Buyer"),
        (lambda: Invoice(lines=Line()), r"BG-25.*tuple or list"),
        (lambda: Invoice(lines=None), r"BG-25.*tuple of Line"),
        (lambda: Invoice(lines=[Line(), None]), r"BG-25.*entry 2"),
        (lambda: model.SupportingDocument(content="text"), r"BT-125.*read_bytes"),
        (lambda: model.Address(city=5), r"BT-37, BT-52, BT-66, BT-77"),
        (lambda: Identifier(5), r"Identifier\.value must be text"),
    ],
)
def test_refused_at_the_door(build: Any, said: str) -> None:
    with pytest.raises(InvalidModel, match=said):
        build()


def test_white_space_and_any_script_are_text() -> None:
    text = "Zażółć\tgęślą\njaźń — 請求書 😀"
    assert Item(name=text).name == text


def test_dates_stay_dates() -> None:
    assert Invoice(issue_date=date(2026, 2, 28)).issue_date == date(2026, 2, 28)


def test_importing_the_model_loads_nothing_heavy() -> None:
    heavy = ("lxml", "click", "rich", "stdnum", "json", "asyncio")
    code = f"import sys, billingua.model; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
