"""The count of crashes in a profile (A100): it goes on after a new start, and never begins a war."""

import sys

import pytest

from kiosk_app.app import crashes
from kiosk_app.app.crashes import CrashCount
from kiosk_app.app.watching import Rules, Watcher


def test_a_count_goes_on_after_a_new_start(tmp_path):
    assert crashes.read(tmp_path) is None
    CrashCount(tmp_path).add()
    first = crashes.read(tmp_path)
    CrashCount(tmp_path).add()
    second = crashes.read(tmp_path)
    assert (first.times, second.times) == (1, 2)
    assert first.run == second.run


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"what":"crashes"}', b"[]"])
def test_a_file_that_cannot_be_read_is_another_run(tmp_path, content):
    CrashCount(tmp_path).add()
    before = crashes.read(tmp_path)
    (tmp_path / crashes.FILE).write_bytes(content)
    assert crashes.read(tmp_path) is None
    CrashCount(tmp_path).add()
    after = crashes.read(tmp_path)
    assert after.times == 1
    assert after.run != before.run


def test_a_disk_that_takes_nothing_is_caught_up_with(tmp_path):
    folder = tmp_path / "away"
    count = CrashCount(folder)
    count.add()
    assert crashes.read(folder) is None
    folder.mkdir()
    count.add()
    assert crashes.read(folder).times == 2


def test_a_watcher_counts_what_ends_by_itself_and_not_what_wanted_to(tmp_path):
    starts = tmp_path / "starts"
    code = (
        f"import sys; file = open({str(starts)!r}, 'a+'); file.write('x'); file.seek(0);"
        "sys.exit(0 if len(file.read()) == 4 else 1)"
    )
    rules = Rules(start_s=6000, pause_s=600, longest_wait_s=0.01)
    fault = [sys.executable, "-c", "raise SystemExit('the fault screen was not wanted')"]
    count = CrashCount(tmp_path)
    assert Watcher([sys.executable, "-c", code], fault, rules, crashed=count.add).run() == 0
    assert crashes.read(tmp_path).times == 3
