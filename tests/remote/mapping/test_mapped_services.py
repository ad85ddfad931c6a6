"""The JSON of every service: nothing is lost in silence, and what is written is read again."""

from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mapped_invoices import (
    CONFORMANCE,
    SERVICES,
    VAT_ACCOUNTING,
    Service,
    changed,
    expected,
    in_order,
    invoices_for,
    outcome,
    public_invoices,
    there_and_back,
    whole,
)

from billingua.errors import CannotExpress, InvalidModel
from billingua.model import Invoice, extension_terms, terms
from billingua.remote.mapping.leaves import leaves
from billingua.remote.mapping.table import Node

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=lambda one: one.name)

WITHOUT_PLACE = {
    "docnova": """
        BT-8 BT-11 BT-12 BT-15 BT-16 BT-17 BT-18 BT-18-1 BT-21 BT-25 BT-26 BT-32 BT-33 BT-36 BT-162 BT-39 BT-51
        BT-163 BT-54 BT-56 BT-57 BT-59 BT-60 BT-60-1 BT-61 BT-61-1 BT-62 BT-63 BT-64 BT-65 BT-164 BT-66 BT-67 BT-68
        BT-69 BT-71 BT-71-1 BT-73 BT-74 BT-76 BT-165 BT-79 BT-83 BT-86 BT-87 BT-88 BT-89 BT-90 BT-91 BT-92 BT-93
        BT-94 BT-95 BT-96 BT-97 BT-98 BT-99 BT-100 BT-101 BT-102 BT-103 BT-104 BT-105 BT-114 BT-120 BT-121 BT-122
        BT-123 BT-124 BT-125 BT-125-1 BT-125-2 BT-127 BT-132 BT-133 BT-134 BT-135 BT-136 BT-137 BT-138 BT-139 BT-140
        BT-141 BT-142 BT-143 BT-144 BT-145 BT-147 BT-148 BT-154 BT-156 BT-157 BT-157-1 BT-158 BT-158-1 BT-158-2
        BT-159 BT-160 BT-161""",
    "openapi": """
        BT-6 BT-7 BT-8 BT-11 BT-12 BT-14 BT-15 BT-16 BT-17 BT-18 BT-18-1 BT-19 BT-20 BT-21 BT-22 BT-23 BT-25 BT-26
        BT-28 BT-32 BT-33 BT-34 BT-34-1 BT-36 BT-162 BT-39 BT-41 BT-42 BT-45 BT-49 BT-49-1 BT-51 BT-163 BT-54 BT-56
        BT-57 BT-59 BT-60 BT-60-1 BT-61 BT-61-1 BT-62 BT-63 BT-64 BT-65 BT-164 BT-66 BT-67 BT-68 BT-69 BT-70 BT-71
        BT-71-1 BT-72 BT-73 BT-74 BT-75 BT-76 BT-165 BT-77 BT-78 BT-79 BT-80 BT-82 BT-83 BT-85 BT-86 BT-87 BT-88
        BT-89 BT-90 BT-91 BT-92 BT-93 BT-94 BT-95 BT-96 BT-97 BT-98 BT-99 BT-100 BT-101 BT-102 BT-103 BT-104 BT-105
        BT-106 BT-107 BT-108 BT-111 BT-113 BT-114 BT-120 BT-121 BT-124 BT-126 BT-127 BT-128 BT-128-1 BT-132 BT-133
        BT-134 BT-135 BT-136 BT-137 BT-138 BT-139 BT-140 BT-141 BT-142 BT-143 BT-144 BT-145 BT-147 BT-148 BT-149
        BT-150 BT-154 BT-155 BT-156 BT-157 BT-157-1 BT-158 BT-158-1 BT-158-2 BT-159 BT-160 BT-161""",
    "factpulse": "BT-6 BT-7 BT-18 BT-18-1 BT-24 BT-45 BT-111 BT-125 BT-125-1 BT-125-2 BT-128 BT-128-1",
}
"""What the complete invoice loses: BT-106 and BT-126 only as they are no sum and no position in it."""


@every_service
def test_the_terms_without_a_place(service: Service) -> None:
    written = service.write(whole(service))
    lost = {loss.term for loss in written.losses}
    repeated = {term.id for term in extension_terms() if term.type != "group"} & terms().keys()
    assert {term for term in lost if term in terms()} == set(WITHOUT_PLACE[service.name].split()) | repeated
    extension = {term.id for term in extension_terms() if term.type != "group"} - terms().keys()
    carried = {"EXT-FR-FE-162", "EXT-FR-FE-163"} if service.name == "factpulse" else set()
    assert {term for term in lost if term not in terms()} == extension - carried


