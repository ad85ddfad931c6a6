"""The states of an entry, and what follows from each error of a service."""

import json
from pathlib import Path
from typing import Any

import pytest
from outbox_service import INVOICE, SAMPLES, SERVICE, Clock, CountingService, Scripted, invoice, opened

from billingua.errors import (
    AlreadyThere,
    BillinguaError,
    CannotExpress,
    CreditUsedUp,
    InputError,
    MissingExtra,
    NotOffered,
    NotPermitted,
    NotReached,
    NotThere,
    Refused,
    SendingError,
    ServiceFailed,
    SignInFailed,
    TooLarge,
    TooManyRequests,
    UnexpectedAnswer,
    UsageError,
)
from billingua.remote.outbox import Answer, Document, Entry, Outbox, Pace, Receipt
from billingua.remote.outbox.entry import to_json
from billingua.remote.outbox.export import exported

FA = (SAMPLES / "invoice.fa3.xml").read_bytes()
BROKEN = (SAMPLES / "broken-order.ubl.xml").read_bytes()
DAY = 24 * 3600.0

pytestmark = pytest.mark.usefixtures("turned")


def sent(folder: Path, service: Any, wait: float = DAY, **more: Any) -> Entry:
    """What becomes of an invoice."""
    with opened(folder, service, **more) as outbox:
        entry = outbox.enqueue(INVOICE, SERVICE, file="a.xml")
        outbox.run(wait=wait)
        return outbox.entry(entry.id)


def test_the_way_of_an_invoice(tmp_path: Path) -> None:
    service = CountingService(tmp_path)
    with opened(tmp_path, service) as outbox:
        entry = outbox.enqueue(INVOICE, SERVICE, file="a.xml")
        assert (entry.state, entry.size, entry.format, entry.settled) == ("enqueued", len(INVOICE), "", False)
        seen: list[str] = []
        outcome = outbox.run(tick=lambda one: seen.append(one.state))
        assert seen == ["validated", "submitted", "accepted"]
        [entry] = outcome.entries
        assert (entry.format, entry.number, str(entry.issue_date)) == ("ubl-invoice", "2026-1001", "2026-11-02")
        assert entry.receipt == Receipt(f"receipt-{entry.sha256[:8]}", {"session": "1"})
        assert outbox.documents(1) == (Document("upo.xml", "application/xml", b"<upo/>"),)
        assert outbox.data(1) == INVOICE
        assert [step.state for step in outbox.history(1)] == [
            "enqueued",
            "validated",
            "submitting",
            "submitted",
            "accepted",
        ]
        assert json.loads(outbox.report(1) or b"")["valid"] is True
        assert outbox.enqueue(INVOICE, SERVICE) == entry, "the same bytes to the same account are the same entry"
        outbox.run()
    assert len(service.received()) == 1


def test_what_is_not_valid_is_never_sent(tmp_path: Path) -> None:
    service = CountingService(tmp_path)
    with opened(tmp_path, service) as outbox:
        outbox.enqueue(BROKEN, SERVICE)
        outbox.enqueue(b"no document at all", SERVICE)
        outcome = outbox.run(wait=DAY)
        assert [(entry.state, entry.reason) for entry in outcome.entries] == [("failed", "invalid")] * 2
        assert outcome.entries[0].message.startswith("SCHEMA, line ")
        assert [finding["rule"] for finding in json.loads(outbox.report(1) or b"")["findings"]] == ["SCHEMA"]
        assert outbox.retry() == ()
        assert [entry.state for entry in outbox.retry([1])] == ["enqueued"]
        assert outbox.run(wait=DAY).entries[0].reason == "invalid"
    assert service.received() == []


ENDS = [
    (Refused("No such buyer.", fields=(("buyer", "unknown"),)), "rejected", "", 1),
    (TooLarge("An invoice", 11, 10), "failed", "not_sent", 1),
    (AlreadyThere("Number taken."), "rejected", "", 1),
    (NotPermitted("Not yours."), "failed", "not_sent", 1),
    (NotThere("No such company."), "failed", "not_sent", 1),
    (NotOffered("Not here."), "failed", "not_sent", 1),
    (CannotExpress("No place for BT-7."), "failed", "not_sent", 1),
    (NotReached("No connection."), "failed", "not_sent", 8),
    (ServiceFailed("502"), "failed", "not_sent", 8),
    (TooManyRequests("Wait.", retry_after=7), "failed", "not_sent", 8),
    (NotReached("Broke off.", uncertain=True), "failed", "not_sent", 8),
    (KeyError("a bug"), "failed", "not_sent", 8),
]


