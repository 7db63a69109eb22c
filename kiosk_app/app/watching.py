"""One process that keeps another alive: it starts it, listens to its heart, and starts it anew.

A watched program that ends with status 0 wanted to; with 2 it was called wrongly. Every other end,
and silence, is a crash: it is started again, each time after a longer wait, and after several
within a short while a screen says so for a minute, which needs nothing of what may be broken.
"""

import logging
import subprocess
import time
from collections import deque
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import IO

from msgspec import Struct

log = logging.getLogger("kiosk.watch")
WRONG_USE = 2


class Rules(Struct, frozen=True, kw_only=True):
    """What counts as what."""

    silence_s: float = 20.0
    """Without a sign of life for this long a program hangs."""
    start_s: float = 120.0
    """How long it may take to its first one."""
    end_s: float = 10.0
    """How long it may take to end when it is asked to, or once its output is closed."""
    crashes: int = 5
    within_s: float = 600.0
    pause_s: float = 60.0
    """How long the screen stands that says that the program crashes."""
    longest_wait_s: float = 30.0


class _Beat(Struct, frozen=True):
    child: int


class _Silent(Struct, frozen=True):
    """Its standard output is closed: it has ended, or is about to."""

    child: int


class _Stop(Struct, frozen=True):
    pass


_News = _Beat | _Silent | _Stop


class Watcher:
    """Runs one program and keeps it running.

    Args:
        window: the command that is watched; it writes something to its standard output at least
            every few seconds.
        fault: the command that says that the window crashes again and again.
        rules: what counts as what.
        now: seconds on a clock that nobody sets.
        crashed: counts a crash.
    """

    def __init__(
        self,
        window: list[str],
        fault: list[str],
        rules: Rules,
        now: Callable[[], float] = time.monotonic,
        crashed: Callable[[], None] = lambda: None,
    ) -> None:
        self._window, self._fault, self._rules, self._now = window, fault, rules, now
        self._crashed = crashed
        self._news: SimpleQueue[_News] = SimpleQueue()
        self._stopping = Event()
        self._crashes: deque[float] = deque(maxlen=rules.crashes)

    def stop(self) -> None:
        """End soon; safe in a signal handler and on any thread."""
        self._stopping.set()
        self._news.put(_Stop())

    def run(self) -> int:
        """Watch, and return the exit status."""
        while not self._stopping.is_set():
            status = self._live(self._window)
            if self._stopping.is_set() or status == 0:
                break
            if status == WRONG_USE:
                return WRONG_USE
            self._crashes.append(self._now())
            self._crashed()
            log.error("the kiosk ended by itself (status %s)", status)
            if self._too_often():
                self._crashes.clear()
                if self._show_fault():
                    break
            else:
                self._wait(min(2.0 ** (len(self._crashes) - 1), self._rules.longest_wait_s))
        return 0

    def _too_often(self) -> bool:
        full = len(self._crashes) == self._rules.crashes
        return full and self._crashes[-1] - self._crashes[0] <= self._rules.within_s

    def _live(self, command: list[str]) -> int | None:
        """Start the window and stay with it; return its status, None when it hung."""
        child = self._start(command)
        patience = self._rules.start_s
        while True:
            news = self._next(patience, child.pid)
            if isinstance(news, _Beat):
                patience = self._rules.silence_s
            elif isinstance(news, _Stop):
                self._end(child)
                return 0
            elif isinstance(news, _Silent):
                return self._status(child)
            else:
                log.error("the kiosk gives no sign of life and is ended")
                child.kill()
                child.wait()
                return None

    def _show_fault(self) -> bool:
        """Show the screen for a while; return whether somebody left it on purpose."""
        log.error("the kiosk has ended too often and pauses")
        child = self._start(self._fault)
        end = self._now() + self._rules.pause_s
        while (left := end - self._now()) > 0:
            news = self._next(left, child.pid)
            if isinstance(news, _Silent):
                left_by_pin = self._status(child) == 0
                if not left_by_pin:
                    self._wait(max(0.0, end - self._now()))
                return left_by_pin
            if isinstance(news, _Stop):
                break
        self._end(child)
        return False

    def _start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        child = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        listener = Thread(target=self._listen, args=(child.pid, child.stdout), daemon=True)
        listener.start()
        return child

    def _listen(self, child: int, out: IO[bytes]) -> None:
        with out:
            while out.read(1):
                self._news.put(_Beat(child))
        self._news.put(_Silent(child))

    def _next(self, seconds: float, child: int) -> _News | None:
        """Return the next news of this child or the order to stop; None when none came in time."""
        end = self._now() + seconds
        while True:
            try:
                news = self._news.get(timeout=max(0.0, end - self._now()))
            except Empty:
                return None
            if isinstance(news, _Stop) or news.child == child:
                return news

    def _status(self, child: "subprocess.Popen[bytes]") -> int | None:
        """Return the status of a child whose output has ended; None when it does not end itself."""
        try:
            return child.wait(self._rules.end_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            return None

    def _end(self, child: "subprocess.Popen[bytes]") -> None:
        child.terminate()
        try:
            child.wait(self._rules.end_s)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    def _wait(self, seconds: float) -> None:
        """Let time pass, unless this is told to stop."""
        end = self._now() + seconds
        while not self._stopping.is_set() and (left := end - self._now()) > 0:
            try:
                self._news.get(timeout=left)
            except Empty:
                return
