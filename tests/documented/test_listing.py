"""A7 to A17, A74, A92 and B12: both listings, field by field."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.documented.client import EXAMS, MD, Client
from tests.documented.shapes import LISTED, SEATS, held
from tests.documented.world import World, today


@pytest.fixture(scope="module", autouse=True)
def _filled(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    world.fill()
    world.bring_in(tmp_path_factory.mktemp("import"))


LISTINGS = pytest.mark.parametrize("system", ["mock-discussions", "mock-exams"])


@LISTINGS
def test_a8_b12_each_session_has_the_documented_fields(client: Client, system: str) -> None:
    rows = client.available(system).ok()
    assert isinstance(rows, list)
    assert rows
    for row in rows:
        held(row, LISTED, SEATS)
        assert row["available_slots"] == max(0, row["capacity"] - row["total_bookings"])
        assert row["status"] == ("available" if row["available_slots"] else "full")
        assert row["mock_type"] in ((MD,) if system == "mock-discussions" else EXAMS)


@LISTINGS
def test_a10_none_is_past_or_inactive(client: Client, world: World, system: str) -> None:
    rows = client.available(system).ok()
    assert min(date.fromisoformat(row["exam_date"]) for row in rows) >= today()
    places = {row["location"] for row in rows}
    if system == "mock-discussions":
        assert world.peek("today").location in places
        assert world.peek("past").location not in places
        assert world.peek("inactive").location not in places


@LISTINGS
@pytest.mark.parametrize("realtime", ["true", "false"])
def test_a9_without_capacity_three_fields_are_left_out(
    client: Client, system: str, realtime: str
) -> None:
    rows = client.available(system, include_capacity="false", realtime=realtime).ok()
    assert rows
    for row in rows:
        assert not set(SEATS) & set(row)
        held(row, {name: check for name, check in LISTED.items() if name != "status"})


@LISTINGS
def test_a7_a_bare_call_is_one_with_the_defaults(client: Client, system: str) -> None:
    def plain(**query: str) -> list[dict[str, object]]:
        rows = client.available(system, **query).ok()
        return [{k: v for k, v in row.items() if k != "as_of"} for row in rows]

    assert plain() == plain(include_capacity="true", realtime="false")
    assert plain() == plain(include_capacity="true", realtime="true")


@LISTINGS
@pytest.mark.parametrize("name", ["include_capacity", "realtime", "date_from", "date_to"])
def test_a7_a_parameter_of_another_type_is_named(client: Client, system: str, name: str) -> None:
    problem = client.available(system, **{name: "perhaps"}).refused(400, "VALIDATION_ERROR")
    assert name in problem["error"]


@pytest.mark.parametrize(
    ("which", "start", "end"),
    [("july", "18:00:00", "20:00:00"), ("january", "19:00:00", "21:00:00")],
)
def test_a17_m9_a_session_without_times_is_at_two_by_its_own_zone(
    client: Client, world: World, which: str, start: str, end: str
) -> None:
    session = world.peek(which)
    (row,) = client.available(date_from=session.day, date_to=session.day).ok()
    assert row["start_time"] == f"{session.day}T{start}.000Z"
    assert row["end_time"] == f"{session.day}T{end}.000Z"
    assert row["time_zone"] == "America/Toronto"


def test_a17_the_zone_of_the_session_counts(client: Client, world: World) -> None:
    session = world.peek("vancouver")
    rows = client.available(q=session.location).ok()
    local = datetime.fromisoformat(rows[0]["start_time"]).astimezone(ZoneInfo("America/Vancouver"))
    assert (local.hour, local.minute, rows[0]["time_zone"]) == (14, 0, "America/Vancouver")


@LISTINGS
def test_a74_dates_narrow_with_both_ends_in(client: Client, system: str) -> None:
    rows = client.available(system).ok()
    days = sorted({row["exam_date"] for row in rows})
    first, last = days[2], days[5]
    narrow = client.available(system, date_from=first, date_to=last).ok()
    expected = {row["mock_exam_id"] for row in rows if first <= row["exam_date"] <= last}
    assert {row["mock_exam_id"] for row in narrow} == expected


def test_a74_each_filter_narrows_and_together_they_are_anded(client: Client, world: World) -> None:
    session = world.peek("hybrid")
    every = client.available().ok()
    wanted = {
        "format": {r["mock_exam_id"] for r in every if r["delivery_format"] == "Hybrid"},
        "topic": {r["mock_exam_id"] for r in every if "Mixed" in r["topics"]},
        "location": {r["mock_exam_id"] for r in every if r["location"] == session.location},
    }
    asked = {"format": "Hybrid", "topic": "Mixed", "location": session.location}
    for name, value in asked.items():
        got = {row["mock_exam_id"] for row in client.available(**{name: value}).ok()}
        assert got == wanted[name], name
        assert len(got) < len(every)
    (row,) = client.available(**asked).ok()
    assert row["location"] == session.location
    assert client.available(**{**asked, "format": "Virtual"}).ok() == []
    assert client.available(**asked, instructor_id="999999").ok() == []
    assert [r["location"] for r in client.available(q=session.location).ok()] == [session.location]
    assert client.available(q="no such word anywhere").ok() == []


def test_a71_a_format_that_is_none_of_the_three_is_refused(client: Client) -> None:
    assert "format" in client.available(format="hybrid").refused(400, "VALIDATION_ERROR")["error"]


def test_b12_a_type_narrows_and_a_discussion_is_none(client: Client) -> None:
    for kind in EXAMS:
        rows = client.available("mock-exams", mock_type=kind).ok()
        assert {row["mock_type"] for row in rows} == {kind}
    client.available("mock-exams", mock_type=MD).refused(400, "INVALID_MOCK_TYPE")


@pytest.mark.parametrize("path", ["/mock-discussions/available", "/mock-exams/available"])
def test_a92_the_path_without_a_version_answers_alike(client: Client, path: str) -> None:
    def rows(root: str) -> list[dict[str, object]]:
        data = Client(client.http, client.headers, root).send("GET", path).ok()
        return [{k: v for k, v in row.items() if k != "as_of"} for row in data]

    assert rows("/api") == rows("/api/v1")


def test_m16_nobody_lists_without_a_device(client: Client) -> None:
    bare = Client(client.http).available()
    assert bare.status == 401
    bare.refused(401, bare.body["code"])


def test_a35_a_listing_right_after_a_booking_counts_it(client: Client, world: World) -> None:
    session, student = world.session(MD), world.student()
    day = {"date_from": session.day, "date_to": session.day, "location": session.location}
    (before,) = client.available(**day).ok()
    client.discuss(world.wish(student, session)).ok(201)
    (cached,) = client.available(**day).ok()
    (live,) = client.available(**day, realtime="true").ok()
    for row in (cached, live):
        assert row["total_bookings"] == before["total_bookings"] + 1
        assert row["available_slots"] == before["available_slots"] - 1


def test_a10_what_was_this_morning_is_of_today(client: Client, world: World) -> None:
    session = world.session(MD, day=today(), start=time(0), hours=0.25)
    (row,) = client.available(location=session.location).ok()
    assert row["exam_date"] == session.day


def test_a12_realtime_counts_and_mends_what_is_stored(client: Client, world: World) -> None:
    session = world.session(MD)
    client.discuss(world.wish(world.student(), session)).ok(201)
    world.miscount(session, 7)
    (row,) = client.available(location=session.location, realtime="true").ok()
    assert (row["total_bookings"], row["available_slots"]) == (1, 9)
    (row,) = client.available(location=session.location).ok()
    assert row["total_bookings"] == 1


def test_a10_today_is_todays_date_at_the_campus(client: Client, world: World) -> None:
    day = date.fromisoformat(world.peek("today").day)
    rows = client.available(date_to=day.isoformat()).ok()
    assert {row["exam_date"] for row in rows} == {day.isoformat()}
    assert client.available(date_to=(day - timedelta(days=1)).isoformat()).ok() == []
