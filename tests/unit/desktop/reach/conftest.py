"""The whole window over real files, with the sample month in it, and nothing that moves."""

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from kiosk_app.desktop.theme import fonts, motion, theme
from kiosk_app.i18n import texts
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import Campus
from tests.helpers.screens import WAITING, Screens


@pytest.fixture(autouse=True)
def _look(qapp):
    fonts.load()
    theme.apply(qapp, theme.Theme())
    motion.reduce(wanted=True)
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    motion.reduce(wanted=False)
    texts.use("en")
    theme.apply(qapp, theme.Theme())


@pytest.fixture
def campus(tmp_path):
    made = Campus(tmp_path)
    made.book(*november.BOOKED)
    made.request(WAITING)
    made.features = frozenset({"waitlist", "moves"})
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
