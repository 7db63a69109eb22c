"""What changed, told at once to everybody who follows (A69, K20).

One reader per process reads the change feed behind its fence and appends what it finds to a log in
memory. A follower is no more than a place in that log, so that a slow one costs nothing and holds up
nobody: when the log no longer reaches back to it, it is told to look for itself. The reader wakes at
the bell, which every process rings after its commits, and polls besides, because a ring may be lost
and not everybody who writes rings.
"""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import Struct

from kiosk_app.backend.core.bells import set_within
from kiosk_app.backend.core.feed import Position, read_cursor
from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.storage.database import Database, StorageError
from kiosk_app.backend.storage.feed import News, feed_position, read_news
from kiosk_app.backend.storage.identity import devices_shut_out
from kiosk_app.backend.storage.jobs import listen
from kiosk_app.contract.live import HEARTBEAT_S

logger = logging.getLogger(__name__)

POLL_S = 2.0
"""Longest wait between two reads; drawn between half of it and the whole, for each process anew."""
_HELD_S = 0.05
"""Wait while something committed stands behind the fence; doubles up to POLL_S."""
_PAGE = 500
_dice = random.SystemRandom()
"""No two processes draw alike, also when one was made from the other."""
KEPT = 5_000
"""Changes that the log holds; a follower further behind is told to look."""
STREAMS_OF_DEVICE = 8
"""Streams of one device; a further one ends the oldest, which is likely half open."""


class Told(Struct, frozen=True):
    """What one read of the feed brought."""

    number: int
    position: Position
    """Where the feed stands after it."""
    sessions: list[News]
    bookings: list[News]
    at: datetime
    spoken: dict[str, bytes]
    """What a face made of it, kept because all its streams say the same."""


class Follower(Struct, eq=False):
    """One stream: who, and how far it has come."""

    device: UUID
    next: int
    lost: bool = False
    """It has missed something that the log does not hold (any more)."""
    beat: int = 0
    ended: bool = False


