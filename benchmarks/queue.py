"""Group `queue`: a guaranteed seat from the call to the disk, beside one durable row."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from benchmarks.measure import Figure, paired
from kiosk_app.cache.files import KEY_BYTES, Keys, connect
from kiosk_app.cache.queue import Queue
from kiosk_app.cache.request import NewRequest, Subject
from kiosk_app.cache.slots import Hold
from kiosk_app.cache.store import open_files
from kiosk_app.contract.leases import SlotRef
from kiosk_app.domain.leases import Anchor

TURN = 200
"""Bookings, or rows, of one measurement."""
KEY = bytes(range(KEY_BYTES))
ANCHOR = Anchor(boot_id="bench", boot_ms=1, wall_ms=1, lease_ms=1, high_water_ms=1)
FLOOR = "one row in an SQLCipher file, committed with synchronous=FULL"


def measure() -> list[Figure]:
    """Confirm seats and commit rows in turn; return the median and the slow end."""
    with tempfile.TemporaryDirectory() as name:
        folder, now = Path(name), datetime.now(UTC)
        files = open_files(folder, Keys(KEY, KEY), now)
        row = connect(folder / "floor.db", KEY, durable=True)
        row.execute("CREATE TABLE rows (id TEXT PRIMARY KEY, text TEXT)")

        def commit() -> None:
            row.execute("INSERT INTO rows VALUES (?, ?)", (str(uuid4()), "x" * 200))

        def confirmed(at: float) -> Callable[[], float]:
            return lambda: _at(at, _confirmations(files.queue, now))

        def committed(at: float) -> Callable[[], float]:
            return lambda: _at(at, [_timed(commit) for _ in range(TURN)])

        figures = [
            paired(
                "queue",
                f"confirm offline, p{round(at * 100)}",
                product=confirmed(at),
                floor=committed(at),
                floor_name=FLOOR,
                goal=goal,
            )
            for at, goal in ((0.5, 2.0), (0.99, 3.0))
        ]
        row.close()
        files.close()
    return figures


def _confirmations(queue: Queue, now: datetime) -> list[float]:
    queue.tidy()  # as the engine does four times a minute, while nobody waits
    session = str(uuid4())
    refs = [SlotRef(session_id=session, slot=n + 1, generation=1) for n in range(TURN)]
    queue.slots.add(str(uuid4()), refs, 10**12, 1)
    return [_timed(lambda ref=ref: _confirm(queue, ref, now)) for ref in refs]  # type: ignore[misc]


def _confirm(queue: Queue, ref: SlotRef, now: datetime) -> None:
    new = NewRequest(
        id=str(uuid4()),
        kind="create",
        system="exams",
        path="/bookings/create",
        body="{}" + " " * 400,
        subject=Subject(
            session_id=ref.session_id,
            mock_type="Mini-mock",
            exam_date=now.date().isoformat(),
            session_start=now + timedelta(hours=1),
            session_end=now + timedelta(hours=2),
            time_zone="America/Toronto",
            location="Downtown",
        ),
        student_ref="BENCH1",
        idempotency_key=str(uuid4()),
        slot=ref.slot,
        generation=ref.generation,
    )
    queue.save(new, now, Hold(ref=ref, anchor=ANCHOR))


def _timed(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _at(share: float, seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=100)[round(share * 100) - 1]
