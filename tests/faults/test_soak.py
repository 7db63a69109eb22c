"""A short run of `make soak`: it heals, drains, and every promise was kept."""

import json
import subprocess
import sys


def test_a_short_run_keeps_every_promise():
    command = [
        sys.executable,
        "-m",
        "tests.soak",
        "--seconds",
        "15",
        "--seed",
        "7",
        "--kiosks",
        "3",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["violations"]) == (0, []), done.stderr[-2000:]
    assert told["requests"] > 0
    assert sum(told["faults"].values()) > 10


def test_the_same_seed_is_the_same_timetable():
    from tests.soak.tables import errands, timetable  # noqa: PLC0415

    assert timetable(3, 30) == timetable(3, 30) != timetable(4, 30)
    first, second = errands(3, 1), errands(3, 1)
    for _ in range(20):
        assert first.next()[0] == second.next()[0]
