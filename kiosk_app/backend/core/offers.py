"""Who gets a seat that came free, and for how long (A78).

The database keeps a freed seat back in the transaction that frees it (`hold_freed_seats`). Here it is
offered to the first in line who could book it, under the session's lock, so that any number of
processes may do it at once. Afterwards a session holds exactly as many seats as it has live offers;
what nobody on the list can take is for everybody.
"""

from datetime import datetime
from uuid import UUID

from kiosk_app.backend.storage.bookings import facts_within
from kiosk_app.backend.storage.database import Database, Transaction
from kiosk_app.backend.storage.rows import SessionRow
from kiosk_app.backend.storage.waitlist import (
    Waiting,
    close_to_waiters,
    count_offers,
    end_waits,
    hold,
    line,
    lists_to_see_to,
    lock_session,
    offer,
    pass_over,
)
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.waitlist import WaitState
from kiosk_app.domain.admission import Held, Seat, clash
from kiosk_app.domain.tokens import SHARED_FALLBACK, paying_field, purse_where
from kiosk_app.domain.waitlist import offer_until


async def see_to_lists(
    db: Database, now: datetime, shared: frozenset[MockType] = SHARED_FALLBACK
) -> int:
    """See to every list there is; return how many offers were made or ended.

    Args:
        db: the database.
        now: the moment.
        shared: what shared tokens pay for here (F17).
    """
    return sum([await see_to(db, session, now, shared) for session in await lists_to_see_to(db)])


async def see_to(
    db: Database, session: UUID, now: datetime, shared: frozenset[MockType] = SHARED_FALLBACK
) -> int:
    """Lapse what is over, offer what is free and hold what is offered; return how much that was."""
    async with db.transaction() as transaction:
        row = await lock_session(transaction, session)
        if row is None:
            return 0
        if not row.is_active or now >= row.starts_at:
            done = await end_waits(transaction, session, WaitState.CLOSED, now)
        else:
            done = await end_waits(transaction, session, WaitState.LAPSED, now)
            done += await _offer_free(transaction, row, now, shared)
        await hold(transaction, session, await count_offers(transaction, session))
    return done


async def _offer_free(
    transaction: Transaction, session: SessionRow, now: datetime, shared: frozenset[MockType]
) -> int:
    until = offer_until(session.starts_at, now)
    if until is None:
        return await close_to_waiters(transaction, session.id, now)
    free = session.offerable - await count_offers(transaction, session.id)
    made = 0
    for wait in await line(transaction, session.id) if free > 0 else ():
        if made == free:
            break
        if code := await _obstacle(transaction, session, wait, shared):
            if code.value != wait.passed_over:
                await pass_over(transaction, wait, code.value)
            continue
        await offer(transaction, wait, now, until)
        made += 1
    return made


async def _obstacle(
    transaction: Transaction, session: SessionRow, wait: Waiting, shared: frozenset[MockType]
) -> Code | None:
    """Return why this student could not book the seat now."""
    facts = await facts_within(transaction, str(session.id), str(wait.contact_id))
    return obstacle(session.seat(), facts.held, purse_where(shared, facts.balances))


def obstacle(seat: Seat, held: list[Held], balances: Balances) -> Code | None:
    """Return what a student lacks for a seat, were one free."""
    if code := clash(seat, held):
        return code
    return None if paying_field(seat.mock_type, balances) else Code.INSUFFICIENT_TOKENS
