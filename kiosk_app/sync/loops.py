"""The engine's day: probe the link, replay the outbox, pull the mirror, and serve intents between.

Four loops on one asyncio loop. The probe decides when the others may work; an intent, a change of
the link, a settled request or an event of the server rings the bell of the worker; another watches
over the worker. A loop that meets a fault of the world
names it and goes on; one that meets a bug logs it whole and starts again a little later, because a
queue that silently stops draining is the worst of all outcomes.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.files import MIRROR
from kiosk_app.contract.wire import read_instant
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.sync import identity, undoing, waiting
from kiosk_app.sync.attending import Attending
from kiosk_app.sync.calendar_file import calendar_file
from kiosk_app.sync.clock import woken
from kiosk_app.sync.desk import Desk
from kiosk_app.sync.events import (
    NOT_SAVED,
    BookingsChanged,
    CalendarFileReady,
    EngineReady,
    Fault,
    SessionsChanged,
    VisitRefused,
)
from kiosk_app.sync.following import Following
from kiosk_app.sync.intents import (
    Cancel,
    Claim,
    ExportOutbox,
    Identify,
    Intent,
    KeepFilters,
    LookAtHelp,
    LookAtOutbox,
    MailPass,
    MakeCalendarFile,
    Move,
    PageOpened,
    Place,
    RefusalRead,
    SignOut,
    StaffIntent,
    SyncNow,
    Undo,
    Wait,
)
from kiosk_app.sync.keeping import keep_filters
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.mailing import mail_pass
from kiosk_app.sync.outbox import HandOver
from kiosk_app.sync.pull import Pull
from kiosk_app.sync.rehearsing import Rehearsing
from kiosk_app.sync.rejections import report_refusals
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import CLOCK_TOLERANCE, Station
from kiosk_app.sync.watchdog import LOOK_SECONDS, Finding, Watchdog

log = logging.getLogger("kiosk.sync")
FEED_SECONDS = 15.0
LISTING_SECONDS = 60.0
"""Between pulls without a change feed: every poll is a full listing."""
RESTART_SECONDS = 5.0
FORGET_SECONDS = 3600.0
LAST_SECONDS = 1.5
"""For what is sent as the engine ends; the rest waits in the queue for the next start."""


class Loops:
    """Runs a station until it is told to stop.

    Args:
        station: the device.
        mend_mirror: throws a damaged mirror away and puts a new one in the station.
        close_files: gives the files back at the end.
        rehearse: tries a start with no network; returns what it would miss, or an empty text.
        hand_over: writes the outbox to a file for another machine.
    """

    def __init__(
        self,
        station: Station,
        mend_mirror: Callable[[], None],
        close_files: Callable[[], None],
        rehearse: Callable[[], str],
        hand_over: HandOver,
    ) -> None:
        self._station, self._mend_mirror, self._close_files = station, mend_mirror, close_files
        self._pull, self._leases = Pull(station), Leases(station)
        self._replay = Replay(station, self._leases)
        self._desk = Desk(station, self._replay, self._pull, self._leases)
        self._attending = Attending(station, self._replay, hand_over)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = False
        self._called = asyncio.Event()
        self._probe_bell, self._work_bell = asyncio.Event(), asyncio.Event()
        self._following = Following(station, self._work_bell.set)
        self._reconnected = False
        self._pulled_at: datetime | None = None
        self._forgot_at: datetime | None = None
        self._watchdog = Watchdog(station, self._replay)
        self._rehearsing = Rehearsing(station, rehearse)
        self._worker: asyncio.Task[object] | None = None
        self._tasks: set[asyncio.Task[object]] = set()
        self._identifying: asyncio.Task[object] | None = None

    def run(self, inbox: SimpleQueue[Intent]) -> None:
        """Work until `stop`; blocks this thread, which owns the files from now on."""
        asyncio.run(self._main(inbox))

    def call(self) -> None:
        """Say from any thread that the inbox holds something, or that it is time to stop."""
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has just ended
                self._loop.call_soon_threadsafe(self._called.set)

    def stop(self) -> None:
        """Ask from any thread for the end; `run` returns soon after."""
        self._stopping = True
        self.call()

    async def _main(self, inbox: SimpleQueue[Intent]) -> None:
        self._loop = asyncio.get_running_loop()
        station = self._station
        station.wake = self._work_bell.set
        try:
            self._begin()
            for loop in (self._probing, self._following.run, self._watching):
                self._start(self._kept_alive(loop))
            self._worker = self._start(self._kept_alive(self._working))
            await self._serving(inbox)
            await self._guarded(self._last_words())
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await station.gateway.close()
            self._rehearsing.let_end()
            self._close_files()

    def _begin(self) -> None:
        station = self._station
        station.queue.recover(station.clock.now())
        station.mirror.forget_visits()
        self._leases.tick()
        station.publish(EngineReady())
        station.publish(SessionsChanged())
        station.say_link()

    async def _serving(self, inbox: SimpleQueue[Intent]) -> None:
        while not self._stopping:
            try:
                self._serve(inbox.get_nowait())
            except Empty:
                await self._called.wait()
                self._called.clear()

    def _serve(self, intent: Intent) -> None:
        match intent:
            case Identify() | SignOut():
                if self._identifying is not None:
                    self._identifying.cancel()  # the newest wish about who is here counts
                self._identifying = self._start(self._guarded(self._meet(intent)))
            case Place() | Cancel() | Move() | Wait() | Claim() | MailPass():
                self._start(self._guarded(self._then_work(self._wish(intent))))
            case Undo() | RefusalRead() | PageOpened():
                self._note(intent)
            case KeepFilters(filters):
                self._start(self._guarded(keep_filters(self._station, filters)))
            case MakeCalendarFile(ref):
                self._start(self._guarded(self._write_calendar(ref)))
            case SyncNow():
                self._replay.hurry()
                self._pulled_at, self._reconnected = None, True
                self._probe_bell.set()
                self._work_bell.set()
            case _:
                self._serve_staff(intent)

    def _serve_staff(self, intent: StaffIntent) -> None:
        served = self._attending.serve(intent)
        if not isinstance(intent, LookAtOutbox | ExportOutbox | LookAtHelp):  # which leave no work
            served = self._then_work(served)
        self._start(self._guarded(served))

    def _note(self, intent: Undo | RefusalRead | PageOpened) -> None:
        match intent:
            case Undo(ref):
                self._desk.undo(ref)
            case RefusalRead(request_id):
                self._desk.refusal_read(request_id)
            case PageOpened(page):
                self._station.tallies.opened(page)

    def _wish(self, intent: Place | Cancel | Move | Wait | Claim | MailPass) -> Awaitable[object]:
        match intent:
            case Place():
                return self._desk.place(intent)
            case Cancel(ref, hold):
                return self._desk.cancel(ref, hold=hold)
            case Move():
                return self._desk.move(intent)
            case Wait():
                return self._desk.wait(intent)
            case Claim():
                return self._desk.claim(intent)
            case MailPass():
                return mail_pass(self._station, intent)

    async def _meet(self, intent: Identify | SignOut) -> None:
        if isinstance(intent, SignOut):
            self._desk.sign_out()
            return
        try:
            await self._desk.identify(intent.student_id, intent.email)
        except CacheUnavailable:
            self._station.publish(VisitRefused(code=NOT_SAVED))
            raise

    async def _then_work(self, wish: Awaitable[object]) -> None:
        await wish
        self._work_bell.set()

    async def _write_calendar(self, ref: str) -> None:
        station = self._station
        visiting = station.visiting
        rows = self._desk.bookings(visiting.student.student_id) if visiting else []
        for row in rows:
            if row.ref == ref:
                text = calendar_file(row, station.clock.now())
                station.publish(CalendarFileReady(ref=ref, text=text))

    async def _last_words(self) -> None:
        """Send what was held back to be undone: nobody can undo it any more."""
        released = undoing.release(self._station)
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                for cancel in released if self._station.link.usable else ():
                    await self._replay.send_now(cancel.id, cancel.student_ref)

    async def _watching(self) -> None:
        """Start the worker anew when it stands still although there is something to send."""
        while True:
            await self._station.clock.sleep(LOOK_SECONDS)
            if self._watchdog.look() is Finding.STUCK and self._worker is not None:
                log.error("the queue does not drain; its loop is started anew")
                self._worker.cancel()
                self._worker = self._start(self._kept_alive(self._working))

    async def _probing(self) -> None:
        station = self._station
        while True:
            was_usable = station.link.usable
            outcome = await station.ask(station.gateway.health())
            if isinstance(outcome, Accepted):
                self._compare_clocks(outcome.value.now)
            if station.link.usable and not was_usable:
                self._reconnected = True
                station.capabilities = None  # it may be another version that came back
            self._work_bell.set()
            seconds = station.link.probe_after * (0.9 + 0.2 * station.draw())
            station.retry_at = station.clock.now() + timedelta(seconds=seconds)
            station.say_link()
            await woken(self._probe_bell, seconds, station.clock)

    def _compare_clocks(self, told: str) -> None:
        station = self._station
        station.skew = read_instant(told) - station.clock.now()
        if abs(station.skew) > CLOCK_TOLERANCE:
            seconds = round(station.skew.total_seconds())
            station.raise_fault(Fault.CLOCK_OFF, f"{seconds:+} s to the server")
        else:
            station.clear_fault(Fault.CLOCK_OFF)

    async def _working(self) -> None:
        station = self._station
        while True:
            self._expire_visit()
            if station.link.usable:
                reconnected, self._reconnected = self._reconnected, False
                await self._replay.drain(reconnected=reconnected)
                await self._renew_visit()
                if self._pull_is_due() and await self._pull.sessions():
                    self._pulled_at = station.clock.now()
                self._following.nudge()
                if self._leases.due():
                    await self._leases.sync()
                await report_refusals(station)
                if station.visiting is not None and station.visiting.stale:
                    await self._pull.bookings()
                await waiting.look(station)
            self._leases.tick()
            if self._rehearsing.due():
                await self._rehearsing.look()
            self._forget()
            station.queue.tidy()
            station.say_link()
            await woken(self._work_bell, self._idle_seconds(), station.clock)

    def _pull_is_due(self) -> bool:
        if self._pulled_at is None or self._station.offers("changes"):
            return True
        age = self._station.clock.now() - self._pulled_at
        stale = self._station.visiting is not None and self._station.visiting.stale
        return stale or age.total_seconds() >= LISTING_SECONDS

    def _idle_seconds(self) -> float:
        station = self._station
        moments = [station.clock.now() + timedelta(seconds=FEED_SECONDS)]
        if station.link.usable and (due := self._replay.next_due()):
            moments.append(due)
        if station.visiting and station.visiting.expires_at:
            moments.append(station.visiting.expires_at)
        soonest = (min(moments) - station.clock.now()).total_seconds()
        return max(0.1, soonest)

    def _expire_visit(self) -> None:
        visiting = self._station.visiting
        if visiting and visiting.expires_at and visiting.expires_at <= self._station.clock.now():
            self._station.end_visit(expired=True)

    async def _renew_visit(self) -> None:
        """Turn a visit that began offline, or knows old balances, into one of the server's."""
        station, visiting = self._station, self._station.visiting
        if visiting is None or not (visiting.offline or visiting.outdated):
            return
        student = visiting.student
        found = await identity.identify(station, student.student_id, student.email)
        if station.visiting is not visiting or isinstance(found, VisitRefused) or found.offline:
            return
        found.stale = True
        station.visiting = found
        station.set_balances(found.balances, found.balances_at)
        station.publish(BookingsChanged())

    def _forget(self) -> None:
        now = self._station.clock.now()
        if self._forgot_at and (now - self._forgot_at).total_seconds() < FORGET_SECONDS:
            return
        self._forgot_at = now
        self._station.queue.forget(now)
        self._station.queue.snoozes.forget(now)
        self._station.queue.keep_reserve()

    def _start(self, work: Coroutine[object, object, object]) -> asyncio.Task[object]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _kept_alive(self, loop: Callable[[], Coroutine[object, object, None]]) -> None:
        while True:
            mended = await self._guarded(loop())
            if not mended:
                await self._station.clock.sleep(RESTART_SECONDS)

    async def _guarded(self, work: Coroutine[object, object, None]) -> bool:
        """Do something and survive it; return whether a fault was met and mended."""
        try:
            await work
        except CacheUnavailable as problem:
            return self._mend(problem)
        except Exception:
            log.exception("the engine met a bug and goes on")
        return False

    def _mend(self, problem: CacheUnavailable) -> bool:
        """A damaged mirror is rebuilt; everything else is for a person to know."""
        if problem.path.name != MIRROR or problem.reason is not Reason.DAMAGED:
            self._station.storage_failed(problem)
            return False
        log.warning("the mirror is damaged and is made anew")
        try:
            self._mend_mirror()
        except CacheUnavailable as again:
            self._station.storage_failed(again)
            return False
        self._pulled_at = None
        self._work_bell.set()
        return True
