"""What a person may ask: who I am, this seat, not that one, good-bye.

The window's engine and the commands without a window use the same desk. A request is on disk
before anything is said about it (architecture §4); what cannot be written down does not exist.
"""

from uuid import uuid4

import msgspec

from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.cache.slots import Hold, SlotGone
from kiosk_app.contract.leases import LeasedSeat
from kiosk_app.contract.problems import Code
from kiosk_app.domain import admission, leases, tokens
from kiosk_app.domain.listing import BookingRow, SessionRow, Standing
from kiosk_app.sync import identity, moving, rejections, requests, undoing, waiting
from kiosk_app.sync.events import (
    NOT_SAVED,
    BookingsChanged,
    CancelSettled,
    Fault,
    MoveSettled,
    RequestSaved,
    RequestSettled,
    SessionsChanged,
    VisitBegan,
    VisitRefused,
    WaitSettled,
)
from kiosk_app.sync.intents import Claim, Move, Place, Wait
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.pull import Pull
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station, Visiting

_OPEN = frozenset({Standing.SENDING, Standing.GUARANTEED, Standing.UNKNOWN, Standing.QUEUED})
_HELD = _OPEN | {Standing.CONFIRMED, Standing.COMPLETED}
_UNSOUND = (Fault.QUEUE_DAMAGED, Fault.QUEUE_LOCKED)


