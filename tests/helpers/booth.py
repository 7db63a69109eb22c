"""The real window over a profile of its own and a real backend, with somebody in front of it."""

import shutil
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPropertyAnimation, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QTextEdit, QWidget

from kiosk_app.app.profile import Profile
from kiosk_app.app.tour_person import Person
from kiosk_app.app.tour_steps import Tour
from kiosk_app.app.window import Program, setup_for
from kiosk_app.desktop.bringing_up import bring_up
from kiosk_app.desktop.views.booking_sheet import BookingSheet
from kiosk_app.desktop.window import BOOKINGS, FAULT
from kiosk_app.domain.listing import Standing
from kiosk_app.sync.events import LinkState

SIZE = (1920, 1080)


class Booth:
    """One kiosk that runs, and the hands and eyes of a student.

    Args:
        profile: folder of the device.
        out: where a failed wait leaves its picture.
        backend: the backend of this device.
        mode: how the window is used.
    """

    def __init__(self, profile: Path, out: Path, backend, mode: str = "kiosk") -> None:
        self.profile, self.backend = profile, backend
        device = Profile(profile)
        self.program = Program(device, setup_for(device, mode))
        self.window, self.visit = self.program.window, self.program.visit
        self.person = Person(self.window, out)
        self.steps = Tour(self.window, self.person, backend, ("", ""))
        self._closed = False
        bring_up(self.window, SIZE)
        self.window.activateWindow()

    # what the person does

    def arrive(self) -> "Booth":
        """Wait until the kiosk is online and knows the sessions."""
        self.steps._wait_online()
        self.person.wait(lambda: self.visit.reading.synced_at() is not None, "the sessions")
        return self

    def fill_in(self, student_id: str, email: str) -> None:
        self.steps._wake()
        page = self.window.identify
        for field, text in ((page.student_id, student_id), (page.email, email)):
            self.person.tap(field.edit)
            self.person.clear(field.edit)
            self.person.type_into(field.edit, text)

    def sign_in(self, student) -> "Booth":
        self.steps._identify(student.number, student.email)
        return self

    def try_sign_in(self, student_id: str, email: str) -> str:
        """Try, and return what the page says instead of letting one in."""
        self.fill_in(student_id, email)
        self.person.tap(self.window.identify.go)
        self.person.wait(self.window.identify.notice.isVisible, "a sentence on the sign-in page")
        return self.window.identify.notice.text()

    def open_sheet(self, session_id: str) -> BookingSheet:
        row = self.visit.reading.session(session_id, self.visit.student_id)
        sheet = self.steps._open_sheet(row)
        stopped = QPropertyAnimation.State.Stopped
        self.person.wait(lambda: sheet._slide.state() == stopped, "the sheet to stand still")
        return sheet

    def confirm(self, sheet: BookingSheet) -> None:
        self.person.tap(sheet.confirm_button)

    def refusal(self, sheet: BookingSheet) -> str:
        """Wait for the sheet to say why nothing was booked."""
        self.person.wait(lambda: sheet.refusal is not None, "a refusal in the sheet")
        panel = sheet.refusal
        assert panel.isVisible() and panel.explained.isVisible()
        return f"{panel.title.text()}. {panel.explained.text()}"

    def back(self, sheet: BookingSheet) -> None:
        """Leave the sheet by its own button."""
        self.person.tap(sheet.cancel_button)
        self.steps._gone(sheet)

    def book(self, session_id: str, standing: Standing = Standing.CONFIRMED) -> None:
        row = self.visit.reading.session(session_id, self.visit.student_id)
        self.steps._confirm(self.open_sheet(session_id), standing, row)

    def my_bookings(self) -> None:
        self.steps._tab(BOOKINGS)

    def sign_out(self) -> None:
        self.person.tap(self.window.frame.top_bar.sign_out)
        self.person.wait(lambda: self.visit.student is None, "the end of the visit")

    def double_tap(self, widget: QWidget) -> None:
        """Tap twice as fast as a mouse can."""
        centre = widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=centre)
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=centre)

    # what the person sees

    def wait_banner(self, words: str) -> None:
        banner = self.window.frame.banner
        self.person.wait(
            lambda: banner.isVisible() and words in banner.text, f"a banner with “{words}”"
        )

    def wait_fault(self, number: str, words: str) -> None:
        """Wait until the kiosk serves nobody and says why."""
        self.person.wait(lambda: self.window.frame.page == FAULT, f"the page of {number}")
        page = self.window.fault
        assert (page.number.text(), page.heading.text()) == (number, words)

    def wait_standing(self, session_id: str, standing: Standing) -> None:
        self.steps._wait_standing(session_id, standing)

    def wait_link(self, state: LinkState) -> None:
        self.person.wait(lambda: self.visit.link.state is state, f"the link {state.value}")

    def holding(self, *words: str) -> dict[str, str]:
        """Return every widget, shown or not, that has one of the words for eyes or for ears."""
        found = {}
        for widget in self.window.findChildren(QWidget):
            said = [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
                said.append(widget.text())
            if isinstance(widget, QTextEdit):
                said.append(widget.toPlainText())
            text = "\n".join(said)
            if any(word in text for word in words):
                parent = widget.parentWidget()
                found[f"{type(parent).__name__}/{type(widget).__name__}"] = text
        return found

    # the machine

    @property
    def station(self):
        """The engine's inside, for faults that no person can make."""
        late = self.program.engine
        self.person.wait(lambda: late.begun is not None and late.begun._work is not None, "engine")
        return late.begun._work._station

    def close(self) -> bool:
        """End as the program does; return whether the engine ended in time."""
        if self._closed:
            return True
        self._closed = True
        ended = self.program.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return ended


def copy_profile(enrolled: Path, to: Path) -> Path:
    """Return an enrolled profile of one's own; its files are made when it first runs."""
    shutil.copytree(enrolled, to)
    to.chmod(0o700)
    return to
