"""The sizes that services take."""

import pytest

from billingua.errors import TooLarge, UsageError
from billingua.formats.limits import LIMITS, check_size


@pytest.mark.parametrize("name", LIMITS)
def test_a_size_is_taken_told_or_refused(name: str) -> None:
    limit = LIMITS[name]
    assert check_size(limit.sure, name) == ""
    assert f"{limit.sure + 1:,} bytes, and may be refused above {limit.sure:,}" in check_size(limit.sure + 1, name)
    assert check_size(limit.most, name)
    with pytest.raises(TooLarge, match=f"{limit.most + 1:,} bytes; at most {limit.most:,} are taken") as raised:
        check_size(limit.most + 1, name)
    assert (raised.value.size, raised.value.limit) == (limit.most + 1, limit.most)
    assert raised.value.todo == limit.mend


def test_the_platforms_of_the_reform() -> None:
    assert LIMITS["fr-invoice"].sure == 10_000_000
    assert LIMITS["fr-cdar"].sure == 5_000_000


def test_an_unknown_limit_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no limit 'fr'.*fr-invoice, fr-cdar"):
        check_size(1, "fr")
