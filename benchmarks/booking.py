"""Booking through HTTP beside pgbench and psycopg calling the function; the listing beside its SQL.

The product is `kiosk-backend serve` with one worker, and once with two; load generator, server and
database share the machine. All sides book other students in other sessions at every turn (or everybody in one session),
so that all write as much. After every turn the books are checked.
"""

import http.client
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import psycopg
from msgspec import Struct

from benchmarks.campus import DEVICES, SESSIONS
from benchmarks.floors import find_pgbench, pgbench, psycopg_driver
from benchmarks.installed import Installed, Serving, installed, serving
from benchmarks.measure import PAIRS, Figure
from kiosk_app.backend.storage import sessions
from kiosk_app.contract.sessions import MockType

SECONDS = 1
CLIENTS = (1, 8, 32)
WORKERS = 2
"""Of the last run, which is about whether processes get into each other's way."""
GOALS = {"bookings per second": 0.4, "p50": 3.0, "p99": 4.0}
"""Set for pgbench; psycopg, which is slower, is held to no other."""
LISTINGS = 20
_BLOCK = 50_000
"""Turns that one run of the load may use; no run makes so many bookings."""
_turns = itertools.count(1)
_devices = itertools.cycle(range(0, DEVICES, 100))


class Run(Struct, frozen=True):
    """What came of one run."""

    per_second: float
    p50: float
    p99: float

    @classmethod
    def of(cls, ms: list[float], seconds: float) -> "Run":
        """Read sorted milliseconds."""
        return cls(len(ms) / seconds, ms[len(ms) // 2], ms[int(len(ms) * 0.99)])


def measure() -> list[Figure]:
    """Return the figures of the listing, then those of every number of clients."""
    with installed() as place:
        with serving(place) as server:
            figures = [_listing(place, server)]
            for hot in (False, True):
                for clients in CLIENTS:
                    figures += _booking(place, server, clients, hot=hot)
        quarrels = _deadlocks(place)
        with serving(place, WORKERS) as several:
            for hot in (False, True):
                figures += _booking(place, several, max(CLIENTS), hot=hot, workers=WORKERS)
        print(f"deadlocks with {WORKERS} workers: {_deadlocks(place) - quarrels}", flush=True)
    return figures


def _deadlocks(place: Installed) -> int:
    """Return how many there were; a serving process that has ended has told of all of its own."""
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    found: int = place.run(query)[0][0]
    return found


def _booking(
    place: Installed, server: Serving, clients: int, *, hot: bool, workers: int = 1
) -> list[Figure]:
    floors = _floors()
    sides: list[Callable[[int | None], Run]] = [
        lambda session: _load(place, server, clients, session),
        *(partial(_bare, place, clients, floor) for floor in floors.values()),
    ]
    turns: list[list[Run]] = []
    for turn in range(PAIRS + 1):
        runs: dict[int, Run] = {}
        for side in sorted(range(len(sides)), reverse=turn % 2 == 0):
            runs[side] = sides[side](place.hot_session(next(_turns)) if hot else None)
            _check_books(place)
        if turn:  # the first turn warms up
            turns.append([runs[side] for side in range(len(sides))])
    what = (
        f"{clients} client{'s' if clients > 1 else ''}, {'one session' if hot else 'many sessions'}"
        f"{f', {workers} workers' if workers > 1 else ''}"
    )
    middles = [_told(_middle([runs[side] for runs in turns])) for side in range(len(sides))]
    print(f"{what}: {' beside '.join(middles)}", flush=True)
    return [
        _figure(f"{name}, {what}", floor, field, [(runs[0], runs[side]) for runs in turns])
        for side, floor in enumerate(floors, start=1)
        for name, field in (("bookings per second", "per_second"), ("p50", "p50"), ("p99", "p99"))
    ]


def _floors() -> dict[str, Callable[[Installed, int, int, int | None], list[float]]]:
    """Return what books without us: pgbench, where there is one, and psycopg."""
    floors = {"psycopg calling create_booking_atomic": psycopg_driver}
    if find_pgbench() is None:
        return floors
    return {"pgbench calling create_booking_atomic": pgbench} | floors


def _bare(
    place: Installed,
    clients: int,
    floor: Callable[[Installed, int, int, int | None], list[float]],
    session: int | None,
) -> Run:
    return Run.of(floor(place, clients, SECONDS, session), SECONDS)


def _figure(metric: str, floor: str, field: str, pairs: list[tuple[Run, Run]]) -> Figure:
    ratios = [getattr(ours, field) / getattr(theirs, field) for ours, theirs in pairs]
    return Figure(
        group="booking",
        metric=metric,
        ratio=round(statistics.median(ratios), 3),
        spread=(round(min(ratios), 3), round(max(ratios), 3)),
        goal=GOALS[metric.partition(",")[0]],
        better="higher" if field == "per_second" else "lower",
        floor=floor,
    )


def _load(place: Installed, server: Serving, clients: int, session: int | None) -> Run:
    first = place.run("SELECT setval('bench_turns', nextval('bench_turns') + %s)", _BLOCK)[0][0]
    words = [server.url, clients, SECONDS, first - _BLOCK // 2, session or "-", next(_devices)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load", *map(str, words)],
        check=True,
        capture_output=True,
        text=True,
    )
    told = json.loads(done.stdout)
    if set(told["statuses"]) != {"201"}:
        print(f"not every booking was made: {told['statuses']}", flush=True)
    return Run.of(told["ms"], told["seconds"])


def _middle(runs: list[Run]) -> Run:
    return Run(*(statistics.median(getattr(r, f) for r in runs) for f in Run.__struct_fields__))


def _told(run: Run) -> str:
    return f"{run.per_second:.0f}/s p50 {run.p50:.2f} p99 {run.p99:.2f} ms"


def _check_books(place: Installed) -> None:
    """Bookings = seats = debits = changes of bookings."""
    counts = place.run(
        "SELECT (SELECT count(*) FROM bookings), (SELECT sum(total_bookings) FROM mock_sessions),"
        " (SELECT -sum(amount) FROM ledger WHERE amount < 0),"
        " (SELECT count(*) FROM changes WHERE entity = 'booking')"
    )[0]
    assert len(set(map(int, counts))) == 1, counts


def _listing(place: Installed, server: Serving) -> Figure:
    """500 sessions with counts of this moment, beside the statement that reads them."""
    where = urlsplit(server.url)
    line = http.client.HTTPConnection(where.hostname or "", where.port or 0)
    device = itertools.count()

    def product() -> float:
        headers = {"Authorization": f"Bearer bench-{DEVICES - 1 - next(device) // 25}"}
        line.request("GET", "/api/v1/mock-discussions/available?realtime=true", headers=headers)
        answer = line.getresponse()
        body = answer.read()
        assert answer.status == 200, body  # noqa: PLR2004 - a status
        return body.count(b'"mock_exam_id"')

    values = dict.fromkeys(sessions.SessionQuery.__struct_fields__) | {
        "mock_types": [MockType.MOCK_DISCUSSION.value],
        "now": datetime.now(UTC),
        "not_before": datetime.now(UTC).date() - timedelta(days=1),
    }
    statement = sessions._COUNTED  # noqa: SLF001 - the floor is exactly this statement
    with psycopg.connect(place.url, autocommit=True) as bare:

        def floor() -> float:
            cursor = bare.execute(statement.text.encode(), statement.values(values))
            return len(cursor.fetchall())

        assert product() == floor() == SESSIONS
        pairs = [(_p50(product), _p50(floor)) for _ in range(PAIRS + 1)][1:]
    line.close()
    ratios = [ours / theirs for ours, theirs in pairs]
    print(f"listing: {pairs[0][0]:.1f} ms beside {pairs[0][1]:.1f} ms of SQL", flush=True)
    return Figure(
        group="booking",
        metric=f"p50, listing of {SESSIONS} sessions with real-time counts",
        ratio=round(statistics.median(ratios), 3),
        spread=(round(min(ratios), 3), round(max(ratios), 3)),
        goal=3.0,
        better="lower",
        floor="its SQL through psycopg",
    )


def _p50(work: Callable[[], float]) -> float:
    times = []
    for _ in range(LISTINGS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)
