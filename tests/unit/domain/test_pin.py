"""Which PINs may be set, and that guessing gets slower and never locks anybody out for good."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.pin import FREE_TRIES, acceptable, seconds_left, wait_after

NOW = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize("pin", ["270418", "112233", "000001", "907154820613"])
def test_pins_that_may_be_set(pin):
    assert acceptable(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "1234567890123", "27041a", "٢٧٠٤١٨", "111111", "123456", "987654", "890123"],
)
def test_pins_that_anybody_would_try_first(pin):
    assert not acceptable(pin)


def test_waits_double_up_to_an_hour():
    waits = [wait_after(n).total_seconds() for n in range(14)]
    assert waits == [0] * 5 + [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@given(st.integers(0, 10**6), moments, moments)
def test_nobody_waits_longer_than_one_wait_whatever_the_clock_says(wrong, tried_at, now):
    left = seconds_left(wrong, tried_at, now)
    assert 0 <= left <= wait_after(wrong).total_seconds() <= 3600
    if wrong < FREE_TRIES or now - tried_at >= wait_after(wrong):
        assert left == 0


@given(st.integers(FREE_TRIES, 50), st.integers(0, 4000))
def test_the_wait_runs_down_by_the_second(wrong, passed):
    left = seconds_left(wrong, NOW, NOW + timedelta(seconds=passed))
    assert left == max(0, wait_after(wrong).total_seconds() - passed)
