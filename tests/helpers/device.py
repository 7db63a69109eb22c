"""A kiosk without a window, put together from the product's parts and a clock of the test."""

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from kiosk_app.domain.identifiers import new_client_key
from kiosk_app.gateway.http import Address, Http
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clock import Boot
from kiosk_app.sync.desk import Desk
from kiosk_app.sync.intents import Place
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.pull import Pull
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station
from tests.helpers.files import opened, reads
from tests.helpers.samples import EMAIL, NOW, STUDENT


class TestClock:
    """Stands still; sleeping moves it and takes no time."""

    __test__ = False

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment
        self.slept: list[float] = []
        self.boot_id, self.boot_ms = "boot-1", 1_000_000

    def now(self) -> datetime:
        return self.moment

    def boot(self) -> Boot:
        return Boot(self.boot_id, self.boot_ms)

    def pass_by(self, **span) -> None:
        """Let time pass; asleep or awake is the same to both clocks."""
        self.moment += timedelta(**span)
        self.boot_ms += round(timedelta(**span).total_seconds() * 1000)

    def set_back(self, **span) -> None:
        """Somebody sets the wall clock back."""
        self.moment -= timedelta(**span)

    def reboot(self, **span) -> None:
        """The machine is off for so long and starts again."""
        self.moment += timedelta(**span)
        self.boot_id, self.boot_ms = f"{self.boot_id}+", 5_000

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.pass_by(seconds=seconds)
        await asyncio.sleep(0)


class SteppedClock(TestClock):
    """Moves when a test moves it; who sleeps wakes when their time has come. For one event loop."""

    def __init__(self, moment: datetime = NOW) -> None:
        super().__init__(moment)
        self._asleep: dict[asyncio.Future, tuple[float, datetime]] = {}
        self._lain_down = asyncio.Condition()

    async def sleep(self, seconds: float) -> None:
        waking = asyncio.get_running_loop().create_future()
        self._asleep[waking] = (seconds, self.moment + timedelta(seconds=seconds))
        try:
            async with self._lain_down:
                self._lain_down.notify_all()
            await waking
        finally:
            del self._asleep[waking]

    def pass_by(self, **span) -> None:
        super().pass_by(**span)
        for waking, (_, due) in self._asleep.items():
            if due <= self.moment and not waking.done():
                waking.set_result(None)

    async def sleeper(self, seconds: float) -> None:
        """Return when somebody sleeps for so many seconds."""
        async with self._lain_down:
            await self._lain_down.wait_for(
                lambda: any(s == seconds and not w.done() for w, (s, _) in self._asleep.items())
            )


class Device:
    """One kiosk at the bench: station, replay, pull, desk, and the events it published."""

    def __init__(
        self, folder: Path, url: str, token="device-token", clock=None, gateway=None
    ) -> None:
        self.folder, self.clock = folder, clock or TestClock()
        self.events = []
        self.files = opened(folder)
        self.reading = reads(folder)
        self.reading._now = self.clock.now
        address = Address(base_url=url, device_token=token, client_version="test")
        self.station = Station(
            gateway=gateway or Gateway(Http(address)),
            queue=self.files.queue,
            mirror=self.files.mirror,
            reading=self.reading,
            clock=self.clock,
            publish=self.events.append,
            draw=lambda: 0.999,
        )
        self.station.queue.recover(self.clock.now())
        self.pull, self.leases = Pull(self.station), Leases(self.station)
        self.replay = Replay(self.station, self.leases)
        self.desk = Desk(self.station, self.replay, self.pull, self.leases)

    async def connect(self) -> None:
        for _ in range(2):
            await self.station.ask(self.station.gateway.health())

    async def disconnect(self) -> None:
        """Notice that nobody answers (the test has stopped the server)."""
        for _ in range(2):
            await self.station.ask(self.station.gateway.health())
        assert not self.station.link.usable

    async def sign_in(self, student=STUDENT, email=EMAIL):
        return await self.desk.identify(student, email)

    async def place(self, session_id, **more):
        return await self.desk.place(wish(session_id, **more))

    def request(self, number_or_id):
        return self.station.queue.get(number_or_id)

    def told(self, kind):
        return [event for event in self.events if isinstance(event, kind)]

    async def close(self) -> None:
        await self.station.gateway.close()
        self.close_files()

    def close_files(self) -> None:
        self.reading.close()
        self.files.close()


def wish(session_id, **more) -> Place:
    values = {
        "request_id": str(uuid4()),
        "key": new_client_key("idem_disc_"),
        "session_id": session_id,
        "name": "Ana Sol",
        "student_id": STUDENT,
        "email": EMAIL,
    }
    return Place(**values | more)


@asynccontextmanager
async def at_bench(folder: Path, url: str, **more):
    device = Device(folder, url, **more)
    try:
        yield device
    finally:
        await device.close()