class Desk:
    """One person at a time, and what they ask for."""

    def __init__(self, station: Station, replay: Replay, pull: Pull, leases: Leases) -> None:
        self._station, self._replay, self._pull = station, replay, pull
        self._leases = leases
        self._placing: set[str] = set()

    async def identify(self, student_id: str, email: str) -> VisitBegan | VisitRefused:
        """Begin a visit; then fetch the student's bookings if the server can be asked."""
        station = self._station
        if station.visiting is not None:
            self.sign_out()
        found = await identity.identify(station, student_id, email)
        if isinstance(found, VisitRefused):
            station.publish(found)
            return found
        station.visiting = found
        station.mirror.set_balances(found.student.student_id, found.balances, found.balances_at)
        event = identity.began(found)
        station.publish(event)
        if not found.offline:
            found.stale = True
            await self._pull.bookings()
            await waiting.look(station)
        if found.outdated:
            station.wake()  # its next turn asks for the tokens
        return event

    def sign_out(self) -> None:
        """End the visit and forget the person; what they can no longer undo is sent."""
        self._release()
        self._station.end_visit()

    def bookings(self, student_id: str) -> list[BookingRow]:
        """Return a student's bookings and waiting requests."""
        self._station.reading.refresh()
        return self._station.reading.bookings(student_id)

    async def place(self, asked: Place) -> RequestSettled | None:
        """Book; answer how the request stands, or None when this very request is under way."""
        if asked.request_id in self._placing:
            return None
        self._placing.add(asked.request_id)
        try:
            settled = await self._place(asked)
        finally:
            self._placing.discard(asked.request_id)
        return settled

    async def cancel(self, ref: str, *, hold: bool = False) -> CancelSettled:
        """Withdraw a request, or cancel a booking of the visiting student.

        Args:
            ref: which.
            hold: hold the cancel of a booking back, so that it can be undone.
        """
        try:
            request = self._station.queue.get(ref)
            if request and request.kind == "create" and request.state in WAITING:
                return await self._withdraw(request)
            return await self._cancel_booking(ref, hold=hold)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)
            return self._say(CancelSettled(ref=ref, state="refused", code=NOT_SAVED))

    def undo(self, ref: str) -> None:
        """Take back a cancel that is held back."""
        try:
            undoing.undo(self._station, ref)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)

    def refusal_read(self, request_id: str) -> None:
        """Note that the student has read why a request was refused."""
        try:
            rejections.read(self._station, request_id)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)

    async def move(self, asked: Move) -> MoveSettled:
        """Move a booking of the visiting student; return the booking as it is then, or why not."""
        await self._send_held()
        return await moving.move(self._station, asked)

    async def wait(self, asked: Wait) -> WaitSettled:
        """Join or leave a waitlist for the visiting student, or decline its offer."""
        return await waiting.step(self._station, asked)

    async def claim(self, asked: Claim) -> RequestSettled:
        """Book the seat that a waitlist offers the visiting student."""
        await self._send_held()
        return await waiting.claim(self._station, asked)

    async def _place(self, asked: Place) -> RequestSettled:
        station = self._station
        station.reading.refresh()
        known = station.queue.get(asked.request_id) or station.queue.by_key(asked.key)
        if known is not None:
            return self._answer(known)
        row = station.reading.session(asked.session_id, asked.student_id)
        if row is None:
            return self._refuse(asked, Code.SESSION_NOT_FOUND)
        if station.link.worth_asking:
            return await self._save(asked, row, None)
        hold = self._hold(asked, row)
        if refusal := self._offline_refusal(asked, row, hold):
            return self._refuse(asked, refusal)
        try:
            return await self._save(asked, row, hold)
        except SlotGone:  # its deadline passed between two lines
            return await self._save(asked, row, None)

    async def _save(self, asked: Place, row: SessionRow, hold: Hold | None) -> RequestSettled:
        """Put it on disk, with the seat that makes it a promise if there is one."""
        station, contact = self._station, ""
        if visiting := self._who(asked):
            contact = visiting.student.contact_id
        lease = LeasedSeat(slot=hold.ref.slot, generation=hold.ref.generation) if hold else None
        now = station.clock.now()
        try:
            body = requests.create_body(asked, row, contact, now, lease)
            saved = station.queue.save(requests.create_request(asked, row, body), now, hold)
        except msgspec.ValidationError:
            return self._refuse(asked, Code.VALIDATION_ERROR)
        except CacheUnavailable as problem:
            station.storage_failed(problem)
            return self._refuse(asked, NOT_SAVED)
        if hold:
            self._leases.tick()
        return await self._saved(saved)

    def _who(self, asked: Place) -> Visiting | None:
        visiting = self._station.visiting
        here = visiting is not None and visiting.student.student_id == asked.student_id
        return visiting if here else None

    def _hold(self, asked: Place, row: SessionRow) -> Hold | None:
        """Return a leased seat if everything allows to promise it, or None."""
        station, visiting = self._station, self._who(asked)
        if visiting is None or not row.guaranteed or station.suffers(*_UNSOUND):
            return None
        if station.queue.count_waiting() >= leases.MOST_WAITING:
            return None
        own = [r for r in station.queue.waiting(asked.student_id) if r.kind == "create"]
        if not tokens.may_spend(row.mock_type, visiting.balances, len(own)):
            return None
        return self._leases.hold(row.session_id)

    async def _saved(self, request: Request) -> RequestSettled:
        """The request is on disk: say so, and send it while the line is there."""
        station = self._station
        station.storage_works()
        station.publish(RequestSaved(request_id=request.id, number=request.number))
        self._tell_rows(request.subject.session_id)
        station.say_link()
        if station.link.worth_asking:
            try:
                request = await self._replay.send_now(request.id, request.student_ref)
            except CacheUnavailable as problem:
                # It is saved, and maybe booked; its key will bring the same answer again.
                station.storage_failed(problem)
            if request.state not in WAITING:
                return requests.settled(request)  # replay has published it
        return self._answer(request)

    def _offline_refusal(self, asked: Place, row: SessionRow, hold: Hold | None) -> Code | None:
        """Judge by what this device knows, its own waiting requests included (K13)."""
        station = self._station
        seat = admission.Seat(
            mock_type=row.mock_type,
            exam_date=row.exam_date,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            time_zone=row.time_zone,
            is_active=row.is_active,
            left=row.left + (hold is not None),
        )
        now = station.server_now()
        if code := admission.session_refusal(seat, row.mock_type, row.exam_date, now):
            return code
        own = station.reading.bookings(asked.student_id)
        held = [
            admission.Held(
                mock_type=b.mock_type,
                exam_date=b.exam_date,
                starts_at=b.starts_at,
                ends_at=b.ends_at,
            )
            for b in own
            if b.standing in _HELD
        ]
        visiting, balances = self._who(asked), None
        if visiting:
            types = (b.mock_type for b in own if b.standing in _OPEN)
            balances = tokens.after_paying(visiting.balances, types)
        return admission.admission_refusal(seat, held, balances)

    async def _withdraw(self, request: Request) -> CancelSettled:
        station = self._station
        if request.attempts == 0:
            station.queue.discard(request, station.clock.now(), None)
            self._leases.tick()
            self._tell_rows(request.subject.session_id)
            station.say_link()
            return self._say(CancelSettled(ref=request.id, state="cancelled"))
        # It may be booked already: only the server can take that back, after its answer (K16).
        cancel = station.queue.following(request.id) or station.queue.save(
            requests.withdrawal(str(uuid4()), request), station.clock.now()
        )
        return await self._send_cancel(cancel, request.id)

    async def _cancel_booking(self, ref: str, *, hold: bool) -> CancelSettled:
        station, visiting = self._station, self._station.visiting
        if visiting is None:
            return self._say(CancelSettled(ref=ref, state="refused", code=Code.UNAUTHORIZED))
        student = visiting.student
        row = next((b for b in self.bookings(student.student_id) if b.ref == ref), None)
        if row is None:
            return self._say(CancelSettled(ref=ref, state="refused", code=Code.BOOKING_NOT_FOUND))
        if row.starts_at <= station.server_now():
            return self._say(CancelSettled(ref=ref, state="refused", code=Code.SESSION_CLOSED))
        known = station.queue.cancel_of(ref)
        cancel = known or station.queue.save(
            requests.cancel_request(str(uuid4()), row, student.student_id, student.email),
            station.clock.now(),
        )
        if hold and known is None and undoing.may_hold(row, station.server_now()):
            settled = self._say(undoing.hold(station, cancel))
            self._tell_rows(row.session_id)
            station.say_link()
            await self._send_held(but=cancel.id)
            return settled
        return await self._send_cancel(cancel, ref)

    def _release(self) -> None:
        try:
            undoing.release(self._station)
        except CacheUnavailable as problem:
            self._station.storage_failed(problem)

    async def _send_held(self, but: str = "") -> None:
        """Send the cancels that are held back, because the student goes on to something else."""
        station = self._station
        for cancel in undoing.held(station, but) if station.link.worth_asking else ():
            try:
                await self._replay.send_now(cancel.id, cancel.student_ref)
            except CacheUnavailable as problem:
                station.storage_failed(problem)

    async def _send_cancel(self, cancel: Request, ref: str) -> CancelSettled:
        station = self._station
        self._tell_rows(cancel.subject.session_id)
        if station.link.worth_asking:
            cancel = await self._replay.send_now(cancel.id, cancel.student_ref)
        station.say_link()
        if cancel.state is State.REFUSED:
            return CancelSettled(ref=ref, state="refused", code=cancel.last_code)
        if cancel.state not in WAITING:
            return requests.cancelled(ref, cancel)
        return self._say(CancelSettled(ref=ref, state="queued"))

    def _answer(self, request: Request) -> RequestSettled:
        settled = requests.settled(request)
        self._station.publish(settled)
        return settled

    def _refuse(self, asked: Place, code: str) -> RequestSettled:
        settled = RequestSettled(request_id=asked.request_id, state="refused", number="", code=code)
        self._station.publish(settled)
        return settled

    def _say(self, settled: CancelSettled) -> CancelSettled:
        self._station.publish(settled)
        return settled

    def _tell_rows(self, session_id: str) -> None:
        self._station.publish(SessionsChanged(frozenset({session_id})))
        self._station.publish(BookingsChanged())
