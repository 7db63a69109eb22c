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
    CreatedBooking,
    CreateDiscussionBooking,
    CreateExamBooking,
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
    SnapshotPage,
)
from kiosk_app.contract.envelope import Success
from kiosk_app.contract.live import LAST_EVENT_HEADER
from kiosk_app.contract.sessions import AvailableSession, MockType
from kiosk_app.gateway.http import READ_SECONDS, WRITE_SECONDS, Call, Http
from kiosk_app.gateway.outcomes import Accepted, Failed, Outcome, Refused, Trouble, Unreachable
from kiosk_app.gateway.stream import Hint

T = TypeVar("T")
PAGE = 100
"""Bookings of one page."""
FEED_PAGE = 2_000
"""Sessions of one page of feed and snapshot: about a megabyte."""
_NOT_FOUND = 404

_json = msgspec.json.Encoder().encode
_enrolment = msgspec.json.Decoder(Enrolment)
_capabilities = msgspec.json.Decoder(Capabilities)
_health = msgspec.json.Decoder(Health)
_visit = msgspec.json.Decoder(Visit)
_changes = msgspec.json.Decoder(ChangePage)
_snapshot = msgspec.json.Decoder(SnapshotPage)
_credit = msgspec.json.Decoder(Success[CreditAnswer])
_created = msgspec.json.Decoder(Success[CreatedBooking])
_cancelled = msgspec.json.Decoder(Success[CancelledBooking])
_noted = msgspec.json.Decoder(RejectionNoted)
_bookings = msgspec.json.Decoder(Success[BookingList])
_sessions = msgspec.json.Decoder(Success[list[AvailableSession]])


