"""What was taken for a while is given back: by the start, by a full pull, by the file it filled."""

import platform
import subprocess
import sys

import pytest

from kiosk_app.app import client
from kiosk_app.app.profile import Profile
from kiosk_app.sync import giving_back, pull
from tests.helpers.device import TestClock, at_bench
from tests.helpers.peer import Peer
from tests.helpers.samples import session_facts

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="glibc alone is asked")

RESIDENT = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from kiosk_app.sync.giving_back import give_back

def resident():
    told = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in told if line.startswith("VmRSS:"))
"""
FREED = f"""{RESIDENT}
taken = [bytes(1_000) for _piece in range(40_000)]
last, taken = taken[-1], None
before = resident()
give_back()
print(before - resident())
"""
FILLED = f"""{RESIDENT}
from benchmarks.cached import facts
from tests.helpers.files import opened
files = opened(Path(sys.argv[1]))
files.mirror.begin_snapshot()
files.mirror.add_to_snapshot(facts(20_000, datetime.now(UTC)))
files.mirror.finish_snapshot(None, datetime.now(UTC))
give_back()
before = resident()
files.mirror._connection.execute("PRAGMA shrink_memory")
give_back()
print(before - resident())
"""


def kilobytes(code, *words):
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.fixture
def given(monkeypatch):
    """How often memory was given back, by whom."""
    times = []
    monkeypatch.setattr(giving_back, "give_back", lambda: times.append("start"))
    monkeypatch.setattr(pull, "give_back", lambda: times.append("pull"))
    return times


@pytest.fixture
def peer():
    peer = Peer(now=TestClock().now).start()
    peer.add_session(session_facts("s1"))
    yield peer
    peer.stop()


@pytest.fixture
async def device(tmp_path, peer):
    async with at_bench(tmp_path, peer.url) as device:
        yield device


def test_what_is_free_between_what_stays_is_the_systems_again():
    assert kilobytes(FREED) > 30_000


def test_a_file_that_was_filled_keeps_no_pages_of_it_in_memory(tmp_path):
    assert kilobytes(FILLED, str(tmp_path)) < 1_000


def test_an_engine_gives_back_what_its_start_took(given, tmp_path, monkeypatch):
    made = object()
    monkeypatch.setattr("kiosk_app.app.assembly.make_loops", lambda *_parts: made)
    engine = client.build_engine(Profile(tmp_path), lambda _event: None)
    assert engine._make() is made
    assert given == ["start"]


async def test_a_full_pull_gives_back_what_it_took_and_a_delta_takes_little(device, given):
    await device.connect()
    assert await device.pull.sessions()
    assert given == ["pull"]
    assert await device.pull.sessions()
    assert given == ["pull"]


async def test_a_full_pull_that_ends_halfway_gives_back_too(device, peer, given):
    await device.connect()
    peer.stop()
    assert not await device.pull._snapshot()
    assert given == ["pull"]
