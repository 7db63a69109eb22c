"""The pull and the mirror at 100,000 sessions.

`pull`: the whole way over HTTP, beside decoding and storing the very same bytes that lie in memory.
The server is a process that only hands out bytes, so that the client's own cost is what is seen.
`cache`: a delta of ten changes in a large mirror, beside the same delta in a small one.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.cached import SIZES, facts
from benchmarks.measure import Figure, paired
from kiosk_app.cache.files import Keys
from kiosk_app.cache.mirror import Position
from kiosk_app.cache.reads import Reads
from kiosk_app.cache.store import Opened, open_files
from kiosk_app.contract.devices import ChangePage, SnapshotPage
from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.contract.wire import wire_instant
from kiosk_app.gateway.http import Address, Http
from kiosk_app.gateway.server import Gateway
from kiosk_app.sync.clock import SystemClock
from kiosk_app.sync.pull import FEED_PAGE, Pull
from kiosk_app.sync.station import Station

KEYS = Keys(queue=bytes(32), mirror=bytes(range(32)))
CHANGES = 10
ROUNDS = 20
SERVER = """
import pathlib, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
pages = [p.read_bytes() for p in sorted(pathlib.Path(sys.argv[1]).glob("*.json"))]
class Handler(BaseHTTPRequestHandler):
    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True
    def log_message(self, *_):
        pass
    def do_GET(self):
        parts = urlsplit(self.path)
        body = b'{"version":"bench","features":["changes"]}'
        if parts.path.endswith("/snapshot"):
            body = pages[int(parse_qs(parts.query).get("after", ["0"])[0])]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


def snapshot_pages(sessions: list[SessionFacts]) -> list[bytes]:
    """Return the pages of a snapshot as they travel; `after` is the number of the next one."""
    now, pages = wire_instant(datetime.now(UTC)), []
    for first in range(0, len(sessions), FEED_PAGE):
        more = first + FEED_PAGE < len(sessions)
        page = SnapshotPage(
            epoch="e",
            cursor="c",
            after=str(first // FEED_PAGE + 1) if more else None,
            now=now,
            sessions=sessions[first : first + FEED_PAGE],
        )
        pages.append(msgspec.json.encode(page))
    return pages


def timed(work: Callable[[Path], None]) -> float:
    """Return the seconds of some work with a fresh folder, without making and removing it."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        begun = time.perf_counter()
        work(Path(home))
        return time.perf_counter() - begun


def from_memory(folder: Path, pages: list[bytes]) -> None:
    """Decode and store what is there already."""
    files, decoder = open_files(folder, KEYS, datetime.now(UTC)), msgspec.json.Decoder(SnapshotPage)
    files.mirror.begin_snapshot()
    for page in pages:
        files.mirror.add_to_snapshot(decoder.decode(page).sessions)
    files.mirror.finish_snapshot(Position("e", "c"), datetime.now(UTC))
    files.close()


def over_http(folder: Path, url: str) -> None:
    """Pull as the engine does."""

    async def work() -> None:
        files = open_files(folder, KEYS, datetime.now(UTC))
        station = Station(
            gateway=Gateway(Http(Address(base_url=url, device_token=None, client_version="bench"))),
            queue=files.queue,
            mirror=files.mirror,
            reading=Reads(folder, lambda: KEYS, lambda: datetime.now(UTC)),
            clock=SystemClock(),
            publish=lambda _event: None,
        )
        if not await Pull(station).sessions():
            raise RuntimeError("the pull did not end")
        await station.gateway.close()
        files.close()

    asyncio.run(work())


@contextmanager
def handed_out(pages: list[bytes]) -> Iterator[str]:
    """Let a process hand out a snapshot, and give its address."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        for number, page in enumerate(pages):
            (Path(home) / f"{number:04}.json").write_bytes(page)
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, home], stdout=subprocess.PIPE, text=True
        )
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()
            server.communicate()


def measure_pull() -> list[Figure]:
    """Return the full pull beside the same bytes in memory."""
    pages = snapshot_pages(facts(SIZES[-1], datetime.now(UTC)))
    with handed_out(pages) as url:
        return [
            paired(
                "pull",
                f"full pull of {SIZES[-1]:,} sessions",
                product=lambda: timed(lambda folder: over_http(folder, url)),
                floor=lambda: timed(lambda folder: from_memory(folder, pages)),
                floor_name="decode and store the same bytes from memory",
                goal=1.25,
            )
        ]


def measure_cache() -> list[Figure]:
    """Return a delta of ten changes, large mirror beside small one."""
    with ExitStack() as stack:
        small, large = (_delta(stack, size) for size in SIZES)
        return [
            paired(
                "cache",
                f"delta of {CHANGES} changes, {SIZES[-1]:,} sessions in the mirror",
                product=large,
                floor=small,
                floor_name=f"the same with {SIZES[0]:,} sessions",
                goal=1.3,
            )
        ]


def _delta(stack: ExitStack, size: int) -> Callable[[], float]:
    home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-bench-")))
    sessions = facts(size, datetime.now(UTC))
    files: Opened = open_files(home, KEYS, datetime.now(UTC))
    stack.callback(files.close)
    files.mirror.begin_snapshot()
    files.mirror.add_to_snapshot(sessions)
    files.mirror.finish_snapshot(Position("e", "c"), datetime.now(UTC))
    step = len(sessions) // CHANGES
    texts = [_booked(sessions[::step], seats) for seats in (0, 1)]
    decoder = msgspec.json.Decoder(ChangePage)

    def apply() -> float:
        begun = time.perf_counter()
        for turn in range(ROUNDS):
            told = decoder.decode(texts[turn % 2])
            files.mirror.apply(
                told.sessions, told.deleted, Position("e", told.cursor), datetime.now(UTC)
            )
        return time.perf_counter() - begun

    return apply


def _booked(sessions: list[SessionFacts], seats: int) -> bytes:
    """Return a page of changes that leaves each session with so many bookings."""
    page = ChangePage(
        epoch="e",
        cursor="d",
        more=False,
        now=wire_instant(datetime.now(UTC)),
        sessions=[msgspec.structs.replace(one, total_bookings=seats) for one in sessions],
    )
    return msgspec.json.encode(page)
