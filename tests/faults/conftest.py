import pytest

from tests.helpers.device import TestClock, at_bench
from tests.helpers.peer import Peer
from tests.helpers.peer_leases import Lending
from tests.helpers.samples import session_facts


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def peer(clock):
    peer = Peer(now=clock.now).start()
    peer.add_student(mock_discussion_token=3, cs_credits=1)
    peer.add_session(session_facts("s1", capacity=5, total_bookings=0))
    yield peer
    peer.stop()


@pytest.fixture
async def device(tmp_path, peer, clock):
    """A signed-in kiosk that was lent seats."""
    peer.lending = Lending()
    async with at_bench(tmp_path, peer.url, clock=clock) as device:
        await device.connect()
        await device.pull.sessions()
        await device.leases.sync()
        await device.pull.sessions()
        await device.sign_in()
        yield device
