"""What a screen reads when its files are missing, damaged, locked or made anew."""

import subprocess
import sys

import pytest

from kiosk_app.cache.store import open_mirror, throw_mirror_away
from kiosk_app.domain.listing import SessionFilter
from tests.helpers.files import KEYS, fill, opened, reads
from tests.helpers.samples import STUDENT, session_facts

ALL = SessionFilter()


def test_missing_locked_or_damaged_files_read_as_empty_and_appear_on_refresh(tmp_path):
    reading = reads(tmp_path)
    assert (reading.count(ALL), reading.synced_at(), reading.campuses()) == (0, None, [])
    files = opened(tmp_path)
    fill(files, session_facts("s"))
    assert reading.count(ALL) == 0
    reading.refresh()
    assert reading.count(ALL) == 1
    files.close()
    reading.close()
    (tmp_path / "mirror.db").write_bytes(b"not a database at all" * 400)
    broken = reads(tmp_path)
    assert broken.count(ALL) == 0
    broken.close()
    locked = reads(tmp_path, None)
    assert locked.bookings(STUDENT) == []
    locked.close()


def test_a_rebuilt_mirror_is_reopened(files, reading, tmp_path):

    fill(files, session_facts("old"))
    assert reading.session("old")
    files.mirror.close()
    throw_mirror_away(tmp_path)
    files.mirror = open_mirror(tmp_path, KEYS)
    fill(files, session_facts("new"))
    reading.refresh()
    assert reading.session("old") is None
    assert reading.session("new")


def test_reading_writes_nothing(reading):
    with pytest.raises(Exception, match="readonly"):
        reading._connection.execute("DELETE FROM sessions")


def test_imports_nothing_that_delays_the_first_frame():
    program = "import sys, kiosk_app.cache.reads; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    slow = {"asyncio", "httpx", "sqlite_utils", "keyring", "icalendar", "importlib.metadata"}
    assert not slow & set(done.stdout.split())
