"""Start: from the program's start to the painted, usable month, beside an empty PySide6 window.

Both are processes of their own, imports included, on Qt's offscreen platform with a screen of 1920
by 1080 unless a display is named. Each says when its frame is painted; how long it takes to end is no
part of a start. The product is the command `kiosk`, which is asked to close when its first
frame is on the screen; a month without sessions is a failure. The cache is made by the product's own
code; its keys lie in a file, as on a kiosk without keyring. Both run from bytecode, as installed
programs do; the warm-up writes it, and what else a start keeps for the next, to a place of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile
from benchmarks.measure import Figure, paired
from kiosk_app.app.tour import screen_without_display

SCREEN = (1920, 1080)
TURNS = 41
"""A start takes a third of a second, in which a machine does other things too: few turns say little."""

WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
class Window(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)
    def painted(self):
        stop()
        app.quit()
window = Window()
window.resize(1920, 1080)
window.show()
app.exec()
"""
"""An empty PySide6 window, which calls `stop` when it is painted."""
EMPTY = f"""
import sys, time
def stop():
    print(time.monotonic())
{WINDOW}"""
PRODUCT = """
import sys, time
from kiosk_app.app import client_cli, quick
quick.begin()
from kiosk_app.app import window
shown, rest = [], window.Program.painted
def painted(program):
    print(time.monotonic())
    month = program.window.browse.month.model
    days = (month.index(w, d) for w in range(month.rowCount()) for d in range(7))
    shown.append(sum(month.cell(day).count for day in days))
    rest(program)
    program.app.quit()
window.Program.painted = painted
status = client_cli.main(["--profile", sys.argv[1], "--mode", "desk"])
sys.exit(status or (0 if sum(shown) else 3))
"""


def run(code: str, home: Path, *arguments: str) -> float:
    """Run one process and return the seconds until its first frame was on the screen."""
    environment = {**os.environ, "QT_LOGGING_RULES": "qt.qpa.*=false"}
    environment.setdefault("QT_QPA_PLATFORM", screen_without_display(home, SCREEN))
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(home / "bytecode")
    command = [sys.executable, "-c", code, *arguments]
    begun = time.monotonic()  # one clock for all processes of a machine
    told = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True)
    return float(told.stdout) - begun


def measure() -> list[Figure]:
    """Return one figure for each size of the cache."""
    figures = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
            profile = str(enrolled_profile(Path(home), size))
            figures.append(
                paired(
                    "start",
                    f"process start to painted month, {size:,} sessions in the cache",
                    product=lambda h=Path(home), p=profile: run(PRODUCT, h, p),
                    floor=lambda h=Path(home): run(EMPTY, h),
                    floor_name="empty PySide6 window",
                    goal=1.25,
                    pairs=TURNS,
                )
            )
    return figures
