"""The outbox on its way to the server: first in, first out for each student (K11).

One request of a student at a time, always with its stored key, marked as a replay from the second
try on. A request ends only by a verdict: nothing is dropped by count or age, except a create that
was never sent and whose session has begun (K14). A create that *was* sent and got no answer is
asked again even then, because the server may have booked it; and so is one of a leased seat, which
its student was promised. A long queue leaves room for who stands at the kiosk: of the requests that
the server lets through in a minute, it never takes the last ones (A37). What this program stumbles
over is set aside and holds up nobody (R8).
"""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta

import msgspec

from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.contract.bookings import (
    CancelBookingBody,
    CancelledBooking,
    CreatedBooking,
    CreateDiscussionBooking,
)
from kiosk_app.contract.credits import CreditField
from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Accepted, Failed, Outcome
from kiosk_app.sync import backoff, requests, verdicts
from kiosk_app.sync.events import BookingsChanged, CancelSettled, SessionsChanged
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.station import Station

log = logging.getLogger("kiosk.sync")
POISON = "POISON"
"""`last_code` of a request that this program cannot handle."""
KEPT_FOR_PEOPLE = 15
"""Requests that a draining queue leaves to who stands at the kiosk, of those the server takes."""


class Replay:
    """Sends what waits and settles it: the queue's row first, then the mirror."""

    def __init__(self, station: Station, leases: Leases) -> None:
        self._station, self._leases = station, leases
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._paused_until: datetime | None = None

    async def drain(self, *, reconnected: bool = False) -> None:
        """Send everything that is due, oldest first; a student who must wait holds up nobody else.

        `reconnected` makes due what only waited for the line.
        """
        if self._station.link.usable:
            await self._leases.before_sending(reconnected=reconnected)
        held: set[str] = set()
        for request in _by_turns(self._station.queue.waiting()):
            if request.quarantined:
                continue
            if self._must_pause() or not self._station.link.usable:
                return
            due = self._is_due(request) or (
                reconnected and request.last_code == verdicts.LINE_TROUBLE
            )
            if request.student_ref in held or not due:
                if _in_the_way(request):
                    held.add(request.student_ref)
                continue
            after = await self._take_turn(request.id, request.student_ref)
            if _in_the_way(after):
                held.add(request.student_ref)
            self._leave_room()

    async def send_now(self, request_id: str, student_ref: str) -> Request:
        """Send a student's requests up to this one while they wait; return how it stands then."""
        for request in self._station.queue.waiting(student_ref):
            after = await self._take_turn(request.id, student_ref)
            if request.id == request_id or _in_the_way(after):
                break
        return self._row(request_id)

    def next_due(self) -> datetime | None:
        """Return when the next request is due, or None when nothing waits."""
        waiting = [r for r in self._station.queue.waiting() if not r.quarantined]
        if not waiting:
            return None
        now = self._station.clock.now()
        soonest = min(request.next_at or now for request in waiting)
        return max(soonest, self._paused_until or soonest)

    @property
    def paused_until(self) -> datetime | None:
        """Until when the server asked everybody to wait."""
        return self._paused_until

    def hurry(self) -> None:
        """Forget what the server said about waiting: somebody asked to try now."""
        self._paused_until = None

    def _leave_room(self) -> None:
        """Let the queue wait before the server's limit is used up, for then it refuses people too."""
        room = self._station.gateway.room_to_write
        if room is not None and room.left <= KEPT_FOR_PEOPLE and not self._must_pause():
            self._paused_until = self._station.clock.now() + timedelta(seconds=room.seconds)

    def _must_pause(self) -> bool:
        return self._paused_until is not None and self._station.clock.now() < self._paused_until

    def _is_due(self, request: Request) -> bool:
        return request.next_at is None or request.next_at <= self._station.clock.now()

    async def _take_turn(self, request_id: str, student_ref: str) -> Request:
        async with self._turns[student_ref]:
            request = self._row(request_id)
            if request.state not in WAITING or request.quarantined:
                return request
            try:
                await (self._create if request.kind == "create" else self._cancel)(request)
            except (CacheUnavailable, asyncio.CancelledError):
                raise
            except Exception:
                log.exception("a request cannot be handled and is set aside")
                self._station.queue.quarantine(
                    self._row(request_id), self._station.clock.now(), POISON
                )
        return self._row(request_id)

    async def _create(self, request: Request) -> None:
        station = self._station
        begun = station.server_now() >= request.subject.session_start
        if begun and request.attempts == 0 and request.seat is None:
            station.queue.discard(request, station.clock.now(), Code.SESSION_CLOSED)
            self._tell_refused(request, Code.SESSION_CLOSED)
            return
        if request.unchecked:
            checked = await self._check(request)
            if checked is None:
                return
            request = checked
        body = requests.body_of(request)
        again = request.attempts > 0
        request = station.queue.sending(request, station.clock.now())
        self._tell_rows(request)
        key = request.idempotency_key or ""
        if isinstance(body, CreateDiscussionBooking):
            call = station.gateway.create_discussion(body, key, replay=again)
        else:
            call = station.gateway.create_exam(body, key, replay=again)
        outcome = await station.ask(call)
        if isinstance(outcome, Accepted):
            self._booked(request, outcome.value, repeated=outcome.repeated)
        else:
            self._not_yet(request, outcome)

    async def _check(self, request: Request) -> Request | None:
        """Learn the contact of an unchecked request; None when that did not work out (K43)."""
        station = self._station
        outcome = await station.ask(
            station.gateway.discussion_credits(request.student_ref, request.email)
        )
        if not isinstance(outcome, Accepted):
            self._not_yet(request, outcome)
            return None
        body = requests.with_contact(requests.body_of(request), outcome.value.contact_id)
        return station.queue.address(request, station.clock.now(), body=body)

    async def _cancel(self, request: Request) -> None:
        station, now = self._station, self._station.clock.now()
        if request.booking_ref is None:
            create = self._row(request.follows or "")
            if create.state in WAITING:
                return
            if create.state is not State.CONFIRMED or create.booking_ref is None:
                # What should be cancelled was never booked.
                station.queue.discard(request, now, None)
                self._tell_cancelled(request)
                return
            request = station.queue.address(request, now, booking_ref=create.booking_ref)
        token = await self._visit_token(request)
        if token is not None and not isinstance(token, str):
            self._not_yet(request, token)
            return
        ref = request.booking_ref or ""
        request = station.queue.sending(request, station.clock.now())
        outcome: Outcome[CancelledBooking]
        if request.system == "discussions":
            body = CancelBookingBody(ref)
            outcome = await station.ask(station.gateway.cancel_discussion(body, visit=token))
        else:
            outcome = await station.ask(station.gateway.cancel_exam(ref, visit=token))
        if isinstance(outcome, Accepted):
            self._cancelled(request, outcome.value)
        else:
            self._not_yet(request, outcome)

    async def _visit_token(self, request: Request) -> str | Failed | None:
        """Return the owner's visit token: of the visit, or of one begun for this cancel alone."""
        station, visiting = self._station, self._station.visiting
        if not station.offers("visits"):
            return None
        if visiting and visiting.token and visiting.student.student_id == request.student_ref:
            return visiting.token
        outcome = await station.ask(station.gateway.begin_visit(request.student_ref, request.email))
        return outcome.value.visit_token if isinstance(outcome, Accepted) else outcome

    def _booked(self, request: Request, answer: CreatedBooking, *, repeated: bool) -> None:
        station, now = self._station, self._station.clock.now()
        text = msgspec.json.encode(answer).decode()
        request = station.queue.confirm(request, now, text, answer.id)
        tokens = answer.token_details
        if not repeated:  # an old answer repeats old numbers
            self._set_balance(request, tokens.credit_field, tokens.tokens_remaining)
        self._after(request)
        station.publish(requests.settled(request))

    def _cancelled(self, request: Request, answer: CancelledBooking) -> None:
        station, now = self._station, self._station.clock.now()
        text = msgspec.json.encode(answer).decode()
        request = station.queue.confirm(request, now, text, request.booking_ref)
        station.mirror.set_cancelled(request.booking_ref or "", late=not answer.token_returned)
        refund = answer.token_refunded
        if refund:
            self._set_balance(request, refund.field, refund.new_balance)
        elif answer.token_returned:
            self._know_no_balance(request)
        self._after(request)
        self._tell_cancelled(request)

    def _not_yet(self, request: Request, outcome: Failed) -> None:
        station, now = self._station, self._station.clock.now()
        verdict = verdicts.read(outcome)
        if isinstance(verdict, verdicts.No) and _stands(request, verdict.code):
            station.queue.confirm(request, now, request.result or "", request.booking_ref)
            self._after(request)
            return
        if isinstance(verdict, verdicts.No):
            station.queue.refuse(request, now, verdict.code)
            self._learn(request, verdict.code)
            self._tell_refused(request, verdict.code)
            return
        seconds = verdict.seconds
        if seconds is None:
            seconds = backoff.delay(request.attempts, station.draw)
        elif seconds:
            seconds += backoff.spread(seconds, station.draw)
        next_at = now + timedelta(seconds=seconds)
        station.queue.later(request, now, next_at, verdict.code, unanswered=verdict.unanswered)
        if verdict.everyone:
            self._paused_until = next_at
        if verdict.code == verdicts.SIGN_IN and verdict.seconds == 0:
            station.end_visit(expired=True)
        self._tell_rows(request)

    def _set_balance(self, request: Request, field: CreditField, amount: int) -> None:
        visiting = self._station.visiting
        if visiting and visiting.student.student_id == request.student_ref:
            fresh = msgspec.structs.replace(visiting.balances, **{field.value: amount})
            self._station.set_balances(fresh, self._station.clock.now())

    def _know_no_balance(self, request: Request) -> None:
        """A token came back and nobody says to which balance: have all of them fetched."""
        visiting = self._station.visiting
        if visiting and visiting.student.student_id == request.student_ref:
            visiting.outdated = True

    def _after(self, request: Request) -> None:
        visiting = self._station.visiting
        if visiting and visiting.student.student_id == request.student_ref:
            visiting.stale = True
        self._tell_rows(request)
        self._station.wake()

    def _learn(self, request: Request, code: str) -> None:
        """The server knows of bookings or tokens what this device does not: have them fetched."""
        visiting = self._station.visiting
        if visiting and visiting.student.student_id == request.student_ref:
            visiting.stale = True
            visiting.outdated = visiting.outdated or code == Code.INSUFFICIENT_TOKENS
            self._station.wake()

    def _tell_rows(self, request: Request) -> None:
        self._station.publish(SessionsChanged(frozenset({request.subject.session_id})))
        self._station.publish(BookingsChanged())

    def _tell_refused(self, request: Request, code: str) -> None:
        self._tell_rows(request)
        if request.kind == "cancel":
            ref = request.booking_ref or request.follows or request.id
            self._station.publish(CancelSettled(ref=ref, state="refused", code=code))
        else:
            self._station.publish(requests.settled(self._row(request.id)))

    def _tell_cancelled(self, request: Request) -> None:
        ref = request.follows or request.booking_ref or request.id
        self._station.publish(requests.cancelled(ref, request))

    def _row(self, request_id: str) -> Request:
        found = self._station.queue.get(request_id)
        if found is None:
            raise LookupError(f"no request {request_id!r}")
        return found


def _in_the_way(request: Request) -> bool:
    """Say whether what the student asked for later waits for this; a seat kept back may take hours."""
    kept_back = request.last_code == Code.SEAT_KEPT_BACK
    return request.state in WAITING and not request.quarantined and not kept_back


def _stands(request: Request, code: str) -> bool:
    """Say whether the answer of before holds for what a restored server was asked again.

    It does for a cancel of what that server does not know or has cancelled, and for a booking that
    was cancelled elsewhere.
    """
    if request.result is None:
        return False
    return request.kind == "cancel" or code == Code.BOOKING_CANCELLED


def _by_turns(waiting: list[Request]) -> list[Request]:
    """Put students first whose oldest request was tried least; each student's own order stays.

    Two requests that break the line would otherwise take it down at every try, and whoever waits
    behind them would never have a turn (F18).
    """
    tries: dict[str, int] = {}
    for request in waiting:
        tries.setdefault(request.student_ref, request.attempts)
    return sorted(waiting, key=lambda request: tries[request.student_ref])
