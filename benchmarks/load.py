"""The load: bookings over plain sockets, a process of its own, as light as Python can be.

Called as `python -m benchmarks.load URL CLIENTS SECONDS FIRST HOT FIRST_DEVICE`; each client sends its next
booking when the last was answered. Prints one JSON object: answers by status, and milliseconds.
"""

import asyncio
import json
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import uvloop

from benchmarks.campus import DEVICES, SESSIONS, STUDENTS, bench_id

_PER_DEVICE = 50
_LENGTH = re.compile(rb"content-length: (\d+)")
_HEAD = (
    "POST /api/v1/mock-discussions/create-booking HTTP/1.1\r\nHost: bench\r\n"
    "Authorization: Bearer bench-{device}\r\nContent-Type: application/json\r\n"
    "X-Idempotency-Key: bench-{n}-{session}\r\nContent-Length: {length}\r\n\r\n"
)


class Load:
    """Hands out bookings that nobody else makes, and notes the answers."""

    def __init__(self, first: int, hot: int | None, device: int, until: float) -> None:
        self._next, self._hot, self._device, self.until = first, hot, device, until
        self._sent = 0
        self._today = datetime.now(UTC).date()
        self.times: list[float] = []
        self.statuses: dict[str, int] = {}

    def request(self) -> bytes:
        """Return the next one."""
        n, self._next = self._next, self._next + 1
        session = self._hot if self._hot is not None else (n + n // STUDENTS) % SESSIONS
        device = (self._device + self._sent // _PER_DEVICE) % DEVICES
        self._sent += 1
        body = json.dumps(
            {
                "mock_exam_id": str(bench_id(2, session)),
                "contact_id": str(bench_id(1, n % STUDENTS)),
                "student_id": f"S{n % STUDENTS}",
                "name": "Sam Sample",
                "email": "s@example.org",
                "exam_date": (self._today + timedelta(days=30 + session)).isoformat(),
            }
        )
        head = _HEAD.format(device=device, n=n, session=session, length=len(body))
        return (head + body).encode()


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self._load, self._done, self._got = load, done, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the first booking."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Note an answer when it is whole, and send the next booking."""
        self._got += data
        head, end, body = self._got.partition(b"\r\n\r\n")
        if not end or len(body) < int(_LENGTH.search(head)[1]):  # type: ignore[index]
            return
        now, load = time.perf_counter(), self._load
        load.times.append(now - self._sent)
        status = head[9:12].decode()
        load.statuses[status] = load.statuses.get(status, 0) + 1
        self._got = b""
        if now < load.until:
            self._send()
        else:
            self._transport.close()
            self._done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("closed"))

    def _send(self) -> None:
        request = self._load.request()
        self._sent = time.perf_counter()
        self._transport.write(request)  # type: ignore[attr-defined]


async def _run(url: str, clients: int, seconds: float, load: Load) -> float:
    loop, where = asyncio.get_running_loop(), urlsplit(url)
    began = time.perf_counter()
    load.until = began + seconds
    ends: list[asyncio.Future[None]] = []
    for _ in range(clients):
        end: asyncio.Future[None] = loop.create_future()
        await loop.create_connection(lambda e=end: Client(load, e), where.hostname, where.port)
        ends.append(end)
    await asyncio.gather(*ends)
    return time.perf_counter() - began


def main(words: list[str]) -> None:
    """Run the load and print what came of it."""
    url, clients, seconds, first, hot, device = words
    load = Load(int(first), None if hot == "-" else int(hot), int(device), 0.0)
    took = uvloop.run(_run(url, int(clients), float(seconds), load))
    told = {
        "seconds": took,
        "statuses": load.statuses,
        "ms": sorted(round(one * 1000, 3) for one in load.times),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
