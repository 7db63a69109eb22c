"""Statements about one mail to many (A76)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.storage.admin_bookings import conditions_of, values_of
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.contract.admin_bookings import BookingsWanted
from kiosk_app.domain.identifiers import IdKind, id_kind
from kiosk_app.i18n.texts import Language


class Recipient(Struct, frozen=True, kw_only=True):
    """A student of some of the bookings meant."""

    contact_id: UUID
    student_id: str
    name: str
    email: str
    language: Language
    names: list[str]
    """Every id of these bookings."""
    failed: bool
    """A mail to them was given up."""


class KnownAnnouncement(Struct, frozen=True, kw_only=True):
    """An announcement that was sent under a key."""

    request_hash: str
    recipients: int


class NewAnnouncement(Struct, frozen=True, kw_only=True):
    """An announcement as it is kept: once, however many mails it becomes."""

    announcement_key: str
    request_hash: str
    subject: str
    body: str
    recipients: int


class Announced(Struct, frozen=True, kw_only=True):
    """The words of an announcement."""

    subject: str
    body: str


_NAMED = (
    "(b.id = ANY(%(ids)s::uuid[]) OR b.booking_code = ANY(%(refs)s::text[])"
    " OR b.booking_id = ANY(%(refs)s::text[]) OR b.hubspot_id = ANY(%(refs)s::text[]))"
)
_AUDIENCE = """
SELECT c.id AS contact_id, c.student_id, c.name, c.email, coalesce(c.locale, 'en') AS language,
    array_remove(array_agg(b.id::text) || array_agg(b.booking_code) || array_agg(b.booking_id)
                 || array_agg(b.hubspot_id), NULL) AS names,
    EXISTS (SELECT 1 FROM mail_outbox o WHERE o.contact_id = c.id AND o.state = 'dead') AS failed
FROM bookings b JOIN mock_sessions m ON m.id = b.session_id JOIN contacts c ON c.id = b.contact_id
WHERE {conditions} GROUP BY c.id ORDER BY c.student_id LIMIT %(most)s
"""


async def students_named(
    transaction: Transaction, refs: Sequence[str], most: int
) -> list[Recipient]:
    """Return who holds the bookings that these ids of any kind name."""
    ids = [UUID(ref) for ref in refs if id_kind(ref) is IdKind.UUID]
    values = {"refs": list(refs), "ids": ids, "most": most}
    return await transaction.rows(_AUDIENCE.format(conditions=_NAMED), Recipient, values)


async def students_wanted(
    transaction: Transaction, wanted: BookingsWanted, most: int
) -> list[Recipient]:
    """Return who holds the bookings that match a filter."""
    text = _AUDIENCE.format(conditions=conditions_of(wanted))
    return await transaction.rows(text, Recipient, {**values_of(wanted), "most": most})


async def known_announcement(transaction: Transaction, key: str) -> KnownAnnouncement | None:
    """Return what was sent under a key."""
    return await transaction.row(
        "SELECT request_hash, recipients FROM announcements WHERE announcement_key = %(key)s",
        KnownAnnouncement,
        {"key": key},
    )


async def add_announcement(transaction: Transaction, new: NewAnnouncement) -> UUID | None:
    """Keep an announcement and return its id; None when its key was used a moment ago."""
    names = NewAnnouncement.__struct_fields__
    added: UUID | None = await transaction.value(
        f"INSERT INTO announcements ({', '.join(names)})"  # noqa: S608 - our own column names
        f" VALUES ({', '.join(f'%({name})s' for name in names)})"
        " ON CONFLICT (announcement_key) DO NOTHING RETURNING id",
        {name: getattr(new, name) for name in names},
    )
    return added


async def queue_announcement(
    transaction: Transaction, announcement: UUID, contacts: Sequence[UUID], now: datetime
) -> None:
    """Write one mail for each student."""
    await transaction.run(
        "SELECT queue_mail('announcement', NULL, c, 'announcement:' || %(id)s::uuid || ':' || c, 0,"
        " jsonb_build_object('announcement', %(id)s::uuid), %(now)s)"
        " FROM unnest(%(contacts)s::uuid[]) AS c",
        {"id": announcement, "contacts": list(contacts), "now": now},
    )


async def announced(db: Database, announcement: UUID) -> Announced | None:
    """Return the words of an announcement, unless it is gone."""
    return await db.row(
        "SELECT subject, body FROM announcements WHERE id = %(id)s",
        Announced,
        {"id": announcement},
    )
