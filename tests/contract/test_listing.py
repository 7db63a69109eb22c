"""The documented listing (A7-A17, A74)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import LIFETIME, Shelf
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.exams.policy import EXAMS
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    add_session,
    add_student,
    add_user,
    discussion_body,
    far_day,
    query,
)


class Counting(Database):
    """The database, counting what it is asked."""

    asked = 0

    async def rows(self, *arguments):
        self.asked += 1
        return await super().rows(*arguments)

    async def value(self, *arguments):
        self.asked += 1
        return await super().value(*arguments)


@pytest.fixture
async def counting(database_url):
    async with Counting(database_url, size=2) as db:
        yield db


def _core(db, now=None):
    moment = now or datetime.now(UTC)
    return Core(db=db, shelf=Shelf(), clock=lambda: moment)


async def _ids(core, policy=DISCUSSIONS, **wanted):
    return [one.mock_exam_id for one in await list_available(core, policy, Wanted(**wanted))]


async def test_a93_only_discussions_and_none_that_is_past(core, database_url):
    talk = add_session(database_url)
    exam = add_session(database_url, mock_type="Mini-mock")
    add_session(database_url, is_active=False)
    assert await _ids(core) == [talk]
    assert await _ids(core, EXAMS) == [exam]


async def test_a10_today_is_the_campus_day(counting, database_url):
    """At 00:30 in Toronto it is yesterday's session that is gone, whatever UTC says."""
    today = date(2027, 3, 4)
    yesterday = add_session(database_url, day=today - timedelta(days=1), start=time(22), hours=1.9)
    now = add_session(database_url, day=today, start=time(0, 5), hours=1)
    just_after = datetime(2027, 3, 4, 5, 30, tzinfo=UTC)  # 00:30 in Toronto
    just_before = datetime(2027, 3, 4, 4, 30, tzinfo=UTC)  # 23:30 the evening before
    assert await _ids(_core(counting, just_after)) == [now]
    assert await _ids(_core(counting, just_before)) == [yesterday, now]


async def test_a11_a_second_call_asks_nothing_for_five_minutes(counting, database_url):
    add_session(database_url)
    moment = [datetime.now(UTC)]
    core = Core(db=counting, shelf=Shelf(), clock=lambda: moment[0])
    first = await list_available(core, DISCUSSIONS, Wanted())
    asked = counting.asked
    add_session(database_url)
    moment[0] += LIFETIME - timedelta(seconds=1)
    again = await list_available(core, DISCUSSIONS, Wanted(include_capacity=False))
    assert counting.asked == asked
    assert [one.as_of for one in again] == [one.as_of for one in first]
    assert len(await list_available(core, DISCUSSIONS, Wanted(realtime=True))) == 2
    moment[0] += LIFETIME
    assert len(await list_available(core, DISCUSSIONS, Wanted())) == 2


async def test_a12_a_counter_that_lies_is_put_right(counting, database_url):
    contact = add_student(database_url, discussion=1)
    session = add_session(database_url, capacity=120)
    assert contact
    query(database_url, "UPDATE mock_sessions SET total_bookings = 99")
    core = _core(counting)
    (stale,) = await list_available(core, DISCUSSIONS, Wanted())
    assert stale.total_bookings == 99
    (right,) = await list_available(core, DISCUSSIONS, Wanted(realtime=True))
    assert (right.total_bookings, right.available_slots) == (0, 120)
    stored = query(database_url, "SELECT total_bookings FROM mock_sessions WHERE id = %s", session)
    assert stored == [(0,)]
    (later,) = await list_available(core, DISCUSSIONS, Wanted())
    assert later.total_bookings == 0


async def test_a13_a_fixed_number_of_statements(counting, database_url):
    """Twenty sessions, all of them wrong: no more statements than for one."""
    for n in range(20):
        add_session(database_url, day=far_day(30 + n), capacity=20)
    query(database_url, "UPDATE mock_sessions SET total_bookings = 3")
    await list_available(_core(counting), DISCUSSIONS, Wanted(realtime=True))
    assert counting.asked <= 4
    counting.asked = 0
    await list_available(_core(counting), DISCUSSIONS, Wanted(realtime=True))
    assert counting.asked == 1


