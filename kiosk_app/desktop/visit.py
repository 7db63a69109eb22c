"""One person's visit: who is there, what they hold, and the requests they made.

The views know this object and no other door to the engine. It turns taps into intents, engine
events into signals, and asks `domain` for an instant opinion before anybody types (architecture §4).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from PySide6.QtCore import QObject, Signal, SignalInstance

from kiosk_app.contract.credits import Balances, Student
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.doorstep import Doorstep
from kiosk_app.desktop.opinion import Choices, Opinion
from kiosk_app.domain import admission, identifiers, tokens
from kiosk_app.domain.listing import BookingRow, SessionRow, Standing, WaitRow
from kiosk_app.domain.waitlist import list_is_open
from kiosk_app.sync import events, intents
from kiosk_app.sync.events import Answer, Event, LinkChanged, LinkState
from kiosk_app.sync.intents import Intent
from kiosk_app.sync.reading import Reading

_OPEN_REQUEST = frozenset(
    {Standing.SENDING, Standing.GUARANTEED, Standing.UNKNOWN, Standing.QUEUED}
)
_UNSYNCED = _OPEN_REQUEST | {Standing.CANCELLING}
_HELD = _OPEN_REQUEST | {Standing.CONFIRMED, Standing.COMPLETED}


class Visit(QObject):
    """The state of the person at the screen.

    Args:
        reading: rows of mirror and queue, on this thread.
        send: the door to the engine.
        now: the clock; UTC.
        parent: owner.
    """

    began = Signal()
    asked = Signal(str)
    """The first letters of whoever a card and an e-mail name; `confirm` or `sign_out` is due."""
    refused = Signal(object)
    """VisitRefused: nobody was signed in."""
    ended = Signal(bool)
    """True when the visit token lapsed rather than the person leaving."""
    balances_changed = Signal()
    bookings_changed = Signal()
    sessions_changed = Signal(object)
    """frozenset of session ids, or None for all."""
    link_changed = Signal()
    chances_changed = Signal()
    """Because of the link something else can be booked, or in another way."""
    saved = Signal(object)
    settled = Signal(object)
    cancel_settled = Signal(object)
    move_settled = Signal(object)
    pass_mailed = Signal(object)
    waits_changed = Signal()
    wait_settled = Signal(object)
    calendar_file_ready = Signal(object)
    staff_told = Signal(object)
    """What staff asked for (`events.StaffNews`)."""
    outbox_told = Signal(object)
    """OutboxListed, RequestTried or OutboxExported: what staff asked of the outbox."""
    fault_raised = Signal(object)
    fault_cleared = Signal(object)

    def __init__(
        self,
        reading: Reading,
        send: Callable[[Intent], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.reading = reading
        self.now = now
        self.student: Student | None = None
        self.balances = Balances()
        self.balances_at: datetime | None = None
        self.offline_identity = False
        self.filters: SavedFilters | None = None
        self.link = LinkChanged(state=LinkState.CONNECTING)
        self.waits: tuple[WaitRow, ...] = ()
        """Where the person waits for a seat, as the server last said."""
        self.left_waiting = 0
        """Requests that whoever left last had not got an answer to."""
        self._send = send
        self.doorstep = Doorstep()
        reading.show_leased(shown=False)

    @property
    def student_id(self) -> str | None:
        """The visiting student's number, for reading rows."""
        return self.student.student_id if self.student else None

    @property
    def online(self) -> bool:
        """Whether a booking would be answered at once."""
        return self.link.state is not LinkState.OFFLINE

    def identify(self, student_id: str, email: str, *, by_card: bool = False) -> None:
        """Ask who this is; capitals and spaces are tidied, both fields go together.

        Whoever came with a card is asked whether it is them, and begins their visit with `confirm`.
        """
        self.doorstep.by_card = by_card
        self._send(intents.Identify(student_id.strip().upper(), email.strip()))

    def confirm(self) -> None:
        """Begin the visit of whoever has just said that it is them."""
        held = self.doorstep.clear()
        if held is not None:
            self._begin(held)

    def sign_out(self) -> None:
        """Leave; everything personal is forgotten."""
        self._send(intents.SignOut())

    def keep_filters(self, filters: SavedFilters) -> None:
        """Let the server keep how the person narrows the sessions (A79); of nobody nothing is kept."""
        if self.student is not None and filters != self.filters:
            self.filters = filters
            self._send(intents.KeepFilters(filters))

    def sync_now(self) -> None:
        """Try the server at once."""
        self._send(intents.SyncNow())

    def ask_staff(self, intent: intents.StaffIntent) -> None:
        """Ask for what staff do; who they are is the engine's to know."""
        self._send(intent)

    def bookings(self) -> list[BookingRow]:
        """Return the visiting student's bookings and requests; empty when nobody is signed in."""
        return self.reading.bookings(self.student_id) if self.student_id else []

    def opinion(self, row: SessionRow) -> Opinion:
        """Say what booking `row` would cost and promise, or why it cannot be."""
        purse, promise = self.purse(), self._promise(row)
        pays = tokens.paying_field(row.mock_type, purse)
        before = tokens.spendable(row.mock_type, purse)
        return Opinion(
            refusal=self._refusal(
                row, purse, promised=promise == "guaranteed" or self.seat_offered(row.session_id)
            ),
            promise=promise,
            pays=pays,
            before=before,
            after=max(0, before - 1),
            balance=getattr(purse, pays.value) if pays else 0,
        )

    def place(self, row: SessionRow, choices: Choices) -> str:
        """Book; the request id and the key are made here, once, and returned (M14)."""
        if self.student is None:
            raise RuntimeError("nobody is signed in")
        request_id = str(uuid4())
        prefix = "idem_disc_" if row.mock_type is MockType.MOCK_DISCUSSION else "idem_"
        self._send(
            intents.Place(
                request_id=request_id,
                key=identifiers.new_client_key(prefix),
                session_id=row.session_id,
                name=self.student.name,
                student_id=self.student.student_id,
                email=self.student.email,
                discussion_format=choices.discussion_format,
                topic_preference=choices.topic_preference,
                attending_location=choices.attending_location,
                dominant_hand=choices.dominant_hand,
            )
        )
        return request_id

    def refusal_read(self, request_id: str) -> None:
        """Say that the person has read why this request was refused."""
        self._send(intents.RefusalRead(request_id))

    def claim(self, row: SessionRow, wait: WaitRow, choices: Choices) -> str:
        """Book the seat that is held for this wait; return the request id, as `place` does."""
        request_id = str(uuid4())
        self._send(
            intents.Claim(
                request_id=request_id,
                session_id=row.session_id,
                wait_id=wait.wait_id,
                discussion_format=choices.discussion_format,
                topic_preference=choices.topic_preference,
                attending_location=choices.attending_location,
                dominant_hand=choices.dominant_hand,
            )
        )
        return request_id

    def offers(self, feature: str) -> bool:
        """Say whether the server is known to offer something beyond the documented floor."""
        return feature in self.link.features

    def wait_for(self, session_id: str) -> WaitRow | None:
        """Return the person's place in the line for a session."""
        return next((wait for wait in self.waits if wait.session_id == session_id), None)

    def seat_offered(self, session_id: str) -> bool:
        """Say whether a seat of this session is held for the person now."""
        wait = self.wait_for(session_id)
        return self.online and wait is not None and wait.is_offered(self.now())

    def may_wait(self, row: SessionRow, *, full: bool) -> bool:
        """Say whether one may wait for a seat of a full session, by what this device knows.

        Nobody's tokens and bookings are unknown, and no reason against it.

        Args:
            row: the session.
            full: whether it is; the server may say so before the row does.
        """
        if not (full and row.is_active and self.online and self.offers("waitlist")):
            return False
        if not list_is_open(row.starts_at, self.now()) or self.wait_for(row.session_id):
            return False
        free = self._refusal(row, self.purse(), promised=True) if self.student else None
        return free is None

    def step_wait(
        self, session_id: str, step: intents.WaitStep, wait: WaitRow | None = None
    ) -> None:
        """Join or leave a waitlist, or decline what `wait` offers."""
        wait_id = wait.wait_id if wait else ""
        self._send(intents.Wait(session_id=session_id, step=step, wait_id=wait_id))

    def cancel(self, ref: str, *, hold: bool = False) -> None:
        """Cancel a booking, or withdraw a waiting request; `hold` lets a cancel be undone."""
        self._send(intents.Cancel(ref, hold))

    def undo_cancel(self, ref: str) -> None:
        """Take back a cancel that is held back."""
        self._send(intents.Undo(ref))

    def may_move(self, booking: BookingRow) -> bool:
        """Say whether a booking may be moved, by what the server last said of it."""
        return booking.can_move and self.offers("moves")

    def move_refusal(self, booking: BookingRow, row: SessionRow) -> Code | None:
        """Return why a booking cannot move to a session of its type; its token goes with it."""
        if row.session_id == booking.session_id:
            return Code.SAME_SESSION
        return self._refusal(row, None, leaving=booking.ref)

    def move(self, ref: str, row: SessionRow, key: str) -> None:
        """Move a booking; the same key again asks what became of it."""
        self._send(intents.Move(ref=ref, session_id=row.session_id, key=key))

    def mail_pass(self, ref: str, key: str) -> None:
        """Have the confirmation of a booking mailed once more; the same key never mails twice."""
        self._send(intents.MailPass(ref, key))

    def make_calendar_file(self, ref: str) -> None:
        """Ask for a booking as an iCalendar file."""
        self._send(intents.MakeCalendarFile(ref))

    def handle(self, event: Event) -> None:  # noqa: C901, PLR0912 - one branch per kind of event
        """Take an event of the engine; call on the GUI thread only."""
        match event:
            case events.EngineReady():
                pass
            case events.LinkChanged():
                self._take_link(event)
            case events.SessionsChanged(ids):
                self.reading.refresh()
                self.sessions_changed.emit(ids)
            case events.VisitBegan():
                letters = self.doorstep.hold(event)
                self._begin(event) if letters is None else self.asked.emit(letters)
            case events.VisitRefused():
                self.refused.emit(event)
            case events.VisitEnded(expired):
                self.left_waiting = sum(b.standing in _UNSYNCED for b in self.bookings())
                self._forget()
                self.ended.emit(expired)
            case events.BalancesChanged():
                if not self.doorstep.keep_balances(event):
                    self.balances, self.balances_at = event.balances, event.as_of
                    self.balances_changed.emit()
            case events.BookingsChanged():
                self.reading.refresh()
                self.bookings_changed.emit()
            case events.CalendarFileReady():
                self.calendar_file_ready.emit(event)
            case events.WaitsChanged(waits):
                self.waits = waits
                self.waits_changed.emit()
            case (
                events.AttentionListed()
                | events.LettersRead()
                | events.ItemSettled()
                | events.ItemSnoozed()
                | events.ItemWoken()
                | events.HelpRead()
            ):
                self.staff_told.emit(event)
            case events.OutboxListed() | events.RequestTried() | events.OutboxExported():
                self.outbox_told.emit(event)
            case events.FaultRaised():
                self.fault_raised.emit(event)
            case events.FaultCleared():
                self.fault_cleared.emit(event)
            case _:
                self._answered(event)

    def _answered(self, event: Answer) -> None:
        signals: dict[type[Answer], SignalInstance] = {
            events.RequestSaved: self.saved,
            events.RequestSettled: self.settled,
            events.CancelSettled: self.cancel_settled,
            events.MoveSettled: self.move_settled,
            events.PassMailed: self.pass_mailed,
            events.WaitSettled: self.wait_settled,
        }
        signals[type(event)].emit(event)

    def _take_link(self, event: LinkChanged) -> None:
        was, before, self.link = self.online, self.link, event
        self.reading.show_leased(shown=not self.online)
        self.link_changed.emit()
        if event.allows != before.allows:
            self.chances_changed.emit()
        if self.online is not was:
            self.sessions_changed.emit(None)

    def _begin(self, event: events.VisitBegan) -> None:
        self.student = event.student
        self.balances, self.balances_at = event.balances, event.balances_at
        self.offline_identity, self.filters = event.offline, event.filters
        self.reading.refresh()
        self.began.emit()

    def _forget(self) -> None:
        self.doorstep.clear()
        self.student, self.balances_at = None, None
        self.balances, self.offline_identity = Balances(), False
        self.waits, self.filters = (), None
        self.reading.refresh()

    def purse(self) -> Balances:
        """Balances less the tokens that waiting requests will take (K22)."""
        types = (b.mock_type for b in self.bookings() if b.standing in _OPEN_REQUEST)
        return tokens.after_paying(self.balances, types)

    def _promise(self, row: SessionRow) -> Literal["booked", "guaranteed", "queued"]:
        """Say what a tap would promise; nobody's tokens are unknown, not used up."""
        if self.online:
            return "booked"
        unsynced = sum(b.state is None for b in self.bookings() if b.standing in _UNSYNCED)
        trusted = self.student is None or tokens.may_spend(row.mock_type, self.balances, unsynced)
        return "guaranteed" if row.guaranteed and trusted else "queued"

    def _refusal(
        self,
        row: SessionRow,
        purse: Balances | None,
        *,
        promised: bool = False,
        leaving: str | None = None,
    ) -> Code | None:
        """Return why a session cannot be booked.

        Args:
            row: the session.
            purse: what can pay; None asks for no token.
            promised: a seat is kept for the person, beside those that are left.
            leaving: the booking that would be given up for it.
        """
        seat = admission.Seat(
            mock_type=row.mock_type,
            exam_date=row.exam_date,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            time_zone=row.time_zone,
            is_active=row.is_active,
            left=row.left + promised,
        )
        held = [
            admission.Held(
                mock_type=b.mock_type,
                exam_date=b.exam_date,
                starts_at=b.starts_at,
                ends_at=b.ends_at,
            )
            for b in self.bookings()
            if b.standing in _HELD and b.ref != leaving
        ]
        closed = admission.session_refusal(seat, row.mock_type, row.exam_date, self.now())
        return closed or admission.admission_refusal(seat, held, purse)
