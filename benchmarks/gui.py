"""The GUI thread of the window, in processes of their own, on 100,000 sessions.

What each thing a person does takes of the GUI thread, beside a frame of 16 ms and beside the same
step on a bare table of Qt, whose process runs in turn with ours; and how long the GUI thread does not
come round during a full pull, beside the same window at rest.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.cached import SIZES, enrolled_profile, facts
from benchmarks.measure import PAIRS, Figure, figure
from benchmarks.pulling import handed_out, snapshot_pages
from benchmarks.start import SCREEN
from kiosk_app.app.tour import screen_without_display

FRAME_S = 0.016
GAP_S = 0.0167
BARE = "the same step on a bare QTableView of strings"
FRAME = "a frame of 16 ms"
TIMES_BARE = 3.0


def environment(home: Path) -> dict[str, str]:
    """Return what a kiosk's process finds round it: bytecode it may write, and no wish of a shell's."""
    found = {**os.environ, "QT_LOGGING_RULES": "qt.qpa.*=false"}
    found.setdefault("QT_QPA_PLATFORM", screen_without_display(home, SCREEN))
    for name in ("PYTHONDONTWRITEBYTECODE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        found.pop(name, None)
    return {**found, "PYTHONPYCACHEPREFIX": str(home / "bytecode")}


def run(home: Path, *words: str) -> str:
    """Run one process and return the last line it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        check=True,
        env=environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()[-1]


def measured(home: Path, kind: str, profile: Path, *more: str) -> dict[str, Any]:
    """Measure the window over a profile."""
    told = run(home, "-m", "benchmarks.measured_window", kind, str(profile), *more)
    return dict(json.loads(told))


def share(values: list[float], part: float) -> float:
    """Return the value that so large a part does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure() -> list[Figure]:
    """Return the steps and the gaps."""
    ours, bare, gaps = [], [], []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        place, profile = Path(home), enrolled_profile(Path(home), SIZES[-1])
        for _turn in range(PAIRS):
            ours.append(measured(place, "steps", profile))
            told = run(place, "-m", "benchmarks.bare_window", str(SIZES[-1]))
            bare.append(json.loads(told))
        with handed_out(snapshot_pages(facts(SIZES[-1], datetime.now(UTC)))) as url:
            gaps += [measured(place, "gaps", profile, url) for _turn in range(PAIRS)]
    return [row for name in ours[0] for row in _step(name, ours, bare)] + _gaps(gaps)


def _step(name: str, ours: list[dict[str, Any]], bare: list[dict[str, Any]]) -> list[Figure]:
    """Return the figures of one step; each run has the whole and the longest piece of every turn."""

    def parts(runs: list[dict[str, Any]], which: int, part: float) -> list[float]:
        return [share([took[which] for took in one[name]], part) for one in runs]

    def beside_frame(what: str, which: int, part: float) -> Figure:
        ratios = [value / FRAME_S for value in parts(ours, which, part)]
        return figure("gui", f"{name}, {what}", ratios, goal=1.0, floor=FRAME)

    turns = len(ours[0][name])
    longest = beside_frame("p95 of its longest piece", 1, 0.95)
    if name not in bare[0]:  # nobody waits for it
        return [longest]
    ratios = [o / b for o, b in zip(parts(ours, 0, 0.95), parts(bare, 0, 0.95), strict=True)]
    return [
        beside_frame(f"p50 of {turns}", 0, 0.5),
        beside_frame(f"p95 of {turns}", 0, 0.95),
        longest,
        figure("gui", f"{name}, p95", ratios, goal=TIMES_BARE, floor=BARE),
    ]


def _gaps(runs: list[dict[str, Any]]) -> list[Figure]:
    def row(what: str, ratio: Callable[[dict[str, Any]], float], goal: float, floor: str) -> Figure:
        name = f"GUI thread during a full pull, {what}"
        return figure("gui", name, [ratio(one) for one in runs], goal=goal, floor=floor)

    return [
        row("longest gap", lambda one: max(one["pull"]) / GAP_S, 1.0, "16.7 ms"),
        row("longest gap", lambda one: max(one["pull"]) / max(one["idle"]), 3.0, "at rest"),
        row("p99", lambda one: share(one["pull"], 0.99) / share(one["idle"], 0.99), 3.0, "at rest"),
    ]
