"""The outbox in the window: what is not settled, one request sent now, everything handed over (R12)."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from kiosk_app.cache.export import CannotWrite, Handed
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.request import WAITING, Request, State
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.outbox import Entry, Rung
from kiosk_app.sync import own_attention
from kiosk_app.sync.events import NOT_EXPORTED, NOT_SENT, OutboxExported
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import FAULTS, Station

log = logging.getLogger("kiosk.sync")
HandOver = Callable[[str | None, datetime], Handed]
"""Writes an export into a folder (None: one of the profile's own), named after an instant.

Raises CacheUnavailable when the queue cannot be read, CannotWrite when there is no file.
"""


def entries(
    requests: Iterable[Request], now: datetime, paused_until: datetime | None = None
) -> list[Entry]:
    """Return what of an outbox is not settled, the newest first.

    Args:
        requests: of the queue, oldest first.
        now: the clock.
        paused_until: until when the server asked everybody to wait.
    """
    found = []
    for request in requests:
        needs = own_attention.kind_of(request, now) is not None
        if request.state in WAITING or needs:
            found.append(_entry(request, paused_until, needs=needs))
    return found[::-1]


async def send_now(station: Station, replay: Replay, ref: str) -> str | None:
    """Send what waits of a student up to this request; return why it got no *yes*, or None.

    Raises:
        CacheUnavailable: the outbox cannot be written.
    """
    request = station.queue.get(ref)
    if request is None or request.state not in WAITING or request.quarantined:
        settled = request is not None and request.state is State.CONFIRMED
        return None if settled else Code.NOT_FOUND
    replay.hurry()
    if not station.link.worth_asking:
        return NOT_SENT
    after = await replay.send_now(request.id, request.student_ref)
    if after.state in {State.CONFIRMED, State.DISCARDED}:
        return after.last_code
    return after.last_code if after.state is State.REFUSED else NOT_SENT


async def export(hand_over: HandOver, folder: str | None, now: datetime) -> OutboxExported:
    """Write the outbox to a file that another machine can take over."""
    try:
        handed = await asyncio.to_thread(hand_over, folder, now)
    except CacheUnavailable as problem:
        return OutboxExported(code=FAULTS[problem.reason])
    except CannotWrite as reason:
        log.warning("the outbox was not exported: %s", reason)
        return OutboxExported(code=NOT_EXPORTED, path=str(Path(reason.path).parent))
    return OutboxExported(
        path=str(handed.path), passphrase=handed.passphrase, requests=handed.requests
    )


def _entry(request: Request, paused_until: datetime | None, *, needs: bool) -> Entry:
    about, next_at = request.subject, request.next_at
    if paused_until and (next_at is None or next_at < paused_until):
        next_at = paused_until
    return Entry(
        ref=request.id,
        number=request.number,
        cancels=request.kind == "cancel",
        rung=_rung(request),
        created_at=request.created_at,
        mock_type=MockType(about.mock_type),
        starts_at=about.session_start,
        time_zone=about.time_zone,
        location=about.location,
        student=request.student_ref or None,
        code=request.last_code,
        attempts=request.attempts,
        next_at=next_at,
        seat=request.slot,
        origin=request.origin,
        needs=needs,
    )


def _rung(request: Request) -> Rung:
    if request.state not in WAITING:
        return Rung.REFUSED
    if request.quarantined:
        return Rung.ASIDE
    if request.state is State.SENDING:
        return Rung.SENDING
    if request.seat is not None:
        return Rung.GUARANTEED
    return Rung.UNKNOWN if request.unanswered else Rung.QUEUED
