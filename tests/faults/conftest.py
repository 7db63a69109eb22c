import pytest

from tests.helpers.device import TestClock
from tests.helpers.peer import Peer
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
