"""0.7: instructors see and mark their own sessions, and no others exist for them."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    add_session,
    add_student,
    add_user,
    discussion_body,
    far_day,
    query,
    sign_in_staff,
)


class School:
    """Ira's session and Joe's, each with the same student; an administrator."""

    def __init__(self, backend):
        self.url = backend.database
        self.admin = sign_in_staff(backend, Role.ADMIN)
        self.ira = sign_in_staff(backend, Role.INSTRUCTOR, email="ira@example.org")
        ((self.user,),) = query(self.url, "SELECT id FROM users WHERE email = 'ira@example.org'")
        student = add_student(self.url, discussion=2)
        self.own, self.other = (add_session(self.url, day=far_day(day)) for day in (30, 31))
        self.assign(self.own, self.user)
        self.assign(self.other, add_user(self.url, Role.INSTRUCTOR, "joe@example.org"))
        self.codes = [
            self.admin.create(discussion_body(session, student, far_day(day))).json()["data"][
                "booking_code"
            ]
            for session, day in ((self.own, 30), (self.other, 31))
        ]

    def close(self):
        self.admin.close()
        self.ira.close()

    def assign(self, session, user):
        answer = self.admin.http.put(
            f"/admin/sessions/{session}/instructor", json={"user_id": user}
        )
        return answer.status_code, answer.json().get("data", answer.json())

    def sessions(self, **days):
        answer = self.ira.http.get("/instructor/sessions", params=days)
        assert answer.status_code == 200, answer.text
        return [one["session_id"] for one in answer.json()["sessions"]]

    def roster(self, session):
        return self.ira.http.get(f"/instructor/sessions/{session}/roster")

    def mark(self, code):
        body = {"attendance": "attended", "reason": "was there"}
        answer = self.ira.http.patch(f"/admin/bookings/{code}/attendance", json=body)
        return answer.status_code, answer.json().get("code")

    def begin(self):
        query(
            self.url,
            "UPDATE mock_sessions SET starts_at = now() - interval '5 min',"
            " ends_at = now() + interval '1 h'",
        )


@pytest.fixture
def school(running_backend):
    one = School(running_backend)
    yield one
    one.close()


def test_own_sessions_by_days(school):
    past = add_session(school.url, day=(datetime.now(UTC) - timedelta(days=9)).date())
    school.assign(past, school.user)
    assert school.sessions() == [school.own]
    assert school.sessions(date_from="2020-01-01") == [past, school.own]
    assert school.sessions(date_to=far_day(29).isoformat()) == []
    assert school.sessions(date_from=far_day(30).isoformat()) == [school.own]


def test_a_roster_is_of_those_who_stand_and_names_no_address(school):
    found = school.roster(school.own)
    assert [one["booking_code"] for one in found.json()["students"]] == [school.codes[0]]
    assert "ana@example.org" not in found.text
    rows = query(school.url, "SELECT entity_id, after FROM audit_log WHERE action = 'roster.read'")
    assert rows == [(school.own, {"found": 1})]
    school.admin.cancel(school.codes[0])
    assert school.roster(school.own).json()["students"] == []


def test_what_is_somebody_else_s_does_not_exist(school):
    school.begin()
    unknown = school.roster("00000000-0000-4000-8000-000000000000")
    other = school.roster(school.other)
    told = [{**one.json(), "instance": ""} for one in (unknown, other)]
    assert other.status_code == 404
    assert told[0] == told[1]
    assert school.mark(school.codes[1]) == (404, "BOOKING_NOT_FOUND")
    assert school.mark("BK-NOBODY") == (404, "BOOKING_NOT_FOUND")
    for path in ("/admin/bookings", f"/bookings/{school.codes[0]}", "/desk/students?q=ana"):
        assert school.ira.http.get(path).status_code == 403


def test_marking_in_own_sessions(school):
    assert school.mark(school.codes[0]) == (409, "INVALID_STATE"), "it has not begun"
    school.begin()
    assert school.mark(school.codes[0]) == (200, None)
    absent = {"booking_ids": school.codes, "reason": "did not come"}
    results = school.ira.http.post("/desk/no-shows", json=absent).json()["results"]
    assert [one["code"] for one in results] == [None, "BOOKING_NOT_FOUND"]
    assert query(school.url, "SELECT attendance FROM bookings ORDER BY exam_date") == [
        ("no_show",),
        (None,),
    ]
    school.assign(school.own, None)
    assert school.mark(school.codes[0]) == (404, "BOOKING_NOT_FOUND")


def test_assigning(school):
    query(school.url, "UPDATE mock_sessions SET instructor_name = 'Dr. Feldman'")
    desk = add_user(school.url, Role.FRONT_DESK)
    nobody = "00000000-0000-4000-8000-000000000000"
    for session, user, status, code in (
        (nobody, school.user, 404, "SESSION_NOT_FOUND"),
        (school.other, 0, 404, "USER_NOT_FOUND"),
        (school.other, desk, 400, "VALIDATION_ERROR"),
        (school.other, "Ira", 400, "VALIDATION_ERROR"),
    ):
        answer = school.assign(session, user)
        assert (answer[0], answer[1]["code"]) == (status, code)
    told = {
        "session_id": school.other,
        "user_id": school.user,
        "instructor_name": "Dr. Feldman",
    }
    rows = "SELECT count(*) FROM audit_log WHERE action = 'session.assigned'"
    ((before,),) = query(school.url, rows)
    for _ in range(2):
        assert school.assign(school.other, school.user) == (200, told)
    assert query(school.url, rows) == [(before + 1,)], "the same again is no change"
    assert school.sessions() == [school.own, school.other]
    query(school.url, "DELETE FROM users WHERE id = %s", school.user)
    assert query(school.url, "SELECT DISTINCT instructor_user FROM mock_sessions") == [(None,)]
