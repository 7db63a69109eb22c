"""From a booking over HTTP to the mail in an inbox; PostgreSQL and SMTP are real."""

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from icalendar import Calendar

from kiosk_app.backend.outside.mail.smtp import SmtpMailer, SmtpServer
from kiosk_app.backend.storage.mail import MAIL, ClaimedMail
from kiosk_app.domain.times import local_instant
from tests.helpers import mails
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
)
from tests.helpers.moving import code
from tests.helpers.moving import move as ask_for_move

DAY = far_day()
START = local_instant(DAY, time(14), "America/Toronto")
DAYS = timedelta(days=1)


def event(mail):
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    return calendar["METHOD"], calendar.walk("VEVENT")[0]


def text(mail):
    return mail.get_body(("plain",)).get_content()


@pytest.fixture
def student(running_backend):
    return add_student(running_backend.database, discussion=5)


@pytest.fixture
def session(running_backend):
    return add_session(running_backend.database, day=DAY)


@pytest.fixture
def booking(api, session, student):
    answer = api.create(discussion_body(session, student), key="idem_disc_mail")
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"]


def cancel(api, booking):
    with api.as_visitor() as visitor:
        answer = visitor.cancel(booking)
    assert answer.status_code == 200, answer.text
    return answer


def move_booking(visitor, booking, to, key="idem_move_1"):
    return code(ask_for_move(visitor, booking, to, key))


def move(post, session, **columns):
    names = ", ".join(f"{name} = %s" for name in columns)
    query(post.url, f"UPDATE mock_sessions SET {names} WHERE id = %s", *columns.values(), session)


async def test_one_confirmation_however_often_it_is_asked_for(api, post, session, student):
    body = discussion_body(session, student)
    assert [api.create(body, key="idem_disc_mail").status_code for _ in range(3)] == [201, 200, 200]
    await asyncio.gather(post.send(), post.send())
    [mail] = post.inbox.mails
    assert mail["To"] == "Ana Sol <ana@example.org>"
    assert mail["Subject"].startswith("Booked: Mock Discussion")
    method, vevent = event(mail)
    assert (method, vevent["SEQUENCE"]) == ("REQUEST", 0)
    assert vevent.start == START
    await post.send()
    assert len(post.inbox.mails) == 1


async def test_one_cancellation_that_takes_the_event_out(api, post, booking):
    await post.send()
    cancel(api, booking)
    assert cancel(api, booking).json()["idempotent"] is True
    await post.send()
    confirmation, cancellation = post.inbox.mails
    assert "Token returned: Mock Discussion Token" in text(cancellation)
    (_, first), (method, last) = event(confirmation), event(cancellation)
    assert method == "CANCEL"
    assert last["UID"] == first["UID"]
    assert last["SEQUENCE"] > first["SEQUENCE"]


async def test_a_move_is_one_change_of_the_same_event(api, post, booking, running_backend):
    other = add_session(running_backend.database, day=DAY + 7 * DAYS, location="North – Room 2")
    await post.send()
    with api.as_visitor() as visitor:
        assert [move_booking(visitor, booking, other) for _ in range(2)] == [None, None]
    await post.send()
    confirmation, change = post.inbox.mails
    (_, first), (method, last) = event(confirmation), event(change)
    assert (method, last["UID"], last["SEQUENCE"]) == ("REQUEST", first["UID"], 1)
    assert last.start == START + 7 * DAYS
    assert change["Subject"].startswith("Moved: Mock Discussion")
    assert "Place before: Downtown – Room 204" in text(change)
    assert "Place: North – Room 2" in text(change)
    kept = query(post.url, "SELECT starts_at FROM reminders WHERE state = 'waiting'")
    assert kept == [(START + 7 * DAYS,)], "the old start is nothing to remind of"
    cancel(api, booking)
    await post.send()
    assert event(post.inbox.mails[-1])[1]["SEQUENCE"] == 2


async def test_who_moves_there_and_back_before_the_mail_goes_hears_nothing(
    api, post, booking, session, running_backend
):
    other = add_session(running_backend.database, day=DAY + 7 * DAYS)
    with api.as_visitor() as visitor:
        for n, to in enumerate((other, session)):
            assert move_booking(visitor, booking, to, f"idem_move_{n}") is None
    await post.send()
    assert post.rows() == [("confirm", "sent"), ("change", "skipped")]


async def test_a_booking_that_is_gone_is_not_confirmed_any_more(api, post, booking):
    cancel(api, booking)
    await post.send()
    [mail] = post.inbox.mails
    assert mail["Subject"].startswith("Cancelled")
    assert post.rows() == [("confirm", "skipped"), ("cancel", "sent")]


async def test_what_was_not_booked_writes_no_mail(api, post, running_backend, student):
    full = add_session(running_backend.database, day=DAY, capacity=1, total_bookings=1)
    assert api.create(discussion_body(full, student)).status_code == 400
    assert post.rows() == []