class Live(AbstractAsyncContextManager["Live"]):
    """The log and its reader.

    Args:
        db: an open database, once this is entered.
        clock: the moment.
        url: where to listen for the bell; None to poll alone.
        poll_s: longest wait between two reads.
        beat_s: how often followers are woken although nothing happened.
        kept: changes that the log holds.
    """

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        url: str | None,
        *,
        poll_s: float = POLL_S,
        beat_s: float = HEARTBEAT_S * 2 / 3,
        kept: int = KEPT,
    ) -> None:
        self._db, self._clock, self._url = db, clock, url
        self._poll_s, self._beat_s, self._kept = poll_s, beat_s, kept
        self._log: deque[Told] = deque()
        self._size = 0
        self._start = Position("", "0", 0)
        """Where the feed stood before the first entry of the log."""
        self._position = self._start
        self._next = 0
        self._beat = 0
        self._followers: dict[Follower, None] = {}
        self._bell, self._stir = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Begin to read at the present end of the feed."""
        self._bell, self._stir = asyncio.Event(), asyncio.Event()
        await self._begin()
        work = [self._reading(), self._beating()]
        if self._url:
            work.append(listen(self._url, self.wake))
        self._tasks = [asyncio.create_task(one) for one in work]
        return self

    async def __aexit__(self, *_fault: object) -> None:
        """End every stream and stop reading."""
        for follower in self._followers:
            follower.ended = True
        self._wake_followers()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def position(self) -> Position:
        """Where the feed stands as far as it was read."""
        return self._position

    def wake(self) -> None:
        """Read now: something was committed; returns at once."""
        self._bell.set()

    def follow(self, device: UUID, cursor: str | None) -> Follower:
        """Begin to follow after a cursor, or from now on.

        What the log no longer holds, and a cursor that leads nowhere, make the follower `lost`.
        """
        mine = [one for one in self._followers if one.device == device and not one.ended]
        if len(mine) >= STREAMS_OF_DEVICE:
            mine[0].ended = True
            self._wake_followers()
        place = self._place(cursor) if cursor else self._next
        follower = Follower(
            device, self._next if place is None else place, lost=place is None, beat=self._beat
        )
        self._followers[follower] = None
        return follower

    def leave(self, follower: Follower) -> None:
        """Follow no longer."""
        self._followers.pop(follower, None)

    async def news(self, follower: Follower) -> list[Told]:
        """Wait for what is new to a follower; nothing means a beat, its end, or that it is lost."""
        while not follower.ended:
            if self._log and follower.next < self._log[0].number:
                follower.lost, follower.next = True, self._next
            if follower.lost:
                return []
            if follower.next < self._next:
                first = follower.next - self._log[0].number
                follower.next = self._next
                return [self._log[at] for at in range(first, len(self._log))]
            if follower.beat != self._beat:
                follower.beat = self._beat
                return []
            await self._stir.wait()
        return []

    def _place(self, cursor: str) -> int | None:
        try:
            asked = read_cursor(cursor)
        except Refusal:
            return None
        if asked.epoch != self._position.epoch or asked.order < self._start.order:
            return None
        later = (told.number for told in self._log if told.position.order > asked.order)
        return next(later, self._next)

    async def _begin(self) -> None:
        now = await feed_position(self._db)
        self._log.clear()
        self._size = 0
        self._start = self._position = Position(now.epoch, now.xid, now.seq)

    async def _reading(self) -> None:
        held_s = _HELD_S
        while True:
            wait = self._poll_s * (0.5 + _dice.random() / 2)
            self._bell.clear()
            try:
                held = await self._read()
            except StorageError as fault:
                logger.warning("the feed is out of reach", extra={"fault": type(fault).__name__})
                held = False
            except (
                Exception
            ):  # a reader that ended by a fault of ours would end all streams, unseen
                logger.exception("the feed could not be read")
                held = False
            held_s = min(held_s * 2, self._poll_s) if held else _HELD_S
            await set_within(self._bell, min(wait, held_s) if held else wait)

    async def _read(self) -> bool:
        """Append what is new to the log; say whether something is still held back."""
        while True:
            at = self._position
            page = await read_news(self._db, at.xid, at.seq, _PAGE)
            if page.gone or page.epoch != at.epoch:
                await self._begin()
                for follower in self._followers:
                    follower.lost, follower.next = True, self._next
                self._wake_followers()
                return False
            if page.news:
                self._append(page.news)
            if len(page.news) < _PAGE:
                return page.held

    def _append(self, news: list[News]) -> None:
        last = news[-1]
        self._position = Position(self._position.epoch, last.xid, last.seq)
        told = Told(
            self._next,
            self._position,
            _newest(one for one in news if one.entity == "session"),
            _newest(one for one in news if one.entity == "booking"),
            self._clock(),
            {},
        )
        self._log.append(told)
        self._next += 1
        self._size += _weight(told)
        while self._size > self._kept and len(self._log) > 1:
            forgotten = self._log.popleft()
            self._size -= _weight(forgotten)
            self._start = forgotten.position
        self._wake_followers()

    async def _beating(self) -> None:
        while True:
            await asyncio.sleep(self._beat_s)
            with suppress(StorageError):  # asked again at the next beat
                await self._end_shut_out()
            self._beat += 1
            self._wake_followers()

    async def _end_shut_out(self) -> None:
        if devices := {one.device for one in self._followers}:
            gone = await devices_shut_out(self._db, list(devices))
            for follower in self._followers:
                follower.ended = follower.ended or follower.device in gone

    def _wake_followers(self) -> None:
        stir, self._stir = self._stir, asyncio.Event()
        stir.set()


def _weight(told: Told) -> int:
    return len(told.sessions) + len(told.bookings)


def _newest(news: Iterable[News]) -> list[News]:
    """Keep of each thing its last change, in order."""
    last: dict[UUID, News] = {}
    for one in news:
        last.pop(one.id, None)
        last[one.id] = one
    return list(last.values())
