"""A76: all bookings as staff list and export them."""

import csv
import io
from datetime import time, timedelta

import psycopg
import pytest

from kiosk_app.backend.core import admin_bookings
from kiosk_app.backend.storage import admin_bookings as storage
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
    sign_in_staff,
)

PATH = "/admin/bookings"


@pytest.fixture
def admin(running_backend):
    with sign_in_staff(running_backend, Role.ADMIN) as one:
        yield one


@pytest.fixture
def desk(running_backend):
    with sign_in_staff(running_backend, Role.FRONT_DESK) as one:
        yield one


class House:
    """Three students, a discussion and an exam, four bookings."""

    def __init__(self, url, admin, desk):
        self.url = url
        self.talk = add_session(url, day=far_day(30), location="North – 1")
        self.exam = add_session(
            url, mock_type="Clinical Skills", day=far_day(40), start=time(9), location="South – 2"
        )
        self.people = [
            add_student(url, f"S{n}", email=f"s{n}@example.org", name=name, discussion=2, cs=1)
            for n, name in enumerate(("Ana Sol", "Bo Fall", "=Cy()"))
        ]
        self.codes = [
            self.book(admin, discussion_body, self.talk, n, far_day(30)) for n in range(3)
        ]
        self.codes.append(self.book(desk, exam_body, self.exam, 0, far_day(40)))

    def book(self, who, make, session, n, day):
        body = make(session, self.people[n], day, student_id=f"S{n}", email=f"s{n}@example.org")
        path = "/bookings/create" if make is exam_body else "/mock-discussions/create-booking"
        answer = who.create(body, path=path)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]["booking_code"]


@pytest.fixture
def house(running_backend, admin, desk):
    return House(running_backend.database, admin, desk)


def codes(answer):
    assert answer.status_code == 200, answer.text
    return [one["booking_code"] for one in answer.json()["data"]["bookings"]]


def test_each_filter_narrows_and_they_combine(house, desk):
    one, two, three, exam = house.codes
    query(house.url, "UPDATE bookings SET attendance = 'late' WHERE booking_code = %s", two)
    desk.cancel(three)
    for given, expected in (
        ({}, [exam, three, two, one]),
        ({"mock_type": "Clinical Skills"}, [exam]),
        ({"status": "Cancelled"}, [three]),
        ({"status": "Active", "session_id": house.talk}, [two, one]),
        ({"date_from": far_day(31).isoformat()}, [exam]),
        ({"date_to": far_day(39).isoformat()}, [three, two, one]),
        (
            {"date_from": far_day(30).isoformat(), "date_to": far_day(30).isoformat()},
            [three, two, one],
        ),
        ({"location": "South – 2"}, [exam]),
        ({"attendance": "late"}, [two]),
        ({"attendance": "unknown", "status": "Active"}, [exam, one]),
        ({"q": "s1"}, [two]),
        ({"q": "S0@EX"}, [exam, one]),
        ({"q": "fall"}, [two]),
        ({"q": two.lower()}, [two]),
        ({"q": "sol", "mock_type": "Mock Discussion"}, [one]),
        ({"q": "nobody at all"}, []),
        ({"location": "%"}, []),
    ):
        answer = desk.http.get(PATH, params=given)
        assert codes(answer) == expected, given
        assert answer.json()["data"]["total"] == len(expected)
        assert answer.json()["data"]["cursor"] is None


def test_what_is_no_filter_is_refused(desk):
    for given in (
        {"mock_type": "Yoga"},
        {"status": "Gone"},
        {"date_from": "2027-02-30"},
        {"session_id": "7"},
        {"attendance": "maybe"},
        {"q": " "},
        {"q": "a"},
        {"q": "a\0b"},
        {"page_size": 0},
        {"page_size": 201},
        {"cursor": "nonsense"},
        {"cursor": "x" * 201},
        {"cursor": "MjAyNy0wMS0wMVQwMDowMDowMCA3"},
    ):
        answer = desk.http.get(PATH, params=given)
        assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR"), given


def test_pages_neither_repeat_nor_skip_though_bookings_come_and_go(house, admin, desk):
    first = desk.http.get(PATH, params={"page_size": 2})
    assert codes(first) == house.codes[:1:-1]
    added = house.book(admin, exam_body, house.exam, 1, far_day(40))
    second = desk.http.get(PATH, params={"page_size": 2, "cursor": first.json()["data"]["cursor"]})
    assert codes(second) == house.codes[1::-1]
    page = second.json()["data"]
    assert (page["total"], page["cursor"]) == (5, None)
    assert added not in codes(second)
    beyond = {"cursor": first.json()["data"]["cursor"], "mock_type": "Clinical Skills"}
    page = desk.http.get(PATH, params=beyond).json()["data"]
    assert page == {"bookings": [], "total": 2, "cursor": None}


