"""The pause of the garbage collector, the lock that survives a fork, and values worked out once."""

import gc

import pytest

import billingua as bl
from billingua.engine.lazy import lazy
from billingua.engine.lock import ForkSafeLock
from billingua.engine.pause import collector_paused


def test_the_collector_is_off_inside_and_on_again_after() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_inside_switches_it_on_again() -> None:
    with pytest.raises(ZeroDivisionError), collector_paused():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_judged_document_leaves_no_garbage() -> None:
    data = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    bl.validate(data)
    gc.collect()
    gc.disable()
    try:
        bl.validate(data)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_renewed_lock_is_free() -> None:
    renewed: list[bool] = []
    lock = ForkSafeLock(lambda: renewed.append(True))
    with lock:
        lock._renew()
        with lock:
            pass
        lock._lock.acquire()
    assert renewed == [True]


def test_a_lazy_value_is_worked_out_once() -> None:
    class Counted:
        asked = 0

        @lazy
        def value(self) -> int:
            """The value."""
            self.asked += 1
            return 7

    one = Counted()
    assert (one.value, one.value, one.asked) == (7, 7, 1)
    assert Counted.value.__doc__ == "The value."