@pytest.mark.parametrize(("error", "state", "reason", "tries"), ENDS, ids=lambda value: type(value).__name__)
def test_when_handing_over_fails_for_good(
    tmp_path: Path, error: BaseException, state: str, reason: str, tries: int
) -> None:
    """The service tells that nothing is there, so it may be tried again; at some point that ends."""
    service = Scripted(submit=[error])
    entry = sent(tmp_path, service)
    assert (entry.state, entry.reason) == (state, reason)
    assert service.asked.count("submit") == tries
    assert entry.message
    if isinstance(error, Refused) and error.fields:
        assert entry.message == "No such buyer.; buyer: unknown"


def test_it_waits_longer_each_time(tmp_path: Path, turned: Clock) -> None:
    began = turned.now()
    entry = sent(tmp_path, Scripted(submit=[NotReached("No connection.")]), pace=Pace(attempts=5))
    assert entry.reason == "not_sent"
    assert 2 + 4 + 8 + 16 <= turned.now() - began <= (2 + 4 + 8 + 16) * 1.25 + 1


def test_a_wait_that_the_service_asks_for_holds_for_its_account(tmp_path: Path, turned: Clock) -> None:
    service = Scripted(submit=[TooManyRequests("Wait.", retry_after=500), Receipt("1")])
    other = Scripted()
    with Outbox(tmp_path / "outbox.db", couriers={"a": service, "b": other}) as outbox:
        for number in range(3):
            outbox.enqueue(invoice(number), "a")
        outbox.enqueue(invoice(0), "b")
        began = turned.now()
        outbox.run(wait=499)
        assert service.asked == ["submit"]
        assert outbox.entry(4).state == "accepted"
        outbox.run(wait=DAY)
        assert turned.now() - began >= 500
        assert {entry.state for entry in outbox.entries()} == {"accepted"}
        assert service.asked.count("submit") == 4


STOPS = [
    SignInFailed("Wrong key."),
    CreditUsedUp("No credit."),
    UsageError("No key is set."),
    MissingExtra("httpx", "remote", "Sending"),
]


@pytest.mark.parametrize("error", STOPS, ids=lambda error: type(error).__name__)
def test_what_only_a_person_can_mend_stops_the_account_not_the_entries(tmp_path: Path, error: BillinguaError) -> None:
    service = Scripted(submit=[error])
    with opened(tmp_path, service) as outbox:
        for number in range(5):
            outbox.enqueue(invoice(number), SERVICE)
        outcome = outbox.run(wait=DAY)
        assert service.asked == ["submit"]
        [stopped] = outcome.stopped
        assert (stopped.target, stopped.error) == (SERVICE, error)
        assert {entry.state for entry in outbox.entries()} == {"validated"}
        service.told["submit"] = []
        service.told["follow"] = [error]
        assert outbox.run(wait=DAY).stopped[0].error is error
        assert "submitted" in {entry.state for entry in outbox.entries()}
        service.told["follow"] = []
        outbox.run(wait=DAY)
        assert {entry.state for entry in outbox.entries()} == {"accepted"}


UNSURE = NotReached("Broke off.", uncertain=True)


@pytest.mark.parametrize("error", [UNSURE, UnexpectedAnswer("<html>"), ServiceFailed("Oops.", status=500)])
def test_what_may_have_arrived_is_looked_for(tmp_path: Path, error: BaseException) -> None:
    service = Scripted(submit=[error], find=[Receipt("1")])
    assert sent(tmp_path, service).state == "accepted"
    assert service.asked == ["submit", "find", "follow"]


def test_an_uncertain_end_is_looked_for_before_it_is_repeated(tmp_path: Path) -> None:
    service = Scripted(submit=[UNSURE, Receipt("2")], find=[NotReached("Still away."), Receipt("1")])
    entry = sent(tmp_path, service)
    assert (entry.state, entry.receipt) == ("accepted", Receipt("1"))
    assert service.asked == ["submit", "find", "find", "follow"]


