"""One round of seat leases with a device: what it gives back, what it keeps, what it gets (§2.6).

The rules that keep seats from being promised twice:
- a lease ends by its booking, by its device giving it back, by staff, or with its session; no time
  ends it, because a seat that was confirmed offline is invisible until its booking arrives;
- a return counts only for the exact generation that its device still holds;
- a wish is answered with the same slots however often it is asked;
- the sessions that a round changes are locked first, in the order of their ids;
- while the grace after a restore runs nothing new is leased (`core/restored.py`).
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.audit import audit
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.installations import Standing, heard
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.core.restored import notice
from kiosk_app.backend.storage.database import Transaction
from kiosk_app.backend.storage.feed import feed_epoch
from kiosk_app.backend.storage.identity import revoke_device
from kiosk_app.backend.storage.leases import (
    LeasedSession,
    LeaseRow,
    adopt_lease,
    end_lease,
    grant_known,
    grant_slots,
    granted,
    leases_named,
    lock_device,
    lock_sessions,
    open_leases,
    read_sessions,
    renew_leases,
    tell_attention,
)
from kiosk_app.backend.storage.restores import grace
from kiosk_app.backend.storage.tallies import note_tallies
from kiosk_app.contract.leases import (
    Grant,
    LeaseAnswer,
    LeaseSync,
    Recall,
    SlotRef,
    SlotState,
    SlotStatement,
    Wish,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.lease_policy import recalled

logger = logging.getLogger(__name__)

Ref = tuple[UUID, int, int]


class _Round(Struct):
    """One round under way."""

    work: Transaction
    device: UUID
    installation: UUID
    now: datetime
    restored: bool
    """The device last heard another epoch: this database may have forgotten what it holds."""
    granting: bool
    """Seats are leased; not while the grace after a restore runs."""
    settled: list[SlotRef]
    gone: list[SlotRef]


async def sync_leases(core: Core, caller: Caller, body: LeaseSync) -> LeaseAnswer:
    """Take in what a device says of its slots, and answer what it may go on with.

    Raises:
        Refusal: UNAUTHORIZED when its file is a copy or was rolled back, which revokes the device,
            and when it is revoked already.
    """
    now, device = core.clock(), caller.device.id
    async with core.db.transaction() as work:
        # A doorkeeper may remember the device for a moment longer; a copy may ask in that moment.
        if not await lock_device(work, device):
            raise Refusal(Code.UNAUTHORIZED)
        epoch = await feed_epoch(work)
        standing = await heard(work, device, body, epoch=epoch, now=now)
        in_grace = await grace(work) is not None
        if standing is Standing.COPIED:
            await _revoke(work, caller, body, now)
        elif standing is Standing.LATE:
            return LeaseAnswer(epoch=epoch, now=wire_instant(now), ttl_s=0)
        else:
            answer = await _exchange(
                core, work, device, body, epoch=epoch, now=now, granting=not in_grace
            )
            await note_tallies(work, device, body.tallies)
    if standing is Standing.COPIED:
        raise Refusal(Code.UNAUTHORIZED)
    if answer.grants or answer.settled or in_grace:
        core.shelf.clear()
        core.ring()
    return answer


async def _revoke(work: Transaction, caller: Caller, body: LeaseSync, now: datetime) -> None:
    """End a device that speaks with two voices; its slots stay what they are until staff attest."""
    device = caller.device.id
    await revoke_device(work, device, now)
    await tell_attention(
        work,
        "clone_alarm",
        f"{device}:{body.installation_id}:{body.counter}:{body.chain}",
        device=device,
        details={"counter": body.counter},
    )
    await audit(work, caller, "device.copied", ("device", device))
    logger.warning("device file copied or rolled back", extra={"device": str(device)})


async def _exchange(
    core: Core,
    work: Transaction,
    device: UUID,
    body: LeaseSync,
    *,
    epoch: str,
    now: datetime,
    granting: bool,
) -> LeaseAnswer:
    wishes = {wish.grant_id: wish for wish in body.wishes if _uuid(wish.session_id)}
    returned = [one for one in body.slots if one.state is SlotState.RETURNING]
    touched = {one.session_id for one in returned} | {one.session_id for one in wishes.values()}
    await lock_sessions(work, [ref for one in touched if (ref := _uuid(one))])
    turn = _Round(
        work=work,
        device=device,
        installation=UUID(body.installation_id),
        now=now,
        restored=body.epoch not in {None, epoch},
        granting=granting,
        settled=[],
        gone=[],
    )
    await notice(work, body, device=device, epoch=epoch, now=now)
    await _hear_slots(turn, body.slots)
    await renew_leases(work, device, turn.installation, now)
    policy = core.lease_policy
    grants = [await _grant(core, turn, wish) for wish in wishes.values()]
    held = await open_leases(work, device)
    sessions = {one.id: one for one in await read_sessions(work, [row.session_id for row in held])}
    return LeaseAnswer(
        epoch=epoch,
        now=wire_instant(now),
        ttl_s=policy.ttl_s,
        grants=grants,
        settled=turn.settled,
        gone=turn.gone,
        recalls=_recalls(body.slots, sessions) if granting else [],
        closed=sorted(str(one.id) for one in sessions.values() if _closed(one, now)),
    )


async def _hear_slots(turn: _Round, statements: Sequence[SlotStatement]) -> None:
    """Settle what is given back or known to be booked; tell what is not the device's any more."""
    known = await leases_named(turn.work, [ref for one in statements if (ref := _ref(one))])
    for one in statements:
        ref = _ref(one)
        row = known.get(ref) if ref else None
        if row is None or row.device_id != turn.device or row.installation_id != turn.installation:
            if not (ref and row is None and await _adopted(turn, one, ref)):
                turn.gone.append(_plain(one))
        elif row.state == "leased":
            if one.state is SlotState.RETURNING:
                await end_lease(turn.work, row, "returned", turn.now)
                turn.settled.append(_plain(one))
        elif one.state is SlotState.RETURNING or (one.state is SlotState.USED and row.booking_id):
            turn.settled.append(_plain(one))
        else:
            turn.gone.append(_plain(one))


