"""The kiosk and the product's own backend, over loopback, with everything real."""

import pytest

from tests.helpers.backend import add_session, add_student, enrol_code, far_day, query
from tests.helpers.terminal import Terminal

EMAIL = "ana@example.org"
WHO = ("--student-id", "QX4417", "--email", EMAIL)


def book(kiosk, session, status=0, *more):
    words = ("book", "--session", session, *WHO, "--name", "Ana Sol", *more)
    return kiosk.json(*words, status=status)


@pytest.fixture
def kiosk(tmp_path, capsys):
    return Terminal(tmp_path / "profile", capsys)


def test_enrol_sync_book_list_and_cancel(kiosk, running_backend):
    database = running_backend.database
    discussion = add_session(database, capacity=3)
    exam = add_session(database, mock_type="Clinical Skills", day=far_day(40))
    add_student(database, discussion=2, cs=1)
    kiosk.enrol(running_backend.url, enrol_code(database))
    assert kiosk.json("sync", "--once")["sessions"] == 2
    booked = book(kiosk, discussion, 0, "--topic", "Ethics")
    assert (booked["state"], booked["tokens_remaining"]) == ("confirmed", 1)
    assert book(kiosk, exam, 0, "--hand", "left")["state"] == "confirmed"
    kiosk.json("sync", "--once")
    assert {s["id"]: s["left"] for s in kiosk.json("sessions")["sessions"]}[discussion] == 2
    mine = kiosk.json("bookings", *WHO)["bookings"]
    assert [b["standing"] for b in mine] == ["confirmed", "confirmed"]
    again = book(kiosk, discussion, 1)
    assert (again["state"], again["code"]) == ("refused", "DUPLICATE_BOOKING")
    for booking in mine:
        assert kiosk.json("cancel", booking["code"], *WHO)["state"] == "cancelled"
    kiosk.json("sync", "--once")
    assert {s["left"] for s in kiosk.json("sessions")["sessions"]} == {3, 10}


def test_offline_it_is_kept_and_booked_once_when_the_backend_returns(kiosk, backend_process):
    database = backend_process.database
    session = add_session(database)
    add_student(database, discussion=1)
    kiosk.enrol(backend_process.url, enrol_code(database))
    kiosk.json("sync", "--once")
    kiosk.json("bookings", *WHO)
    backend_process.kill()
    assert book(kiosk, session)["state"] == "queued"
    late = add_session(database, day=far_day(33))
    refused = book(kiosk, late, 1)
    assert refused["code"] == "SESSION_NOT_FOUND"
    backend_process.start()
    synced = kiosk.json("sync", "--once")
    assert (synced["confirmed"], synced["waiting"], synced["sessions"]) == (1, 0, 2)
    kiosk.json("sync", "--once")
    assert query(database, "SELECT count(*) FROM bookings") == [(1,)]


def test_a_refusal_after_the_student_left_is_told_once_and_written_to_them(kiosk, backend_process):
    """K15: the session filled up meanwhile; one mail goes to the address on record."""
    database = backend_process.database
    session = add_session(database, capacity=1)
    add_student(database, discussion=1)
    kiosk.enrol(backend_process.url, enrol_code(database))
    kiosk.json("sync", "--once")
    kiosk.json("bookings", *WHO)
    backend_process.kill()
    assert book(kiosk, session)["state"] == "queued"
    query(database, "UPDATE mock_sessions SET total_bookings = 1")
    backend_process.start()
    assert kiosk.json("sync", "--once")["refused"] == 1
    kiosk.json("sync", "--once")
    told = query(database, "SELECT kind FROM mail_outbox")
    assert told == [("rejected",)]


def test_a_stranger_and_a_wrong_pair_are_turned_away_alike(kiosk, running_backend):
    database = running_backend.database
    add_student(database, discussion=1)
    session = add_session(database)
    kiosk.enrol(running_backend.url, enrol_code(database))
    for student, email in (("NOBODY", EMAIL), ("QX4417", "wrong@example.org")):
        words = ("book", "--session", session, "--student-id", student, "--email", email)
        assert kiosk.json(*words, "--name", "Ana Sol", status=1)["code"] == "NO_MATCH"


def test_a_revoked_device_keeps_what_it_has(kiosk, running_backend, monkeypatch):
    monkeypatch.setattr("kiosk_app.backend.server.known_devices.DEVICE_MEMORY_S", 0.0)
    database = running_backend.database
    session = add_session(database)
    add_student(database, discussion=1)
    kiosk.enrol(running_backend.url, enrol_code(database))
    kiosk.json("sync", "--once")
    query(database, "UPDATE devices SET revoked_at = now()")
    words = ("book", "--session", session, *WHO, "--name", "Ana Sol")
    assert kiosk.json(*words, status=1)["code"] == "UNAUTHORIZED"
    assert "enrol" in kiosk.errors
    assert len(kiosk.json("sessions")["sessions"]) == 1
