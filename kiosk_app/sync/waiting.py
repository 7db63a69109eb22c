"""Waiting for a seat of a full session, while the server can be asked (A78).

Nothing of it is queued and nothing is kept: who is how far in a line, and for whom a seat is held,
is known to the server alone. Where the visiting student waits is asked for during their visit and
lives in memory.
"""

from datetime import datetime, timedelta

import msgspec

from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.contract.bookings import CreatedBooking
from kiosk_app.contract.problems import Code
from kiosk_app.contract.waitlist import ClaimOffer
from kiosk_app.contract.waitlist import Wait as WireWait
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.listing import WaitRow
from kiosk_app.gateway.outcomes import Accepted, Outcome
from kiosk_app.sync.events import (
    CLAIM_UNANSWERED,
    WAIT_OFFLINE,
    WAIT_UNANSWERED,
    BookingsChanged,
    RequestSettled,
    SessionsChanged,
    WaitsChanged,
    WaitSettled,
)
from kiosk_app.sync.intents import Claim, Wait
from kiosk_app.sync.moving import failed
from kiosk_app.sync.station import Station, Visiting

FEATURE = "waitlist"
LOOK_AGAIN = timedelta(seconds=5)
"""A worker that is rung more often than this asks no more often."""


async def look(station: Station) -> None:
    """Ask where the visiting student waits, and publish what is new."""
    visiting, now = station.visiting, station.clock.now()
    if visiting is None or visiting.token is None or not station.offers(FEATURE):
        return
    if visiting.looked_at is not None and timedelta() <= now - visiting.looked_at < LOOK_AGAIN:
        return
    visiting.looked_at, before = now, visiting.waits
    outcome = await station.ask(station.gateway.waitlists.own(visiting.token))
    if visiting.waits is not before:  # they joined or left meanwhile, and the answer may be older
        visiting.looked_at = None
    elif isinstance(outcome, Accepted):
        found = [_row(station, wait) for wait in outcome.value.waits]
        _keep(station, visiting, tuple(row for row in found if row is not None))


async def step(station: Station, asked: Wait) -> WaitSettled:
    """Join, leave or decline; return and publish what the server said."""
    settled = await _step(station, asked)
    station.publish(settled)
    return settled


async def claim(station: Station, asked: Claim) -> RequestSettled:
    """Book the seat that is held, with all checks; return and publish the booking, or why not."""
    settled = await _claim(station, asked)
    station.publish(settled)
    return settled


async def _step(station: Station, asked: Wait) -> WaitSettled:
    visiting = _may_ask(station)
    if isinstance(visiting, str):
        return _no(asked, visiting)
    outcome = await station.ask(_call(station, asked, visiting.token or ""))
    if isinstance(outcome, Accepted):
        others = tuple(w for w in visiting.waits or () if w.session_id != asked.session_id)
        row = _row(station, outcome.value)
        _keep(station, visiting, (*others, row) if row is not None else others)
        station.publish(SessionsChanged(frozenset({asked.session_id})))
        place = row.place if row is not None else None
        return WaitSettled(session_id=asked.session_id, step=asked.step, state="done", place=place)
    visiting.looked_at, visiting.stale = None, True  # the server knows more than this device
    station.wake()
    code = failed(station, outcome, offline=WAIT_OFFLINE, unanswered=WAIT_UNANSWERED)
    if code == WAIT_UNANSWERED:
        return WaitSettled(session_id=asked.session_id, step=asked.step, state="unknown", code=code)
    return _no(asked, code)


async def _claim(station: Station, asked: Claim) -> RequestSettled:
    visiting = _may_ask(station)
    if isinstance(visiting, str):
        return _not_booked(asked, visiting)
    body = ClaimOffer(
        discussion_format=asked.discussion_format,
        topic_preference=asked.topic_preference or None,
        attending_location=asked.attending_location,
        dominant_hand=asked.dominant_hand,
    )
    call = station.gateway.waitlists.claim(
        asked.session_id, asked.wait_id, body, visiting.token or ""
    )
    outcome = await station.ask(call)
    visiting.looked_at, visiting.stale = None, True
    station.wake()
    if isinstance(outcome, Accepted):
        _booked(station, visiting, asked, outcome)
        return _settled(asked, outcome.value)
    code = failed(station, outcome, offline=WAIT_OFFLINE, unanswered=CLAIM_UNANSWERED)
    return _not_booked(asked, code)


def _may_ask(station: Station) -> Visiting | str:
    """Return who asks, or the code of why nobody can be asked."""
    visiting = station.visiting
    if visiting is None:
        return Code.UNAUTHORIZED
    if not station.link.worth_asking or visiting.token is None:
        return WAIT_OFFLINE
    return visiting if station.offers(FEATURE) else Code.METHOD_NOT_ALLOWED


async def _call(station: Station, asked: Wait, token: str) -> Outcome[WireWait]:
    lists = station.gateway.waitlists
    match asked.step:
        case "join":
            return await lists.join(asked.session_id, token)
        case "leave":
            return await lists.leave(asked.session_id, token)
        case "decline":
            return await lists.decline(asked.session_id, asked.wait_id, token)


def _booked(
    station: Station, visiting: Visiting, asked: Claim, answer: Accepted[CreatedBooking]
) -> None:
    if station.visiting is not visiting:
        return  # they left while it was under way; nothing of them stays
    _keep(station, visiting, tuple(w for w in visiting.waits or () if w.wait_id != asked.wait_id))
    tokens = answer.value.token_details
    try:
        if not answer.repeated:  # an old answer repeats old numbers
            left = {tokens.credit_field.value: tokens.tokens_remaining}
            fresh = msgspec.structs.replace(visiting.balances, **left)
            station.set_balances(fresh, station.clock.now())
    except CacheUnavailable as problem:
        station.storage_failed(problem)  # it is booked all the same, and the next pull shows it
    station.publish(SessionsChanged(frozenset({asked.session_id})))
    station.publish(BookingsChanged())


def _keep(station: Station, visiting: Visiting, waits: tuple[WaitRow, ...]) -> None:
    if station.visiting is visiting and waits != visiting.waits:
        visiting.waits = waits
        station.publish(WaitsChanged(waits))


def _row(station: Station, wait: WireWait) -> WaitRow | None:
    """Return a wait as this device shows it, or None when it has ended."""
    if wait.position is None:
        return None
    return WaitRow(
        wait_id=wait.id,
        session_id=wait.session_id,
        place=wait.position,
        offered_until=_here(station, wait.offered_until),
        passed_over=wait.passed_over,
    )


def _here(station: Station, told: str | None) -> datetime | None:
    """Return an instant of the server by the clock of this device (K34)."""
    skew = timedelta(seconds=round(station.skew.total_seconds()))  # it trembles with every probe
    return read_instant(told) - skew if told else None


def _settled(asked: Claim, answer: CreatedBooking) -> RequestSettled:
    return RequestSettled(
        request_id=asked.request_id,
        state="confirmed",
        number=answer.booking_code,
        booking_ref=answer.id,
        booking_code=answer.booking_code,
        tokens_before=answer.token_details.tokens_before,
        tokens_remaining=answer.token_details.tokens_remaining,
    )


def _no(asked: Wait, code: str) -> WaitSettled:
    return WaitSettled(session_id=asked.session_id, step=asked.step, state="refused", code=code)


def _not_booked(asked: Claim, code: str) -> RequestSettled:
    return RequestSettled(request_id=asked.request_id, state="refused", number="", code=code)
