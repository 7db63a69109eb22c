"""Moves at the same moment, over real connections: no seat twice, no circle, nothing lost."""

import asyncio
from contextlib import ExitStack

import pytest

from tests.helpers.backend import add_student, discussion_body, far_day, query
from tests.helpers.moving import DAY, code, entries, move, seats, talk


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def people(api, url):
    """Yield what books one student each, and returns their visits with their bookings."""
    with ExitStack() as open_visits:

        def book(count, session_of):
            return [one(n, session_of(n)) for n in range(count)]

        def one(n, session):
            who = {"student_id": f"S{n}", "email": f"s{n}@example.org"}
            contact = add_student(url, **who, discussion=1)
            made = api.create(discussion_body(session, contact, DAY, **who))
            assert made.status_code == 201, made.text
            visit = open_visits.enter_context(api.as_visitor(*who.values()))
            return visit, made.json()["data"]["id"]

        yield book


def together(*calls):
    async def all_at_once():
        return await asyncio.gather(*(asyncio.to_thread(*call) for call in calls))

    return [code(answer) for answer in asyncio.run(all_at_once())]


def sound(url):
    assert not query(
        url,
        "SELECT 1 FROM mock_sessions m WHERE total_bookings <> (SELECT count(*)"
        " FROM bookings b WHERE b.session_id = m.id AND b.is_active = 'Active')",
    )


def test_the_last_seat_is_moved_into_once(people, url):
    old, new = talk(url, DAY), talk(url, capacity=1)
    visits = people(4, lambda _: old)
    codes = together(
        *((move, visit, made, new, f"idem_move_{n}") for n, (visit, made) in enumerate(visits))
    )
    assert sorted(map(str, codes)) == ["(400, 'DISCUSSION_FULL')"] * 3 + ["None"]
    assert seats(url, old, new) == [3, 1]


def test_one_request_that_is_sent_twice_moves_once(people, url):
    old, new = talk(url, DAY), talk(url)
    ((visit, made),) = people(1, lambda _: old)
    codes = together(*[(move, visit, made, new, "idem_move_1")] * 6)
    assert codes == [None] * 6
    assert seats(url, old, new) == [0, 1]
    assert query(url, "SELECT count(*) FROM booking_moves") == [(1,)]
    assert query(url, "SELECT count(*) FROM audit_log WHERE action = 'booking.moved'") == [(1,)]


def test_one_booking_that_is_sent_two_ways_is_in_one_place(people, url):
    old, new, other = talk(url, DAY), talk(url), talk(url, far_day(50))
    ((visit, made),) = people(1, lambda _: old)
    codes = together(
        *((move, visit, made, to, f"idem_move_{n}") for n, to in enumerate((new, other)))
    )
    assert None in codes
    assert sum(seats(url, old, new, other)) == 1
    sound(url)


def test_crossed_moves_wait_for_each_other_in_no_circle(people, url):
    """A→B and B→A, again and again: each is done, none is a deadlock."""
    rooms = talk(url, DAY, capacity=20), talk(url, DAY, capacity=20)
    visits = people(6, lambda n: rooms[n % 2])
    for turn in range(4):
        codes = together(
            *(
                (move, visit, made, rooms[(n + turn + 1) % 2], f"idem_move_{turn}_{n}")
                for n, (visit, made) in enumerate(visits)
            )
        )
        assert codes == [None] * 6
    assert seats(url, *rooms) == [3, 3]
    sound(url)


def test_a_move_and_a_cancel_leave_no_seat_behind(people, url):
    old, new = talk(url, DAY), talk(url)
    ((visit, made),) = people(1, lambda _: old)
    codes = together((move, visit, made, new), (visit.cancel, made))
    assert codes[1] is None
    assert codes[0] in {None, (409, "INVALID_STATE")}
    assert seats(url, old, new) == [0, 0]
    assert sum(amount for _, amount, _ in entries(url)) == 0
