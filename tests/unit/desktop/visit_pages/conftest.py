"""A window, real encrypted files, the real fonts, and nothing that moves."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from kiosk_app.desktop.views.booking_sheet import BookingSheet
from tests.helpers.browsing import Campus
from tests.helpers.staffed import Staffed
from tests.helpers.student_visit import StudentVisit


@pytest.fixture(autouse=True)
def _still(still):
    """Nothing moves in this room."""


@pytest.fixture
def stage(tmp_path):
    made = StudentVisit(tmp_path)
    yield made
    made.close()


@pytest.fixture
def campus(tmp_path):
    made = Campus(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(campus, qtbot):
    """A window at which staff work."""
    return Staffed(campus, qtbot, personal=False)


@pytest.fixture
def kiosk(campus, qtbot):
    """A window for strangers; staff come with the PIN."""
    return Staffed(campus, qtbot, personal=True)


@pytest.fixture
def window(qtbot):
    """Return a page of kiosk size with one button on it, which has the focus."""
    made = QWidget()
    column = QVBoxLayout(made)
    opener = QPushButton("Book", made)
    opener.setObjectName("opener")
    column.addWidget(opener, 0, Qt.AlignmentFlag.AlignTop)
    qtbot.addWidget(made)
    made.resize(1920, 1080)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    opener.setFocus()
    qtbot.waitUntil(opener.hasFocus)
    return made


@pytest.fixture
def tap(qtbot):
    """Tap a widget in its middle, as a finger does."""

    def act(widget):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    return act


@pytest.fixture
def opened(qtbot, stage, window):
    """Open the sheet for a session and return it with what it told."""

    def act(facts, **more):
        sheet = BookingSheet(stage.visit, stage.row(facts), window, **more)
        sheet.told = []
        sheet.finished.connect(sheet.told.append)
        sheet.closed.connect(lambda: sheet.told.append("closed"))
        sheet.open()
        qtbot.waitUntil(lambda: sheet.isAncestorOf(QApplication.focusWidget()))
        return sheet

    return act
