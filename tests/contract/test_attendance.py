"""A76: who came, by scan, by hand and by the clock."""

import asyncio
from datetime import timedelta

import pytest

from kiosk_app.backend.core.parts import SignInLife
from kiosk_app.backend.jobs.attendance import Attendance
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    query,
    sign_in_staff,
)
from tests.helpers.clocks import Clock


class Hall:
    """One session in an hour, three students who booked it, a kiosk and a desk."""

    def __init__(self, url):
        self.url, self.clock = url, Clock()
        self.start = self.clock.now.replace(microsecond=0) + timedelta(hours=1)
        day = self.start.date()
        hours = {"starts_at": self.start, "ends_at": self.start + timedelta(hours=1)}
        session = add_session(url, day=day, zone="UTC", **hours)
        day_long = SignInLife(access=timedelta(days=1))
        self.backend = RunningBackend(url, clock=self.clock, sign_in_life=day_long)
        self.backend.start()
        self.kiosk = Api(self.backend.url, add_device(url))
        self.desk = sign_in_staff(self.backend, Role.FRONT_DESK)
        self.codes, self.scans = [], 0
        for n in range(3):
            contact = add_student(url, f"S{n}", discussion=1)
            body = discussion_body(session, contact, day, student_id=f"S{n}")
            self.codes.append(self.kiosk.create(body).json()["data"]["booking_code"])

    def close(self):
        self.kiosk.close()
        self.desk.close()
        self.backend.stop()

    def at(self, minutes):
        self.clock.now = self.start + timedelta(minutes=minutes)

    def scan(self, who=0, path="/check-in", nonce=None, **more):
        self.scans += 1
        body = {"booking": self.codes[who], "nonce": nonce or f"nonce-{self.scans:04}"} | more
        return self.kiosk.http.post(path, json=body)

    def undo(self, api=None, who=0, **more):
        body = {"booking": self.codes[who]} | more
        return (api or self.kiosk).http.post("/check-in/undo", json=body)

    def job(self):
        async def once():
            async with Database(self.url, size=2) as db:
                await Attendance(db).run(self.clock.now)

        asyncio.run(once())

    def rows(self):
        return query(
            self.url,
            "SELECT is_active, attendance FROM bookings ORDER BY student_id",
        )


@pytest.fixture
def hall(database_url):
    one = Hall(database_url)
    yield one
    one.close()


def told(answer):
    body = answer.json()
    noted = body.get("data", body)
    return body["code"] if answer.status_code >= 400 else (noted["attendance"], noted["inside"])


def test_the_window_and_who_is_late(hall):
    hall.at(-31)
    assert told(hall.scan()) == "CHECKIN_TOO_EARLY"
    hall.at(-30)
    assert told(hall.scan()) == ("attended", True)
    hall.at(11)
    assert told(hall.scan(1)) == ("late", True)
    hall.at(60)
    assert told(hall.scan(2)) == "CHECKIN_CLOSED"


def test_a_scan_that_comes_twice_is_one_and_one_may_leave_and_come_back(hall):
    hall.at(0)
    assert not hall.scan(nonce="the-same-1").json()["repeated"]
    assert hall.scan(nonce="the-same-1").json()["repeated"]
    assert hall.scan().json()["repeated"], "the reader bounced"
    assert told(hall.scan(1, nonce="the-same-1")) == "IDEMPOTENCY_KEY_REUSED"
    assert told(hall.scan(path="/check-out", nonce="out-nonce-1")) == ("attended", False)
    hall.at(30)
    assert told(hall.scan()) == ("attended", True)
    assert hall.scan(path="/check-out", nonce="out-nonce-1").json()["inside"], "an old scan"
    assert query(hall.url, "SELECT count(*) FROM attendance_events") == [(3,)]


def test_undo_is_anybodys_for_ten_seconds_and_then_staffs_with_a_reason(hall):
    hall.at(0)
    hall.scan()
    hall.clock.forward(seconds=10)
    assert told(hall.undo()) == (None, False)
    hall.scan()
    hall.clock.forward(seconds=11)
    assert told(hall.undo()) == "INSUFFICIENT_PERMISSIONS"
    assert told(hall.undo(hall.desk)) == "OVERRIDE_REASON_REQUIRED"
    assert told(hall.undo(hall.desk, reason="wrong card")) == (None, False)
    assert told(hall.undo(hall.desk, reason="wrong card")) == "NOT_CHECKED_IN"
    assert query(hall.url, "SELECT count(*) FROM attendance_events WHERE undone_at IS NULL") == [
        (0,)
    ]