def test_it_is_only_certainly_not_there_after_a_while(tmp_path: Path, turned: Clock) -> None:
    service = Scripted(submit=[UNSURE, Receipt("2")], find=[None] * 30)
    service.settling = 300.0
    began = turned.now()
    entry = sent(tmp_path, service)
    looked = service.asked.count("find")
    assert service.asked == ["submit", *["find"] * looked, "submit", "follow"]
    assert 5 < looked < 15, "less and less often"
    assert (entry.state, entry.submissions) == ("accepted", 2)
    assert turned.now() - began >= 300


def test_where_the_service_cannot_be_asked_a_person_decides(tmp_path: Path) -> None:
    service = Scripted(submit=[UNSURE, Receipt("2")], find=[NotOffered("It has no search.")])
    entry = sent(tmp_path, service)
    assert (entry.state, entry.reason, service.asked) == ("failed", "uncertain", ["submit", "find"])
    assert "Broke off." in entry.message
    with opened(tmp_path, service) as outbox:
        assert outbox.retry() == ()
        assert outbox.retry([entry.id])[0].state == "submitting"
        outbox.run(wait=DAY)
        assert outbox.entry(entry.id).state == "accepted"
    assert service.asked.count("submit") == 2


def test_a_service_that_stays_away_leaves_it_uncertain(tmp_path: Path) -> None:
    service = Scripted(submit=[UNSURE], find=[NotReached("Away.")])
    entry = sent(tmp_path, service)
    assert (entry.state, entry.reason, service.asked.count("submit")) == ("failed", "uncertain", 1)


@pytest.mark.parametrize(
    ("script", "state", "reason"),
    [
        ({"submit": [AlreadyThere("Have it.")], "find": [Receipt("1")]}, "accepted", ""),
        ({"submit": [AlreadyThere("Have it.")], "find": [NotOffered("No search.")]}, "rejected", ""),
        ({"submit": [UNSURE, AlreadyThere("Have it.")], "find": [None]}, "failed", "uncertain"),
        ({"submit": [AlreadyThere("Have it.")], "find": [ServiceFailed("500"), Receipt("1")]}, "accepted", ""),
        ({"submit": [AlreadyThere("Have it.")], "find": [CannotExpress("No number.")]}, "failed", "uncertain"),
    ],
)
def test_what_the_service_has_already(tmp_path: Path, script: dict[str, Any], state: str, reason: str) -> None:
    entry = sent(tmp_path, Scripted(**script))
    assert (entry.state, entry.reason) == (state, reason)


def test_a_service_that_takes_its_time_is_asked_less_and_less(tmp_path: Path, turned: Clock) -> None:
    working = Answer("working", "In the queue.")
    answer = Answer("rejected", "Wrong buyer.", (Document("e.txt", "text/plain", b"why"),), {"ksef_number": "7"})
    service = Scripted(submit=[Receipt("1", {"session": "s"})], follow=[*[working] * 8, answer])
    began = turned.now()
    entry = sent(tmp_path, service)
    assert (entry.state, entry.message) == ("rejected", "Wrong buyer.")
    assert entry.receipt == Receipt("1", {"session": "s", "ksef_number": "7"})
    assert 40 < turned.now() - began < 70
    with opened(tmp_path, service) as outbox:
        assert [step.event for step in outbox.history(1)].count("working") == 1
        assert outbox.documents(1) == answer.documents


@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (NotThere("Not yet."), 8),
        (NotReached("Away."), 8),
        (Refused("What?"), 1),
        (CannotExpress("?"), 1),
        (ValueError("a bug"), 8),
        (Answer("done"), 8),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cannot_be_followed_is_never_sent_again(tmp_path: Path, error: Any, asked: int) -> None:
    service = Scripted(follow=[error])
    entry = sent(tmp_path, service)
    assert (entry.state, entry.reason) == ("failed", "not_followed")
    assert service.asked == ["submit", *["follow"] * asked]
    service.told["follow"] = []
    with opened(tmp_path, service) as outbox:
        assert outbox.retry()[0].state == "submitted"
        outbox.run(wait=DAY)
        assert outbox.entry(1).state == "accepted"
    assert service.asked.count("submit") == 1


