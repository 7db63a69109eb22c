"""The window of `kiosk`, measured from inside in a process of its own; prints what it found as JSON.

`steps`: what a person does, each as real events on the real widgets.
`months`: of these only the switch to another month.
`gaps`: how long the GUI thread does not come round while the engine's code pulls every session.
"""

import json
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from threading import Thread

from kiosk_app.app import client_cli, quick

quick.begin()

from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: E402 - as the program itself does
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from benchmarks.steps import WORDS, Stopwatch, Took, turn_wheel  # noqa: E402
from kiosk_app.app import window  # noqa: E402
from kiosk_app.desktop.widgets.buttons import Button  # noqa: E402

MONTHS, TURNS = 10, 40
"""Months there and back, twice: further on there are no sessions. How often everything else is done."""
ROWS = 10_000
"""Less than that in the list means that the cache was not read."""
PAUSE_S = 0.4
"""How long nothing must happen after a letter."""
REST_S, IDLE_S = 2.0, 5.0
HAND_S = 0.2
"""From the end of a switch to the next, for a hand that turns five months a second; in that time the
window may do what it likes, and it is told by itself."""
AHEAD = "work between two switches"


class Probe:
    """Waits for the whole window, measures, and closes it."""

    def __init__(self, kind: str, url: str) -> None:
        self.kind, self.url, self.found = kind, url, dict[str, object]()
        self.done = False

    def whole(self, program: window.Program) -> None:
        """Measure when the window has come to rest."""
        QTimer.singleShot(round(REST_S * 1000), lambda: self._measure(program))

    def _measure(self, program: window.Program) -> None:
        try:
            if self.kind == "steps":
                self.found |= Steps(program).all()
            elif self.kind == "months":
                self.found |= Steps(program).months()
            else:
                self.found |= Gaps(self.url).all()
            self.done = True
        finally:  # what is raised here ends in Qt's loop
            program.app.quit()


class Steps:
    """What a person does at a month and a list of many sessions."""

    def __init__(self, program: window.Program) -> None:
        self._watch, self._browse = Stopwatch(program.app), program.window.browse

    def all(self) -> dict[str, object]:
        """Return what every step took, by what was done."""
        browse, step = self._browse, self._watch.step
        found: dict[str, object] = {**self.months()}
        found["filter"] = [step(lambda n=n: press(self._chip(n))) for n in range(TURNS)]
        press(self._chip(0))
        browse.show_mode("list")
        self._watch.settle()
        page = browse.list_page
        if page.model.rowCount() < ROWS:
            raise RuntimeError("the list shows too few sessions to be measured")
        heads = page.head.findChildren(Button)
        found["sort"] = [
            step(lambda n=n: press(heads[n // 2 % len(heads)])) for n in range(TURNS)
        ]  # each up and down
        found["list scroll step"] = [step(lambda: turn_wheel(page.table)) for _turn in range(TURNS)]
        page.search.setFocus()
        found["search keystroke"] = [
            step(lambda key=letter: QTest.keyClicks(page.search, key), PAUSE_S) for letter in WORDS
        ]  # the search that follows the pause is part of it
        return found

    def months(self) -> dict[str, list[Took]]:
        """Return what each switch to the next month took, and each back, and what followed."""
        back, on, *_others = self._browse.month.findChildren(Button)
        switches, between = list[Took](), list[Took]()
        for way in [*[on] * MONTHS, *[back] * MONTHS] * 2:
            switches.append(self._watch.step(lambda b=way: press(b)))
            between.append(self._watch.rest(HAND_S))
        return {"month switch": switches, AHEAD: between}

    def _chip(self, number: int) -> QWidget:
        chips = self._browse.filters.campus.findChildren(Button)
        return chips[number % len(chips)]


def press(button: QWidget) -> None:
    """Click with the left button."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


class Gaps:
    """How long the GUI thread does not come round, at rest and during a full pull beside it."""

    def __init__(self, url: str) -> None:
        self._url, self._times = url, list[float]()
        self._beat = QTimer(interval=1, timerType=Qt.TimerType.PreciseTimer)
        self._beat.timeout.connect(lambda: self._times.append(time.perf_counter()))

    def all(self) -> dict[str, object]:
        """Return the seconds between two beats, of both."""
        self._beat.start()
        rest = QEventLoop()
        QTimer.singleShot(round(IDLE_S * 1000), rest.quit)
        rest.exec()
        idle = self._taken()
        work = QEventLoop()
        pull = Thread(target=self._pull)
        pull.start()
        done = QTimer(interval=20)
        done.timeout.connect(lambda: None if pull.is_alive() else work.quit())
        done.start()
        work.exec()
        return {"idle": idle, "pull": self._taken()}

    def _taken(self) -> list[float]:
        times, self._times = self._times, []
        return [after - before for before, after in pairwise(times)]

    def _pull(self) -> None:
        from benchmarks.pulling import over_http  # noqa: PLC0415 - no part of a window's start

        with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as folder:
            over_http(Path(folder), self._url)


def main(kind: str, profile: str, url: str = "") -> int:
    """Open the window over a profile and measure it; `url` hands out the sessions of a pull."""
    probe = Probe(kind, url)
    whole = window.Program.whole

    def complete(program: window.Program) -> None:
        whole(program)
        probe.whole(program)

    window.Program.whole = complete  # type: ignore[method-assign]
    client_cli.main(["--profile", profile, "--mode", "desk"])
    print(json.dumps(probe.found))
    return 0 if probe.done else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
