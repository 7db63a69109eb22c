"""The GUI thread and the memory of the window, in processes of their own, on 100,000 sessions.

`gui`: what each thing a person does takes of the GUI thread (p95 of each, beside a frame of 16 ms),
and how long its event loop goes without a turn during a full pull, beside a frame and beside rest.
`memory`: proportional set of our window beside an empty PySide6 window, on the same platform plugin.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile, facts
from benchmarks.measure import PAIRS, Figure, figure, paired
from benchmarks.pulling import SERVER, snapshot_pages
from benchmarks.start import SCREEN
from kiosk_app.app.tour import screen_without_display

FRAME_S = 0.016
LONGEST_S = 0.0167
EMPTY = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
class Window(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)
    def painted(self):
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
        print(json.dumps({"first": int(next(n for n in lines if n.startswith("Pss:")).split()[1])}))
        app.quit()
window = Window()
window.resize(1920, 1080)
window.show()
app.exec()
"""


def run(home: Path, *words: str) -> dict[str, list[float]]:
    """Run one process and return what it printed."""
    environment = {**os.environ, "QT_LOGGING_RULES": "qt.qpa.*=false"}
    environment.setdefault("QT_QPA_PLATFORM", screen_without_display(home, SCREEN))
    done = subprocess.run(
        [sys.executable, *words], check=True, env=environment, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measured(home: Path, kind: str, profile: Path) -> dict[str, list[float]]:
    """Measure the window over a profile."""
    return run(home, "-m", "benchmarks.measured_window", kind, str(profile))


def share(values: list[float], part: float) -> float:
    """Return the value that so large a part does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def measure() -> list[Figure]:
    """Return the steps and the gaps."""
    return [*_steps(), *_gaps()]


def _steps() -> list[Figure]:
    runs: list[dict[str, list[float]]] = []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        profile = enrolled_profile(Path(home), SIZES[-1])
        runs += [measured(Path(home), "steps", profile) for _turn in range(PAIRS)]
    return [
        figure(
            "gui",
            f"{name}, p95, {SIZES[-1]:,} sessions",
            [share(one[name], 0.95) / FRAME_S for one in runs],
            goal=1.0,
            floor="a frame of 16 ms",
        )
        for name in runs[0]
    ]


def _gaps() -> list[Figure]:
    longest, ninety_nine = [], []
    with _served() as url:
        for _turn in range(PAIRS):
            with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
                profile = enrolled_profile(Path(home), 0, url)
                found = measured(Path(home), "gaps", profile)
            longest.append(max(found["pull"]) / LONGEST_S)
            ninety_nine.append(share(found["pull"], 0.99) / share(found["idle"], 0.99))
    pull = f"full pull of {SIZES[-1]:,} sessions"
    return [
        figure("gui", f"longest gap, {pull}", longest, goal=1.0, floor="a frame of 16.7 ms"),
        figure("gui", f"p99 of gaps, {pull}", ninety_nine, goal=3.0, floor="the same at rest"),
    ]


@contextmanager
def _served() -> Iterator[str]:
    """Serve the snapshot of a large campus, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        for number, page in enumerate(snapshot_pages(facts(SIZES[-1], datetime.now(UTC)))):
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


def measure_memory() -> list[Figure]:
    """Return the window beside an empty one, before and after the engine's imports."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        place, profile = Path(home), enrolled_profile(Path(home), SIZES[-1])

        def empty() -> float:
            return float(run(place, "-c", EMPTY)["first"])  # type: ignore[arg-type]

        def ours(when: str) -> float:
            return float(measured(place, "memory", profile)[when])  # type: ignore[arg-type]

        return [
            paired(
                "memory",
                f"proportional set, {what}, {SIZES[-1]:,} sessions",
                product=lambda w=when: ours(w),
                floor=empty,
                floor_name="empty PySide6 window",
                goal=goal,
            )
            for when, what, goal in (
                ("first", "first frame", 1.6),
                ("engine", "engine at work", 2.2),
            )
        ]
