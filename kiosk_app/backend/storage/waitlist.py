"""Statements about the waitlist (A78). Who is next and for how long is decided by core and domain."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from kiosk_app.backend.storage.audit import Actor
from kiosk_app.backend.storage.bookings import (
    CreateOutcome,
    CreateResult,
    NewBooking,
    book_within,
)
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.contract.waitlist import WaitState

Reader = Database | Transaction


class WaitRow(Struct, frozen=True, kw_only=True):
    """One wait, and how many people of its list stand before it."""

    id: UUID
    session_id: UUID
    contact_id: UUID
    state: WaitState
    joined_at: datetime
    expires_at: datetime | None
    passed_over: str | None
    booking_id: UUID | None
    before: int


_OPEN = "state IN ('waiting', 'offered')"
_ROW = f"""
SELECT w.id, w.session_id, w.contact_id, w.state, w.joined_at, w.expires_at, w.passed_over,
    w.booking_id, (SELECT count(*) FROM waitlist_entries o
                   WHERE o.session_id = w.session_id AND o.{_OPEN} AND o.seq < w.seq) AS before
FROM waitlist_entries w
"""  # noqa: S608 - constants


async def join(transaction: Transaction, session: UUID, contact: UUID, now: datetime) -> bool:
    """Put a student at the end of a list; say whether they were not on it already."""
    return bool(
        await transaction.run(
            "INSERT INTO waitlist_entries (session_id, contact_id, joined_at)"  # noqa: S608 - constants
            " VALUES (%(session)s, %(contact)s, %(now)s)"
            f" ON CONFLICT (session_id, contact_id) WHERE {_OPEN} DO NOTHING",
            {"session": session, "contact": contact, "now": now},
        )
    )


async def open_wait(reader: Reader, session: UUID, contact: UUID) -> WaitRow | None:
    """Return the wait of a student for a session that has not ended."""
    return await reader.row(
        f"{_ROW} WHERE w.session_id = %(session)s AND w.contact_id = %(contact)s AND w.{_OPEN}",
        WaitRow,
        {"session": session, "contact": contact},
    )


async def wait_by_id(db: Database, entry: UUID) -> WaitRow | None:
    """Return one wait, ended or not."""
    return await db.row(f"{_ROW} WHERE w.id = %(id)s", WaitRow, {"id": entry})


async def waits_of(db: Database, contact: UUID) -> list[WaitRow]:
    """Return where a student waits or has an offer, oldest first."""
    return await db.rows(
        f"{_ROW} WHERE w.contact_id = %(contact)s AND w.{_OPEN} ORDER BY w.seq",
        WaitRow,
        {"contact": contact},
    )


async def count_waits(db: Database, session: UUID) -> int:
    """Return how many people stand on a list."""
    found: int = await db.value(
        f"SELECT count(*) FROM waitlist_entries WHERE session_id = %(id)s AND {_OPEN}",  # noqa: S608 - constants
        {"id": session},
    )
    return found


async def end_wait(transaction: Transaction, entry: UUID, state: WaitState, now: datetime) -> bool:
    """End a wait; say whether it was still open. Its seat, if it held one, is still held."""
    return bool(
        await transaction.run(
            "UPDATE waitlist_entries SET state = %(state)s, ended_at = %(now)s"  # noqa: S608 - constants
            f" WHERE id = %(id)s AND {_OPEN} AND (%(state)s <> 'declined' OR state = 'offered')",
            {"id": entry, "state": state.value, "now": now},
        )
    )


async def claim(
    db: Database, wait: WaitRow, new: NewBooking, actor: Actor, now: datetime
) -> CreateResult:
    """Let go of an offered seat and book it, in one transaction; anything but CREATED wrote nothing."""
    result = CreateResult(outcome=CreateOutcome.OFFER_GONE)
    async with db.transaction() as transaction:
        values = {"id": wait.id, "contact": wait.contact_id, "session": wait.session_id}
        if not await transaction.value(
            "SELECT take_offer(%(id)s, %(contact)s, %(session)s, %(now)s)", {**values, "now": now}
        ):
            return result
        result = await book_within(transaction, new, actor)
        if result.id is None:
            transaction.take_back()
        await transaction.run(
            "UPDATE waitlist_entries SET booking_id = %(booking)s WHERE id = %(id)s",
            {"id": wait.id, "booking": result.id},
        )
    return result


class Waiting(Struct, frozen=True, kw_only=True):
    """Somebody who has no offer yet."""

    id: UUID
    contact_id: UUID
    passed_over: str | None


_SESSION = ", ".join(SessionRow.__struct_fields__)


async def lists_to_see_to(db: Database) -> list[UUID]:
    """Return the sessions that somebody waits for or that hold a seat."""
    found = await db.rows(
        f"SELECT session_id AS id FROM waitlist_entries WHERE {_OPEN}"  # noqa: S608 - constants
        " UNION SELECT id FROM mock_sessions WHERE held_seats > 0",
        _Id,
    )
    return [one.id for one in found]


class _Id(Struct, frozen=True):
    id: UUID


async def lock_session(transaction: Transaction, session: UUID) -> SessionRow | None:
    """Return a session under its lock; None when it is gone, or somebody else is at it."""
    return await transaction.row(
        f"SELECT {_SESSION} FROM mock_sessions WHERE id = %(id)s FOR NO KEY UPDATE SKIP LOCKED",  # noqa: S608 - our own names
        SessionRow,
        {"id": session},
    )


async def end_waits(
    transaction: Transaction, session: UUID, state: WaitState, now: datetime
) -> int:
    """Lapse the offers whose time is over (LAPSED), or close the whole list (CLOSED)."""
    which = "state = 'offered' AND expires_at <= %(now)s" if state is WaitState.LAPSED else _OPEN
    return await transaction.run(
        "UPDATE waitlist_entries SET state = %(state)s, ended_at = %(now)s"  # noqa: S608 - constants
        f" WHERE session_id = %(session)s AND {which}",
        {"session": session, "state": state.value, "now": now},
    )


async def close_to_waiters(transaction: Transaction, session: UUID, now: datetime) -> int:
    """End the waits that have no offer; offers that were made stand until they lapse."""
    return await transaction.run(
        "UPDATE waitlist_entries SET state = 'closed', ended_at = %(now)s"
        " WHERE session_id = %(session)s AND state = 'waiting'",
        {"session": session, "now": now},
    )


async def count_offers(transaction: Transaction, session: UUID) -> int:
    """Return how many offers of a session are live."""
    found: int = await transaction.value(
        "SELECT count(*) FROM waitlist_entries WHERE session_id = %(id)s AND state = 'offered'",
        {"id": session},
    )
    return found


async def line(transaction: Transaction, session: UUID) -> list[Waiting]:
    """Return who waits without an offer, in order."""
    return await transaction.rows(
        "SELECT id, contact_id, passed_over FROM waitlist_entries"
        " WHERE session_id = %(id)s AND state = 'waiting' ORDER BY seq",
        Waiting,
        {"id": session},
    )


async def offer(transaction: Transaction, wait: Waiting, now: datetime, until: datetime) -> None:
    """Offer a seat and write the mail that says so."""
    await transaction.run(
        "UPDATE waitlist_entries SET state = 'offered', offered_at = %(now)s, expires_at = %(until)s,"
        " passed_over = NULL WHERE id = %(id)s",
        {"id": wait.id, "now": now, "until": until},
    )
    await _tell(transaction, "offer", wait, f"offer:{wait.id}", {})


async def pass_over(transaction: Transaction, wait: Waiting, code: str) -> None:
    """Note why somebody could not be offered a seat, and tell them once per reason."""
    await transaction.run(
        "UPDATE waitlist_entries SET passed_over = %(code)s WHERE id = %(id)s",
        {"id": wait.id, "code": code},
    )
    await _tell(transaction, "passed", wait, f"passed:{wait.id}:{code}", {"code": code})


async def _tell(
    transaction: Transaction, kind: str, wait: Waiting, key: str, details: dict[str, str]
) -> None:
    await transaction.run(
        "SELECT queue_mail(%(kind)s, NULL, %(contact)s, %(key)s, 0, %(details)s)",
        {
            "kind": kind,
            "contact": wait.contact_id,
            "key": key,
            "details": Jsonb({"wait": str(wait.id), **details}),
        },
    )


async def hold(transaction: Transaction, session: UUID, seats: int) -> None:
    """Hold exactly this many seats of a session for its offers."""
    await transaction.run(
        "UPDATE mock_sessions SET held_seats = %(seats)s"
        " WHERE id = %(id)s AND held_seats <> %(seats)s",
        {"id": session, "seats": seats},
    )
