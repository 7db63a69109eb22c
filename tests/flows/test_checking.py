"""A mirror that lost or bent a row notices by itself and is made anew (§6, R15)."""

from datetime import UTC, datetime, time
from itertools import pairwise

import pytest

from kiosk_app.domain.sums import Sum
from kiosk_app.gateway.outcomes import Accepted
from tests.helpers.backend import add_device, add_session, far_day, query
from tests.helpers.device import TestClock, at_bench
from tests.helpers.peer import Peer

MONTH = far_day(30).isoformat()[:7]


@pytest.fixture
async def device(tmp_path, running_backend):
    url = running_backend.database
    for n in range(12):
        add_session(
            url,
            day=far_day(30),
            start=time(8 + n),
            capacity=n,
            mock_type="Clinical Skills" if n % 2 else "Mock Discussion",
            title=None if n % 3 else f"Séance № {n}\n“{n}”",
            instructor_name="Ève" if n % 4 else None,
            is_active=n != 5,
            delivery_format="Virtual" if n % 5 else "Hybrid",
        )
    query(url, "UPDATE mock_sessions SET ends_at = ends_at + interval '999999 microseconds'")
    query(url, "UPDATE mock_sessions SET held_seats = 1 WHERE capacity > 3")
    query(url, "UPDATE mock_sessions SET grace_seats = 2 WHERE capacity > 6")
    clock = TestClock(datetime.now(UTC))
    token = add_device(url)
    async with at_bench(tmp_path, running_backend.url, token=token, clock=clock) as device:
        await device.connect()
        assert await device.pull.sessions()
        device.database = url
        yield device


async def both(device):
    """Return what this mirror's month comes to, and what the server says."""
    mirror, gateway = device.station.mirror, device.station.gateway
    outcome = await gateway.month_sum(MONTH, mirror.position().cursor)
    assert isinstance(outcome, Accepted)
    return mirror.month_sum(MONTH), outcome.value


def everything(device):
    rows = device.station.mirror._connection.execute("SELECT * FROM sessions ORDER BY id")
    return rows.fetchall()


async def test_both_ends_come_to_the_same(device):
    ours, theirs = await both(device)
    assert theirs.current
    assert ours == Sum(theirs.count, theirs.total)
    assert ours.count == 11, "closed ones are left out"
    assert device.reading.mismatches() == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE sessions SET seats = seats + 1 WHERE clock = (SELECT min(clock) FROM sessions)",
        "UPDATE sessions SET title = 'x' WHERE id = (SELECT min(id) FROM sessions WHERE is_active)",
        "DELETE FROM sessions WHERE id = (SELECT max(id) FROM sessions WHERE is_active = 1)",
        "UPDATE sessions SET is_active = 1 - is_active",
    ],
    ids=["bent", "renamed", "lost", "opened and closed"],
)
async def test_a_mirror_that_differs_is_made_anew_and_counted(device, damage):
    before = everything(device)
    device.station.mirror._connection.execute(damage)
    assert everything(device) != before
    assert await device.pull.sessions()
    assert everything(device) != before, "not at every pull"
    device.clock.pass_by(minutes=11)
    assert await device.pull.sessions()
    assert everything(device) == before
    device.reading.refresh()
    assert device.reading.mismatches() == 1
    device.clock.pass_by(minutes=11)
    assert await device.pull.sessions()
    assert device.reading.mismatches() == 1


async def test_news_under_way_is_no_difference(device):
    query(device.database, "UPDATE mock_sessions SET title = 'new' WHERE is_active")
    ours, theirs = await both(device)
    assert not theirs.current
    assert ours != Sum(theirs.count, theirs.total)
    device.clock.pass_by(minutes=11)
    assert await device.pull.sessions()
    assert device.reading.mismatches() == 0


async def test_months_take_turns(device):
    other = far_day(75)
    add_session(device.database, day=other)
    asked = []
    month_sum = device.station.gateway.month_sum

    async def counting(month, cursor):
        asked.append(month)
        return await month_sum(month, cursor)

    device.station.gateway.month_sum = counting
    for _ in range(4):
        device.clock.pass_by(minutes=11)
        assert await device.pull.sessions()
    assert set(asked) >= {MONTH, other.isoformat()[:7]}
    assert all(one != two for one, two in pairwise(asked))


async def test_a_server_without_sums_is_not_asked(tmp_path, peer_without_sums):
    async with at_bench(tmp_path, peer_without_sums.url) as device:
        await device.connect()
        assert await device.pull.sessions()
    assert peer_without_sums.calls("changes/sum") == []


@pytest.fixture
def peer_without_sums():
    peer = Peer().start()
    yield peer
    peer.stop()
