"""How far something can be put off, and when it is back."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.problems import Code
from kiosk_app.domain.hours import Hours, Span, set_days
from kiosk_app.domain.snoozing import LONGEST, NEAR, PutOff, refusal, tomorrow_at_opening
from kiosk_app.domain.times import day_in, local_instant

NOW = datetime(2027, 3, 4, 15, tzinfo=UTC)
ZONE = "America/Toronto"
minutes = st.integers(-3 * 24 * 60, 30 * 24 * 60).map(lambda n: NOW + timedelta(minutes=n))
starts = st.none() | minutes


def put(until, state="s"):
    return PutOff(until=until, at=NOW, by="Sam", reason="later", state=state)


@given(minutes, starts)
def test_what_may_be_put_off_is_back_before_its_session_begins_and_never_later_than_said(
    until, starts_at
):
    if refusal(until, NOW, starts_at):
        return
    back = put(until).comes_back(starts_at)
    assert NOW < back <= until <= NOW + LONGEST
    if starts_at is not None and starts_at > NOW:
        assert back < starts_at
        assert back <= starts_at - NEAR or starts_at - NEAR <= NOW


@given(minutes, starts, minutes)
def test_it_sleeps_until_then_and_in_no_other_state(until, starts_at, now):
    one = put(until)
    assert one.sleeps("s", starts_at, now) == (now < one.comes_back(starts_at))
    assert not one.sleeps("another", starts_at, now)


def test_the_end_of_what_is_possible():
    hour = NOW + timedelta(hours=1)
    assert refusal(hour, NOW, None) is None
    assert refusal(hour, NOW, hour) is Code.SNOOZE_PAST_START
    assert refusal(hour, NOW, NOW - timedelta(days=1)) is None, "it began; there is no more hurry"
    assert refusal(NOW, NOW, None) is Code.SNOOZE_TIME
    assert refusal(NOW + LONGEST + NEAR, NOW, None) is Code.SNOOZE_TIME
    soon = NOW + timedelta(minutes=30)
    assert refusal(soon - NEAR / 6, NOW, soon) is None
    assert put(soon - NEAR / 6).comes_back(soon) == soon - NEAR / 6, "near already when it was said"


class TestTomorrowAtOpening:
    def test_without_hours_it_is_nine_where_the_place_is(self):
        expected = local_instant(day_in(ZONE, NOW) + timedelta(days=1), time(9), ZONE)
        assert tomorrow_at_opening(Hours(), ZONE, NOW) == expected

    def test_closed_days_are_passed_over_and_the_first_span_counts(self):
        hours = set_days(Hours(), "monday-thursday", ("13:00-18:00", "08:30-12:00"))
        opens = tomorrow_at_opening(hours, ZONE, NOW).astimezone(UTC)
        assert opens == datetime(2027, 3, 8, 13, 30, tzinfo=UTC), "Thursday; open again on Monday"

    def test_today_is_not_tomorrow(self):
        hours = Hours(thursday=(Span("18:00", "20:00"),))
        assert tomorrow_at_opening(hours, ZONE, NOW) == local_instant(
            day_in(ZONE, NOW) + timedelta(days=7), time(18), ZONE
        )
