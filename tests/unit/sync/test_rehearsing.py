"""A start with no network, tried now and then: what it finds, and a trial that never ends."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from kiosk_app.sync.rehearsing import EVERY, Rehearsing


@pytest.fixture
def station():
    now = datetime(2027, 3, 1, tzinfo=UTC)
    clock = SimpleNamespace(at=now, now=lambda: clock.at)
    return SimpleNamespace(clock=clock, ready_until=now + timedelta(hours=1), starts_cold=False)


def test_only_what_is_said_to_be_ready_is_tried_and_what_missed_is_tried_again(station):
    found = ["keys", ""]
    rehearsing = Rehearsing(station, lambda: found.pop(0))
    station.ready_until, until = None, station.ready_until
    assert not rehearsing.due()
    station.ready_until = until
    assert rehearsing.due()
    asyncio.run(rehearsing.look())
    assert (station.starts_cold, rehearsing.due()) == (False, True)
    asyncio.run(rehearsing.look())
    assert (station.starts_cold, rehearsing.due()) == (True, False)
    station.clock.at += EVERY
    assert rehearsing.due()


def test_a_trial_that_stumbles_is_heard_of(station):
    with pytest.raises(ZeroDivisionError):
        asyncio.run(Rehearsing(station, lambda: str(1 / 0)).look())
    assert not station.starts_cold


def test_a_trial_that_never_ends_keeps_nobody_from_ending(station, caplog):
    """A keyring may ask somebody who is not there."""
    begun, answer = threading.Event(), threading.Event()

    def ask() -> str:
        begun.set()
        answer.wait()
        return ""

    async def end_in_the_midst() -> None:
        rehearsing = Rehearsing(station, ask)
        looking = asyncio.create_task(rehearsing.look())
        await asyncio.sleep(0)  # it begins
        begun.wait()
        looking.cancel()
        rehearsing.let_end()

    asyncio.run(end_in_the_midst())
    (thread,) = [one for one in threading.enumerate() if one.name == "kiosk-rehearsal"]
    answer.set()
    thread.join()
    assert not station.starts_cold
    assert not caplog.records