GOES_WITHOUT_SAYING = {"docnova": set(), "openapi": {"specification"}, "factpulse": {"lines[].identifier"}}
"""Where nothing is the same as what the service enters itself."""


@every_service
def test_no_value_changes_or_goes_unseen(service: Service) -> None:
    """Each value, changed or left out, changes the JSON, or the losses, or is why the invoice is refused."""
    invoice = whole(service)
    before = outcome(service, invoice)
    for leaf in leaves(invoice):
        others = [another(leaf.value)]
        if leaf.attribute not in GOES_WITHOUT_SAYING[service.name]:
            others.append(None)
        for other in others:
            one = changed(invoice, lambda _, place, value: other if place == leaf.path else value)  # noqa: B023
            assert outcome(service, one) != before, (leaf.path, other)


def another(value: Any) -> Any:
    match value:
        case Decimal():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case _:
            return value + value


@every_service
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_is_read_again(service: Service, data: st.DataObject) -> None:
    invoice = data.draw(invoices_for(service))
    written, found = there_and_back(service, invoice)
    assert found.unmapped == ()
    assert in_order(found.invoice) == in_order(expected(service, invoice, written))
    again, _ = there_and_back(service, found.invoice.replace(specification=invoice.specification))
    assert again.content == written.content


@every_service
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_value_is_carried_or_lost(service: Service, data: st.DataObject) -> None:
    """Leaving out any one value of any invoice is seen."""
    invoice = data.draw(invoices_for(service))
    leaf = data.draw(
        st.sampled_from([one for one in leaves(invoice) if one.attribute not in GOES_WITHOUT_SAYING[service.name]])
    )
    one = changed(invoice, lambda _, place, value: None if place == leaf.path else value)
    assert outcome(service, one) != outcome(service, invoice)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["2026-01-01", "12.5", "S", "VAT", "EUR", "0009", Decimal("1E+999999"), 10**4000])
)


def anything_at(node: Node) -> st.SearchStrategy[Any]:
    """What may stand at a place of the JSON, and what may not."""
    options = [SCALARS, st.lists(SCALARS, max_size=2)]
    if node.names:
        below = {name: st.deferred(lambda one=one: anything_at(one)) for name, one in node.names.items()}
        options.insert(0, st.fixed_dictionaries({}, optional=below))
    if node.choices:
        options.insert(0, st.lists(st.one_of([anything_at(one) for one in node.choices.values()]), max_size=3))
    return st.one_of(options)


@every_service
@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_reading_raises_nothing_but_invalid_model(service: Service, data: st.DataObject) -> None:
    content = data.draw(anything_at(service.table.root))
    with suppress(InvalidModel):
        assert isinstance(service.read(content).invoice, Invoice)


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the conformance instances (../shared/conformance) are not here")
@every_service
def test_public_invoices_come_back(service: Service) -> None:
    """Every valid public invoice is refused for a reason, or comes back but for what is named as lost."""
    counts: Counter[str] = Counter()
    for name, invoice in public_invoices():
        try:
            written, found = there_and_back(service, invoice)
        except (CannotExpress, InvalidModel):
            counts["refused"] += 1
            continue
        assert [place.path for place in found.unmapped if place.text != VAT_ACCOUNTING] == [], name
        assert comparable(service, found.invoice) == comparable(service, expected(service, invoice, written)), name
        counts["with losses" if written.losses else "whole"] += 1
    assert counts["whole"] + counts["with losses"] > 100
    if service.name == "factpulse":
        assert counts["whole"] > 100
    print(service.name, dict(counts))


def comparable(service: Service, invoice: Invoice) -> Invoice:
    """The invoice without what says nothing there (zeros, a trading name that is the name), or became another code."""

    def keep(where: str, _: str, value: Any) -> Any:
        if service.name == "docnova" and where.startswith("totals.") and value == 0:
            return None
        if service.name == "docnova" and where.endswith(".trading_name"):
            party = invoice.seller if where.startswith("seller") else invoice.buyer
            return None if party is not None and value == party.name else value
        if service.name == "factpulse" and where in ("payment.means_code", "lines[].identifier", "tax_point_date_code"):
            return None
        return value

    return in_order(changed(invoice, keep))
