"""The engine's parts put together; imported on the engine's thread, because it imports much."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from msgspec import Struct

from kiosk_app import __version__
from kiosk_app.app import crashes
from kiosk_app.app.cold_start import rehearse
from kiosk_app.app.exports import export_outbox
from kiosk_app.app.instance import AlreadyRunning, Instance
from kiosk_app.app.profile import Profile
from kiosk_app.app.secrets import Secrets, SecretsUnavailable
from kiosk_app.app.settings import Settings
from kiosk_app.cache import store
from kiosk_app.cache.export import Handed
from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.reads import Reads
from kiosk_app.gateway.http import Address, Http
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clock import Clock, SystemClock
from kiosk_app.sync.desk import Desk
from kiosk_app.sync.engine import CannotStart
from kiosk_app.sync.events import Event, Fault
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.loops import Loops
from kiosk_app.sync.pull import Pull
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import FAULTS, Station
from kiosk_app.sync.tallies import Tallies


class Bench(Struct, frozen=True):
    """A station with its tools, for commands that need no loops."""

    station: Station
    replay: Replay
    pull: Pull
    leases: Leases
    desk: Desk


class Parts:
    """Everything one device holds open, and how it is given back."""

    def __init__(
        self,
        profile: Profile,
        publish: Callable[[Event], None],
        instance: Instance | None,
        clock: Clock,
    ) -> None:
        try:
            known, found = _enrolled(profile)
            self._folder, self._keys, self._name = profile.folder, found.keys(), known.name
            self._instance = instance = instance or _hold(profile)
            self._files = store.open_files(profile.folder, self._keys, datetime.now(UTC))
        except BaseException as reason:
            if instance is not None:  # so that somebody else can enrol or repair the profile
                instance.release()
            if isinstance(reason, CacheUnavailable):
                raise CannotStart(FAULTS[reason.reason], str(reason)) from reason
            raise
        self._reads = Reads(profile.folder, lambda: self._keys, clock.now)
        self.station = Station(
            gateway=Gateway(Http(address(known.base_url, found.device_token))),
            queue=self._files.queue,
            mirror=self._files.mirror,
            reading=self._reads,
            clock=clock,
            publish=publish,
            location=known.location,
        )
        self.station.tallies = Tallies(partial(crashes.read, profile.folder))

    def report_put_aside(self) -> None:
        """Tell of a queue that could not be read and lies beside the new one."""
        if self._files.put_aside is not None:
            wrong_key = self._files.reason is Reason.WRONG_KEY
            fault = Fault.QUEUE_LOCKED if wrong_key else Fault.QUEUE_DAMAGED
            self.station.raise_fault(fault, self._files.put_aside.name)

    def mend_mirror(self) -> None:
        """Throw a damaged mirror away; the next pull fills the new one."""
        self._files.mirror.close()
        store.throw_mirror_away(self._folder)
        self._files.mirror = self.station.mirror = store.open_mirror(self._folder, self._keys)
        self._reads.refresh()

    def hand_over(self, folder: str | None, now: datetime) -> Handed:
        """Write the outbox to a file; see `exports`."""
        return export_outbox(self._folder, self._keys.queue, self._name, folder, now)

    def close(self) -> None:
        """Give files and profile back."""
        self._reads.close()
        self._files.close()
        self._instance.release()


def address(base_url: str, device_token: str | None) -> Address:
    """Return where calls go and what they carry."""
    return Address(base_url=base_url, device_token=device_token, client_version=__version__)


def make_loops(
    profile: Profile, publish: Callable[[Event], None], instance: Instance | None
) -> Loops:
    """Open everything and return the engine's work.

    Raises:
        CannotStart: this machine or its set-up does not allow it.
    """
    parts = Parts(profile, publish, instance, SystemClock())
    parts.report_put_aside()
    trial = partial(rehearse, profile.folder)
    return Loops(parts.station, parts.mend_mirror, parts.close, trial, parts.hand_over)


def can_work(profile: Profile) -> bool:
    """Say whether an engine could work with this profile now, by opening all it needs."""
    try:
        Parts(profile, lambda _event: None, None, SystemClock()).close()
    except CannotStart:
        return False
    return True


@asynccontextmanager
async def at_work(profile: Profile, publish: Callable[[Event], None]) -> AsyncIterator[Bench]:
    """Hold a profile for one command; its link is probed once.

    Raises:
        CannotStart: this machine or its set-up does not allow it.
    """
    parts = Parts(profile, publish, None, SystemClock())
    station = parts.station
    try:
        parts.report_put_aside()
        station.queue.recover(station.clock.now())
        await station.ask(station.gateway.health())
        pull, leases = Pull(station), Leases(station)
        replay = Replay(station, leases)
        leases.tick()
        yield Bench(station, replay, pull, leases, Desk(station, replay, pull, leases))
    finally:
        await station.gateway.close()
        parts.close()


def _enrolled(profile: Profile) -> tuple[Settings, Secrets]:
    known = profile.settings()
    if known is None:
        raise CannotStart(Fault.NOT_ENROLLED)
    try:
        found = profile.unlock()
    except SecretsUnavailable as reason:
        raise CannotStart(Fault.QUEUE_LOCKED, str(reason)) from reason
    if found is None:
        raise CannotStart(Fault.QUEUE_LOCKED, "no secrets are kept for this profile")
    return known, found


def _hold(profile: Profile) -> Instance:
    try:
        return Instance(profile.folder)
    except AlreadyRunning as reason:
        raise CannotStart(Fault.STORAGE_UNREADABLE, "already running") from reason
    except OSError as reason:
        raise CannotStart(Fault.STORAGE_READ_ONLY, type(reason).__name__) from reason
