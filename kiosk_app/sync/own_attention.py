"""What staff must settle of this device's own requests, and what the way they choose does (R5, R8).

Everything is read from the outbox; beside it stands only what staff put off.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.attention import TOO_LONG, Choice, Item, OwnKind, OwnWay
from kiosk_app.domain.snoozing import Asleep, PutOff, refusal
from kiosk_app.gateway.outcomes import Accepted, Refused
from kiosk_app.sync import rejections
from kiosk_app.sync.events import ATTENTION_OFFLINE, NOT_SENT
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station

_ORDER = tuple(OwnKind)
_CURABLE = frozenset({Code.INSUFFICIENT_TOKENS, Code.STUDENT_NOT_FOUND})
"""Reasons that staff can take away, so that trying again is the best way out."""
_ANSWERED = frozenset({OwnKind.REFUSED, OwnKind.PROMISE_REFUSED})
_WITHDRAWN = frozenset({None, Code.BOOKING_CANCELLED})


class Actor(Struct, frozen=True):
    """Who acts on a request of this device, as far as that is known."""

    name: str = ""
    number: str = "device"
    """For the journal, which holds no names."""


NOBODY = Actor()
"""Whoever knows the PIN, or has the account of the profile."""


def own_items(requests: Iterable[Request], now: datetime, device: str = "") -> list[Item]:
    """Return what of an outbox needs a person: broken promises first, then the oldest."""
    found = [(kind, request) for request in requests if (kind := kind_of(request, now))]
    found.sort(key=lambda one: (_ORDER.index(one[0]), one[1].created_at))
    return [_item(kind, request, device) for kind, request in found]


def on_the_list(station: Station, device: str = "") -> list[Item]:
    """Return what of this device needs a person, each with how it is put off.

    Raises:
        CacheUnavailable: the outbox cannot be read.
    """
    now = station.clock.now()
    items = own_items(station.queue.unsettled(), now, device)
    return with_snoozes(items, station.queue.snoozes.all(), now)


def with_snoozes(items: Iterable[Item], put_off: Mapping[str, PutOff], now: datetime) -> list[Item]:
    """Return items with how each is put off, by this device's clock."""
    return [
        replace(item, asleep=_asleep(put, item))
        if (put := put_off.get(item.ref)) and put.sleeps(_state(item), item.starts_at, now)
        else item
        for item in items
    ]


def put_off(station: Station, ref: str, until: datetime, by: Actor, reason: str) -> Asleep | Code:
    """Put a request that needs a person off; return how, or the code of why not.

    Raises:
        CacheUnavailable: the outbox cannot be written.
    """
    found, now = find(station, ref), station.clock.now()
    if found is None:
        return Code.NOT_FOUND
    item = _item(*found, "")
    if code := refusal(until, now, item.starts_at):
        return code
    put = PutOff(until=until, at=now, by=by.name, reason=reason, state=_state(item))
    station.queue.snoozes.put_off(item.ref, put, by.number)
    return _asleep(put, item)


def wake(station: Station, ref: str, by: Actor) -> Code | None:
    """Put a request back on the list; return the code of why not, or None.

    Raises:
        CacheUnavailable: the outbox cannot be written.
    """
    request = station.queue.get(ref)
    if request is None:
        return Code.NOT_FOUND
    station.queue.snoozes.wake(request.id, station.clock.now(), by.number)
    return None


def kind_of(request: Request, now: datetime) -> OwnKind | None:
    """Say what happened to a request that needs a person; None when it needs none."""
    if request.state in WAITING:
        if request.quarantined:
            return OwnKind.QUARANTINED
        late = request.unanswered and now - request.created_at > TOO_LONG
        return OwnKind.UNANSWERED if late else None
    lapsed = request.state is State.DISCARDED and request.last_code not in _WITHDRAWN
    if request.seen or not (request.state is State.REFUSED or lapsed):
        return None
    return OwnKind.PROMISE_REFUSED if request.seat else OwnKind.REFUSED


