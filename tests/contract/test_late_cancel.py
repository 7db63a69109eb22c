"""A cancel that comes late: allowed, and its token stays spent unless staff say why it should not."""

from datetime import timedelta

import pytest

from kiosk_app.backend.core.books import check_books
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.rules import BookingRules, Rule
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_student,
    query,
    sign_in_staff,
)
from tests.helpers.moving import booked, code, entries, move, seats, talk

RULES = BookingRules({MockType.MOCK_DISCUSSION: {Role.STUDENT: Rule(late_cancel_min=24 * 60)}})
BEGIN = (
    "UPDATE mock_sessions SET starts_at = now() + %s, ends_at = now() + interval '90 h'"
    " WHERE id = %s"
)
PAID = ("mock_discussion_token", -1, "booking")
BACK = ("mock_discussion_token", 1, "refund")


@pytest.fixture
def backend(database_url):
    backend = RunningBackend(database_url, rules=RULES)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def url(backend):
    return backend.database


@pytest.fixture
def contact(url):
    return add_student(url, discussion=1)


@pytest.fixture
def visitor(backend, contact):
    with Api(backend.url, add_device(backend.database)) as kiosk, kiosk.as_visitor() as visit:
        visit.contact = contact
        yield visit


def soon(visitor, url):
    """Book a discussion that then begins within the hours of late cancels."""
    made, session = booked(visitor, url, visitor.contact)
    query(url, BEGIN, timedelta(hours=23), session)
    return made, session


def test_a_student_is_told_before_and_after_that_the_token_is_lost(visitor, url):
    made, session = booked(visitor, url, visitor.contact)
    shown = visitor.http.get(f"/bookings/{made}").json()["data"]
    before = read_instant(shown["start_time"]) - read_instant(shown["late_after"])
    assert before == timedelta(days=1)
    query(url, BEGIN, timedelta(hours=23), session)
    shown = visitor.http.get(f"/bookings/{made}").json()["data"]
    assert (shown["can_cancel"], shown["can_move"]) == (True, False)
    assert code(move(visitor, made, talk(url))) == (400, "MOVE_CUTOFF_PASSED")
    answer = visitor.cancel(made).json()
    assert (answer["data"]["token_refunded"], answer["data"]["token_returned"]) == (None, False)
    again = visitor.cancel(made).json()
    assert (again["idempotent"], again["data"]["token_returned"]) == (True, False)
    assert seats(url, session) == [0], "the seat is free all the same"
    assert entries(url) == [PAID]
    (shown,) = visitor.http.get(f"/bookings/by-contact/{visitor.contact}").json()["data"][
        "bookings"
    ]
    assert (shown["is_active"], shown["cancelled_late"]) == ("Cancelled", True)


def test_in_time_the_token_comes_back(visitor, url):
    made, _ = booked(visitor, url, visitor.contact)
    data = visitor.cancel(made).json()["data"]
    assert data["token_returned"] is True
    assert data["token_refunded"] == {"field": "mock_discussion_token", "new_balance": 1}
    assert entries(url) == [PAID, BACK]


def test_the_front_desk_returns_it_with_a_reason(backend, visitor, url):
    made, _ = soon(visitor, url)
    with sign_in_staff(backend, Role.FRONT_DESK) as desk:
        data = desk.cancel(made, override={"reason": "the doctor's note"}).json()["data"]
    assert data["token_returned"] is True
    assert entries(url) == [PAID, BACK]
    assert query(url, "SELECT reason FROM audit_log WHERE action = 'booking.cancelled'") == [
        ("the doctor's note",)
    ]


async def test_the_front_desk_does_not_return_it_by_the_way_but_an_admin_may_later(
    backend, visitor, url, core
):
    made, _ = soon(visitor, url)
    with sign_in_staff(backend, Role.FRONT_DESK) as desk:
        batch = {"booking_ids": [made]}
        (done,) = desk.http.post("/bookings/batch-cancel", json=batch).json()["data"]["results"]
    assert (done["success"], done["token_returned"]) == (True, False)
    assert all(finding.ok for finding in await check_books(core))
    with sign_in_staff(backend, Role.ADMIN) as admin:
        refund = admin.http.post(f"/admin/bookings/{made}/refund", json={"reason": "agreed"})
    assert refund.status_code == 201
    assert entries(url) == [PAID, BACK]
    assert all(finding.ok for finding in await check_books(core))


def test_many_at_once_with_a_reason_and_an_admins_cancel_return_it(backend, visitor, url):
    made, _ = soon(visitor, url)
    with sign_in_staff(backend, Role.FRONT_DESK) as desk:
        batch = {"booking_ids": [made], "override": {"reason": "the room is flooded"}}
        (done,) = desk.http.post("/bookings/batch-cancel", json=batch).json()["data"]["results"]
    assert done["token_returned"] is True
    made, _ = soon(visitor, url)
    with sign_in_staff(backend, Role.ADMIN) as admin:
        body = {"status": "Cancelled", "reason": "flooded"}
        answer = admin.http.patch(f"/admin/bookings/{made}", json=body).json()
    assert answer["data"]["token_returned"] is True