async def test_a74_each_filter_narrows_and_they_combine(core, database_url):
    ruth, ben = (add_user(database_url, Role.INSTRUCTOR) for _ in range(2))
    first = add_session(
        database_url,
        day=far_day(30),
        instructor_user=ruth,
        location="Online",
        delivery_format="Virtual",
        topics=["Mixed"],
        instructor_name="Dr. Ruth Feldman",
        title="Ethics evening",
    )
    second = add_session(
        database_url,
        day=far_day(35),
        topics=["Mixed", "Clinical Skills"],
        instructor_user=ben,
        # Whoever is assigned counts, not the name that is shown.
        instructor_name="Dr. Ruth Feldman",
    )
    both = [first, second]
    assert await _ids(core) == both
    assert await _ids(core, date_from=far_day(31)) == [second]
    assert await _ids(core, date_to=far_day(30)) == [first]
    assert await _ids(core, location="Online") == [first]
    assert await _ids(core, delivery_format=DeliveryFormat.IN_PERSON) == [second]
    assert await _ids(core, topic="Mixed") == both
    assert await _ids(core, topic="Clinical Skills") == [second]
    assert await _ids(core, instructor=ruth) == [first]
    assert await _ids(core, instructor=ben + 1) == []
    assert await _ids(core, words="ETHICS") == [first]
    assert await _ids(core, words=" feldman  Ethics ") == [first]
    assert await _ids(core, words="feldman mixed") == both
    assert await _ids(core, words="feldman nobody") == []
    assert await _ids(core, words="100%_") == []
    assert await _ids(core, topic="Mixed", location="Online", date_from=far_day(31)) == []


def test_a74_an_instructor_is_asked_for_by_the_id_that_the_listing_shows(running_backend, api):
    url = running_backend.database
    ruth = add_user(url, Role.INSTRUCTOR)
    hers, other = add_session(url, instructor_user=ruth), add_session(url, day=far_day(31))
    for realtime in ("true", "false"):
        listed = api.discussions(realtime=realtime).json()["data"]
        shown = {one["mock_exam_id"]: one["instructor_id"] for one in listed}
        assert shown == {hers: str(ruth), other: None}
        (found,) = api.discussions(realtime=realtime, instructor_id=shown[hers]).json()["data"]
        assert found["mock_exam_id"] == hers
    both = api.discussions(instructor_id=ruth, date_from=far_day(31).isoformat())
    assert both.json()["data"] == []
    for wrong in ("Feldman", "0", str(2**31)):
        answer = api.discussions(instructor_id=wrong)
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["fields"]] == ["instructor_id"]


def test_a35_a_booking_is_seen_by_the_next_listing(running_backend, api):
    url = running_backend.database
    contact, session = add_student(url, discussion=1), add_session(url)
    assert api.discussions().json()["data"][0]["available_slots"] == 10
    made = api.create(discussion_body(session, contact)).json()["data"]
    assert api.discussions().json()["data"][0]["available_slots"] == 9
    with api.as_visitor() as visitor:
        visitor.cancel(made["id"])
    assert api.discussions().json()["data"][0]["available_slots"] == 10


def test_the_query_of_the_documented_listing(running_backend, api):
    add_session(running_backend.database, capacity=0)
    (full,) = api.discussions().json()["data"]
    assert (full["status"], full["available_slots"]) == ("full", 0)
    (bare,) = api.discussions(include_capacity="false").json()["data"]
    assert not {"capacity", "total_bookings", "available_slots"} & set(bare)
    assert api.discussions(format="Virtual", q="x", unknown="1").json()["data"] == []
    for wrong in ({"format": "virtual"}, {"realtime": "maybe"}, {"date_from": "soon"}):
        answer = api.discussions(**wrong)
        assert answer.status_code == 400
        assert [one["field"] for one in answer.json()["fields"]] == list(wrong)
    wrong = api.exams(mock_type="Mock Discussion")
    assert wrong.json()["code"] == "INVALID_MOCK_TYPE"