def find(station: Station, ref: str) -> tuple[OwnKind, Request] | None:
    """Return a request that needs a person, by its id or number; None when it needs none."""
    request = station.queue.get(ref)
    kind = kind_of(request, station.clock.now()) if request else None
    return (kind, request) if kind and request else None


async def settle(station: Station, replay: Replay, request: Request, way: OwnWay) -> str | None:
    """Do what a way says; return the code of why it was not done, or None.

    Raises:
        CacheUnavailable: the outbox cannot be written.
    """
    now = station.clock.now()
    station.queue.snoozes.wake(request.id, now, NOBODY.number)
    match way:
        case OwnWay.RETRY:
            return await _retry(station, replay, station.queue.revive(request, now))
        case OwnWay.WRITE:
            return await _write(station, request)
        case OwnWay.TOLD:
            station.queue.settle(request, now)
        case OwnWay.DISCARD:
            station.queue.settle(station.queue.discard(request, now, None), now)
        case OwnWay.EXPORT:
            return Code.METHOD_NOT_ALLOWED
    return None


def _state(item: Item) -> str:
    """Return what wakes an item when it changes; why a try got no answer may change every time."""
    return f"{item.kind}|{item.code}" if item.kind in _ANSWERED else item.kind


def _asleep(put: PutOff, item: Item) -> Asleep:
    until = put.comes_back(item.starts_at)
    return Asleep(until=until, at=put.at, by=put.by, reason=put.reason)


def _item(kind: OwnKind, request: Request, device: str) -> Item:
    about = request.subject
    return Item(
        ref=request.id,
        kind=kind,
        at=request.settled_at or request.created_at,
        choices=tuple(
            Choice(way=way, mails=way is OwnWay.WRITE, elsewhere=way is OwnWay.EXPORT)
            for way in _ways(kind, request)
        ),
        code=request.last_code,
        student=request.student_ref or None,
        number=request.number,
        session_id=about.session_id,
        mock_type=MockType(about.mock_type),
        starts_at=about.session_start,
        time_zone=about.time_zone,
        location=about.location,
        device=device or None,
        origin=request.origin,
        cancels=request.kind == "cancel",
        written=request.reported,
    )


def _ways(kind: OwnKind, request: Request) -> list[OwnWay]:
    if kind is OwnKind.QUARANTINED:
        return [OwnWay.RETRY, OwnWay.EXPORT, OwnWay.DISCARD]
    if kind is OwnKind.UNANSWERED:
        return [OwnWay.RETRY, OwnWay.DISCARD]
    writes = [OwnWay.WRITE] if _may_write(request) else []
    again = [OwnWay.RETRY] if request.state is State.REFUSED else []
    told = [OwnWay.TOLD]
    curable = request.last_code in _CURABLE
    return [*again, *writes, *told] if curable else [*writes, *told, *again]


def _may_write(request: Request) -> bool:
    return request.kind == "create" and bool(request.email) and not request.reported


async def _retry(station: Station, replay: Replay, request: Request) -> str | None:
    """Send it; what is only saved again has been done all the same."""
    replay.hurry()
    if not station.link.worth_asking:
        return NOT_SENT
    after = await replay.send_now(request.id, request.student_ref)
    if after.state is State.CONFIRMED:
        return None
    return after.last_code if after.state is State.REFUSED else NOT_SENT


async def _write(station: Station, request: Request) -> str | None:
    if not station.link.worth_asking:
        return ATTENTION_OFFLINE
    outcome = await station.ask(station.gateway.report_rejection(rejections.told(request)))
    if isinstance(outcome, Accepted):
        now = station.clock.now()
        station.queue.settle(station.queue.report(request, now), now)
        return None
    return outcome.code if isinstance(outcome, Refused) else ATTENTION_OFFLINE
