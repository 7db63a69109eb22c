"""F4 on a disk that is really full: the last booking still commits, and the next is refused whole."""

import json
import shutil
import subprocess
import sys

import pytest

MOUNT = 'mount -t tmpfs -o size=4m none "$1" && exec "$2" -m tests.helpers.full_disk "$1" $3'


def test_the_room_kept_for_it_takes_the_last_booking(tmp_path):
    book_on_a_full_disk(tmp_path)


def test_a_program_that_starts_on_a_full_disk_takes_the_last_booking_too(tmp_path):
    book_on_a_full_disk(tmp_path, "started")


def book_on_a_full_disk(tmp_path, *how):
    unshare = shutil.which("unshare")
    own = [unshare, "-rm"]
    if not unshare or subprocess.run([*own, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system gives nobody a file system of their own")
    command = [*own, "sh", "-c", MOUNT, "sh", str(tmp_path), sys.executable, *how]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["saved"] >= 1
    assert report["known"] == report["saved"]
    del report["saved"], report["known"]
    assert all(report.values()), report
