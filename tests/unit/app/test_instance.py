"""One engine for each profile."""

import subprocess
import sys
import threading

import pytest

from kiosk_app.app.instance import AlreadyRunning, Instance, is_running

HOLD = """
import sys, pathlib
from kiosk_app.app.instance import Instance
held = Instance(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_is_turned_away_until_the_first_lets_go(tmp_path):
    with Instance(tmp_path):
        assert is_running(tmp_path)
        with pytest.raises(AlreadyRunning):
            Instance(tmp_path)
    assert not is_running(tmp_path)
    Instance(tmp_path).release()


def test_looking_makes_nothing(tmp_path):
    assert not is_running(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_who_looks_never_keeps_anybody_from_starting(tmp_path):
    over = threading.Event()

    def look():
        while not over.is_set():
            is_running(tmp_path)

    lookers = [threading.Thread(target=look) for _each in range(3)]
    for one in lookers:
        one.start()
    try:
        for _time in range(500):
            with Instance(tmp_path):
                assert is_running(tmp_path)
    finally:
        over.set()
        for one in lookers:
            one.join()


def test_a_killed_process_holds_nothing(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "held\n"
        assert is_running(tmp_path)
        process.kill()
    assert not is_running(tmp_path)