def test_a_rejected_one_is_sent_again_when_a_person_says_so(tmp_path: Path) -> None:
    service = Scripted(submit=[Refused("Unknown seller."), Receipt("2")])
    with opened(tmp_path, service) as outbox:
        outbox.enqueue(INVOICE, SERVICE)
        outbox.run(wait=DAY)
        assert outbox.retry() == ()
        outbox.retry([1])
        outbox.run(wait=DAY)
        assert outbox.entry(1).state == "accepted"
        with pytest.raises(SendingError, match="is accepted"):
            outbox.retry([1])
        with pytest.raises(SendingError, match="no entry 9"):
            outbox.retry([9])


def test_a_worker_that_lost_its_entry_does_not_lose_the_receipt(tmp_path: Path, turned: Clock) -> None:
    """Its machine slept while the service had the document; another worker has come meanwhile."""

    class Slept(Scripted):
        settling = 10_000.0

        def submit(self, data: bytes, entry: Entry, /) -> Receipt:
            turned.moment += 3600
            with opened(tmp_path, other) as second:
                second.run()
                assert [step.event for step in second.history(1)][-1] == "not there yet"
            return super().submit(data, entry)

    other = Slept()
    other.submit = Scripted().submit  # type: ignore[method-assign]
    entry = sent(tmp_path, Slept(submit=[Receipt("1")]))
    assert (entry.state, entry.receipt, entry.submissions) == ("accepted", Receipt("1"), 1)
    assert other.asked == ["find"]


def test_the_deadline_of_an_offline_invoice(tmp_path: Path) -> None:
    service = Scripted()
    with opened(tmp_path, service) as outbox:
        first = outbox.enqueue(INVOICE, SERVICE)
        entry = outbox.enqueue(FA, SERVICE, offline="offline24")
        assert (entry.offline, str(entry.deadline)) == ("offline24", "2026-11-17")
        assert outbox.enqueue(FA, SERVICE) == entry, "without a mode the one that was given stays"
        assert str(outbox.enqueue(FA, SERVICE, offline="emergency").deadline) == "2026-11-25"
        order: list[int] = []
        outbox.run(tick=lambda one: order.append(one.id))
        assert order.index(entry.id) < order.index(first.id), "what has a deadline goes first"
        with pytest.raises(SendingError, match="on its way already"):
            outbox.enqueue(FA, SERVICE, offline="offline24")
        with pytest.raises(SendingError, match="never sent"):
            outbox.enqueue(FA, SERVICE, offline="total_failure")
        with pytest.raises(InputError, match="no FA invoice"):
            outbox.enqueue(INVOICE, SERVICE, offline="offline24")
        with pytest.raises(UsageError, match="no offline mode"):
            outbox.enqueue(FA, SERVICE, offline="sometimes")
        accepted = outbox.entry(entry.id)
        assert not accepted.overdue
        assert accepted._replace(state="validated", deadline=accepted.issue_date.replace(year=2020)).overdue  # type: ignore[union-attr]
        assert to_json(accepted)["deadline"] == "2026-11-25"


@pytest.mark.parametrize(
    ("data", "to", "why"),
    [
        (b"", SERVICE, "empty"),
        ("text", SERVICE, "exact bytes"),
        (b"x", "", "no service"),
        (b"x", "folder:", "no service"),
    ],
)
def test_what_the_outbox_does_not_take(tmp_path: Path, data: Any, to: str, why: str) -> None:
    with opened(tmp_path, Scripted()) as outbox:
        with pytest.raises((SendingError, UsageError), match=why):
            outbox.enqueue(data, to)
        assert not list(outbox.entries())


def test_names_of_any_bytes(tmp_path: Path) -> None:
    odd = "\udcff\n"
    answer = Answer("accepted", odd, (Document(odd, "text/plain", b"x"),), {odd: odd})
    with opened(tmp_path, Scripted(submit=[Receipt(odd)], follow=[answer])) as outbox:
        outbox.enqueue(INVOICE, SERVICE, file=odd)
        outbox.run()
        entry = outbox.entry(1)
        assert (entry.state, entry.receipt) == ("accepted", Receipt(odd, {odd: odd}))
        assert outbox.documents(1)[0].name == "\ufffd"
        with pytest.raises(UsageError, match="no service"):
            outbox.enqueue(INVOICE, f"folder:{odd}")


