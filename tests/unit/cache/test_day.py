"""One day as the panel beside the month reads it: how many there are, and no more rows than cards."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_app.cache.mirror import Position
from kiosk_app.domain.listing import SessionFilter
from tests.helpers.samples import NOW, session_facts

DAY = date(2027, 3, 4)


@given(
    hours=st.lists(st.tuples(st.integers(8, 20), st.booleans()), max_size=10),
    room=st.integers(0, 12),
    after=st.integers(7, 21),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_is_the_beginning_of_what_days_reads(files, reading, hours, room, after):
    here = [
        session_facts(f"s{n}", day=DAY, hour=hour, total_bookings=16 * full)
        for n, (hour, full) in enumerate(hours)
    ]
    files.mirror.apply(
        [*here, session_facts("other", day=date(2027, 3, 5))],
        [],
        Position("e1", "c1"),
        NOW,
    )
    since = datetime.fromisoformat(f"2027-03-04T{after:02}:00:00-05:00")
    for wanted in (SessionFilter(), SessionFilter(with_seats=True)):
        whole = [row for row in reading.days(DAY, DAY, wanted) if row.starts_at > since]
        found = reading.day(DAY, wanted, after=since, room=room)
        assert found.count == len(whole)
        assert list(found.rows) == whole[:room]


@pytest.mark.parametrize("wanted", [SessionFilter(), SessionFilter(campus="North Campus")])
def test_an_empty_day_is_none(reading, wanted):
    assert reading.day(DAY, wanted, after=NOW, room=9).count == 0
