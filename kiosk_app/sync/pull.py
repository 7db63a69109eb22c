"""The mirror's way to equal the server: change feed, snapshot, or the documented listings.

Rows and cursor land together; a snapshot shows when it is complete. A server without a feed is
polled through its public listings, which hold what can still be booked and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from msgspec import UNSET

from kiosk_app.cache.mirror import Position
from kiosk_app.contract.bookings import BookingRecord
from kiosk_app.contract.devices import ChangePage, SnapshotPage
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import AvailableSession, SessionFacts
from kiosk_app.gateway.outcomes import Accepted, Outcome, Refused, Trouble, Unreachable
from kiosk_app.sync.checking import Checking
from kiosk_app.sync.events import BookingsChanged, Fault, SessionsChanged
from kiosk_app.sync.giving_back import give_back
from kiosk_app.sync.restored import meet
from kiosk_app.sync.station import Station, Visiting

T = TypeVar("T")
FEED_PAGE = 2_000
"""Sessions of one page of feed and snapshot: about a megabyte."""
FEWEST = 100
"""A smaller page would not help a line that does not carry this one."""
SLICE = 500
"""Sessions stored in one go; between two of them the loop looks after everything else."""
_PAYLOAD_TOO_LARGE = 413
MANY = 500
"""More changed sessions than this are announced as *all of them*."""
MOST_PAGES = 10_000
"""No feed is that long; a server that never ends is a wrong server."""


class Pull:
    """Fetches sessions, and the visiting student's bookings."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._checking = Checking(station)
        self._rows = FEED_PAGE
        self._one = asyncio.Lock()
        """Of two answers about the same bookings the later one counts, so only one is asked for."""

    async def sessions(self) -> bool:
        """Bring the mirror up to date; return whether it equals the server now."""
        station = self._station
        if not await station.learn_capabilities():
            return False
        try:
            if not station.offers("changes"):
                done = await self._listings()
            else:
                position = station.mirror.position()
                if position and station.queue.has_met(None):
                    meet(station, position.epoch)  # a new queue beside a mirror that is older
                done = await (self._changes(position) if position else self._snapshot())
                if done and self._checking.due() and await self._checking.differs():
                    done = await self._snapshot()
        except ValueError as fault:  # a row that decodes and still makes no sense
            station.raise_fault(Fault.WRONG_SERVER, str(fault))
            done = False
        if done:
            self._rows = min(FEED_PAGE, self._rows * 2)
            station.clear_fault(Fault.REVOKED)
            station.say_link()
        return done

    async def bookings(self) -> bool:
        """Fetch the visiting student's bookings; return whether all of them came and are kept.

        What becomes of a booking meanwhile is newer than the answer, which then is not kept, and asked
        for again: a cancel would come undone on the screen.
        """
        async with self._one:
            visiting = self._station.visiting
            if visiting is None or not visiting.student.contact_id:
                return False
            visiting.stale = False
            try:
                kept = await self._bookings_of(visiting, visiting.student.contact_id)
            except BaseException:
                visiting.stale = True
                raise
            visiting.stale = not kept
            return kept

    async def _bookings_of(self, visiting: Visiting, contact: str) -> bool:
        begun, records, page, pages = self._station.clock.now(), list[BookingRecord](), 1, 1
        while page <= pages:
            call = self._station.gateway.bookings(contact, page, visit=visiting.token)
            outcome = await self._station.ask(call)
            if not isinstance(outcome, Accepted):
                return False
            records += outcome.value.bookings
            page, pages = page + 1, min(outcome.value.pagination.pages, MOST_PAGES)
        return self._keep(visiting, records, begun)

    def _keep(self, visiting: Visiting, records: list[BookingRecord], begun: datetime) -> bool:
        station = self._station
        if station.visiting is not visiting or visiting.stale:  # they left meanwhile, or did more
            return False
        places = station.mirror.set_bookings(visiting.student.student_id, records, begun)
        station.publish(BookingsChanged())
        station.publish(SessionsChanged(places))
        return True

    async def _changes(self, position: Position) -> bool:
        station, touched = self._station, set[str]()
        for _ in range(MOST_PAGES):
            begun = station.clock.now()
            cursor = position.cursor
            outcome = await self._page(lambda n, c=cursor: station.gateway.changes(c, n))  # type: ignore[misc]
            match outcome:
                case Accepted(page) if page.epoch == position.epoch:
                    if page.more and page.cursor == cursor:
                        raise ValueError("the change feed does not move on")
                    position = self._apply(page, begun)
                    touched |= {facts.session_id for facts in page.sessions} | set(page.deleted)
                case Accepted() | Refused(code=Code.CURSOR_GONE):
                    return await self._snapshot()
                case _:
                    return False
            if not page.more:
                self._tell(touched)
                return True
        return False

    def _apply(self, page: ChangePage, begun: datetime) -> Position:
        position = Position(page.epoch, page.cursor)
        synced_at = None if page.more else begun
        self._station.mirror.apply(page.sessions, page.deleted, position, synced_at)
        return position

    async def _snapshot(self) -> bool:
        """Fetch everything anew; the memory it took is the system's again, however it went."""
        try:
            return await self._all_pages()
        finally:
            give_back()

    async def _all_pages(self) -> bool:
        """Fetch and store page after page; the next one is on its way while one is stored."""
        station, begun = self._station, self._station.clock.now()
        station.mirror.begin_snapshot()
        coming = asyncio.ensure_future(self._snapshot_page(None, None))
        first: SnapshotPage | None = None
        try:
            for _ in range(MOST_PAGES):
                outcome = await coming
                if not isinstance(outcome, Accepted):
                    return False
                page, after = outcome.value, outcome.value.after
                first = first or page
                if page.epoch != first.epoch:
                    return False
                if after is not None:
                    coming = asyncio.ensure_future(self._snapshot_page(after, first.cursor))
                await self._store(page.sessions)
                if after is None:
                    # Before the mirror notes the epoch: a crash in between asks again.
                    meet(station, first.epoch)
                    station.mirror.finish_snapshot(Position(first.epoch, first.cursor), begun)
                    station.publish(SessionsChanged())
                    return True
            return False
        finally:
            coming.cancel()

    async def _snapshot_page(self, after: str | None, cursor: str | None) -> Outcome[SnapshotPage]:
        gateway = self._station.gateway
        outcome = await self._page(lambda rows: gateway.snapshot(after, cursor, rows))
        if isinstance(outcome, Accepted) and after is not None and outcome.value.after == after:
            raise ValueError("the snapshot does not move on")
        return outcome

    async def _store(self, sessions: list[SessionFacts]) -> None:
        for start in range(0, len(sessions), SLICE):
            self._station.mirror.add_to_snapshot(sessions[start : start + SLICE])
            await asyncio.sleep(0)

    async def _page(self, call: Callable[[int], Awaitable[Outcome[T]]]) -> Outcome[T]:
        """Ask for a page; one that does not get through is asked for again in smaller ones (F20)."""
        while True:
            outcome = await self._station.ask(call(min(self._rows, FEED_PAGE)))
            fewer = max(FEWEST, self._rows // 4)
            if not _too_much(outcome) or fewer == self._rows or not self._station.link.usable:
                return outcome
            self._rows = fewer

    async def _listings(self) -> bool:
        station, begun = self._station, self._station.clock.now()
        discussions, exams = await asyncio.gather(
            station.ask(station.gateway.discussions()), station.ask(station.gateway.exams())
        )
        if not (isinstance(discussions, Accepted) and isinstance(exams, Accepted)):
            return False
        station.mirror.begin_snapshot()
        station.mirror.add_to_snapshot([facts(s) for s in discussions.value + exams.value])
        station.mirror.finish_snapshot(None, begun)
        station.publish(SessionsChanged())
        return True

    def _tell(self, touched: set[str]) -> None:
        if touched:
            ids = frozenset(touched) if len(touched) <= MANY else None
            self._station.publish(SessionsChanged(ids))


def _too_much(outcome: Outcome[T]) -> bool:
    """Say whether less may get through."""
    match outcome:
        case Unreachable(Trouble.NO_ANSWER | Trouble.BROKEN_ANSWER):
            return True
        case Refused(status=status):
            return status == _PAYLOAD_TOO_LARGE
    return False


def facts(listed: AvailableSession) -> SessionFacts:
    """Return a documented listing's entry as the row the mirror keeps.

    Raises:
        ValueError: the counts are missing although they were asked for.
    """
    if listed.capacity is UNSET or listed.total_bookings is UNSET:
        raise ValueError("the listing lacks capacity or total_bookings")
    return SessionFacts(
        session_id=listed.mock_exam_id,
        mock_type=listed.mock_type,
        exam_date=listed.exam_date,
        starts_at=listed.start_time,
        ends_at=listed.end_time,
        time_zone=listed.time_zone,
        capacity=listed.capacity,
        total_bookings=listed.total_bookings,
        location=listed.location,
        is_active=listed.is_active,
        delivery_format=listed.delivery_format,
        instructor_name=listed.instructor_name,
        topics=listed.topics,
    )
