"""Noting who came: check-in and check-out by scan, marks by staff, no-shows by the clock (A76)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.holding import read_booking
from kiosk_app.backend.core.inputs import invalid, read_moment
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.attendance import (
    Expected,
    NotedEvent,
    absent,
    add_event,
    complete_ended,
    events_of,
    is_known_scan,
    lock_booking,
    set_attendance,
    take_back,
)
from kiosk_app.backend.storage.bookings import booking_by_code, get_booking_cascading
from kiosk_app.backend.storage.database import BusyError, ConflictError, Database, Transaction
from kiosk_app.backend.storage.rosters import is_session_of
from kiosk_app.contract.attendance import (
    Attendance,
    AttendanceNoted,
    EventKind,
    MarkAttendance,
    MarkNoShows,
    Scan,
    UndoScan,
)
from kiosk_app.contract.bookings import BatchResult
from kiosk_app.contract.problems import Code
from kiosk_app.contract.staff import BOOKERS, MARKERS, ON_BEHALF, Role
from kiosk_app.domain.attendance import (
    ANYBODY_UNDOES,
    MOST_SKEW,
    Event,
    check_in_refusal,
    is_inside,
    standing,
)
from kiosk_app.domain.bookings import LIVE

_AT_ONCE = 500


async def note_scan(core: Core, caller: Caller, kind: EventKind, scan: Scan) -> AttendanceNoted:
    """Check somebody in or out; a scan that is sent twice, or says what is known, changes nothing.

    Raises:
        Refusal: BOOKING_NOT_FOUND, INVALID_STATE for one that was cancelled, CHECKIN_TOO_EARLY,
            CHECKIN_CLOSED, NOT_CHECKED_IN for a check-out, IDEMPOTENCY_KEY_REUSED for a nonce of
            another booking.
    """
    booking = await _meant(core, caller, scan.booking)
    now = core.clock()
    at = read_moment(scan.at, "at") or now
    if at > now + MOST_SKEW:
        raise invalid("at", "is in the future")
    event = Event(kind=kind, at=at)
    try:
        async with core.db.transaction() as transaction:
            expected, events = await _open(transaction, booking)
            known = await is_known_scan(transaction, booking, caller.device.id, scan.nonce)
            if known or is_inside(events) == (kind is EventKind.CHECK_IN):
                if kind is EventKind.CHECK_OUT and not known:
                    raise Refusal(Code.NOT_CHECKED_IN)
                return _answer(expected, events, repeated=True)
            if code := _scan_refusal(expected, event):
                raise Refusal(code)
            await add_event(
                transaction, booking, event, now, device=caller.device.id, nonce=scan.nonce
            )
            return await _settle(transaction, caller, expected, f"attendance.{kind.value}")
    except ConflictError as fault:
        raise Refusal(Code.IDEMPOTENCY_KEY_REUSED) from fault


def _scan_refusal(expected: Expected, event: Event) -> Code | None:
    if expected.is_active not in LIVE:
        return Code.INVALID_STATE
    if event.kind is EventKind.CHECK_IN:
        return check_in_refusal(expected.starts_at, expected.ends_at, event.at)
    return None


async def undo_scan(core: Core, caller: Caller, undo: UndoScan) -> AttendanceNoted:
    """Take the newest event of a booking back.

    Raises:
        Refusal: NOT_CHECKED_IN when there is nothing to take back; INSUFFICIENT_PERMISSIONS and
            OVERRIDE_REASON_REQUIRED once anybody's ten seconds are over.
    """
    booking = await _meant(core, caller, undo.booking)
    now = core.clock()
    async with core.db.transaction() as transaction:
        expected, events = await _open(transaction, booking)
        if not events:
            raise Refusal(Code.NOT_CHECKED_IN)
        last = events[-1]
        if last.kind is EventKind.MARK or now - last.recorded_at > ANYBODY_UNDOES:
            caller.require_role(*ON_BEHALF)
            if undo.reason is None:
                raise Refusal(Code.OVERRIDE_REASON_REQUIRED)
        await take_back(transaction, last.id, now)
        return await _settle(transaction, caller, expected, "attendance.undone", undo.reason)


async def mark(core: Core, caller: Caller, ref: str, wish: MarkAttendance) -> AttendanceNoted:
    """Set what is known of a booking, with a reason; nothing changes when it is known already.

    Raises:
        Refusal: BOOKING_NOT_FOUND, or INVALID_STATE for one that holds no seat or has not begun.
    """
    booking = await _to_mark(core, caller, ref)
    now = core.clock()
    async with core.db.transaction() as transaction:
        expected, events = await _open(transaction, booking)
        if expected.is_active not in LIVE or now < expected.starts_at:
            raise Refusal(Code.INVALID_STATE)
        if standing(events, expected.starts_at) is wish.attendance:
            return _answer(expected, events, repeated=True)
        event = Event(kind=EventKind.MARK, at=now, mark=wish.attendance)
        await add_event(transaction, booking, event, now)
        action = "attendance.marked"
        return await _settle(transaction, caller, expected, action, wish.reason.strip())


async def mark_no_shows(core: Core, caller: Caller, wish: MarkNoShows) -> list[BatchResult]:
    """Mark many absent, each for itself: one that cannot be does not stop the others."""
    told = MarkAttendance(attendance=Attendance.NO_SHOW, reason=wish.reason)
    return [await _one_no_show(core, caller, ref, told) for ref in wish.booking_ids]


async def _one_no_show(core: Core, caller: Caller, ref: str, told: MarkAttendance) -> BatchResult:
    try:
        await mark(core, caller, ref, told)
    except Refusal as refusal:
        return BatchResult(booking_id=ref, success=False, code=refusal.code.value)
    except BusyError:
        return BatchResult(booking_id=ref, success=False, code=Code.LOCK_FAILED.value)
    return BatchResult(booking_id=ref, success=True)


async def note_absent(db: Database, now: datetime) -> int:
    """Mark who is absent by the clock; return how many there were."""
    found = await absent(db, now, _AT_ONCE)
    for booking in found:
        async with db.transaction() as transaction:
            expected, events = await _open(transaction, booking)
            if not events and expected.is_active in LIVE:
                event = Event(kind=EventKind.MARK, at=now, mark=Attendance.NO_SHOW)
                await add_event(transaction, booking, event, now)
                await _settle(transaction, None, expected, "attendance.marked")
    return len(found)


async def complete(db: Database, now: datetime) -> int:
    """Complete the bookings of sessions that have ended (0.6); return how many there were."""
    done = 0
    while made := await complete_ended(db, now, _AT_ONCE):
        done += made
    return done


async def _meant(core: Core, caller: Caller, ref: str) -> UUID:
    """Return which booking is meant: a device alone knows only what its scanner reads."""
    caller.require_role(*BOOKERS)
    if caller.role is not Role.DEVICE:
        return (await read_booking(core, caller, ref)).id
    found = await booking_by_code(core.db, ref.strip())
    if found is None:
        raise Refusal(Code.BOOKING_NOT_FOUND)
    return found.id


async def _to_mark(core: Core, caller: Caller, ref: str) -> UUID:
    """Return which booking is meant; to an instructor there are none but those of their sessions."""
    caller.require_role(*MARKERS)
    if caller.role is not Role.INSTRUCTOR:
        return (await read_booking(core, caller, ref)).id
    found = await get_booking_cascading(core.db, ref)
    user = caller.require_user().id
    if found is None or not await is_session_of(core.db, found.session_id, user):
        raise Refusal(Code.BOOKING_NOT_FOUND)
    return found.id


async def _open(transaction: Transaction, booking: UUID) -> tuple[Expected, list[NotedEvent]]:
    expected = await lock_booking(transaction, booking)
    if expected is None:
        raise Refusal(Code.BOOKING_NOT_FOUND)
    return expected, await events_of(transaction, booking)


async def _settle(
    transaction: Transaction,
    caller: Caller | None,
    expected: Expected,
    action: str,
    reason: str | None = None,
) -> AttendanceNoted:
    """Write what the events say now, and who changed it."""
    events = await events_of(transaction, expected.id)
    told = standing(events, expected.starts_at)
    await set_attendance(transaction, expected.id, told)
    await audit(
        transaction,
        caller,
        action,
        ("booking", expected.id),
        subject=expected.contact_id,
        reason=reason,
        after={"attendance": told},
    )
    return _answer(expected, events)


def _answer(
    expected: Expected, events: Sequence[Event], *, repeated: bool = False
) -> AttendanceNoted:
    return AttendanceNoted(
        booking_code=expected.booking_code,
        attendance=standing(events, expected.starts_at),
        inside=is_inside(events),
        repeated=repeated,
    )
