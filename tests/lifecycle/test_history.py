"""Histories: messages in any order, the state they come to, what contradicts them, and what may follow."""

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_message import INVOICE, needs

from billingua import lifecycle
from billingua.errors import LifecycleError, UsageError
from billingua.lifecycle import History, LifecycleMessage

LIFE = ("200", "201", "202", "203", "204", "207", "208", "209", "205", "211", "212")


def told(code: str, day: int, hour: int = 9) -> LifecycleMessage:
    status = lifecycle.status(code)
    return lifecycle.message(INVOICE, status, **{**needs(status), "at": datetime(2026, 10, day, hour)})


MESSAGES = [told(code, day) for day, code in enumerate(LIFE, 1)]


@settings(deadline=None)
@given(st.permutations(range(len(LIFE))))
def test_the_order_of_messages_means_nothing(order: list[int]) -> None:
    messages = [MESSAGES[place] for place in order]
    history = History(messages)
    assert tuple(step.status.code for step in history.steps) == LIFE
    assert history.status is not None
    assert (history.status.code, history.waiting) == ("212", ())
    assert history.cashed == {(Decimal(20), "EUR"): Decimal("120.00")}
    assert not any(history.add(one) for one in messages)


def test_the_same_step_told_to_another_is_no_new_one() -> None:
    history = History([told("200", 1)])
    to_buyer = lifecycle.message(INVOICE, 200, to="BY", at=datetime(2026, 10, 1, 9))
    assert history.add(to_buyer) is False
    assert len(history.steps) == 1


def test_technical_answers_leave_the_state() -> None:
    history = History([told("200", 1), told("601", 2)])
    assert history.status is lifecycle.status("200")
    assert len(history.steps) == 2
    assert History().status is None


def test_an_answer_waits_for_what_it_answers() -> None:
    history = History([told("203", 1), told("209", 3)])
    assert [step.status.code for step in history.waiting] == ["209"]
    assert history.status is lifecycle.status("203")
    history.add(told("208", 2))
    assert (history.status, history.waiting) == (lifecycle.status("209"), ())


@pytest.mark.parametrize(
    ("before", "code", "day", "why"),
    [
        (["200", "213"], "203", 3, r"213 \(rejected\) ended the life cycle"),
        (["200", "202"], "201", 3, r"it comes before 202 \(received\)"),
        (["200"], "200", 2, "set before, at another moment"),
        (["205"], "200", 2, r"it comes before 205"),
        (["205"], "202", 2, r"it comes before 205"),
        (["203"], "213", 2, r"made available\) is no longer rejected"),
        (["203", "210"], "205", 3, r"only 220 \(cancelled\) may follow"),
        (["203", "220"], "212", 3, "220 .* ended"),
        (["200"], "501", 2, "could be read"),
    ],
)
def test_contradictions_are_refused(before: list[str], code: str, day: int, why: str) -> None:
    history = History(told(one, number) for number, one in enumerate(before, 1))
    steps = history.steps
    with pytest.raises(LifecycleError, match=why):
        history.add(told(code, day))
    assert history.steps == steps


def test_a_contradiction_shows_whichever_comes_first() -> None:
    history = History([told("205", 5)])
    with pytest.raises(LifecycleError, match="213"):
        history.add(told("213", 2))


def test_one_history_is_about_one_invoice() -> None:
    history = History([told("200", 1)])
    other = lifecycle.message(INVOICE.replace(number="INV-8"), 201, at=datetime(2026, 10, 2))
    with pytest.raises(LifecycleError, match="'INV-8', not 'INV-7'"):
        history.add(other)
    with pytest.raises(LifecycleError, match="says no status"):
        history.add(LifecycleMessage())
    with pytest.raises(LifecycleError, match="not of str"):
        history.add("x")  # type: ignore[arg-type]


def test_a_status_without_a_moment() -> None:
    made = told("205", 1)
    acknowledgement = made.acknowledgement.replace(set_at=None)
    with pytest.raises(LifecycleError, match="does not say when"):
        History([made.replace(created_at=None, acknowledgements=(acknowledgement,))])


def codes(known: object) -> list[str]:
    return [one.code for one in lifecycle.next_statuses(known)]  # type: ignore[arg-type]


def test_what_may_follow() -> None:
    assert codes([]) == ["200", "213", "501"]
    assert codes("213") == codes(["203", "220"]) == []
    assert codes(["203", "refused"]) == ["220"]
    assert codes(200)[:4] == ["201", "202", "203", "212"]
    assert "209" in codes(["203", "208"])
    assert "209" not in codes(["203", "208", "209"])
    assert codes(History(MESSAGES)) == codes(LIFE) == codes(MESSAGES)
    with pytest.raises(UsageError, match="no status '999'"):
        codes("999")


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=6))
def test_what_may_follow_is_taken(choices: list[int]) -> None:
    history = History()
    for day, choice in enumerate(choices, 1):
        following = lifecycle.next_statuses(history)
        if not following:
            break
        chosen = following[choice % len(following)]
        assert history.add(told(chosen.code, day))
        assert history.status is chosen
