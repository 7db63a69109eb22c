"""Statements about mail that waits (`claims.py`), and what its words are made from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.claims import Line
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.sessions import DeliveryFormat, MockType

CLAIM_S = 300
"""Twice what the mailer may take for one."""


class ClaimedMail(Struct, frozen=True, kw_only=True):
    """A mail that is ours to send for the next CLAIM_S seconds."""

    id: UUID
    kind: str
    booking_id: UUID | None
    contact_id: UUID
    language: str
    sequence: int
    details: dict[str, Any]
    due_at: datetime
    attempts: int
    claim: UUID


MAIL = Line("mail_outbox", ClaimedMail, CLAIM_S, "due_at")
"""The mail that waits."""


class MailPerson(Struct, frozen=True, kw_only=True):
    """Whom a mail goes to: the record as it is now."""

    name: str
    email: str
    locale: str | None = None


async def mail_person(db: Database, contact: UUID) -> MailPerson | None:
    """Return the student, unless the record is gone."""
    return await db.row(
        "SELECT name, email, locale FROM contacts WHERE id = %(id)s", MailPerson, {"id": contact}
    )


class MailBooking(Struct, frozen=True, kw_only=True):
    """A booking and its session as they are now."""

    id: UUID
    booking_code: str
    state: BookingState
    token_used: str
    topic_preference: str | None
    mock_type: MockType
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    delivery_format: DeliveryFormat
    token_returned: bool
    """No entry that paid for it is open."""


async def mail_booking(db: Database, booking: UUID) -> MailBooking | None:
    """Return the booking, unless it is gone."""
    return await db.row(
        "SELECT b.id, b.booking_code, b.is_active AS state, b.token_used, b.topic_preference,"
        " m.mock_type, m.starts_at, m.ends_at, m.time_zone, m.location,"
        " coalesce(b.discussion_format, m.delivery_format) AS delivery_format,"
        " NOT EXISTS (SELECT 1 FROM ledger l WHERE l.booking_id = b.id AND l.kind = 'booking' AND"
        "  NOT EXISTS (SELECT 1 FROM ledger r WHERE r.reverses = l.id)) AS token_returned"
        " FROM bookings b JOIN mock_sessions m ON m.id = b.session_id WHERE b.id = %(id)s",
        MailBooking,
        {"id": booking},
    )


class MailSession(Struct, frozen=True, kw_only=True):
    """A session as a mail names it."""

    mock_type: MockType
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    location: str
    delivery_format: DeliveryFormat


_SESSION = "mock_type, starts_at, ends_at, time_zone, location, delivery_format"


async def mail_session(db: Database, session: str) -> MailSession | None:
    """Return the session behind a UUID or CRM number, unless it is gone."""
    return await db.row(
        f"SELECT {_SESSION} FROM mock_sessions"  # noqa: S608 - constants
        " WHERE id::text = lower(%(ref)s) OR hubspot_id = %(ref)s",
        MailSession,
        {"ref": session},
    )


class MailWait(MailSession, frozen=True, kw_only=True):
    """A wait for a seat of a session, as both are now."""

    state: str
    expires_at: datetime | None


async def mail_wait(db: Database, wait: UUID) -> MailWait | None:
    """Return what a mail of the waitlist is about, unless it is gone."""
    return await db.row(
        f"SELECT w.state, w.expires_at, {_SESSION}"  # noqa: S608 - constants
        " FROM waitlist_entries w JOIN mock_sessions m ON m.id = w.session_id WHERE w.id = %(id)s",
        MailWait,
        {"id": wait},
    )


class FreeSession(MailSession, frozen=True, kw_only=True):
    """A session with seats that anybody may book."""

    id: UUID
    left: int


_ALTERNATIVES = f"""
SELECT {_SESSION}, m.id,
       m.capacity - m.total_bookings - greatest(m.leased_seats, m.grace_seats) - m.held_seats AS left
FROM mock_sessions AS m
WHERE m.mock_type = %(type)s AND m.is_active
  AND m.total_bookings + greatest(m.leased_seats, m.grace_seats) + m.held_seats < m.capacity
  AND m.starts_at > %(now)s
  AND NOT EXISTS (
      SELECT 1 FROM bookings b JOIN mock_sessions o ON o.id = b.session_id
      WHERE b.contact_id = %(contact)s AND b.is_active IN ('Active', 'Completed')
        AND ((b.mock_type = m.mock_type AND b.exam_date = m.exam_date)
             OR (o.starts_at < m.ends_at AND m.starts_at < o.ends_at)))
