"""The whole window over real files, with the sample month in it, and nothing that moves."""

import pytest

from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import Campus
from tests.helpers.screens import WAITING, Screens


@pytest.fixture(autouse=True)
def _still(still):
    """Nothing moves in this room."""


@pytest.fixture
def campus(tmp_path):
    made = Campus(tmp_path)
    made.book(*november.BOOKED)
    made.request(WAITING)
    made.features = frozenset({"waitlist", "moves", "mail"})
    made.link(LinkState.ONLINE)
    yield made
    made.close()


@pytest.fixture
def screens(campus, qtbot):
    return Screens(campus, qtbot)


@pytest.fixture
def first_screens(tmp_path, qtbot):
    """A device that has read nothing yet."""
    folder = tmp_path / "empty"
    folder.mkdir()
    empty = Campus(folder, [])
    yield Screens(empty, qtbot)
    empty.close()
