"""Moving a booking of the visiting student to another session, while the server can be asked.

A move is never queued: whether the seat over there is to be had is known to the server alone, and a
student who waits for the answer keeps the seat they have.
"""

from typing import Literal

from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.contract.moves import MoveBooking, MovedBooking
from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Accepted, Failed, Later, Refused, SignInAgain, Unreachable
from kiosk_app.sync.events import (
    MOVE_OFFLINE,
    MOVE_UNANSWERED,
    BookingsChanged,
    MoveSettled,
    SessionsChanged,
)
from kiosk_app.sync.intents import Move
from kiosk_app.sync.station import Station, Visiting


async def move(station: Station, asked: Move) -> MoveSettled:
    """Move a booking, keep what the server answers, and return and publish it."""
    settled = await _move(station, asked)
    station.publish(settled)
    return settled


async def _move(station: Station, asked: Move) -> MoveSettled:
    visiting = station.visiting
    if visiting is None:
        return _no(asked, Code.UNAUTHORIZED)
    if not station.link.worth_asking or visiting.token is None:
        return _no(asked, MOVE_OFFLINE)
    if not station.offers("moves"):
        return _no(asked, Code.METHOD_NOT_ALLOWED)
    outcome = await station.ask(
        station.gateway.move_booking(
            asked.ref, MoveBooking(session_id=asked.session_id), asked.key, visit=visiting.token
        )
    )
    if isinstance(outcome, Accepted):
        _keep(station, visiting, outcome.value)
        booking, tokens = outcome.value.booking, outcome.value.tokens
        return MoveSettled(ref=asked.ref, state="moved", booking=booking, tokens=tokens)
    visiting.stale = True  # what was refused shows that the server knows more than this device
    station.wake()
    code = failed(station, outcome, offline=MOVE_OFFLINE, unanswered=MOVE_UNANSWERED)
    state: Literal["unknown", "refused"] = "unknown" if code == MOVE_UNANSWERED else "refused"
    return MoveSettled(ref=asked.ref, state=state, code=code)


def failed(station: Station, outcome: Failed, *, offline: str, unanswered: str) -> str:
    """Return why something that is only done online was not done; a lapsed visit ends here.

    Args:
        station: the device.
        outcome: how the call ended.
        offline: the code when it never left this device.
        unanswered: the code when it left, and nobody answered.
    """
    match outcome:
        case Refused(code):
            return code
        case Later(reason=reason):
            return reason if reason in Code.__members__ else Code.SERVICE_DEGRADED
        case SignInAgain(code):
            if code == Code.TOKEN_EXPIRED:
                station.end_visit(expired=True)
            return code
        case Unreachable(sent=True):
            return unanswered
        case _:
            return offline


def _keep(station: Station, visiting: Visiting, moved: MovedBooking) -> None:
    if station.visiting is not visiting:
        return  # they left while it was under way; nothing of them stays
    visiting.stale = True
    try:
        station.mirror.set_booking(visiting.student.student_id, moved.booking)
        station.set_balances(moved.tokens.balances, station.clock.now())
    except CacheUnavailable as problem:
        station.storage_failed(problem)  # it is moved all the same, and the next pull shows it
    places = {moved.left.mock_exam_id, moved.booking.mock_exam_id}
    station.publish(SessionsChanged(frozenset(places)))
    station.publish(BookingsChanged())
    station.wake()


def _no(asked: Move, code: str) -> MoveSettled:
    return MoveSettled(ref=asked.ref, state="refused", code=code)
