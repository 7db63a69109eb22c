"""The confirmation of a booking once more, from the press of a button to the mail in an inbox."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from icalendar import Calendar

from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
    sign_in_staff,
)
from tests.helpers.moving import code, move, talk

DAY = far_day()


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def visitor(api, url):
    contact = add_student(url, discussion=5)
    with api.as_visitor() as visit:
        visit.contact = contact
        yield visit


@pytest.fixture
def booking(api, url, visitor):
    answer = api.create(discussion_body(add_session(url, day=DAY), visitor.contact))
    return answer.json()["data"]["id"]


def ask(api, ref, key="idem_mail_1"):
    return api.http.post(f"/bookings/{ref}/email", headers={"X-Idempotency-Key": key})


def told(answer):
    assert answer.status_code == 202, answer.text
    return answer.json()["data"]["state"]


def subjects(post):
    return [mail["Subject"].split(":")[0] for mail in post.inbox.mails]


def sequence(mail):
    [part] = [one for one in mail.walk() if one.get_content_type() == "text/calendar"]
    return Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]["SEQUENCE"]


async def test_each_press_is_one_mail_to_the_address_on_the_record(post, visitor, booking):
    await post.send()
    for key, state in (("idem_mail_1", "queued"), ("idem_mail_1", "queued")):
        assert told(ask(visitor, booking, key)) == state
    await post.send()
    assert told(ask(visitor, booking, "idem_mail_1")) == "queued", "asked again, answered again"
    await post.send()
    assert subjects(post) == ["Booked"] * 2
    answer = ask(visitor, booking, "idem_mail_2").json()["data"]
    assert answer == {"booking_id": booking, "address": "a•••••@e•••••.org", "state": "queued"}
    await post.send()
    assert [mail["To"] for mail in post.inbox.mails] == ["Ana Sol <ana@example.org>"] * 3
    assert len({mail["Message-ID"] for mail in post.inbox.mails}) == 3


async def test_while_the_first_one_waits_there_is_no_second(post, visitor, booking):
    assert told(ask(visitor, booking)) == "under_way"
    await post.send()
    assert subjects(post) == ["Booked"]
    assert told(ask(visitor, booking)) == "queued", "nothing was written under this key yet"
    assert told(ask(visitor, booking, "idem_mail_2")) == "under_way"


async def test_presses_at_one_moment_are_one_mail(post, visitor, booking):
    await post.send()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: ask(visitor, booking, f"idem_mail_{n}"), range(8))
        states = sorted(told(one) for one in answers)
    assert states == ["queued"] + ["under_way"] * 7
    await post.send()
    assert subjects(post) == ["Booked"] * 2


async def test_one_that_was_given_up_does_not_stand_in_the_way(post, visitor, booking):
    post.inbox.answers["DATA"] = ["550 no such mailbox"]
    await post.send()
    assert post.rows() == [("confirm", "dead")]
    assert told(ask(visitor, booking)) == "queued"
    await post.send()
    assert subjects(post) == ["Booked"]


async def test_after_a_move_the_calendar_takes_it(post, url, visitor, booking):
    await post.send()
    assert code(move(visitor, booking, talk(url))) is None
    await post.send()
    ask(visitor, booking)
    await post.send()
    assert subjects(post) == ["Booked", "Moved", "Booked"]
    assert [sequence(mail) for mail in post.inbox.mails] == [0, 1, 1]


async def test_a_booking_that_is_cancelled_before_it_goes_is_not_confirmed(post, visitor, booking):
    await post.send()
    ask(visitor, booking)
    visitor.cancel(booking)
    await post.send()
    assert subjects(post) == ["Booked", "Cancelled"]
    assert code(ask(visitor, booking, "idem_mail_2")) == (409, "INVALID_STATE")


async def test_a_session_that_is_over_is_not_confirmed(url, visitor, booking):
    hours = "starts_at = now() - interval '1 h', ends_at = now() - interval '1 s'"
    query(url, f"UPDATE mock_sessions SET {hours}")
    assert code(ask(visitor, booking)) == (409, "SESSION_OVER")


async def test_nobody_else_has_it_sent(post, running_backend, api, visitor, booking):
    await post.send()
    add_student(running_backend.database, "BO9", email="bo@example.org", discussion=1)
    with api.as_visitor("BO9", "bo@example.org") as bo:
        assert code(ask(bo, booking)) == (403, "INSUFFICIENT_PERMISSIONS")
        assert code(ask(bo, "BK-20270304-NOBODY")) == (404, "BOOKING_NOT_FOUND")
    assert code(ask(api, booking)) == (403, "INSUFFICIENT_PERMISSIONS")
    assert code(visitor.http.post(f"/bookings/{booking}/email")) == (400, "VALIDATION_ERROR")
    with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
        assert told(ask(desk, booking)) == "queued"
    await post.send()
    assert [mail["To"] for mail in post.inbox.mails] == ["Ana Sol <ana@example.org>"] * 2


async def test_a_lock_that_is_held_is_no_mail(url, post, visitor, booking):
    """Whoever holds the booking decides first."""
    await post.send()
    with psycopg.connect(url) as other:
        other.execute("SELECT 1 FROM bookings WHERE id = %s FOR UPDATE", [booking])
        answer = await asyncio.to_thread(ask, visitor, booking)
        assert code(answer) == (503, "LOCK_FAILED")
    assert told(ask(visitor, booking)) == "queued"
