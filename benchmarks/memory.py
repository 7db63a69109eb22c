"""Memory: our window on 100,000 sessions beside an empty PySide6 window, on the same platform plugin.

Weighed from outside while the process stands still, at its first frame and again when the engine is at
work, so that the process holds nothing but the product. It runs as on a kiosk: from bytecode that the
warm-up writes, with the certificates of the system.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile
from benchmarks.gui import environment
from benchmarks.measure import PAIRS, Figure, figure
from benchmarks.start import WINDOW
from benchmarks.weighing import proportional_kb

STOP = """
import sys
def stop():
    print(flush=True)
    sys.stdin.readline()
"""
EMPTY = STOP + WINDOW
REST_MS = 2_000
PRODUCT = f"""{STOP}
from kiosk_app.app import client_cli, quick
quick.begin()
from PySide6.QtCore import QTimer
from kiosk_app.app import window
shown, painted, whole = [], window.Program.painted, window.Program.whole
def first(program):
    stop()
    month = program.window.browse.month.model
    days = (month.index(w, d) for w in range(month.rowCount()) for d in range(7))
    shown.append(sum(month.cell(day).count for day in days))
    painted(program)
def complete(program):
    whole(program)
    QTimer.singleShot({REST_MS}, lambda: at_work(program))
def at_work(program):
    stop()
    program.app.quit()
window.Program.painted, window.Program.whole = first, complete
client_cli.main(["--profile", sys.argv[1], "--mode", "desk"])
sys.exit(0 if sum(shown) else 3)
"""
GOALS = (("first frame", 1.6), ("engine at work", 2.2))


def weights(code: str, home: Path, *arguments: str) -> list[float]:
    """Run one process and return what it weighs, in kilobytes, wherever it stops."""
    words = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        words, env=environment(home), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        weighed = []
        for _line in process.stdout:
            weighed.append(proportional_kb([process.pid]))
            process.stdin.write("\n")
            process.stdin.flush()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words[:2])
    return weighed


def window_at_work(home: Path, profile: Path) -> float:
    """Return what our window weighs with the engine at work."""
    return weights(PRODUCT, home, str(profile))[-1]


def measure() -> list[Figure]:
    """Return the window beside an empty one, before and after the engine's imports."""
    ratios: list[list[float]] = []
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
        home, profile = Path(folder), enrolled_profile(Path(folder), SIZES[-1])
        for turn in range(PAIRS + 1):
            (empty,), ours = weights(EMPTY, home), weights(PRODUCT, home, str(profile))
            if turn:  # the first only writes bytecode
                ratios.append([one / empty for one in ours])
    return [
        figure(
            "memory",
            f"proportional set, {what}, {SIZES[-1]:,} sessions",
            [one[when] for one in ratios],
            goal=goal,
            floor="empty PySide6 window",
        )
        for when, (what, goal) in enumerate(GOALS)
    ]
