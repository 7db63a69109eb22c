"""The GUI thread and the memory of the window, in processes of their own, on 100,000 sessions.

`gui`: what each thing a person does takes of the GUI thread (p95 of each, beside a frame of 16 ms).
`memory`: proportional set of our window beside an empty PySide6 window, on the same platform plugin.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile
from benchmarks.measure import PAIRS, Figure, figure, paired
from benchmarks.start import SCREEN
from kiosk_app.app.tour import screen_without_display

FRAME_S = 0.016
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
    """Return the steps."""
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
