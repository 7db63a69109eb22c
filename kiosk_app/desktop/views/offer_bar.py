"""The line that says a seat is held for whoever stands there, with what is left of the time (A78)."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.wait_dialog import WaitDialog
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel
from kiosk_app.domain.listing import SessionRow, WaitRow
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import WaitSettled

_TICK_MS = 1000
_NARROW = 900


class OfferBar(Panel):
    """The offer that ends first, with Claim and Decline; hidden while there is none.

    Args:
        visit: who is offered a seat.
        parent: owner.
    """

    claim_requested = Signal(object)
    """The SessionRow of the seat."""

    def __init__(self, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self._visit = visit
        self._wait: WaitRow | None = None
        self._row: SessionRow | None = None
        self._problem = ""
        self._quiet = True  # until it has a place: a line without a parent would be a window
        self._title = Label("", "strong")
        self._text = Label("", "second")
        self.claim_button = Button(_("Claim seat"), "primary", size="small")
        self.decline_button = Button(_("Decline"), size="small")
        self.claim_button.clicked.connect(lambda: self.claim_requested.emit(self._row))
        self.decline_button.clicked.connect(self._ask)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._write)
        self._build()
        visit.waits_changed.connect(self.refresh)
        visit.link_changed.connect(self.refresh)
        visit.ended.connect(self.refresh)
        visit.wait_settled.connect(self._settled)
        self.hide()
        self.refresh()

    def set_quiet(self, *, quiet: bool) -> None:
        """Say nothing over a page that shows the offer itself, or speak again."""
        self._quiet = quiet
        self.setVisible(self._wait is not None and not quiet)

    def refresh(self) -> None:
        """Show the offer that ends first, or nothing."""
        before, self._wait, self._row = self._wait, None, None
        offers = [w for w in self._visit.waits if self._visit.seat_offered(w.session_id)]
        for wait in sorted(offers, key=lambda w: w.offered_until or self._visit.now()):
            row = self._visit.reading.session(wait.session_id, self._visit.student_id)
            if row is not None:
                self._wait, self._row = wait, row
                break
        self._problem = ""
        self._write()
        if self._wait is not None and (before is None or before.wait_id != self._wait.wait_id):
            speech.announce(self, self.text())

    def text(self) -> str:
        """Return what the bar says."""
        return f"{self._title.text()}. {self._text.text()}"

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons under the words where it is narrow."""
        super().resizeEvent(event)
        self._fold(narrow=event.size().width() < _NARROW * current().text_scale)

    def _fold(self, *, narrow: bool) -> None:
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._across.setDirection(way)
        for label in (self._title, self._text):
            label.setWordWrap(narrow)  # a label that may wrap asks for the height of two lines

    def _build(self) -> None:
        self.setProperty("banner", "ok")
        speech.give_role(self, "AlertMessage")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        said = QHBoxLayout()
        said.setSpacing(16)
        said.addWidget(Icon("armchair", "ok"))
        said.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch(1)
        buttons.addWidget(self.decline_button)
        buttons.addWidget(self.claim_button)
        self._across = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._across.setContentsMargins(32, 8, 32, 8)
        self._across.setSpacing(12)
        self._across.addLayout(said, 1)
        self._across.addLayout(buttons)
        self._fold(narrow=True)  # until it has a width: in one line it would widen a small window

    def _write(self) -> None:
        """Write the offer and what is left of it; one whose time is up goes."""
        wait, row = self._wait, self._row
        if wait is None or row is None or not wait.is_offered(self._visit.now()):
            self._wait = self._row = None
            self._tick.stop()
            self.hide()
            return
        what = formats.listed(type_name(row.mock_type), wording.when_text(row))
        self._title.setText(_("A seat is held for you"))
        left = wording.held_text(wait, self._visit.now())
        self._text.setText(self._problem or f"{what} · {left}")
        self.claim_button.setText(_("Claim seat"))
        self.claim_button.setAccessibleName(f"{_('Claim seat')}: {what}")
        self.decline_button.setText(_("Decline"))
        self.decline_button.setAccessibleName(f"{_('Decline')}: {what}")
        self.setAccessibleName(formats.listed(self._title.text(), what))
        self._tick.start()
        self.setVisible(not self._quiet)

    def _ask(self) -> None:
        wait, row = self._wait, self._row
        if wait is not None and row is not None:
            WaitDialog(
                self._visit, row, "decline", self.window(), lambda: self._decline(wait)
            ).open()

    def _decline(self, wait: WaitRow) -> None:
        self.decline_button.setEnabled(False)
        self._visit.step_wait(wait.session_id, "decline", wait)

    def _settled(self, event: WaitSettled) -> None:
        self.decline_button.setEnabled(True)
        if self._wait and event.session_id == self._wait.session_id and event.code:
            self._problem = code_sentence(event.code)
            self._write()
