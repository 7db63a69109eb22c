"""A server that came back from a backup has another history: it is asked and told again (R14, F30).

Once for each history, in one transaction:
- what it had confirmed waits again, in its old order and with its old keys. A server that still knows
  it answers as it did before, one that forgot does it now. A booking that was cancelled since is not
  asked for, its cancel is. What this device has forgotten, a day after its answer, cannot be asked
  for.
- the slots whose end it had acknowledged are told again: a used one so that the seat is kept for its
  booking, one that went back so that it is not thought to be out. The seat of a booking that was
  cancelled goes back.
"""

from collections.abc import Collection

from kiosk_app.cache import journal
from kiosk_app.cache.files import Connection
from kiosk_app.cache.slots import turn
from kiosk_app.contract.leases import SlotRef
from kiosk_app.domain.leases import SlotEvent

_CANCELLED = """EXISTS (SELECT 1 FROM requests c WHERE c.booking_ref = requests.booking_ref
    AND c.kind = 'cancel' AND c.state = 'confirmed')"""
_LOST = f"""SELECT id FROM requests WHERE state = 'confirmed' AND email <> '' AND session_start > ?
    AND (kind = 'cancel' OR NOT {_CANCELLED}) ORDER BY position"""  # noqa: S608 - constants
_FREED = f"""SELECT session_id, slot, generation FROM requests
    WHERE slot IS NOT NULL AND state = 'confirmed' AND {_CANCELLED}"""  # noqa: S608 - constants


def has_met(connection: Connection, epoch: str | None) -> bool:
    """Say whether this history is the one that was met last; None: none was."""
    return bool(connection.execute("SELECT met IS ? FROM installation", (epoch,)).fetchone()[0])


def meet(run: Connection, epoch: str, ahead: Collection[str], at: int) -> int:
    """Note the history of the server inside the caller's transaction; say how much waits anew.

    Args:
        run: the transaction.
        epoch: the server's name for its history.
        ahead: sessions that have not begun, among those that a seat was held of.
        at: the clock, in milliseconds.
    """
    known = run.execute("SELECT met FROM installation").fetchone()[0]
    if known == epoch:
        return 0
    run.execute("UPDATE installation SET met = ?", (epoch,))
    journal.append(run, at, "met", None, epoch=epoch)
    # Slots first: they go by which bookings were cancelled, and those cancels wait afterwards.
    return 0 if known is None else _present_again(run, ahead) + _ask_again(run, at)


def _ask_again(run: Connection, at: int) -> int:
    lost = [row[0] for row in run.execute(_LOST, (at,)).fetchall()]
    for request_id in lost:
        run.execute(
            "UPDATE requests SET state = 'queued', next_at = NULL, settled_at = NULL WHERE id = ?",
            (request_id,),
        )
        journal.append(run, at, "reoffered", request_id)
    return len(lost)


def _present_again(run: Connection, ahead: Collection[str]) -> int:
    freed = [
        SlotRef(session_id=row[0], slot=row[1], generation=row[2]) for row in run.execute(_FREED)
    ]
    for ref in freed:
        if ref.session_id in ahead:
            turn(run, ref, SlotEvent.WITHDRAW)
    told = [
        run.execute(
            "UPDATE slots SET settled = 0 WHERE session_id = ? AND settled = 1", (session_id,)
        ).rowcount
        for session_id in ahead
    ]
    return sum(told)
