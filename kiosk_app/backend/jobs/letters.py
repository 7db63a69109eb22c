"""From a row of the outbox to the message it stands for, as things are at this moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from kiosk_app.backend.outside.mail.compose import Composer, rejection_letter
from kiosk_app.backend.outside.mail.facts import (
    Announcement,
    Booked,
    MailKind,
    Meeting,
    Offered,
    Person,
    Rejected,
)
from kiosk_app.backend.outside.mail.letter import as_text
from kiosk_app.backend.outside.mail.message import Message
from kiosk_app.backend.storage.announcements import announced
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.mail import (
    ClaimedMail,
    FreeSession,
    MailBooking,
    MailPerson,
    MailSession,
    MailWait,
    free_alternatives,
    mail_booking,
    mail_person,
    mail_session,
    mail_wait,
)
from kiosk_app.contract.attention import WORDS
from kiosk_app.contract.attention import Letter as PlainLetter
from kiosk_app.contract.bookings import BookingState
from kiosk_app.i18n.texts import WHOLE

MOST_ALTERNATIVES = 3


class Skip(Exception):  # noqa: N818 - an answer, not an error
    """The mail has no point any more; the text says why."""


async def write_mail(db: Database, composer: Composer, mail: ClaimedMail, now: datetime) -> Message:
    """Write one mail.

    Raises:
        Skip: it would be untrue or too late.
    """
    found = await mail_person(db, mail.contact_id)
    if found is None:
        raise Skip("the student's record is gone")
    person = _person(found, mail.language)
    if mail.kind == MailKind.REJECTED:
        return await _rejection(db, composer, mail, person, now)
    if mail.kind == MailKind.ANNOUNCEMENT:
        told = await announced(db, UUID(mail.details["announcement"]))
        if told is None:
            raise Skip("the announcement is gone")
        return composer.about_announcement(
            str(mail.id), Announcement(person, told.subject, told.body)
        )
    if mail.booking_id is None:
        return await _offer(db, composer, mail, person, now)
    booking = await mail_booking(db, mail.booking_id)
    if booking is None:
        raise Skip("the booking is gone")
    kind, meeting = MailKind(mail.kind), _meeting(booking)
    before = _before(mail.details, meeting)
    _require_point(kind, booking, meeting, before, now)
    booked = Booked(
        booking=str(booking.id),
        code=booking.booking_code,
        person=person,
        meeting=meeting,
        token_used=booking.token_used,
        topic=booking.topic_preference,
        sequence=mail.sequence,
        before=before,
        paid_before=mail.details.get("token_used"),
        token_returned=booking.token_returned,
    )
    return composer.about_booking(str(mail.id), kind, booked, now)


def _require_point(
    kind: MailKind, booking: MailBooking, meeting: Meeting, before: Meeting | None, now: datetime
) -> None:
    if kind is MailKind.CANCEL:
        return
    if booking.state != BookingState.ACTIVE:
        raise Skip("the booking does not stand any more")
    if now >= (meeting.starts_at if kind is MailKind.REMINDER else meeting.ends_at):
        raise Skip("the session is over" if kind is not MailKind.REMINDER else "it has begun")
    if kind is MailKind.CHANGE and before == meeting:
        raise Skip("the session is where it was")


async def _rejection(
    db: Database, composer: Composer, mail: ClaimedMail, person: Person, now: datetime
) -> Message:
    details = mail.details
    rejected = await _rejected(
        db, mail.contact_id, person, session=details["session"], code=details["code"], now=now
    )
    rejected = msgspec.structs.replace(rejected, words=details.get("words", ""))
    return composer.about_rejection(str(mail.id), rejected)


async def _rejected(
    db: Database, contact: UUID, person: Person, *, session: str, code: str, now: datetime
) -> Rejected:
    wanted = await mail_session(db, session)
    free: list[FreeSession] = []
    if wanted:
        free = await free_alternatives(
            db, wanted.mock_type, wanted.starts_at, contact, now, MOST_ALTERNATIVES
        )
    return Rejected(
        person=person,
        reason=code,
        wanted=_meeting(wanted) if wanted else None,
        alternatives=tuple(_meeting(one) for one in free),
    )


async def preview_rejection(
    db: Database, contact: UUID, *, session: str, code: str, now: datetime
) -> list[PlainLetter]:
    """Return the mail about a refused request as it would read now, the student's language first."""
    found = await mail_person(db, contact)
    if found is None:
        return []
    own = found.locale or WHOLE[0]
    letters = []
    for language in sorted(WHOLE, key=lambda one: one != own):
        rejected = await _rejected(
            db, contact, _person(found, language), session=session, code=code, now=now
        )
        letter = rejection_letter(rejected)
        with_words = rejection_letter(msgspec.structs.replace(rejected, words=WORDS))
        letters.append(
            PlainLetter(
                language=language,
                subject=letter.subject,
                text=as_text(letter),
                with_words=as_text(with_words),
            )
        )
    return letters


async def _offer(
    db: Database, composer: Composer, mail: ClaimedMail, person: Person, now: datetime
) -> Message:
    wait = await mail_wait(db, UUID(mail.details["wait"]))
    reason = mail.details.get("code", "")
    if wait is None or wait.state != ("waiting" if reason else "offered"):
        raise Skip("the wait is over")
    if not reason and (wait.expires_at is None or now >= wait.expires_at):
        raise Skip("the offer is over")
    offered = Offered(person=person, meeting=_meeting(wait), until=wait.expires_at, reason=reason)
    return composer.about_offer(str(mail.id), offered)


def _person(found: MailPerson, language: str) -> Person:
    return msgspec.convert(
        {"name": found.name, "address": found.email, "language": language}, Person
    )


def _meeting(row: MailBooking | MailSession | MailWait) -> Meeting:
    # Rows carry enums as text; `convert` makes them what the struct says.
    return msgspec.convert(
        {name: getattr(row, name) for name in Meeting.__struct_fields__}, Meeting
    )


def _before(details: dict[str, Any], now: Meeting) -> Meeting | None:
    """Return the session as it was, from a change; type and format change only with the session."""
    if "starts_at" not in details:
        return None
    kept = {"mock_type": now.mock_type, "delivery_format": now.delivery_format}
    return msgspec.convert({**kept, **details}, Meeting)