ORDER BY abs(extract(epoch FROM m.starts_at - %(near)s)), m.id LIMIT %(most)s
"""  # noqa: S608 - a constant


async def free_alternatives(  # noqa: PLR0917 - what the statement asks for
    db: Database,
    mock_type: MockType,
    near: datetime,
    contact: UUID | None,
    now: datetime,
    most: int,
) -> list[FreeSession]:
    """Return free sessions of one type that this student could book, nearest first (K15)."""
    values = {"type": MockType(mock_type).value, "near": near, "now": now}
    return await db.rows(_ALTERNATIVES, FreeSession, {**values, "contact": contact, "most": most})


class NewRejection(Struct, frozen=True, kw_only=True):
    """A refused request as a device reports it."""

    key: str
    student_id: str
    email: str
    session: str
    code: str


async def queue_rejection(db: Database, new: NewRejection) -> bool:
    """Write the mail about a refused request, once per key; say whether one was written.

    None is written for a pair of student id and e-mail that no contact has, nor when the key has a
    live booking after all.
    """
    written: bool | None = await db.value(
        "SELECT queue_mail('rejected', NULL, c.id, 'rejected:' || %(key)s::text, 0, %(details)s)"
        " FROM contacts c WHERE c.student_id = %(student_id)s AND lower(c.email) = lower(%(email)s)"
        " AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.key_root = %(key)s"
        " AND b.is_active IN ('Active', 'Completed'))",
        {
            "key": new.key,
            "student_id": new.student_id,
            "email": new.email,
            "details": Jsonb({"session": new.session, "code": new.code}),
        },
    )
    return bool(written)


# One statement, so that a reminder is settled exactly when its mail exists. One that comes so late
# that the session has begun is none.
_QUEUE_REMINDERS = """
WITH due AS (
    SELECT id FROM reminders WHERE state = 'waiting' AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED
), settled AS (
    UPDATE reminders AS r SET settled_at = %(now)s,
        state = CASE WHEN r.starts_at > %(now)s THEN 'queued' ELSE 'missed' END
    FROM due WHERE r.id = due.id
    RETURNING r.booking_id, r.starts_at, r.state
)
SELECT count(*) FILTER (WHERE queue_mail('reminder', b.id, b.contact_id,
    'reminder:' || b.id || ':' || extract(epoch FROM s.starts_at)::bigint, 0, '{}', %(now)s))::int AS queued,
    (SELECT count(*) FROM settled)::int AS settled
FROM settled AS s JOIN bookings b ON b.id = s.booking_id
WHERE s.state = 'queued' AND b.is_active = 'Active'
"""


class RemindersMade(Struct, frozen=True):
    """How many reminders became mails, and how many deadlines were settled."""

    queued: int
    settled: int


async def queue_reminders(db: Database, now: datetime, most: int) -> RemindersMade:
    """Make mails of reminders that are due, at most `most` of them."""
    made = await db.row(_QUEUE_REMINDERS, RemindersMade, {"now": now, "most": most})
    assert made is not None  # noqa: S101 - an aggregate always answers
    return made


class MailCounts(Struct, frozen=True, kw_only=True):
    """How many mails stand where."""

    waiting: int
    sent: int
    skipped: int
    dead: int
    reminders: int
    """Deadlines ahead."""


async def mail_counts(db: Database) -> MailCounts:
    """Count the outbox."""
    counts = await db.row(
        "SELECT count(*) FILTER (WHERE state = 'waiting')::int AS waiting,"
        " count(*) FILTER (WHERE state = 'sent')::int AS sent,"
        " count(*) FILTER (WHERE state = 'skipped')::int AS skipped,"
        " count(*) FILTER (WHERE state = 'dead')::int AS dead,"
        " (SELECT count(*) FROM reminders WHERE state = 'waiting')::int AS reminders"
        " FROM mail_outbox",
        MailCounts,
    )
    assert counts is not None  # noqa: S101 - an aggregate always answers
    return counts


class DeadMail(Struct, frozen=True, kw_only=True):
    """A mail that was given up, without whom it was for."""

    id: UUID
    kind: str
    booking_id: UUID | None
    attempts: int
    due_at: datetime
    last_error: str | None


async def dead_mail(db: Database, most: int) -> list[DeadMail]:
    """Return the mails that were given up, newest first."""
    return await db.rows(
        "SELECT id, kind, booking_id, attempts, due_at, last_error FROM mail_outbox"
        " WHERE state = 'dead' ORDER BY seq DESC LIMIT %(most)s",
        DeadMail,
        {"most": most},
    )