def test_the_clock_marks_who_is_absent_only_where_attendance_is_taken(hall):
    hall.at(20)
    hall.job()
    assert {row[1] for row in hall.rows()} == {None}
    hall.at(0)
    hall.scan(0)
    hall.at(14)
    hall.job()
    assert [row[1] for row in hall.rows()] == ["attended", None, None]
    hall.at(15)
    hall.job()
    assert [row[1] for row in hall.rows()] == ["attended", "no_show", "no_show"]
    assert told(hall.scan(1)) == ("late", True), "who comes after all is let in"
    assert told(hall.undo(hall.desk, 2, reason="was in room B")) == (None, False)
    hall.job()
    assert [row[1] for row in hall.rows()] == ["attended", "late", None]


def test_what_is_over_is_completed_once(hall):
    hall.at(59)
    hall.job()
    assert {row[0] for row in hall.rows()} == {"Active"}
    hall.at(60)
    hall.job()
    hall.job()
    assert {row[0] for row in hall.rows()} == {"Completed"}
    rows = query(hall.url, "SELECT count(*) FROM audit_log WHERE action = 'booking.completed'")
    assert rows == [(3,)]


def test_a_scan_saved_offline_arrives_late_with_both_times(hall):
    hall.at(90)
    hall.job()
    when = wire_instant(hall.start + timedelta(minutes=2))
    assert told(hall.scan(at=when)) == ("attended", True)
    at, heard = query(hall.url, "SELECT at, recorded_at FROM attendance_events")[0]
    assert (at, heard) == (hall.start + timedelta(minutes=2), hall.clock.now)
    ahead = wire_instant(hall.clock.now + timedelta(minutes=2))
    assert told(hall.scan(1, at=ahead)) == "VALIDATION_ERROR"


def test_marks_of_staff(hall):
    path = f"/admin/bookings/{hall.codes[0]}/attendance"
    body = {"attendance": "no_show", "reason": "not in the room"}
    assert hall.desk.http.patch(path, json=body).json()["code"] == "INVALID_STATE"
    hall.at(5)
    assert told(hall.desk.http.patch(path, json=body)) == ("no_show", False)
    assert hall.desk.http.patch(path, json=body).json()["data"]["repeated"]
    cleared = body | {"attendance": None}
    assert told(hall.desk.http.patch(path, json=cleared)) == (None, False)
    many = {"booking_ids": [*hall.codes, "nobody's"], "reason": "empty room"}
    results = hall.desk.http.post("/desk/no-shows", json=many).json()["results"]
    assert [one["code"] for one in results] == [None, None, None, "BOOKING_NOT_FOUND"]
    assert {row[1] for row in hall.rows()} == {"no_show"}


def test_a_kiosk_alone_knows_bookings_only_by_their_code(hall):
    hall.at(0)
    (ref,) = query(hall.url, "SELECT id FROM bookings LIMIT 1")[0]
    body = {"booking": str(ref), "nonce": "nonce-of-uuid"}
    assert hall.kiosk.http.post("/check-in", json=body).json()["code"] == "BOOKING_NOT_FOUND"
    with hall.kiosk.as_visitor("S1", "ana@example.org") as visitor:
        other = {"booking": hall.codes[0], "nonce": "nonce-of-other"}
        assert visitor.http.post("/check-in", json=other).status_code == 403


def test_a_check_in_without_a_network_on_a_cancelled_booking_is_for_the_desk(hall):
    """Somebody was let in: staff hear of it once, with the reason, however often it is sent."""
    hall.at(10)
    query(hall.url, "UPDATE bookings SET is_active = 'Cancelled'")
    assert told(hall.scan()) == "INVALID_STATE"
    path = "/desk/attention"
    assert hall.desk.http.get(path).json()["items"] == [], "who stands there reads the refusal"
    saved = {"at": wire_instant(hall.start), "nonce": "saved-0001"}
    for _ in range(2):
        assert told(hall.scan(**saved)) == "INVALID_STATE"
    hall.scan(path="/check-out", at=wire_instant(hall.start))
    [item] = hall.desk.http.get(path).json()["items"]
    assert (item["kind"], item["reason"]) == ("cancelled_check_in", "BOOKING_CANCELLED")
    assert (item["student"], item["booking_code"]) == ("S0", hall.codes[0])
    assert item["ways"][0] == "book_other"
    settled = {"way": "book_other", "reason": "moved to the free chair"}
    assert hall.desk.http.post(f"{path}/{item['id']}/settle", json=settled).status_code == 200
    assert hall.desk.http.get(path).json()["items"] == []


def test_a_cancelled_booking_is_not_checked_in(hall):
    hall.desk.cancel(hall.codes[0])
    hall.at(0)
    assert told(hall.scan()) == "INVALID_STATE"
