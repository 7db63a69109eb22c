"""Staff at the real window: what they are told, what they ask, and their clicks."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.widgets.frame import Place
from kiosk_app.desktop.window import KioskWindow, Setup
from kiosk_app.sync.events import LinkChanged, LinkState
from tests.helpers import november
from tests.helpers.staging import on_screen, settle


class Staffed:
    """A window, and the staff at it."""

    def __init__(self, campus, qtbot, *, personal):
        self.campus, self.visit = campus, campus.visit
        setup = Setup(place=Place(zone=november.ZONE, keyboard=False), personal=personal)
        self.window = KioskWindow(campus.visit, setup, LatePages())
        on_screen(qtbot, self.window)
        done = []
        self.window.finish(lambda: done.append(True))
        qtbot.waitUntil(lambda: bool(done))
        self.bar = self.window.staff.bar

    @property
    def page(self):
        return self.window.staff.page

    def come(self):
        self.window.staff.come()
        settle()
        return self

    def told(self, event):
        self.visit.handle(event)
        settle()

    def asked(self, kind):
        return [one for one in self.campus.sent if isinstance(one, kind)]

    def waits(self, count, minutes=12, state=LinkState.OFFLINE):
        oldest = self.campus.now - timedelta(minutes=minutes) if count else None
        self.told(LinkChanged(state=state, waiting=count, oldest_at=oldest))


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    settle()
