"""Start: from the program's start to the painted, usable month, beside an empty PySide6 window.

Both are whole processes, imports included, on Qt's offscreen platform unless a display is named.
The cache is made by the product's own code; its keys lie in a file, as on a kiosk without keyring.
Both run from bytecode, as installed programs do; the warm-up writes it to a place of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile
from benchmarks.measure import Figure, paired

EMPTY = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication(sys.argv)
class Window(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        app.quit()
window = Window()
window.resize(1920, 1080)
window.show()
app.exec()
"""
PRODUCT = """
import sys
from pathlib import Path
from kiosk_app.app.profile import Profile
from kiosk_app.app.window import Program, setup_for
from kiosk_app.desktop.window import bring_up
profile = Profile(Path(sys.argv[1]))
program = Program(profile, setup_for(profile, "desk"))
program.start_engine = lambda: program.app.quit()
bring_up(program.window, (1920, 1080))
program.app.exec()
month = program.window.browse.month.model
shown = sum(len(month.cell(month.index(w, d)).rows) for w in range(month.rowCount()) for d in range(7))
sys.exit(0 if shown else 3)
"""


def run(code: str, bytecode: str, *arguments: str) -> float:
    """Run one process to its first frame and return its seconds."""
    environment = {**os.environ, "QT_LOGGING_RULES": "qt.qpa.*=false"}
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = bytecode
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, env=environment)
    return time.perf_counter() - begun


def measure() -> list[Figure]:
    """Return one figure for each size of the cache."""
    figures = []
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
            profile = str(enrolled_profile(Path(home), size))
            bytecode = str(Path(home) / "bytecode")
            figures.append(
                paired(
                    "start",
                    f"process start to painted month, {size:,} sessions in the cache",
                    product=lambda b=bytecode, p=profile: run(PRODUCT, b, p),
                    floor=lambda b=bytecode: run(EMPTY, b),
                    floor_name="empty PySide6 window",
                    goal=1.6,
                )
            )
    return figures