async def test_the_address_is_the_one_on_record_when_the_mail_goes(api, post, booking):
    query(post.url, "UPDATE contacts SET email = 'new@example.org'")
    await post.send()
    assert [e.rcpt_tos for e in post.inbox.envelopes] == [["new@example.org"]]


async def test_the_language_is_the_students(api, post, running_backend, session):
    contact = add_student(running_backend.database, discussion=1, locale="fr")
    assert api.create(discussion_body(session, contact)).status_code == 201
    await post.send()
    assert post.inbox.mails[0]["Content-Language"] == "fr"


# Reminders


async def test_one_reminder_a_day_before(post, booking):
    await post.send()
    assert await post.send_at(START - DAYS - timedelta(seconds=1)) == []
    [mail] = await post.send_at(START - DAYS)
    assert mail["Subject"].startswith("Reminder: Mock Discussion")
    assert await post.send_at(START - DAYS + timedelta(minutes=5)) == []


async def test_a_late_runner_reminds_until_the_start(post, booking):
    await post.send()
    [mail] = await post.send_at(START - timedelta(minutes=1))
    assert mail["Subject"].startswith("Reminder")


async def test_a_runner_that_comes_after_the_start_does_not(post, booking):
    await post.send()
    assert await post.send_at(START) == []
    assert query(post.url, "SELECT state FROM reminders") == [("missed",)]


async def test_a_cancelled_booking_is_not_reminded_of(api, post, booking):
    cancel(api, booking)
    await post.send()
    assert query(post.url, "SELECT state FROM reminders") == [("void",)]
    assert await post.send_at(START - DAYS) == []


async def test_a_cancel_between_deadline_and_sending_stops_the_reminder(api, post, booking):
    post.inbox.answers["DATA"] = ["250 OK", "451 later"]
    await post.send()
    assert await post.send_at(START - DAYS) == []
    cancel(api, booking)
    arrived = await post.send_at(START - DAYS + timedelta(hours=1))
    assert [mail["Subject"].split(":")[0] for mail in arrived] == ["Cancelled"]
    assert ("reminder", "skipped") in post.rows()


async def test_a_booking_of_the_last_day_gets_none(api, post, running_backend, student):
    soon = datetime.now(UTC) + timedelta(hours=20)
    session = add_session(
        running_backend.database,
        day=soon.date(),
        zone="UTC",
        starts_at=soon,
        ends_at=soon + timedelta(hours=1),
    )
    body = discussion_body(session, student, soon.date())
    assert api.create(body).status_code == 201
    assert query(post.url, "SELECT count(*) FROM reminders") == [(0,)]


# Sessions that move


async def test_a_move_tells_old_and_new_and_moves_the_reminder(post, booking, session):
    await post.send()
    later = START + timedelta(hours=2)
    move(post, session, starts_at=later, ends_at=later + timedelta(hours=1), location="Online")
    await post.send()
    mail = post.inbox.mails[1]
    assert "2:00 pm – 4:00 pm" in text(mail)
    assert "4:00 pm – 5:00 pm" in text(mail)
    assert "Place before: Downtown – Room 204" in text(mail)
    method, vevent = event(mail)
    assert (method, vevent["SEQUENCE"], vevent.start) == ("REQUEST", 1, later)
    assert await post.send_at(START - DAYS) == []
    assert len(await post.send_at(later - DAYS)) == 1


async def test_moves_before_anything_was_sent_are_one_mail(post, booking, session):
    await post.send()
    for location in ("Room A", "Room B", "Room C"):
        move(post, session, location=location)
    await post.send()
    [_, mail] = post.inbox.mails
    assert "Place before: Downtown – Room 204" in text(mail)
    assert "Place: Room C" in text(mail)


async def test_a_move_there_and_back_is_no_news(post, booking, session):
    await post.send()
    move(post, session, location="Room A")
    move(post, session, location="Downtown – Room 204")
    await post.send()
    assert post.rows() == [("confirm", "sent"), ("change", "skipped")]


async def test_sequence_rises_with_every_change(api, post, booking, session):
    await post.send()
    for location in ("Room A", "Room B"):
        move(post, session, location=location)
        await post.send()
    cancel(api, booking)
    await post.send()
    assert [event(mail)[1]["SEQUENCE"] for mail in post.inbox.mails] == [0, 1, 2, 3]
    assert len({event(mail)[1]["UID"] for mail in post.inbox.mails}) == 1


async def test_seats_and_titles_are_no_news(post, booking, session):
    move(post, session, capacity=50, title="New")
    assert [kind for kind, _ in post.rows()] == ["confirm"]


# What goes wrong


