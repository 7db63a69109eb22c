"""Group `queue`: what people at a kiosk notice while a long queue drains behind them.

Five hundred bookings of as many students go out over HTTP to `kiosk-backend serve`, and now and then
somebody asks for their tokens or books. The same calls with an empty queue are the floor. The
server's limits are out of the way, so that the queue drains as fast as it can.
"""

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
from msgspec import Struct

from benchmarks.campus import SESSIONS, STUDENTS, bench_id
from benchmarks.installed import installed, serving
from benchmarks.measure import PAIRS, Figure, figure
from kiosk_app.cache.files import KEY_BYTES, Keys
from kiosk_app.cache.reads import Reads
from kiosk_app.cache.request import NewRequest, State, Subject
from kiosk_app.cache.store import open_files
from kiosk_app.contract import routes
from kiosk_app.contract.bookings import CreateDiscussionBooking
from kiosk_app.gateway.http import Address, Http
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clock import SystemClock
from kiosk_app.sync.leases import Leases
from kiosk_app.sync.replay import Replay
from kiosk_app.sync.station import Station

WAITING = 500
CALLS = 60
"""Of people, in an idle turn."""
PAUSE = 0.05
"""Seconds between two of them."""
KEY = bytes(range(KEY_BYTES))
_ROOMY = """
import sys
from msgspec import structs
from kiosk_app.app import backend_serving
from kiosk_app.app.backend_cli import main
made = backend_serving.parts_for
def roomy(url, schema):
    parts = made(url, schema)
    most = {name: 10**6 for name in parts.limits.__struct_fields__}
    return structs.replace(parts, limits=structs.replace(parts.limits, **most))
backend_serving.parts_for = roomy
sys.exit(main(sys.argv[1:]))
"""


class Turn(Struct, frozen=True):
    """What one turn took."""

    seconds: float
    calls: list[float]

    def at(self, share: float) -> float:
        """Return a percentile of the calls."""
        return statistics.quantiles(self.calls, n=100)[round(share * 100) - 1]


def measure_drain() -> list[Figure]:
    """Return people's calls during a drain beside idle ones, and the drain beside bare calls."""
    with (
        installed() as place,
        serving(place, program=[sys.executable, "-c", _ROOMY]) as server,
        tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder,
    ):
        pairs = asyncio.run(_turns(Path(folder), server.url))
    at = {
        share: [busy.at(share) / idle.at(share) for idle, busy, _ in pairs] for share in (0.5, 0.99)
    }
    floor = "the same calls while nothing waits"
    return [
        *(
            figure(
                "queue",
                f"a call of a person while {WAITING} bookings drain, p{round(share * 100)}",
                ratios,
                goal=goal,
                floor=floor,
            )
            for (share, ratios), goal in zip(at.items(), (2.0, 3.0), strict=True)
        ),
        figure(
            "queue",
            f"drain of {WAITING} bookings with people about",
            [busy.seconds / bare for _, busy, bare in pairs],
            goal=2.0,
            floor="as many bare calls, one after the other",
        ),
    ]


async def _turns(folder: Path, url: str) -> list[tuple[Turn, Turn, float]]:
    pairs = []
    async with _kiosk(folder, url) as bench:
        await bench.idle()
        for _ in range(PAIRS):
            idle = await bench.idle()
            busy = await bench.busy()
            pairs.append((idle, busy, await bench.bare()))
    return pairs


