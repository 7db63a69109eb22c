"""The window of `kiosk`, measured from inside in a process of its own; prints what it found as JSON.

`steps`: what a person does, each as real events on the real widgets. A step takes all the work of the
GUI thread for it: the event, and what follows from it until nothing is left to do. It is counted in
the thread's own processor time, so that other programs of the machine are no part of it.
`memory`: the proportional set at the first frame and with the engine at work.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from kiosk_app.app import client_cli, quick

quick.begin()

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer  # noqa: E402 - as the program itself does
from PySide6.QtGui import QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from kiosk_app.app import window  # noqa: E402
from kiosk_app.desktop.widgets.buttons import Button  # noqa: E402

TURNS = 40
QUIET_S, PAUSE_S, WORK_S = 0.03, 0.4, 0.0003
"""How long nothing must happen after a step and after a letter, and what counts as something."""
REST_S = 2.0
WORDS = "online downtown mini north clinical"


def proportional_kb() -> int:
    """Return this process's proportional set size."""
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError("no proportional set size is told here")


class Probe:
    """Waits for the whole window, measures, and closes it."""

    def __init__(self, kind: str) -> None:
        self.kind, self.found = kind, dict[str, object]()

    def painted(self) -> None:
        """Take the memory of a first frame."""
        if self.kind == "memory":
            self.found["first"] = proportional_kb()

    def whole(self, program: window.Program) -> None:
        """Measure when the window has come to rest."""
        QTimer.singleShot(round(REST_S * 1000), lambda: self._measure(program))

    def _measure(self, program: window.Program) -> None:
        if self.kind == "steps":
            self.found |= Steps(program).all()
        else:
            self.found["engine"] = proportional_kb()
        program.app.quit()


class Steps:
    """What a person does at a month and a list of many sessions."""

    def __init__(self, program: window.Program) -> None:
        self._app, self._window = program.app, program.window
        self._browse = program.window.browse

    def all(self) -> dict[str, object]:
        """Return the seconds of every step, by what was done."""
        browse = self._browse
        back, on, *_others = browse.month.findChildren(Button)
        found: dict[str, object] = {
            "month switch": [
                self._step(lambda b=b: self._press(b)) for b in [*[on] * TURNS, *[back] * TURNS]
            ],
            "filter": [self._step(lambda n=n: self._press(self._chip(n))) for n in range(TURNS)],
        }
        self._press(self._chip(0))
        browse.show_mode("list")
        self._settle()
        page = browse.list_page
        heads = page.head.findChildren(Button)
        found["sort"] = [
            self._step(lambda n=n: self._press(heads[n % len(heads)])) for n in range(TURNS)
        ]
        found["list scroll step"] = [self._step(self._wheel) for _turn in range(TURNS)]
        page.search.setFocus()
        found["search keystroke"] = [self._typed(letter) for letter in WORDS]
        return found

    def _step(self, act: Callable[[], None]) -> float:
        begun = time.thread_time()
        act()
        return time.thread_time() - begun + self._settle()

    def _settle(self, quiet: float = QUIET_S) -> float:
        """Let everything that follows happen, and return what it took."""
        busy, until = 0.0, time.perf_counter() + quiet
        while time.perf_counter() < until:
            begun = time.thread_time()
            self._app.processEvents()
            took = time.thread_time() - begun
            if took > WORK_S:
                busy, until = busy + took, time.perf_counter() + quiet
            else:
                time.sleep(0.001)
        return busy

    def _press(self, button: QWidget) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def _chip(self, number: int) -> QWidget:
        chips = self._browse.filters.campus.findChildren(Button)
        return chips[number % len(chips)]

    def _wheel(self) -> None:
        view = self._browse.list_page.table.viewport()
        middle = QPointF(view.rect().center())
        event = QWheelEvent(
            middle,
            view.mapToGlobal(middle),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,  # noqa: FBT003 - Qt takes it by its place only
        )
        self._app.sendEvent(view, event)

    def _typed(self, letter: str) -> float:
        """Type a letter and wait until the search that follows the pause is done."""
        begun = time.thread_time()
        QTest.keyClicks(self._browse.list_page.search, letter)
        return time.thread_time() - begun + self._settle(quiet=PAUSE_S)


def main(kind: str, profile: str) -> int:
    """Open the window over a profile and measure it."""
    probe = Probe(kind)
    painted, whole = window.Program.painted, window.Program.whole

    def first(program: window.Program) -> None:
        probe.painted()
        painted(program)

    def complete(program: window.Program) -> None:
        whole(program)
        probe.whole(program)

    window.Program.painted = first  # type: ignore[method-assign]
    window.Program.whole = complete  # type: ignore[method-assign]
    client_cli.main(["--profile", profile, "--mode", "desk"])
    print(json.dumps(probe.found))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
