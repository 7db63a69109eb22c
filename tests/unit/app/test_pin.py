"""The PIN on disk: a slow hash and no PIN; wrong tries that survive a restart and a full disk."""

import os
import stat
from datetime import UTC, datetime, timedelta

import pytest

from kiosk_app.app import pin as module
from kiosk_app.app.pin import PinFile
from kiosk_app.domain.pin import FREE_TRIES, Verdict

RIGHT, WRONG = "270418", "270419"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 20, 19, 32, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pin(tmp_path, clock):
    made = PinFile(tmp_path, clock)
    made.set(RIGHT, cost=2**4)
    return made


def test_the_file_is_its_owners_and_holds_no_pin(tmp_path, pin):
    path = tmp_path / module.FILE
    assert RIGHT not in path.read_text()
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = PinFile(tmp_path)
    before = path.read_text()
    again.set(RIGHT)
    assert path.read_text() != before  # another salt


def test_right_and_wrong(pin):
    assert pin.check(WRONG) == Verdict()
    assert pin.check(RIGHT) == Verdict(right=True)


def test_without_a_pin_nothing_is_right(tmp_path):
    empty = PinFile(tmp_path)
    assert not empty.is_set
    assert not empty.check(RIGHT).right
    assert not empty.check("").right


def guess(pin, times):
    return [pin.check(WRONG).wait for _ in range(times)]


def test_five_wrong_ones_make_the_next_wait_even_the_right_one(tmp_path, pin, clock):
    assert guess(pin, FREE_TRIES) == [0, 0, 0, 0, 30]
    assert pin.check(RIGHT) == Verdict(wait=30)
    clock.now += timedelta(seconds=29)
    restarted = PinFile(tmp_path, clock)
    assert restarted.check(RIGHT) == Verdict(wait=1)
    clock.now += timedelta(seconds=1)
    assert restarted.check(WRONG) == Verdict(wait=60)
    clock.now += timedelta(seconds=60)
    assert restarted.check(RIGHT) == Verdict(right=True)
    assert guess(restarted, FREE_TRIES) == [0, 0, 0, 0, 30]


def test_a_try_counts_even_when_the_machine_is_switched_off_in_it(
    tmp_path, pin, clock, monkeypatch
):
    def off(*_):
        raise SystemExit

    guess(pin, FREE_TRIES - 1)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_digest", off)
        with pytest.raises(SystemExit):
            pin.check(WRONG)
    assert PinFile(tmp_path, clock).check(RIGHT) == Verdict(wait=30)


def test_on_a_full_disk_tries_count_in_memory(pin, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "replace_file", full)
    assert guess(pin, FREE_TRIES) == [0, 0, 0, 0, 30]
    assert pin.check(RIGHT).wait > 0


def test_a_damaged_file_opens_for_nobody(tmp_path, pin):
    (tmp_path / module.FILE).write_text("{")
    fresh = PinFile(tmp_path)
    assert fresh.is_set
    assert not fresh.check(RIGHT).right
