"""Many at once over real HTTP (A31, M5, B5, B7, B21)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
)


@pytest.fixture
def url(running_backend):
    return running_backend.database


def at_once(backend, calls):
    """Make every call at the same moment, each from a device of its own; return the answers."""
    token = add_device(backend.database)
    barrier = threading.Barrier(len(calls))

    def one(call):
        with Api(backend.url, token) as device:
            device.http.get("/capabilities")  # connected before the start
            barrier.wait()
            return call(device)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def booking(session, contact, key=None, **changes):
    body = discussion_body(session, contact, **changes)
    return lambda device: device.create(body, key=key)


def test_a31_ten_students_ten_seats_and_the_eleventh(running_backend, api, url):
    people = [(f"S{n}", add_student(url, f"S{n}", discussion=1)) for n in range(11)]
    session = add_session(url, capacity=10)
    calls = [booking(session, contact, student_id=number) for number, contact in people[:10]]
    answers = at_once(running_backend, calls)
    assert [one.status_code for one in answers] == [201] * 10
    (listed,) = api.discussions(realtime=True).json()["data"]
    assert (listed["total_bookings"], listed["available_slots"]) == (10, 0)
    number, contact = people[10]
    last = api.create(discussion_body(session, contact, student_id=number))
    assert (last.status_code, last.json()["code"]) == (400, "DISCUSSION_FULL")


def test_m5_one_key_sent_ten_times_is_one_booking(running_backend, url):
    contact, session = add_student(url, discussion=3), add_session(url)
    answers = at_once(running_backend, [booking(session, contact, "idem_disc_same")] * 10)
    assert sorted(one.status_code for one in answers) == [200] * 9 + [201]
    told = [one.json()["data"] for one in answers]
    assert len({one["id"] for one in told}) == 1
    for one in told:
        one.pop("idempotent_request", None)
    assert all(one == told[0] for one in told), "every answer is the whole answer"
    assert query(url, "SELECT sum(amount) FROM ledger") == [(2,)]


def test_b5_one_token_two_sessions(running_backend, url):
    contact = add_student(url, discussion=1)
    calls = []
    for n in range(2):
        day = far_day(30 + n)
        calls.append(booking(add_session(url, day=day), contact, day=day))
    answers = at_once(running_backend, calls)
    codes = sorted(one.json().get("code", "booked") for one in answers)
    assert codes == ["INSUFFICIENT_TOKENS", "booked"]


def test_b21_two_sessions_of_one_day(running_backend, url):
    contact = add_student(url, discussion=5)
    calls = [booking(add_session(url), contact, f"idem_disc_{n:04}") for n in range(2)]
    answers = at_once(running_backend, calls)
    codes = sorted(one.json().get("code", "booked") for one in answers)
    assert codes == ["DUPLICATE_BOOKING", "booked"]


def test_b7_five_cancels_give_one_token_back(running_backend, api, url):
    contact, session = add_student(url, discussion=1), add_session(url)
    made = api.create(discussion_body(session, contact)).json()["data"]
    with api.as_visitor() as visitor:
        barrier = threading.Barrier(5)

        def cancel(_n):
            barrier.wait()
            return visitor.cancel(made["id"])

        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(cancel, range(5)))
    assert [one.status_code for one in answers] == [200] * 5
    assert sum(one.json().get("idempotent", False) for one in answers) == 4
    assert {one.json()["data"]["token_refunded"]["new_balance"] for one in answers} == {1}
    assert query(url, "SELECT sum(amount) FROM ledger") == [(1,)]


def test_a_cancelled_key_sent_many_times_books_once_again(running_backend, api, url):
    contact, session = add_student(url, discussion=2), add_session(url)
    made = api.create(discussion_body(session, contact), key="idem_disc_again").json()["data"]
    with api.as_visitor() as visitor:
        visitor.cancel(made["id"])
    answers = at_once(running_backend, [booking(session, contact, "idem_disc_again")] * 6)
    assert sorted(one.status_code for one in answers) == [200] * 5 + [201]
    keys = query(url, "SELECT idempotency_key FROM bookings ORDER BY created_at")
    assert keys == [("idem_disc_again",), ("idem_disc_again-r2",)]
