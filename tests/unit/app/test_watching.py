"""A watcher and real processes: which ends are wanted, what hangs, and when it pauses."""

import os
import sys
import threading

import pytest

from kiosk_app.app.watching import Rules, Watcher

QUICK = Rules(silence_s=600, start_s=6000, pause_s=600, longest_wait_s=0.01)


class Desk:
    """A folder in which started programs leave a line each."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "starts"

    def program(self, code):
        """Return a command that notes its start and then runs `code`."""
        note = f"open({str(self.log)!r}, 'a').write(f'{{os.getpid()}}\\n')"
        text = f"import os, sys, signal, time\n{note}\nstarts = len(open({str(self.log)!r}).readlines())\n{code}"
        return [sys.executable, "-c", text]

    @property
    def starts(self):
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


BEATS = "\nwhile True: sys.stdout.write('.'); sys.stdout.flush(); time.sleep(0.05)"
NEVER = [sys.executable, "-c", "raise SystemExit('the fault screen was not wanted')"]


def test_an_end_on_purpose_is_the_end(desk):
    assert Watcher(desk.program("sys.exit(0)"), NEVER, QUICK).run() == 0
    assert len(desk.starts) == 1


def test_wrong_use_is_not_tried_again(desk):
    assert Watcher(desk.program("sys.exit(2)"), NEVER, QUICK).run() == 2
    assert len(desk.starts) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.parametrize(
    "end", ["sys.exit(1)", "os.kill(os.getpid(), signal.SIGKILL)", "os.abort()"]
)
def test_every_other_end_is_followed_by_a_new_start(desk, end):
    code = f"sys.exit(0) if starts == 3 else None\n{end}"
    assert Watcher(desk.program(code), NEVER, QUICK).run() == 0
    assert len(desk.starts) == 3


def test_one_that_goes_silent_is_ended_and_started_again(desk):
    code = """
if starts == 2: sys.exit(0)
sys.stdout.write('.'); sys.stdout.flush()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
time.sleep(600)
"""
    rules = Rules(silence_s=0.3, start_s=600, longest_wait_s=0.01)
    assert Watcher(desk.program(code), NEVER, rules).run() == 0
    assert len(desk.starts) == 2
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):
            os.kill(desk.starts[0], 0)


def test_one_that_closes_its_output_and_stays_is_ended_too(desk):
    code = "if starts == 2: sys.exit(0)\nos.close(1)\ntime.sleep(600)"
    rules = Rules(end_s=1, start_s=600, longest_wait_s=0.01)
    assert Watcher(desk.program(code), NEVER, rules).run() == 0
    assert len(desk.starts) == 2


def test_after_several_crashes_a_screen_says_so_then_it_is_tried_again(desk, tmp_path):
    shown = Desk(tmp_path / "fault")
    shown.folder.mkdir()
    rules = Rules(start_s=600, crashes=3, pause_s=0.3, longest_wait_s=0.01)
    code = "sys.exit(0 if starts == 5 else 1)"
    assert Watcher(desk.program(code), shown.program(BEATS), rules).run() == 0
    assert len(desk.starts) == 5
    assert len(shown.starts) == 1


def test_staff_who_leave_the_fault_screen_leave_the_kiosk(desk, tmp_path):
    rules = Rules(start_s=600, crashes=2, pause_s=600, longest_wait_s=0.01)
    left = [sys.executable, "-c", "pass"]
    assert Watcher(desk.program("sys.exit(1)"), left, rules).run() == 0
    assert len(desk.starts) == 2


def test_crashes_far_apart_are_no_series(desk):
    hours = iter(range(0, 10**9, 3600))
    rules = Rules(start_s=10**9, silence_s=10**9, crashes=2, longest_wait_s=0.01)
    code = "sys.exit(0 if starts == 4 else 1)"
    watcher = Watcher(desk.program(code), NEVER, rules, lambda: next(hours))
    assert watcher.run() == 0
    assert len(desk.starts) == 4


def test_told_to_stop_it_ends_what_it_started(desk):
    watcher = Watcher(desk.program(BEATS), NEVER, QUICK)
    status = []
    thread = threading.Thread(target=lambda: status.append(watcher.run()))
    thread.start()
    while not desk.starts:
        thread.join(0.02)
    watcher.stop()
    thread.join(600)
    assert status == [0]
    if os.name == "posix":
        with pytest.raises(ProcessLookupError):
            os.kill(desk.starts[0], 0)
