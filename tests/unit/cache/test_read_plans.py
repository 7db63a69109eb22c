"""Which index each read goes by: no page and no month looks at every session."""

from datetime import date

import pytest

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.domain.listing import SessionFilter, SessionOrder
from tests.helpers.files import fill
from tests.helpers.samples import NOW, STUDENT, session_facts

ALL = SessionFilter()
MARCH = (date(2027, 3, 1), date(2027, 3, 31))


def plans_of(reading, read):
    """Return the steps of each statement that it reads with."""
    seen = []
    reading._connection.set_trace_callback(seen.append)
    read()
    reading._connection.set_trace_callback(None)
    run = reading._connection.execute
    return [[row[3] for row in run(f"EXPLAIN QUERY PLAN {statement}")] for statement in seen]


def walks(step: str) -> bool:
    """Say whether a step goes through all sessions without an index."""
    name, _, how = step.removeprefix("SCAN ").partition(" ")
    return step.startswith("SCAN ") and name in {"s", "sessions"} and "INDEX" not in how


@pytest.mark.parametrize("order", list(SessionOrder))
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("wanted", [ALL, SessionFilter(campus="North Campus")])
def test_the_list_walks_the_index_of_its_order_and_no_further_than_its_page(
    files, reading, order, descending, wanted
):
    fill(files, session_facts())
    *looked, plan = plans_of(
        reading, lambda: reading.page(wanted, order, descending=descending, offset=0, limit=50)
    )
    # Whether own requests shift a number; or the first value, its sessions, and that there is no other.
    assert len(looked) == {SessionOrder.DATE: 0, SessionOrder.SEATS: 1}.get(order, 3)
    index = {"date": "day", "time": "clock", "location": "place"}.get(order.value, order.value)
    steps = [step for one in (*looked, plan) for step in one]
    assert any(f"INDEX sessions_by_{index}" in step for step in steps), steps
    assert not any(walks(step) for step in steps), steps
    if len(looked) > 1:
        assert not any("TEMP B-TREE" in step for one in looked for step in one), steps


def test_the_days_and_the_month_are_searched_by_index(files, reading):
    fill(files, session_facts())
    wanted = SessionFilter(campus="North Campus", search="room")
    days = plans_of(reading, lambda: reading.days(*MARCH, wanted, STUDENT))
    month = plans_of(
        reading,
        lambda: reading.month(*MARCH, wanted, STUDENT, today=MARCH[0], now=NOW, room=3),
    )
    assert (len(days), len(month)) == (1, 2)  # the month counts its days, and shows some of each
    for plan in [*days, *month]:
        assert any("SEARCH s USING" in step and "sessions_by_day" in step for step in plan), plan
        assert not any(walks(step) for step in plan), plan


@pytest.mark.parametrize(
    "wanted",
    [
        SessionFilter(campus="North Campus"),
        SessionFilter(mock_types=frozenset({MockType.MINI_MOCK})),
        SessionFilter(formats=frozenset({DeliveryFormat.VIRTUAL}), campus="Online"),
    ],
)
def test_what_narrows_a_month_is_counted_without_a_look_at_the_sessions(files, reading, wanted):
    fill(files, session_facts())
    day = MARCH[0]
    month = plans_of(reading, lambda: reading.month(*MARCH, wanted, today=day, now=NOW, room=3))
    one = plans_of(reading, lambda: reading.day(day, wanted, after=NOW, room=3))
    for counted in (month[0], one[0]):
        assert any("COVERING INDEX sessions_by_day" in step for step in counted), counted
    for shown in (month[1], one[1]):
        assert any("s USING COVERING INDEX sessions_by_day" in step for step in shown), shown
        assert not any("bookings" in step for step in shown), shown  # nobody signed in has any


def test_who_teaches_is_looked_up_by_text_and_not_by_session(files, reading):
    many = [
        session_facts(
            f"s{n}", hour=8 + n % 8, instructor_name="Ana Roy", topics=["Ethics", "Mixed"]
        )
        for n in range(50)
    ]
    fill(files, *many, session_facts("other", instructor_name="Élodie Roy"))
    assert reading.instructors_and_topics() == (["Ana Roy", "Élodie Roy"], ["Ethics", "Mixed"])
    (plan,) = plans_of(reading, reading.instructors_and_topics)
    assert any("SEARCH sessions USING" in step and "by_wording" in step for step in plan), plan
    assert not any(step.startswith(("SCAN s ", "SCAN sessions")) for step in plan), plan
