"""The same month in a browser: FullCalendar in Chromium, beside our window, on the same sessions.

Both are processes of their own: start until the month is painted, switch to the next month, and the
proportional set of all their processes at work. With a display (`DISPLAY`) both are on it, the browser
as a kiosk; without one the browser is headless and our window on Qt's offscreen platform. All events come
from one local file, as FullCalendar takes them. A switch in the browser ends when its frame is painted, for
which it waits for the next beat of the screen, up to 17 ms; of ours all work counts that follows from it.
Where Chromium or npm is missing the group is left out, and says so.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from unittest.mock import patch

import msgspec
import psutil
from msgspec import Struct

from benchmarks import gui, memory, start
from benchmarks.cached import SIZES, ZONE, enrolled_profile, facts
from benchmarks.measure import Figure, figure
from benchmarks.weighing import proportional_kb

Site = dict[str, tuple[str, bytes]]
"""Kind and body of what is served, by its address."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CALENDAR = "fullcalendar@7.1.0"
PARTS = {
    "/calendar.js": ("text/javascript", ("all/global.js", "themes/classic/global.js")),
    "/calendar.css": (
        "text/css",
        ("skeleton.css", "themes/classic/theme.css", "themes/classic/palette.css"),
    ),
}
"""What a page takes of the package, by the address it is served at."""
RUNS = 3
PATIENCE_S = 300.0
"""Of a browser that says nothing."""
GOALS = {1_000: (0.35, 0.2), 100_000: (0.15, 0.02)}
"""Start and month switch, by the number of sessions."""
MEMORY = 0.2
FLAGS = (
    *("--disable-gpu", "--no-first-run", "--disable-sync", "--disable-quic"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
    *("--window-size=1920,1080", "--window-position=0,0"),
)
PAGE = """<!doctype html><meta charset="utf-8"><title>Month</title>
<link rel="stylesheet" href="/calendar.css"><body style="margin:0"><div id="month"></div><script src="/calendar.js"></script><script>
const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
const tell = told => fetch("/told", {method: "POST", body: JSON.stringify(told)});
(async () => {
  const events = await (await fetch("/events.json")).json();
  const calendar = new FullCalendar.Calendar(document.getElementById("month"),
    {initialView: "dayGridMonth", height: "100vh", dayMaxEvents: true, eventClass: "shown", events,
     headerToolbar: {start: "title", end: "today prev,next"}});
  calendar.render();
  await painted();
  const height = document.getElementById("month").offsetHeight;
  await tell({shown: height > innerHeight / 2 ? document.querySelectorAll(".shown").length : 0});
  const switches = [];
  for (let turn = 0; turn < 10; turn++) {
    const begun = performance.now();
    calendar.next();
    await painted();
    switches.push((performance.now() - begun) / 1000);
  }
  await tell({switches});
})();
</script>"""


class Seen(Struct, frozen=True):
    """One run: seconds to the painted month, the median switch, and kilobytes."""

    start: float
    switch: float
    memory: float


def measure() -> list[Figure]:
    """Return start, month switch and memory for each size, or nothing where there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    ours = {"QT_QPA_PLATFORM": "xcb"} if "DISPLAY" in os.environ else {}
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home, patch.dict(os.environ, ours):
        calendar = _calendar(Path(home))
        if browser is None or calendar is None:
            print("browser: left out, it needs Chromium and npm", file=sys.stderr)
            return []
        return [one for size in SIZES for one in _beside(Path(home), browser, calendar, size)]


def _calendar(home: Path) -> Site | None:
    """Return FullCalendar's script and style sheet."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    done = subprocess.run(
        [npm, "pack", "--silent", CALENDAR], cwd=home, capture_output=True, check=False
    )
    packed = next(home.glob("fullcalendar-*.tgz"), None)
    if done.returncode or packed is None:
        return None
    shutil.unpack_archive(packed, home, filter="data")
    return {
        address: (kind, b"\n".join((home / "package" / name).read_bytes() for name in names))
        for address, (kind, names) in PARTS.items()
    }


def _beside(home: Path, browser: str, calendar: Site, size: int) -> list[Figure]:
    folder = home / str(size)
    folder.mkdir()
    profile = enrolled_profile(folder, size)
    site = {
        "/": ("text/html", PAGE.encode()),
        **calendar,
        "/events.json": ("application/json", _events(size)),
    }
    pairs = [(_window(home, profile), _page(browser, site)) for _turn in range(RUNS)]
    starts, switches = GOALS[size]
    rows = (("start", starts), ("switch", switches), ("memory", MEMORY))
    return [
        figure(
            "browser",
            f"{what}, {size:,} sessions",
            [getattr(ours, what) / getattr(theirs, what) for ours, theirs in pairs],
            goal=goal,
            floor="FullCalendar in Chromium",
        )
        for what, goal in rows
    ]


def _events(size: int) -> bytes:
    return msgspec.json.encode(
        [
            {"title": f"{one.mock_type} {one.location}", "start": one.starts_at, "end": one.ends_at}
            for one in facts(size, datetime.now(UTC))
        ]
    )


def _window(home: Path, profile: Path) -> Seen:
    """Run our window three times: nobody can start, switch and be weighed at once."""
    months = gui.measured(home, "months", profile)["month switch"]
    return Seen(
        start.run(start.PRODUCT, home, str(profile)),
        statistics.median(whole for whole, _longest in months),
        memory.window_at_work(home, profile),
    )


def _page(browser: str, site: Site) -> Seen:
    """Run the browser once, with a profile of its own."""
    told: Queue[tuple[float, dict[str, Any]]] = Queue()
    with _serving(site, told) as address, tempfile.TemporaryDirectory() as folder:
        shown = "--kiosk" if "DISPLAY" in os.environ else "--headless"
        words = [browser, shown, *FLAGS, f"--user-data-dir={folder}", address]
        if os.geteuid() == 0:
            words.insert(1, "--no-sandbox")
        begun = time.perf_counter()
        process = subprocess.Popen(
            words,
            env={**os.environ, "TZ": ZONE},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            painted, first = told.get(timeout=PATIENCE_S)
            assert first["shown"], "the month of the browser is empty"
            _when, then = told.get(timeout=PATIENCE_S)
            weight = _weight(process.pid)
        finally:
            others = psutil.Process(process.pid).children(recursive=True)
            process.terminate()
            process.wait()
            psutil.wait_procs(others, timeout=PATIENCE_S)  # they write to their folder until then
    return Seen(painted - begun, statistics.median(then["switches"]), weight)


def _weight(pid: int) -> float:
    main = psutil.Process(pid)
    return proportional_kb([pid, *(one.pid for one in main.children(recursive=True))])


@contextmanager
def _serving(site: Site, told: "Queue[tuple[float, dict[str, Any]]]") -> Iterator[str]:
    """Serve the page over loopback and hear what it tells."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = site.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            now = time.perf_counter()
            told.put((now, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
