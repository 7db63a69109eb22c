"""`kiosk watch` over the real window: killed, really hung, told to end; and a kiosk that is mended."""

import os
import signal
import subprocess
import sys

import pytest

from kiosk_app.app import handover, instance
from kiosk_app.app.enrolment import enrol
from kiosk_app.cache.files import MIRROR
from kiosk_app.contract.tallies import CRASHES, Page
from tests.helpers.backend import enrol_code, query
from tests.helpers.terminal import start

PATIENCE = 600
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")

HANG_WHEN_ASKED = """
import signal, time
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(3600))
"""
"""Python runs a handler on the main thread, which is the window's: it hangs, the others go on."""


@pytest.fixture
def begin():
    begun = []

    def act(profile, *words) -> subprocess.Popen:
        begun.append(start(profile, *words))
        return begun[-1]

    yield act
    for process in begun:
        if process.poll() is None:
            process.terminate()
        process.communicate()


def window_of(profile) -> int | None:
    """Return the process that holds the profile, once its window is whole."""
    lock = profile / instance.FILE
    if not instance.is_running(profile) or not (profile / handover.FILE).exists():
        return None
    text = lock.read_text()
    return int(text) if text else None


def another(qtbot, profile, before: int | None) -> int:
    """Wait for a window other than the one before."""
    qtbot.waitUntil(
        lambda: window_of(profile) not in {None, before} and (profile / MIRROR).exists(),
        timeout=PATIENCE * 1000,
    )
    return window_of(profile)


@pytest.fixture
def _hangs_when_asked(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(HANG_WHEN_ASKED)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


@pytest.mark.usefixtures("_hangs_when_asked")
def test_a_window_that_is_killed_or_hangs_comes_back_and_ends_with_its_watcher(
    begin, backend, profile, qtbot
):
    watcher = begin(profile, "watch", "--silence", "15")
    first = another(qtbot, profile, None)
    os.kill(first, signal.SIGKILL)
    (profile / handover.FILE).unlink(missing_ok=True)
    second = another(qtbot, profile, first)
    os.kill(second, signal.SIGUSR1)
    qtbot.waitUntil(lambda: not alive(second), timeout=PATIENCE * 1000)
    third = another(qtbot, profile, second)
    qtbot.waitUntil(lambda: told(backend).get(CRASHES, 0) >= 2, timeout=PATIENCE * 1000)
    assert told(backend)[Page.ATTRACT] >= 1
    watcher.send_signal(signal.SIGTERM)
    _printed, errors = watcher.communicate(timeout=PATIENCE)
    assert watcher.returncode == 0, errors
    assert not alive(third)
    assert "gives no sign of life" in errors


def told(backend) -> dict[str, int]:
    """Return what the kiosk has told its server of (A100)."""
    return dict(query(backend.database, "SELECT what, total FROM device_tallies"))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_kiosk_that_is_enrolled_while_it_says_so_begins_anew_by_itself(
    begin, backend, tmp_path, qtbot
):
    profile = tmp_path / "fresh"
    kiosk = begin(profile)
    # It has let go of the profile once it knows that it cannot work, and stands there all the same.
    qtbot.waitUntil(
        lambda: (profile / handover.FILE).exists() and not instance.is_running(profile),
        timeout=PATIENCE * 1000,
    )
    (profile / handover.FILE).unlink()  # the window that begins anew makes its own
    enrol(profile, backend.url, enrol_code(backend.database), allow_file_secrets=True)
    qtbot.waitUntil((profile / MIRROR).exists, timeout=PATIENCE * 1000)
    qtbot.waitUntil(lambda: window_of(profile) == kiosk.pid, timeout=PATIENCE * 1000)
    kiosk.send_signal(signal.SIGTERM)
    _printed, errors = kiosk.communicate(timeout=PATIENCE)
    assert kiosk.returncode in {0, 1}, errors  # 1: the engine took its time to end
    assert "Traceback" not in errors
