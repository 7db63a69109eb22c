"""A77: recurring sessions as staff make them and students see them."""

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.documented.client import MD, SJ, Answer, Client
from tests.documented.shapes import LISTED, SEATS, held
from tests.documented.world import Session, World, today

TORONTO = ZoneInfo("America/Toronto")
WEEK = timedelta(weeks=1)
SERIES = "/admin/session-series"
_rooms = itertools.count(1)


def switch() -> date:
    """The Sunday of the next change of the clocks that is five weeks away at least."""
    day = today() + 5 * WEEK
    while at(day).utcoffset() == at(day + timedelta(days=1)).utcoffset():
        day += timedelta(days=1)
    return day + timedelta(days=1)


def at(day: date) -> datetime:
    """Midnight of a day at the campus."""
    return datetime.combine(day, time(), TORONTO)


def plan(first: date, **more: Any) -> dict[str, Any]:
    """The body of a weekly series in a room of its own."""
    return {
        "mock_type": MD,
        "pattern": "weekly",
        "start_date": first.isoformat(),
        "count": 8,
        "starts": "18:00",
        "ends": "20:00",
        "time_zone": "America/Toronto",
        "capacity": 6,
        "location": f"East Campus – Room {next(_rooms)}",
        **more,
    }


def listed(client: Client, body: dict[str, Any]) -> list[Any]:
    """What students see of a series, by date."""
    system = "mock-discussions" if body["mock_type"] == MD else "mock-exams"
    rows = client.available(system, location=body["location"], realtime="true").ok()
    return sorted(rows, key=lambda row: row["exam_date"])


def fewer(admin: Client, series: str, seats: int) -> Answer:
    """Set the number of seats of a whole series."""
    body = {"scope": "all", "changes": {"capacity": seats}}
    return admin.send("PATCH", f"{SERIES}/{series}", body)


@pytest.mark.parametrize("kind", [MD, SJ])
def test_a77_eight_weeks_over_the_switch_keep_local_time(
    client: Client, world: World, kind: str
) -> None:
    first = switch() - timedelta(days=26)
    body = plan(first, mock_type=kind)
    told = world.staff("admin").send("POST", SERIES, body).ok(201)
    days = [(first + n * WEEK).isoformat() for n in range(8)]
    assert [one["date"] for one in told["dates"]] == days
    rows = listed(client, body)
    assert [held(row, LISTED, SEATS)["exam_date"] for row in rows] == days
    begins = [datetime.fromisoformat(row["start_time"]) for row in rows]
    ends = [datetime.fromisoformat(row["end_time"]) for row in rows]
    assert {one.astimezone(TORONTO).time() for one in begins} == {time(18)}
    assert {one.astimezone(TORONTO).time() for one in ends} == {time(20)}
    assert len({row["start_time"][11:] for row in rows}) == 2, "the switch lies between them"
    assert {(row["capacity"], row["available_slots"]) for row in rows} == {(6, 6)}


def test_a77_an_excluded_date_is_missing(client: Client, world: World) -> None:
    first = switch() - timedelta(days=26)
    off = first + 2 * WEEK
    body = plan(first, exclude_dates=[off.isoformat()])
    world.staff("admin").send("POST", SERIES, body).ok(201)
    days = [(first + n * WEEK).isoformat() for n in range(8) if n != 2]
    assert [row["exam_date"] for row in listed(client, body)] == days


@pytest.mark.parametrize(
    ("pattern", "days"), [("weekly", (0, 7, 14)), ("biweekly", (0, 14)), ("monthly", (0,))]
)
def test_a77_until_a_last_day(
    client: Client, world: World, pattern: str, days: tuple[int, ...]
) -> None:
    first = today() + 2 * WEEK
    body = plan(first, pattern=pattern, until=(first + 2 * WEEK).isoformat())
    del body["count"]
    world.staff("admin").send("POST", SERIES, body).ok(201)
    told = [(first + timedelta(days=n)).isoformat() for n in days]
    assert [row["exam_date"] for row in listed(client, body)] == told


def test_a77_a_preview_adds_nothing(client: Client, world: World) -> None:
    body = plan(today() + 2 * WEEK, count=3)
    admin = world.staff("admin")
    asked = admin.send("POST", SERIES, body, params={"preview": "true"}).ok()
    assert listed(client, body) == []
    made = admin.send("POST", SERIES, body).ok(201)
    for one in (*asked["dates"], *made["dates"]):
        one.pop("session_id")
    assert asked["dates"] == made["dates"]