def test_bookings_of_one_instant_have_an_order_of_their_own(house, desk):
    query(house.url, "UPDATE bookings SET created_at = '2027-01-01 12:00:00.123456+00'")
    seen, cursor = [], None
    for _ in range(4):
        answer = desk.http.get(
            PATH, params={"page_size": 1} | ({"cursor": cursor} if cursor else {})
        )
        seen += codes(answer)
        cursor = answer.json()["data"]["cursor"]
    assert cursor is None
    assert sorted(seen) == sorted(house.codes)


def test_who_made_it_and_what_became_of_the_token(house, desk):
    desk.cancel(house.codes[0])
    with psycopg.connect(house.url) as connection:
        connection.execute("SET session_replication_role = replica")  # entries never change
        owing = "SELECT id FROM bookings WHERE booking_code = %s"
        connection.execute(
            f"UPDATE ledger SET owed = true WHERE booking_id = ({owing})", [house.codes[1]]
        )
    found = {one["booking_code"]: one for one in desk.http.get(PATH).json()["data"]["bookings"]}
    assert [found[code]["payment"] for code in house.codes] == ["returned", "owed", "paid", "paid"]
    made = found[house.codes[3]]["made_by"]
    assert (made["kind"], made["user"], made["device"]) == (
        "user",
        "Sam Desk",
        "Desk of front_desk",
    )
    assert found[house.codes[3]]["student"]["email"] == "s0@example.org"


def exported(admin, **given):
    answer = admin.http.get(f"{PATH}.csv", params=given)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_the_file_has_the_same_bookings(house, admin):
    rows = exported(admin)
    assert tuple(rows[0]) == admin_bookings.COLUMNS
    assert [row["booking_code"] for row in rows] == house.codes[::-1]
    assert [row["name"] for row in rows] == ["Ana Sol", "'=Cy()", "Bo Fall", "Ana Sol"]
    assert rows[0]["starts_at"].startswith(f"{far_day(40)}T09:00-0")
    assert rows[0]["time_zone"] == "America/Toronto"
    assert exported(admin, q="nobody at all") == []
    assert len(exported(admin, mock_type="Clinical Skills")) == 1


def test_an_export_goes_on_from_page_to_page(house, admin, monkeypatch):
    monkeypatch.setattr(admin_bookings, "AT_ONCE", 2)
    assert [row["booking_code"] for row in exported(admin)] == house.codes[::-1]
    monkeypatch.setattr(admin_bookings, "AT_ONCE", 1)
    assert [row["booking_code"] for row in exported(admin)] == house.codes[::-1]


def test_whoever_reads_or_exports_stands_in_the_log(house, admin, desk):
    day = (far_day(30) - timedelta(days=1)).isoformat()
    exported(admin, q="s0@example.org", date_from=day)
    desk.http.get(PATH, params={"status": "Active"})
    rows = query(
        house.url,
        "SELECT action, actor_kind, after FROM audit_log"
        " WHERE action LIKE 'bookings.%%' ORDER BY id",
    )
    assert rows == [
        ("bookings.exported", "user", {"filters": {"q": True, "date_from": day}, "found": 2}),
        ("bookings.listed", "user", {"filters": {"status": "Active"}, "found": 4}),
    ]


def test_no_export_without_its_row_in_the_log(house, admin):
    query(
        house.url,
        "CREATE FUNCTION no_log() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$",
    )
    query(
        house.url,
        "CREATE TRIGGER no_log BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION no_log()",
    )
    try:
        for path in (PATH, f"{PATH}.csv"):
            answer = admin.http.get(path)
            assert answer.status_code == 500
            assert house.codes[0] not in answer.text
    finally:
        query(house.url, "DROP TRIGGER no_log ON audit_log")
        query(house.url, "DROP FUNCTION no_log()")


def test_the_page_and_the_days_have_their_indexes(house):
    page = storage._PAGE.format(source=storage._FROM, conditions="true", after="true", total="0")
    day = "SELECT id FROM bookings WHERE exam_date = '2027-01-01'"
    with psycopg.connect(house.url) as connection:
        for setting in ("enable_seqscan", "enable_sort", "enable_incremental_sort"):
            connection.execute(f"SET {setting} = off")
        plan = connection.execute(f"EXPLAIN {page}", {"size": 50}).fetchall()
        assert "Index Scan Backward using bookings_made" in repr(plan)
        assert "bookings_exam_date" in repr(connection.execute(f"EXPLAIN {day}").fetchall())