class Gateway:
    """Every call a kiosk makes; nothing here raises for what network or server did."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def close(self) -> None:
        """End all connections."""
        await self._http.close()

    async def health(self) -> Outcome[Health]:
        """Ask whether the server lives, and what time it has (K21, K34)."""
        call = Call(method="GET", route=routes.HEALTH, path=routes.HEALTH)
        return await self._http.ask(call, _health)

    async def enrol(self, code: str) -> Outcome[Enrolment]:
        """Trade a one-time code for a device token (K25)."""
        call = _post(routes.DEVICES_ENROL, Enrol(code))
        return await self._http.ask(call, _enrolment)

    async def capabilities(self) -> Outcome[Capabilities]:
        """Ask what is offered beyond the documented floor; *nothing* when there is no such page."""
        outcome = await self._http.ask(_get(routes.CAPABILITIES), _capabilities)
        nothing = Accepted(Capabilities(version="", features=[]))
        match outcome:
            case Refused(status=404):
                return nothing
            case Unreachable(Trouble.WRONG_SERVER, detail) if f"HTTP {_NOT_FOUND}" in detail:
                return nothing
        return outcome

    async def begin_visit(self, student_id: str, email: str) -> Outcome[Visit]:
        """Prove a student by ID and e-mail together."""
        call = _post(routes.VISITS, BeginVisit(student_id, email))
        return await self._http.ask(call, _visit)

    async def discussion_credits(self, student_id: str, email: str) -> Outcome[CreditAnswer]:
        """Check ID and e-mail, and ask for discussion tokens (A18)."""
        body = ValidateDiscussionCredits(student_id, email)
        return _data(await self._http.ask(_post(routes.DISCUSSIONS_VALIDATE, body), _credit))

    async def exam_credits(
        self, student_id: str, email: str, mock_type: MockType
    ) -> Outcome[CreditAnswer]:
        """Check ID and e-mail, and ask for the tokens of one exam type (B11)."""
        body = ValidateExamCredits(student_id, email, mock_type.value)
        return _data(await self._http.ask(_post(routes.EXAMS_VALIDATE, body), _credit))

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
        call = _post(routes.DISCUSSIONS_CANCEL, body, _visit_header(visit), WRITE_SECONDS)
        return _data(await self._http.ask(call, _cancelled))

    async def cancel_exam(self, ref: str, *, visit: str | None = None) -> Outcome[CancelledBooking]:
        """Cancel an exam (B16)."""
        call = Call(
            method="DELETE",
            route=routes.BOOKING,
            path=routes.PREFIX + routes.BOOKING.format(ref=quote(ref, safe="")),
            headers=_visit_header(visit),
            seconds=WRITE_SECONDS,
        )
        return _data(await self._http.ask(call, _cancelled))

    async def report_rejection(self, body: RejectedRequest) -> Outcome[RejectionNoted]:
        """Tell of a queued booking that was refused, so that its student is written to (K15)."""
        return await self._http.ask(_post(routes.OUTBOX_REJECTIONS, body), _noted)

    async def bookings(
        self, contact: str, page: int, *, visit: str | None = None
    ) -> Outcome[BookingList]:
        """Ask for one page of a student's bookings of both systems (A38)."""
        call = Call(
            method="GET",
            route=routes.BOOKINGS_BY_CONTACT,
            path=routes.PREFIX + routes.BOOKINGS_BY_CONTACT.format(contact=quote(contact, safe="")),
            query={"page": str(page), "page_size": str(PAGE)},
            headers=_visit_header(visit),
        )
        return _data(await self._http.ask(call, _bookings))

    async def changes(self, cursor: str) -> Outcome[ChangePage]:
        """Ask what changed behind a cursor."""
        query = {"cursor": cursor, "limit": str(FEED_PAGE)}
        return await self._http.ask(_get(routes.CHANGES, query), _changes)

    async def snapshot(self, after: str | None, cursor: str | None) -> Outcome[SnapshotPage]:
        """Ask for one page of all sessions; hand `after` and `cursor` of the page before back."""
        query = {"limit": str(FEED_PAGE)}
        query |= {"after": after} if after else {}
        query |= {"cursor": cursor} if cursor else {}
        return await self._http.ask(_get(routes.SNAPSHOT, query), _snapshot)

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

    async def discussions(self) -> Outcome[list[AvailableSession]]:
        """Ask for the documented listing of discussions (A8); fresh, because somebody waits."""
        query = {"include_capacity": "true", "realtime": "true"}
        return _data(await self._http.ask(_get(routes.DISCUSSIONS_AVAILABLE, query), _sessions))

    async def exams(self) -> Outcome[list[AvailableSession]]:
        """Ask for the documented listing of exams (B12)."""
        query = {"include_capacity": "true", "realtime": "true"}
        return _data(await self._http.ask(_get(routes.EXAMS_AVAILABLE, query), _sessions))

    async def _create(
        self,
        route: str,
        body: CreateDiscussionBooking | CreateExamBooking,
        key: str,
        replay: bool,  # noqa: FBT001 - private, and named in both public methods
        visit: str | None,
    ) -> Outcome[CreatedBooking]:
        headers = {IDEMPOTENCY_HEADER: key, **_visit_header(visit)}
        if replay:
            headers[REPLAY_HEADER] = "1"
        call = _post(route, body, headers, WRITE_SECONDS)
        outcome = _data(await self._http.ask(call, _created))
        if isinstance(outcome, Accepted):
            repeated = outcome.value.idempotent_request is True
            return Accepted(outcome.value, repeated)
        return outcome


def _get(route: str, query: dict[str, str] | None = None) -> Call:
    return Call(method="GET", route=route, path=routes.PREFIX + route, query=query or {})


def _post(
    route: str,
    body: msgspec.Struct,
    headers: dict[str, str] | None = None,
    seconds: float = READ_SECONDS,
) -> Call:
    return Call(
        method="POST",
        route=route,
        path=routes.PREFIX + route,
        body=_json(body),
        headers=headers or {},
        seconds=seconds,
    )


def _visit_header(token: str | None) -> dict[str, str]:
    return {routes.VISIT_HEADER: token} if token else {}


def _data(outcome: Outcome[Success[T]]) -> Outcome[T]:
    """Take the value out of the documented envelope."""
    if isinstance(outcome, Accepted):
        return Accepted(outcome.value.data, outcome.value.idempotent is True)
    return outcome