async def test_a_server_that_is_away_changes_no_booking(post, booking):
    port, post.port = post.port, 1
    report = await post.send()
    assert report.problem
    assert post.rows("state, attempts, sent_at") == [("waiting", 1, None)]
    assert query(post.url, "SELECT is_active FROM bookings") == [("Active",)]
    post.port = port
    await post.send()
    assert post.inbox.mails == []  # its next try is not due yet
    assert len(await post.send_at(datetime.now(UTC) + timedelta(minutes=1))) == 1
    assert post.rows() == [("confirm", "sent")]


async def test_refused_for_good_waits_for_a_person(post, booking):
    post.inbox.answers["RCPT"] = ["550 5.1.1 <ana@example.org> unknown"]
    await post.send()
    [(state, error)] = post.rows("state, last_error")
    assert state == "dead"
    assert error == "550 5.1.1 … unknown"
    await post.room().revive(post.clock())
    await post.send()
    assert len(post.inbox.mails) == 1


async def test_given_up_after_three_days(post, booking):
    post.inbox.answers["DATA"] = ["451 later"] * 9
    for days in (0, 1, 4, 5):
        await post.send_at(datetime.now(UTC) + days * DAYS)
    assert post.rows("state, attempts") == [("waiting", 4)]
    await post.send_at(datetime.now(UTC) + 6 * DAYS)
    assert post.rows("state, attempts") == [("dead", 5)]


async def test_one_bad_record_holds_up_nobody(api, post, booking, running_backend):
    query(post.url, "UPDATE contacts SET email = 'no address' WHERE student_id = 'QX4417'")
    other = add_student(
        running_backend.database, "QX5", email="bo@example.org", name="Bo Li", discussion=1
    )
    session = add_session(running_backend.database, day=DAY, start=time(9))
    body = discussion_body(session, other, student_id="QX5", email="bo@example.org", name="Bo Li")
    assert api.create(body).status_code == 201
    await post.send()
    assert post.rows() == [("confirm", "dead"), ("confirm", "sent")]


async def test_a_claim_outlives_its_holder_but_not_for_ever(post, booking):
    claimed = await MAIL.claim(post.db, datetime.now(UTC))
    await post.send()
    assert post.inbox.mails == []
    query(post.url, "UPDATE mail_outbox SET claimed_until = now() - interval '1 second'")
    await post.send()
    assert len(post.inbox.mails) == 1
    assert not await MAIL.settle(post.db, claimed, "dead", datetime.now(UTC))
    assert post.rows() == [("confirm", "sent")]


async def test_a_mail_that_is_being_claimed_is_passed_by(post, booking):
    async with post.db.transaction() as first:
        assert await first.row(MAIL.claiming, ClaimedMail, {"now": datetime.now(UTC)})
        assert await MAIL.claim(post.db, datetime.now(UTC)) is None


async def test_mails_of_one_booking_go_one_after_the_other(api, post, booking):
    cancel(api, booking)
    confirmation = await MAIL.claim(post.db, datetime.now(UTC))
    assert confirmation.kind == "confirm"
    assert await MAIL.claim(post.db, datetime.now(UTC)) is None
    await MAIL.settle(post.db, confirmation, "sent", datetime.now(UTC))
    assert (await MAIL.claim(post.db, datetime.now(UTC))).kind == "cancel"


async def test_a_crash_after_sending_sends_the_same_message_again(post, booking, monkeypatch):
    async def crash(*_arguments, **_values):
        raise asyncio.CancelledError

    with monkeypatch.context() as dying:
        dying.setattr(MAIL, "settle", crash)
        with pytest.raises(asyncio.CancelledError):
            await post.send()
    query(post.url, "UPDATE mail_outbox SET claimed_until = now() - interval '1 second'")
    await post.send()
    first, again = post.inbox.mails
    assert first["Message-ID"] == again["Message-ID"]


async def test_a_mailer_gives_up_before_its_claim_does():
    server = SmtpServer(scheme="smtp", host="127.0.0.1", port=1)
    assert SmtpMailer(server, mails.SENDER)._deadline * 2 < MAIL.seconds


async def test_one_claim_takes_one_mail_though_the_planner_thinks_there_is_one(post):
    """Statistics of a nearly empty table make the planner look for the due row once per row."""

    def queue(first, last):
        query(
            post.url,
            "SELECT queue_mail('rejected', NULL, c.id, 'rejected:' || n, 0,"
            ' \'{"code": "EXAM_FULL", "session": "0"}\')'
            " FROM contacts c, generate_series(%s::int, %s) n",
            first,
            last,
        )

    add_student(post.url)
    queue(1, 1)
    query(post.url, "ANALYZE mail_outbox")
    queue(2, 9)
    assert await MAIL.claim(post.db, datetime.now(UTC))
    assert query(post.url, "SELECT count(*) FROM mail_outbox WHERE claim IS NOT NULL") == [(1,)]