class Bench:
    """A kiosk without a window."""

    def __init__(self, station: Station) -> None:
        self._station, self._replay = station, Replay(station, Leases(station))
        self._numbers = self._fresh()

    def _fresh(self) -> Iterator[tuple[int, int]]:
        """Yield a student and a session that nobody has used; fillings used the first ones."""
        for n in itertools.count(10_000):
            yield n % STUDENTS, (n + n // STUDENTS) % SESSIONS

    async def idle(self) -> Turn:
        """Let people call while nothing waits."""
        begun = time.perf_counter()
        calls = [await self._call(n) for n in range(CALLS)]
        return Turn(time.perf_counter() - begun, calls)

    async def busy(self) -> Turn:
        """Let them call while the queue drains."""
        for _ in range(WAITING):
            self._save()
        drain, calls = asyncio.create_task(self._drain()), list[float]()
        while not drain.done():
            calls.append(await self._call(len(calls)))
        seconds = await drain
        if left := self._station.queue.count_waiting():
            raise RuntimeError(f"{left} bookings did not get through")
        return Turn(seconds, calls)

    async def _drain(self) -> float:
        begun = time.perf_counter()
        await self._replay.drain()
        return time.perf_counter() - begun

    async def bare(self) -> float:
        """Return the seconds of as many bookings without a queue."""
        begun = time.perf_counter()
        for _ in range(WAITING):
            student, session = next(self._numbers)
            body = _body(student, session)
            outcome = await self._station.gateway.create_discussion(
                body, f"idem_disc_{uuid4().hex}", replay=False
            )
            _expect(isinstance(outcome, Accepted), outcome)
        return time.perf_counter() - begun

    async def _call(self, n: int) -> float:
        await asyncio.sleep(PAUSE)
        begun = time.perf_counter()
        if n % 2:
            request, student = self._save()
            row = await self._replay.send_now(request, student)
            _expect(row.state is State.CONFIRMED, row.last_code)
        else:
            outcome = await self._station.ask(
                self._station.gateway.discussion_credits(f"S{n % STUDENTS}", "s@example.org")
            )
            _expect(isinstance(outcome, Accepted), outcome)
        return time.perf_counter() - begun

    def _save(self) -> tuple[str, str]:
        student, session = next(self._numbers)
        new = _request(student, session)
        self._station.queue.save(new, datetime.now(UTC))
        return new.id, new.student_ref


@asynccontextmanager
async def _kiosk(folder: Path, url: str) -> AsyncIterator[Bench]:
    keys = Keys(KEY, KEY)
    files = open_files(folder, keys, datetime.now(UTC))
    address = Address(base_url=url, device_token="bench-0", client_version="bench")
    station = Station(
        gateway=Gateway(Http(address)),
        queue=files.queue,
        mirror=files.mirror,
        reading=Reads(folder, lambda: keys, lambda: datetime.now(UTC)),
        clock=SystemClock(),
        publish=lambda _event: None,
    )
    for _ in range(2):
        await station.ask(station.gateway.health())
    try:
        yield Bench(station)
    finally:
        await station.gateway.close()
        files.close()


def _day(session: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=30 + session)


def _body(student: int, session: int) -> CreateDiscussionBooking:
    return msgspec.convert(
        {
            "mock_exam_id": str(bench_id(2, session)),
            "contact_id": str(bench_id(1, student)),
            "student_id": f"S{student}",
            "name": "Sam Sample",
            "email": "s@example.org",
            "exam_date": _day(session).date().isoformat(),
        },
        CreateDiscussionBooking,
    )


def _request(student: int, session: int) -> NewRequest:
    begins = _day(session)
    return NewRequest(
        id=str(uuid4()),
        kind="create",
        system="discussions",
        path=routes.DISCUSSIONS_CREATE,
        body=msgspec.json.encode(_body(student, session)).decode(),
        subject=Subject(
            session_id=str(bench_id(2, session)),
            mock_type="Mock Discussion",
            exam_date=begins.date().isoformat(),
            session_start=begins,
            session_end=begins + timedelta(hours=2),
            time_zone="UTC",
            location="Hall",
        ),
        student_ref=f"S{student}",
        email="s@example.org",
        idempotency_key=f"idem_disc_{uuid4().hex}",
    )


def _expect(holds: object, told: object) -> None:
    if not holds:
        raise RuntimeError(f"a call failed: {told}")
