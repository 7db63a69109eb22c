"""`kiosk` as a process in kiosk mode: it does not close, and a polite kill ends it all the same."""

import signal
import sys

import pytest

from kiosk_app.cache.files import MIRROR
from tests.helpers.terminal import start

PATIENCE_MS = 600_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_locked_kiosk_ends_cleanly_when_it_is_told_to(profile, qtbot, number):
    process = start(profile)
    try:
        qtbot.waitUntil((profile / MIRROR).exists, timeout=PATIENCE_MS)  # the engine runs
        process.send_signal(number)
        _printed, errors = process.communicate(timeout=PATIENCE_MS / 1000)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    # 1 says that the engine took longer than its three seconds, as on a busy machine.
    assert process.returncode in {0, 1}, errors
    assert "Traceback" not in errors
