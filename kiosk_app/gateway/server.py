"""The booking backend as the kiosk sees it: one method per call, an outcome for each."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

import msgspec

from kiosk_app.contract import routes
from kiosk_app.contract.bookings import (
    IDEMPOTENCY_HEADER,
    REPLAY_HEADER,
    BookingList,
    CancelBookingBody,
    CancelledBooking,
    CreateBooking,
    CreatedBooking,
    CreateDiscussionBooking,
    CreateExamBooking,
    Pagination,
    RejectedRequest,
    RejectionNoted,
)
from kiosk_app.contract.credits import (
    BeginVisit,
    CreditAnswer,
    ValidateDiscussionCredits,
    ValidateExamCredits,
    Visit,
)
from kiosk_app.contract.devices import (
    Capabilities,
    ChangePage,
    Enrol,
    Enrolment,
    Health,
    MonthSum,
    SnapshotPage,
)
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.leases import LeaseAnswer, LeaseSync
from kiosk_app.contract.live import LAST_EVENT_HEADER
from kiosk_app.contract.mailing import MailedBooking
from kiosk_app.contract.moves import MoveBooking, MovedBooking
from kiosk_app.contract.sessions import MockType
from kiosk_app.gateway import documented
from kiosk_app.gateway.calls import data, encode, get, post, visit_header
from kiosk_app.gateway.http import WRITE_SECONDS, Call, Http, Room
from kiosk_app.gateway.outcomes import Accepted, Failed, Outcome, Refused, Trouble, Unreachable
from kiosk_app.gateway.pages import PageDecoder
from kiosk_app.gateway.staff import StaffDesk
from kiosk_app.gateway.stream import Hint
from kiosk_app.gateway.waiting import Waitlists

T = TypeVar("T")
PAGE = 100
"""Bookings of one page."""
_NOT_FOUND = 404


class _Records(msgspec.Struct, frozen=True):
    bookings: list[documented.Recorded]
    pagination: Pagination


_enrolment = msgspec.json.Decoder(Enrolment)
_capabilities = msgspec.json.Decoder(Capabilities)
_health = msgspec.json.Decoder(Health)
_visit = msgspec.json.Decoder(Visit)
_filters = msgspec.json.Decoder(SavedFilters)
_changes = PageDecoder(ChangePage)
_snapshot = PageDecoder(SnapshotPage)
_sum = msgspec.json.Decoder(MonthSum)
_credit = msgspec.json.Decoder(Success[documented.Checked])
_created = msgspec.json.Decoder(Success[documented.Created])
_cancelled = msgspec.json.Decoder(Success[CancelledBooking])
_mailed = msgspec.json.Decoder(Success[MailedBooking])
_moved = msgspec.json.Decoder(Success[MovedBooking])
_noted = msgspec.json.Decoder(RejectionNoted)
_bookings = msgspec.json.Decoder(Success[_Records])
_leases = msgspec.json.Decoder(LeaseAnswer)
_sessions = msgspec.json.Decoder(Success[list[documented.Listed]])


class Gateway:
    """Every call a kiosk makes; nothing here raises for what network or server did."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self.waitlists = Waitlists(http)
        self.staff = StaffDesk(http)

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    @property
    def room_to_write(self) -> Room | None:
        """How many bookings and cancels the server still takes; None when it never said (A37)."""
        return self._http.rooms.get("writes")

    async def health(self) -> Outcome[Health]:
        """Ask whether the server lives, and what time it has (K21, K34).

        Where there is no such page, the documented listing of discussions is the sign of life.
        """
        call = Call(method="GET", route=routes.HEALTH, path=routes.HEALTH)
        outcome = await self._http.ask(call, _health)
        if not _is_missing(outcome):
            return outcome
        listed = await self.discussions()
        if isinstance(listed, Accepted):
            return Accepted(documented.health(listed.value))
        return listed

    async def enrol(self, code: str) -> Outcome[Enrolment]:
        """Trade a one-time code for a device token (K25).

        A server that answers the documented listing to anybody and knows no devices gives none.
        """
        call = post(routes.DEVICES_ENROL, Enrol(code))
        outcome = await self._http.ask(call, _enrolment)
        if _is_missing(outcome) and isinstance(await self.discussions(), Accepted):
            return Accepted(documented.ENROLMENT)
        return outcome

    async def capabilities(self) -> Outcome[Capabilities]:
        """Ask what is offered beyond the documented floor; *nothing* when there is no such page."""
        outcome = await self._http.ask(get(routes.CAPABILITIES), _capabilities)
        if _is_missing(outcome):
            return Accepted(Capabilities(version="", features=[]))
        return outcome

    async def begin_visit(self, student_id: str, email: str) -> Outcome[Visit]:
        """Prove a student by ID and e-mail together."""
        call = post(routes.VISITS, BeginVisit(student_id, email))
        return await self._http.ask(call, _visit)

    async def keep_filters(self, filters: SavedFilters, visit: str) -> Outcome[SavedFilters]:
        """Let the server keep how the visitor narrows the sessions (A79)."""
        call = Call(
            method="PUT",
            route=routes.VISIT_FILTERS,
            path=routes.PREFIX + routes.VISIT_FILTERS,
            body=encode(filters),
            headers=visit_header(visit),
        )
        return await self._http.ask(call, _filters)

    async def discussion_credits(self, student_id: str, email: str) -> Outcome[CreditAnswer]:
        """Check ID and e-mail, and ask for discussion tokens (A18)."""
        body = ValidateDiscussionCredits(student_id, email)
        outcome = await self._http.ask(post(routes.DISCUSSIONS_VALIDATE, body), _credit)
        return _checked(outcome, MockType.MOCK_DISCUSSION)

    async def exam_credits(
        self, student_id: str, email: str, mock_type: MockType
    ) -> Outcome[CreditAnswer]:
        """Check ID and e-mail, and ask for the tokens of one exam type (B11)."""
        body = ValidateExamCredits(student_id, email, mock_type.value)
        return _checked(await self._http.ask(post(routes.EXAMS_VALIDATE, body), _credit), mock_type)

    async def create_discussion(
        self, body: CreateDiscussionBooking, key: str, *, replay: bool, visit: str | None = None
    ) -> Outcome[CreatedBooking]:
        """Book a discussion (A24)."""
        return await self._create(routes.DISCUSSIONS_CREATE, body, key, replay, visit)

    async def create_exam(
        self, body: CreateExamBooking, key: str, *, replay: bool, visit: str | None = None
    ) -> Outcome[CreatedBooking]:
        """Book an exam (B13)."""
        return await self._create(routes.BOOKINGS_CREATE, body, key, replay, visit)

    async def cancel_discussion(
        self, body: CancelBookingBody, *, visit: str | None = None
    ) -> Outcome[CancelledBooking]:
        """Cancel a discussion (A39)."""
        call = post(routes.DISCUSSIONS_CANCEL, body, visit_header(visit), WRITE_SECONDS)
        return data(await self._http.ask(call, _cancelled))

    async def cancel_exam(self, ref: str, *, visit: str | None = None) -> Outcome[CancelledBooking]:
        """Cancel an exam (B16)."""
        call = Call(
            method="DELETE",
            route=routes.BOOKING,
            path=routes.PREFIX + routes.BOOKING.format(ref=quote(ref, safe="")),
            headers=visit_header(visit),
            seconds=WRITE_SECONDS,
        )
        return data(await self._http.ask(call, _cancelled))

    async def move_booking(
        self, ref: str, body: MoveBooking, key: str, *, visit: str | None = None
    ) -> Outcome[MovedBooking]:
        """Move a booking to another session; the same key again asks what became of it."""
        call = Call(
            method="POST",
            route=routes.BOOKING_RESCHEDULE,
            path=routes.PREFIX + routes.BOOKING_RESCHEDULE.format(ref=quote(ref, safe="")),
            body=encode(body),
            headers={IDEMPOTENCY_HEADER: key, **visit_header(visit)},
            seconds=WRITE_SECONDS,
        )
        outcome = data(await self._http.ask(call, _moved))
        if isinstance(outcome, Accepted):
            return Accepted(outcome.value, outcome.value.idempotent_request is True)
        return outcome

    async def mail_booking(
        self, ref: str, key: str, *, visit: str | None = None
    ) -> Outcome[MailedBooking]:
        """Have the confirmation of a booking mailed once more; the same key never mails twice."""
        call = Call(
            method="POST",
            route=routes.BOOKING_EMAIL,
            path=routes.PREFIX + routes.BOOKING_EMAIL.format(ref=quote(ref, safe="")),
            headers={IDEMPOTENCY_HEADER: key, **visit_header(visit)},
            seconds=WRITE_SECONDS,
        )
        return data(await self._http.ask(call, _mailed))

    async def sync_leases(self, body: LeaseSync) -> Outcome[LeaseAnswer]:
        """Tell what leased seats this device holds, and hear what becomes of them."""
        return await self._http.ask(post(routes.LEASES_SYNC, body), _leases)

    async def report_rejection(self, body: RejectedRequest) -> Outcome[RejectionNoted]:
        """Tell of a queued booking that was refused, so that its student is written to (K15)."""
        return await self._http.ask(post(routes.OUTBOX_REJECTIONS, body), _noted)

    async def bookings(
        self, contact: str, page: int, *, visit: str | None = None
    ) -> Outcome[BookingList]:
        """Ask for one page of a student's bookings of both systems (A38)."""
        call = Call(
            method="GET",
            route=routes.BOOKINGS_BY_CONTACT,
            path=routes.PREFIX + routes.BOOKINGS_BY_CONTACT.format(contact=quote(contact, safe="")),
            query={"page": str(page), "page_size": str(PAGE)},
            headers=visit_header(visit),
        )
        outcome = data(await self._http.ask(call, _bookings))
        if not isinstance(outcome, Accepted):
            return outcome
        records = [documented.recorded(one) for one in outcome.value.bookings]
        return Accepted(BookingList(records, outcome.value.pagination))

    async def changes(self, cursor: str, limit: int) -> Outcome[ChangePage]:
        """Ask what changed behind a cursor, for so many sessions at most."""
        query = {"cursor": cursor, "limit": str(limit)}
        return await self._http.ask(get(routes.CHANGES, query), _changes)

    async def month_sum(self, month: str, cursor: str) -> Outcome[MonthSum]:
        """Ask what the open sessions of a month, `2027-03`, come to."""
        query = {"month": month, "cursor": cursor}
        return await self._http.ask(get(routes.CHANGES_SUM, query), _sum)

    async def snapshot(
        self, after: str | None, cursor: str | None, limit: int
    ) -> Outcome[SnapshotPage]:
        """Ask for one page of all sessions; hand `after` and `cursor` of the page before back."""
        query = {"limit": str(limit)}
        query |= {"after": after} if after else {}
        query |= {"cursor": cursor} if cursor else {}
        return await self._http.ask(get(routes.SNAPSHOT, query), _snapshot)

    async def follow(
        self, last: str | None, heard: Callable[[Hint], None], silence: float
    ) -> Failed:
        """Follow the server's events until the stream ends, and say how it did (K20).

        Args:
            last: id of the last event heard, or None to begin now.
            heard: called for each event.
            silence: seconds without a byte after which the stream is dead.
        """
        headers = {"Accept": "text/event-stream"}
        headers |= {LAST_EVENT_HEADER: last} if last else {}
        call = Call(
            method="GET",
            route=routes.EVENTS,
            path=routes.PREFIX + routes.EVENTS,
            headers=headers,
            seconds=silence,
        )
        return await self._http.follow(call, heard)

    async def discussions(self) -> Outcome[list[documented.Listed]]:
        """Ask for the documented listing of discussions (A8); fresh, because somebody waits."""
        query = {"include_capacity": "true", "realtime": "true"}
        return data(await self._http.ask(get(routes.DISCUSSIONS_AVAILABLE, query), _sessions))

    async def exams(self) -> Outcome[list[documented.Listed]]:
        """Ask for the documented listing of exams (B12)."""
        query = {"include_capacity": "true", "realtime": "true"}
        return data(await self._http.ask(get(routes.EXAMS_AVAILABLE, query), _sessions))

    async def _create(
        self,
        route: str,
        body: CreateBooking,
        key: str,
        replay: bool,  # noqa: FBT001 - private, and named in both public methods
        visit: str | None,
    ) -> Outcome[CreatedBooking]:
        headers = {IDEMPOTENCY_HEADER: key, **visit_header(visit)}
        if replay:
            headers[REPLAY_HEADER] = "1"
        call = post(route, body, headers, WRITE_SECONDS)
        outcome = data(await self._http.ask(call, _created))
        if isinstance(outcome, Accepted):
            repeated = outcome.value.idempotent_request is True
            return Accepted(documented.created(outcome.value), repeated)
        return outcome


def _is_missing(outcome: Outcome[T]) -> bool:
    """Say whether there is no such page, by our refusal or by anybody's 404."""
    match outcome:
        case Refused(status=404):
            return True
        case Unreachable(Trouble.WRONG_SERVER, detail):
            return f"HTTP {_NOT_FOUND}" in detail
    return False


def _checked(
    outcome: Outcome[Success[documented.Checked]], kind: MockType
) -> Outcome[CreditAnswer]:
    """Take a credit check out of its envelope; the kind is the one that was asked for."""
    if isinstance(outcome, Accepted):
        return Accepted(msgspec.structs.replace(outcome.value.data, mock_type=kind))
    return outcome