async def _adopted(turn: _Round, one: SlotStatement, ref: Ref) -> bool:
    """Take back what a restored database has forgotten; where the seat is gone, tell staff."""
    if not turn.restored or one.state is SlotState.RETURNING:
        return False
    if await adopt_lease(
        turn.work, ref, device=turn.device, installation=turn.installation, at=turn.now
    ):
        return True
    await tell_attention(
        turn.work,
        "unknown_lease",
        ":".join(map(str, ref)),
        device=turn.device,
        details={"session": str(ref[0]), "slot": ref[1], "state": one.state.value},
    )
    return False


async def _grant(core: Core, turn: _Round, wish: Wish) -> Grant:
    """Answer a wish: what it was given before, or what the policy gives it now."""
    grant, session_id = UUID(wish.grant_id), UUID(wish.session_id)
    rows = await granted(turn.work, turn.device, grant)
    if not rows and not await grant_known(turn.work, grant):
        (session,) = await read_sessions(turn.work, [session_id]) or (None,)
        seats = 0 if session is None else await _share(core, turn, session, wish.seats)
        if seats:
            rows = await grant_slots(
                turn.work,
                session_id,
                seats,
                device=turn.device,
                installation=turn.installation,
                grant=grant,
                at=turn.now,
            )
    return Grant(
        grant_id=wish.grant_id, session_id=wish.session_id, slots=[_slot(row) for row in rows]
    )


async def _share(core: Core, turn: _Round, session: LeasedSession, wanted: int) -> int:
    if _closed(session, turn.now) or not turn.granting:
        return 0
    held = sum(row.session_id == session.id for row in await open_leases(turn.work, turn.device))
    return core.lease_policy.grant(
        wanted=wanted,
        capacity=session.capacity,
        free=session.free,
        leased=session.leased_seats,
        held=held,
    )


def _recalls(
    statements: Iterable[SlotStatement], sessions: dict[UUID, LeasedSession]
) -> list[Recall]:
    """Ask for unused seats of sessions in which nobody else finds one."""
    unused: dict[str, int] = {}
    for one in statements:
        if one.state is SlotState.FREE:
            unused[one.session_id] = unused.get(one.session_id, 0) + 1
    wanted = {
        session_id: recalled(free=session.free, unused=count)
        for session_id, count in unused.items()
        if (ref := _uuid(session_id)) and (session := sessions.get(ref))
    }
    return [Recall(session_id=one, seats=seats) for one, seats in wanted.items() if seats]


def _closed(session: LeasedSession, now: datetime) -> bool:
    return not session.is_active or session.starts_at <= now


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _ref(one: SlotRef) -> Ref | None:
    session = _uuid(one.session_id)
    return (session, one.slot, one.generation) if session else None


def _plain(one: SlotRef) -> SlotRef:
    return SlotRef(session_id=one.session_id, slot=one.slot, generation=one.generation)


def _slot(row: LeaseRow) -> SlotRef:
    return SlotRef(session_id=str(row.session_id), slot=row.slot, generation=row.generation)