def test_what_is_too_large_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billingua.engine.xml.MAX_BYTES", 1024 * 1024)
    with opened(tmp_path, Scripted()) as outbox, pytest.raises(SendingError, match="larger than 1 MiB"):
        outbox.enqueue(bytes(1024 * 1024 + 1), SERVICE)


def test_another_account_under_the_same_name_gets_nothing_meant_for_the_first(tmp_path: Path) -> None:
    settings = tmp_path / "services.toml"

    def settle(folder: str) -> None:
        settings.write_text(f'[services.pickup]\nservice = "folder"\ndirectory = "{tmp_path / folder}"\n')

    def outbox() -> Outbox:
        return Outbox(tmp_path / "outbox.db", settings=settings)

    settle("one")
    with outbox() as first:
        first.enqueue(INVOICE, "pickup")
        first.check()
    settle("two")
    with outbox() as second:
        [stopped] = second.run().stopped
        assert "another account" in str(stopped.error)
        assert second.entry(1).state == "validated"
        assert second.enqueue(INVOICE, "pickup").id == 2
        assert [entry.state for entry in second.run().entries] == ["accepted"]
        assert second.entry(1).state == "validated"
    assert not (tmp_path / "one").exists()
    settle("one")
    with outbox() as third:
        third.run()
        assert third.entry(1).state == "accepted"


def test_everything_is_exported(tmp_path: Path) -> None:
    answer = Answer("accepted", documents=(Document("../../../evil name.pdf", "application/pdf", b"%PDF"),))
    with opened(tmp_path, Scripted(follow=[answer])) as outbox:
        outbox.enqueue(INVOICE, SERVICE, file="a.xml")
        outbox.enqueue(BROKEN, SERVICE, file="b.xml")
        outbox.run()
        plain = list(exported(outbox))
        assert [one["state"] for one in plain] == ["accepted", "failed"]
        assert all("files" not in one for one in plain)
        assert plain[0]["history"][0]["event"] == "enqueued"
        assert plain[1]["report"]["valid"] is False
        first, second = exported(outbox, tmp_path / "archive")
        assert first["files"] == [f"1-{first['sha256']}.xml", "1-1-.._.._.._evil_name.pdf"]
        assert {path.name for path in (tmp_path / "archive").iterdir()} == {*first["files"], *second["files"]}
        assert (tmp_path / "archive" / first["files"][0]).read_bytes() == INVOICE
        (tmp_path / "file").touch()
        with pytest.raises(SendingError, match="cannot be written"):
            list(exported(outbox, tmp_path / "file"))
        assert json.loads(json.dumps(plain)) == plain


def test_a_state_that_is_none_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, Scripted()) as outbox, pytest.raises(UsageError, match="no state 'lost'"):
        outbox.entries(["lost"])


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    """The entry is free at once, and what became of the request is looked for first."""
    service = Scripted(submit=[KeyboardInterrupt(), Receipt("2")], find=[Receipt("1")])
    with opened(tmp_path, service) as outbox:
        outbox.enqueue(INVOICE, SERVICE)
        with pytest.raises(KeyboardInterrupt):
            outbox.run()
        assert outbox.entry(1).state == "submitting"
        outbox.run()
        assert (outbox.entry(1).state, outbox.entry(1).receipt) == ("accepted", Receipt("1"))


def test_only_the_entries_that_are_named_run(tmp_path: Path) -> None:
    with opened(tmp_path, Scripted()) as outbox:
        ids = [outbox.enqueue(invoice(number), SERVICE).id for number in range(4)]
        outbox.check(ids[:3])
        outbox.run(iter(ids[:1]), wait=DAY)
        assert [entry.state for entry in outbox.entries()] == ["accepted", "validated", "validated", "enqueued"]
        assert [entry.id for entry in outbox.entries(["validated"])] == ids[1:3]


def test_an_error_of_the_courier_itself_tells_no_secret(tmp_path: Path) -> None:
    entry = sent(tmp_path, Scripted(submit=[ValueError("key=hunter2")], find=[UnexpectedAnswer("x")]))
    assert entry.reason == "uncertain"
    assert b"hunter2" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
