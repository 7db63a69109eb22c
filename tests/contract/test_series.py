"""Series of sessions and closures (A77)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk_app.contract.staff import Role
from tests.helpers.backend import add_session, query, sign_in_staff
from tests.helpers.planning import book, code, done, everything, instants, person

WHY = {"reason": "the room is flooded"}
TORONTO = ZoneInfo("America/Toronto")
FIRST = date(2099, 2, 16)
"""A Monday three weeks before the clocks go forward."""
PATH = "/admin/session-series"


@pytest.fixture
def admin(running_backend):
    with sign_in_staff(running_backend, Role.ADMIN) as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


def plan(**changes):
    return {
        "mock_type": "Mock Discussion",
        "pattern": "weekly",
        "start_date": FIRST.isoformat(),
        "count": 4,
        "starts": "18:00",
        "ends": "20:00",
        "capacity": 6,
        "location": "North Campus – Room 2",
    } | changes


def made(admin, **changes):
    return done(admin.http.post(PATH, json=plan(**changes)), 201)


def ids(told):
    return [one["session_id"] for one in told["dates"] if one["state"] == "ok"]


def change(admin, series, scope, first=None, *, preview=False, **changes):
    body = {"scope": scope, "from_session": first, "changes": changes}
    return admin.http.patch(f"{PATH}/{series}", json=body, params={"preview": preview})


def call_off(admin, series, scope, first=None, *, preview=False):
    body = {"scope": scope, "from_session": first} | WHY
    path = f"{PATH}/{series}/cancellation"
    return admin.http.post(path, json=body, params={"preview": preview})


def read(admin, series):
    return done(admin.http.get(f"{PATH}/{series}"))


def past(url, session):
    query(
        url,
        "UPDATE mock_sessions SET exam_date = '2020-01-06', starts_at = '2020-01-06 18:00Z',"
        " ends_at = '2020-01-06 20:00Z' WHERE id = %s",
        session,
    )


class TestMaking:
    def test_eight_weeks_over_the_switch_without_one_day(self, admin, url):
        off = FIRST + timedelta(weeks=2)
        told = made(admin, count=8, exclude_dates=[off.isoformat()])
        skipped = [(one["date"], one["why"]) for one in told["dates"] if one["state"] != "ok"]
        assert skipped == [(off.isoformat(), "excluded")]
        sessions = read(admin, told["series_id"])["sessions"]
        assert len(sessions) == 7
        for one in sessions:
            local = datetime.fromisoformat(one["starts_at"]).astimezone(TORONTO)
            assert (local.time(), local.date().isoformat()) == (time(18), one["exam_date"])
            assert (one["capacity"], one["series_id"]) == (6, told["series_id"])
        assert {one["starts_at"][11:16] for one in sessions} == {"23:00", "22:00"}
        fed = admin.changes().json()["sessions"]
        assert sorted(one["session_id"] for one in fed) == sorted(ids(told))

    def test_a_preview_says_the_same_and_writes_nothing(self, admin, url):
        before = everything(url)
        asked = done(admin.http.post(PATH, json=plan(), params={"preview": True}))
        assert everything(url) == before
        assert (asked["series_id"], asked["preview"]) == (None, True)
        told = made(admin)
        assert [one | {"session_id": None} for one in told["dates"]] == asked["dates"]

    def test_closed_days_are_skipped_by_place_or_not_at_all(self, admin):
        closed = {"first_day": "2099-02-20", "last_day": "2099-02-23", "name": "Reading week"}
        done(admin.http.post("/admin/closures", json=closed), 201)
        other = closed | {
            "location": "Downtown",
            "first_day": "2099-03-02",
            "last_day": "2099-03-02",
        }
        done(admin.http.post("/admin/closures", json=other), 201)
        told = made(admin)["dates"]
        assert [(one["state"], one["why"], one["name"]) for one in told] == [
            ("ok", None, None),
            ("skipped", "holiday", "Reading week"),
            ("ok", None, None),
            ("ok", None, None),
        ]
        every = made(admin, holidays=False, location="South")["dates"]
        assert {one["state"] for one in every} == {"ok"}

    def test_what_is_there_already_is_left_out_imported_or_not(self, admin, url):
        day = FIRST + timedelta(weeks=3)
        imported = add_session(url, day=day, start=time(18), location=plan()["location"])
        one = plan() | instants(FIRST + timedelta(weeks=1), time(18))
        there = {
            name: one[name]
            for name in ("mock_type", "starts_at", "ends_at", "capacity", "location")
        }
        known = done(admin.http.post("/admin/sessions", json=there), 201)["session"]["session_id"]
        told = made(admin)
        assert [one["state"] for one in told["dates"]] == ["ok", "clash", "ok", "clash"]
        assert [told["dates"][n]["session_id"] for n in (1, 3)] == [known, imported]
        again = admin.http.post(PATH, json=plan())
        assert code(again) == (409, "SERIES_EMPTY")

    def test_a_start_that_no_clock_shows_and_one_that_comes_twice(self, admin):
        switch = {"pattern": "weekly", "starts": "02:30", "ends": "04:00", "count": 1}
        (spring,) = made(admin, start_date="2099-03-08", **switch)["dates"]
        assert (spring["wall_time"], spring["starts_at"][11:16]) == ("skipped", "07:30")
        night = switch | {"starts": "01:30"}
        (autumn,) = made(admin, start_date="2099-11-01", **night)["dates"]
        assert (autumn["wall_time"], autumn["starts_at"][11:16]) == ("twice", "05:30")
        assert autumn["ends_at"][11:16] == "08:00", "two hours and a half, as on any day"

    @pytest.mark.parametrize(
        "fields",
        [
            {"until": "2099-05-01"},
            {"count": None},
            {"count": None, "until": "2099-02-01"},
            {"count": None, "until": "2399-02-01"},
            {"count": 201},
            {"weekdays": ["mon"], "pattern": "monthly"},
            {"weekdays": ["funday"]},
            {"start_date": "2099-02-30"},
            {"start_date": "9999-12-30"},
            {"start_date": "2001-01-01"},
            {"exclude_dates": ["2099-13-01"]},
            {"ends": "18:00"},
            {"starts": "25:00"},
            {"time_zone": "Mars/Base"},
        ],
    )
    def test_what_is_no_plan(self, admin, url, fields):
        answer = admin.http.post(PATH, json=plan(**fields))
        assert code(answer) == (400, "VALIDATION_ERROR")
        assert query(url, "SELECT 1 FROM session_series") == []

    def test_several_weekdays_two_weeks_apart_and_months(self, admin):
        told = made(admin, pattern="biweekly", weekdays=["wed", "mon"], count=4)
        assert [one["date"] for one in told["dates"]] == [
            *("2099-02-16", "2099-02-18", "2099-03-02", "2099-03-04")
        ]
        told = made(admin, pattern="monthly", count=3, starts="17:00")
        assert [one["date"] for one in told["dates"]] == ["2099-02-16", "2099-03-16", "2099-04-20"]


class TestChanging:
    def test_all_that_are_ahead_and_none_that_is_over(self, admin, url):
        told = made(admin)
        past(url, ids(told)[0])
        changed = done(change(admin, told["series_id"], "all", starts="17:30", capacity=9))
        assert (changed["frozen"], len(changed["steps"])) == (1, 3)
        sessions = read(admin, told["series_id"])["sessions"]
        assert [one["capacity"] for one in sessions] == [6, 9, 9, 9]
        for one in sessions[1:]:
            local = datetime.fromisoformat(one["starts_at"]).astimezone(TORONTO)
            assert local.time() == time(17, 30)
            hours = datetime.fromisoformat(one["ends_at"]) - datetime.fromisoformat(
                one["starts_at"]
            )
            assert hours == timedelta(hours=2.5)

    def test_following_splits_and_one_does_not(self, admin):
        told = made(admin)
        series, sessions = told["series_id"], ids(told)
        before = read(admin, series)
        asked = done(change(admin, series, "following", sessions[2], preview=True, title="New"))
        assert read(admin, series) == before
        changed = done(change(admin, series, "following", sessions[2], title="New"))
        assert changed["series_id"] != series
        assert asked["series_id"] == series
        later = read(admin, changed["series_id"])
        assert later["split_from"] == series
        assert [one["session_id"] for one in later["sessions"]] == sessions[2:]
        assert {one["title"] for one in later["sessions"]} == {"New"}
        assert [one["session_id"] for one in read(admin, series)["sessions"]] == sessions[:2]
        alone = done(change(admin, series, "one", sessions[1], title="Alone"))
        assert (alone["series_id"], len(alone["steps"])) == (series, 1)
        assert [one["title"] for one in read(admin, series)["sessions"]] == [None, "Alone"]

    def test_following_from_the_first_is_the_whole_series(self, admin):
        told = made(admin)
        changed = done(change(admin, told["series_id"], "following", ids(told)[0], capacity=3))
        assert changed["series_id"] == told["series_id"]

    def test_who_has_a_seat_keeps_it_and_is_listed(self, admin, url):
        told = made(admin)
        day = FIRST + timedelta(weeks=1)
        for n in range(3):
            book(admin, ids(told)[1], person(url, n), n, day)
        for preview in (True, False):
            changed = done(change(admin, told["series_id"], "all", capacity=2, preview=preview))
            kept = [(one["code"], one["smallest"]) for one in changed["steps"]]
            assert kept == [(None, None), ("CAPACITY_TAKEN", 3), (None, None), (None, None)]
        seats = [one["capacity"] for one in read(admin, told["series_id"])["sessions"]]
        assert seats == [2, 6, 2, 2]
        done(change(admin, told["series_id"], "all", capacity=2, when="as_seats_free"))
        one = read(admin, told["series_id"])["sessions"][1]
        assert (one["capacity"], one["target_capacity"]) == (3, 2)

    def test_one_that_meets_another_session_stays(self, admin):
        told = made(admin)
        other = made(admin, count=1, starts="10:00", ends="12:00")
        changed = done(change(admin, told["series_id"], "all", starts="10:00", ends="12:00"))
        assert [one["code"] for one in changed["steps"]] == ["SESSION_EXISTS", None, None, None]
        assert changed["steps"][0]["session"]["starts_at"] == told["dates"][0]["starts_at"]
        assert len(read(admin, other["series_id"])["sessions"]) == 1

    def test_everybody_booked_is_told(self, admin, url):
        told = made(admin)
        book(admin, ids(told)[1], person(url), day=FIRST + timedelta(weeks=1))
        changed = done(change(admin, told["series_id"], "all", location="Elsewhere"))
        assert [one["impact"]["told"] for one in changed["steps"]] == [0, 1, 0, 0]
        assert query(url, "SELECT count(*) FROM mail_outbox WHERE kind = 'change'") == [(1,)]

    def test_each_session_has_its_row_in_the_log(self, admin, url):
        told = made(admin)
        done(change(admin, told["series_id"], "all", capacity=7))
        rows = query(url, "SELECT entity_id FROM audit_log WHERE action = 'session.changed'")
        assert sorted(one for (one,) in rows) == sorted(ids(told))

    def test_what_is_asked_wrongly(self, admin, url):
        told, stranger = made(admin), add_session(url)
        series, nobody = told["series_id"], "00000000-0000-4000-8000-000000000000"
        assert code(change(admin, nobody, "all", capacity=1)) == (404, "SERIES_NOT_FOUND")
        assert code(admin.http.get(f"{PATH}/{nobody}")) == (404, "SERIES_NOT_FOUND")
        for ask in (change, call_off):
            assert code(ask(admin, series, "one", stranger)) == (404, "SESSION_NOT_FOUND")
            assert code(ask(admin, series, "one")) == (400, "VALIDATION_ERROR")
            assert code(ask(admin, series, "all", stranger)) == (400, "VALIDATION_ERROR")
        wrong = change(admin, series, "all", starts="10:00", ends="09:00")
        assert code(wrong) == (400, "VALIDATION_ERROR")
        for session in ids(told):
            query(url, "UPDATE mock_sessions SET location = id::text WHERE id = %s", session)
            past(url, session)
        for ask in (change, call_off):
            assert code(ask(admin, series, "all")) == (409, "SESSION_OVER")


class TestCallingOff:
    def test_from_one_on_everybody_is_refunded_once(self, admin, url):
        told = made(admin)
        series, sessions = told["series_id"], ids(told)
        contact = person(url)
        for n, session in enumerate(sessions[:3]):
            book(admin, session, contact, day=FIRST + timedelta(weeks=n))
        before = everything(url)
        asked = done(call_off(admin, series, "following", sessions[1], preview=True))
        assert everything(url) == before
        ended = done(call_off(admin, series, "following", sessions[1]))
        for answer in (asked, ended):
            assert [one["impact"]["cancelled"] for one in answer["steps"]] == [1, 1, 0]
        again = done(call_off(admin, series, "following", sessions[1]))
        assert [one["impact"]["cancelled"] for one in again["steps"]] == [0, 0, 0]
        active = [one["is_active"] for one in read(admin, series)["sessions"]]
        assert active == [True, False, False, False]
        states = query(url, "SELECT is_active, count(*) FROM bookings GROUP BY 1 ORDER BY 1")
        assert states == [("Active", 1), ("Cancelled", 2)]
        assert query(url, "SELECT sum(amount) FROM ledger") == [(2,)]

    def test_one_and_all(self, admin, url):
        told = made(admin)
        past(url, ids(told)[0])
        done(call_off(admin, told["series_id"], "one", ids(told)[2]))
        active = [one["is_active"] for one in read(admin, told["series_id"])["sessions"]]
        assert active == [True, True, False, True]
        ended = done(call_off(admin, told["series_id"], "all"))
        assert (ended["frozen"], len(ended["steps"])) == (1, 3)


class TestClosures:
    def test_it_lists_what_stands_in_the_way_and_leaves_it(self, admin, url):
        told = made(admin)
        elsewhere = made(admin, location="Downtown – Room 1")
        days = {"first_day": "2099-02-16", "last_day": "2099-02-23", "name": "Strike"}
        before = everything(url)
        place = days | {"location": "North Campus"}
        asked = done(admin.http.post("/admin/closures", json=place, params={"preview": True}))
        assert everything(url) == before
        closed = done(admin.http.post("/admin/closures", json=place), 201)
        for answer in (asked, closed):
            assert [one["session_id"] for one in answer["hits"]] == ids(told)[:2]
        every = done(admin.http.post("/admin/closures", json=days), 201)
        hit = {one["session_id"] for one in every["hits"]}
        assert hit == {*ids(told)[:2], *ids(elsewhere)[:2]}
        assert query(url, "SELECT DISTINCT is_active FROM mock_sessions") == [(True,)]

    def test_listed_until_they_are_over_and_removed_once(self, admin, url):
        query(
            url,
            "INSERT INTO closures (first_day, last_day, name) VALUES ('2020-01-01', '2020-01-02', 'x')",
        )
        day = {"first_day": "2099-12-25", "last_day": "2099-12-26", "name": "Christmas"}
        made = done(admin.http.post("/admin/closures", json=day), 201)["closure"]
        assert done(admin.http.get("/admin/closures"))["closures"] == [made]
        path = f"/admin/closures/{made['closure_id']}"
        assert done(admin.http.delete(path)) == {"removed": True}
        assert done(admin.http.delete(path)) == {"removed": False}
        log = query(url, "SELECT action FROM audit_log WHERE entity = 'closure' ORDER BY id")
        assert log == [("closure.created",), ("closure.removed",)]

    @pytest.mark.parametrize(
        "fields",
        [
            {"last_day": "2099-12-24"},
            {"last_day": "2101-12-24"},
            {"first_day": "2099-02-30"},
            {"name": " "},
            {"location": ""},
        ],
    )
    def test_what_is_no_closure(self, admin, fields):
        day = {"first_day": "2099-12-25", "last_day": "2099-12-26", "name": "Christmas"}
        answer = admin.http.post("/admin/closures", json=day | fields)
        assert code(answer) == (400, "VALIDATION_ERROR")
