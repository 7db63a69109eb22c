"""Server-sent events: go and look (K20), and seats as they change (A69).

Every event's id is a cursor of the change feed; `Last-Event-ID` brings what came after it again, or a
`notice` that says to look at everything. A stream ends when its device is revoked, when the server
stops, and when its socket is dead (`doorway.SILENCE_MS`).
"""

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, SkipValidation
from litestar.response import Stream

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.feed import Position
from kiosk_app.backend.core.live import Live, Told
from kiosk_app.backend.server.doorway import ENDLESS, STOPPING
from kiosk_app.backend.storage.feed import News
from kiosk_app.contract import routes
from kiosk_app.contract.live import (
    LAST_EVENT_HEADER,
    BookingsTouched,
    CapacityEvent,
    Notice,
    SessionsTouched,
    Topic,
)
from kiosk_app.contract.staff import ANYBODY
from kiosk_app.contract.wire import wire_instant

MEDIA_TYPE = "text/event-stream"
UNPACKED = "unpacked"
"""`opt` of a handler whose answer is never compressed: packing would hold events back."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_RETRY_MS = 5000
_BEAT = b":\n\n"
_OPTIONS: dict[str, Any] = {"roles": ANYBODY, "limit": "streams", UNPACKED: True}
_ANSWERS = {
    200: ResponseSpec(str, generate_examples=False, media_type=MEDIA_TYPE, description="Events.")
}
_Live = NamedDependency[SkipValidation[Live]]
_Caller = NamedDependency[SkipValidation[Caller]]
_LastEvent = Annotated[str | None, HeaderParameter(name=LAST_EVENT_HEADER, max_length=200)]
Speak = Callable[[Told], bytes]


@get(routes.EVENTS, media_type=MEDIA_TYPE, opt=_OPTIONS, responses=_ANSWERS)
async def events(
    request: Request[Any, Any, Any], live: _Live, caller: _Caller, last_event: _LastEvent = None
) -> Stream:
    """Sessions and bookings that changed, by their ids: read the change feed for the rest (K20).

    Everybody hears of sessions, a visitor of their own bookings, a desk of all bookings.
    """
    return _stream(request, live, caller, last_event, lambda told: _hints(told, caller))


@get(routes.EVENTS_CAPACITY, media_type=MEDIA_TYPE, opt=_OPTIONS, responses=_ANSWERS)
async def events_capacity(
    request: Request[Any, Any, Any], live: _Live, caller: _Caller, last_event: _LastEvent = None
) -> Stream:
    """The seats of every session that changes (A69)."""
    return _stream(request, live, caller, last_event, _capacities)


def _stream(
    request: Request[Any, Any, Any],
    live: Live,
    caller: Caller,
    last_event: str | None,
    speak: Speak,
) -> Stream:
    state = request.scope["state"]
    state[ENDLESS] = True
    # One that was on its way here when the server ended its streams would be waited for like any answer.
    frames = () if state.get(STOPPING) else _frames(live, caller, last_event, speak)
    return Stream(frames, media_type=MEDIA_TYPE, headers=_HEADERS)


async def _frames(
    live: Live, caller: Caller, last_event: str | None, speak: Speak
) -> AsyncIterator[bytes]:
    follower = live.follow(caller.device.id, last_event)
    # An id alone is no event, and still where a client that hears nothing more goes on from. Who
    # has one keeps it until what came after it was sent again.
    here = "" if last_event else f"id: {live.position.text()}\n"
    try:
        yield f"retry: {_RETRY_MS}\n{here}\n".encode()
        while not follower.ended:
            news = await live.news(follower)
            if follower.lost:
                follower.lost = False
                yield _frame(live.position, Topic.NOTICE, Notice())
            elif not follower.ended:
                yield b"".join(map(speak, news)) or _BEAT
    finally:
        live.leave(follower)


def _hints(told: Told, caller: Caller) -> bytes:
    """Say which sessions changed, and which bookings that are the caller's business."""
    shared = told.spoken.get(routes.EVENTS)
    if shared is None:
        ids = [str(one.id) for one in told.sessions]
        shared = _frame(told.position, Topic.CAPACITY, SessionsTouched(ids)) if ids else b""
        told.spoken[routes.EVENTS] = shared
    everything = caller.device.profile == "desk"
    mine = [
        str(one.id)
        for one in told.bookings
        if everything or (caller.visitor is not None and one.contact == caller.visitor)
    ]
    own = _frame(told.position, Topic.BOOKING, BookingsTouched(mine)) if mine else b""
    return shared + own


def _capacities(told: Told) -> bytes:
    """Say the seats of every session that changed."""
    spoken = told.spoken.get(routes.EVENTS_CAPACITY)
    if spoken is None:
        frames = (_capacity(told, one) for one in told.sessions)
        spoken = told.spoken[routes.EVENTS_CAPACITY] = b"".join(frames)
    return spoken


def _capacity(told: Told, news: News) -> bytes:
    session = news.session
    open_ = session is not None and session.is_active
    left = session.left if session else 0
    event = CapacityEvent(
        mock_exam_id=str(news.id),
        total_bookings=session.total_bookings if session else 0,
        available_slots=left if open_ else 0,
        status=("available" if left else "full") if open_ else "closed",
        at=wire_instant(told.at),
    )
    position = Position(told.position.epoch, news.xid, news.seq)
    return _frame(position, Topic.CAPACITY, event)


def _frame(position: Position, topic: Topic, data: msgspec.Struct) -> bytes:
    body = msgspec.json.encode(data).decode()
    return f"id: {position.text()}\nevent: {topic}\ndata: {body}\n\n".encode()


HANDLERS = (events, events_capacity)