def test_a77_holidays_are_skipped(client: Client, world: World) -> None:
    body = plan(today() + 2 * WEEK, count=3)
    shut = (today() + 3 * WEEK).isoformat()
    admin = world.staff("admin")
    days = {"first_day": shut, "last_day": shut, "location": body["location"], "name": "Paint"}
    closed = admin.send("POST", "/admin/closures", days).ok(201)["closure"]
    assert closed in admin.send("GET", "/admin/closures").ok()["closures"]
    admin.send("POST", SERIES, body).ok(201)
    assert shut not in [row["exam_date"] for row in listed(client, body)]
    assert len(listed(client, body)) == 2
    assert admin.send("DELETE", f"/admin/closures/{closed['closure_id']}").ok()["removed"] is True


def test_a77_never_fewer_seats_than_are_booked(client: Client, world: World) -> None:
    first = today() + 2 * WEEK
    body = plan(first, count=3)
    admin = world.staff("admin")
    made = admin.send("POST", SERIES, body).ok(201)
    second = made["dates"][1]
    session = Session(MD, second["date"], body["location"], second["session_id"])
    for _ in range(2):
        client.discuss(world.wish(world.student(), session)).ok(201)
    fewer(admin, made["series_id"], 1).ok()
    assert [row["capacity"] for row in listed(client, body)] == [1, 6, 1]
    fewer(admin, made["series_id"], 2).ok()
    rows = listed(client, body)
    assert [row["capacity"] for row in rows] == [2, 2, 2]
    assert [row["total_bookings"] for row in rows] == [0, 2, 0]
    one = f"/admin/sessions/{second['session_id']}"
    version = admin.send("GET", one).ok()["version"]
    change = {"version": version, "capacity": 1}
    problem = admin.send("PATCH", one, change).refused(409, "CAPACITY_TAKEN")
    assert problem["smallest"] == 2
    change["capacity"] = 9
    assert admin.send("PATCH", one, change).ok()["session"]["capacity"] == 9


def test_a77_a_series_is_read_and_called_off(client: Client, world: World) -> None:
    body = plan(today() + 2 * WEEK, count=2)
    admin = world.staff("admin")
    made = admin.send("POST", SERIES, body).ok(201)
    path, ids = f"{SERIES}/{made['series_id']}", [one["session_id"] for one in made["dates"]]
    sessions = admin.send("GET", path).ok()["sessions"]
    assert [one["session_id"] for one in sessions] == ids
    end = {"scope": "all", "reason": "the room is flooded"}
    admin.send("POST", f"{path}/cancellation", end).ok()
    assert listed(client, body) == []


def test_a77_single_sessions_of_staff(client: Client, world: World) -> None:
    day = (today() + 3 * WEEK).isoformat()
    body = {
        "mock_type": MD,
        "starts_at": f"{day}T16:00:00.000Z",
        "ends_at": f"{day}T17:00:00.000Z",
        "capacity": 4,
        "location": f"East Campus – Room {next(_rooms)}",
    }
    admin = world.staff("admin")
    made = admin.send("POST", "/admin/sessions", body).ok(201)["session"]
    (row,) = listed(client, body)
    assert (row["mock_exam_id"], row["start_time"]) == (made["session_id"], body["starts_at"])
    path = f"/admin/sessions/{made['session_id']}/cancellation"
    admin.send("POST", path, {"reason": "ill"}).ok()
    assert listed(client, body) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pattern", "daily"),
        ("start_date", "2027-02-30"),
        ("count", 0),
        ("capacity", -1),
        ("starts", "25:00"),
        ("exclude_dates", ["soon"]),
    ],
)
def test_a77_a_wrong_field_is_named(world: World, name: str, value: Any) -> None:
    body = plan(today() + 2 * WEEK, **{name: value})
    problem = world.staff("admin").send("POST", SERIES, body).refused(400, "VALIDATION_ERROR")
    assert name in problem["error"]


def test_a77_m16_only_administrators(client: Client, world: World) -> None:
    body = plan(today() + 2 * WEEK)
    for other in (client, world.staff("front_desk"), world.visit(client, world.peek_student())):
        other.send("POST", SERIES, body).refused(403, "INSUFFICIENT_PERMISSIONS")
    assert listed(client, body) == []
