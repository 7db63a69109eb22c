"""The foot of a page that signs out by itself: countdown, more time, what next (05)."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.countdown import CountdownRing
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.i18n.texts import _, ngettext

SECONDS = 30
MORE_SECONDS = 120
_GAP, _BETWEEN = 20, 16
_AIRY, _CLOSE = 40, 24
"""Pixels beside all of it."""


class SignOutBar(Panel):
    """Count down to the sign-out, and offer another booking or to leave at once.

    Args:
        seconds: how long the page stays.
        tick_ms: length of a second; tests shorten it.
        parent: owner.
    """

    book_another = Signal()
    sign_out = Signal()

    def __init__(
        self, seconds: int = SECONDS, *, tick_ms: int = 1000, parent: QWidget | None = None
    ) -> None:
        super().__init__("plain", parent)
        self._seconds = seconds
        self.ring = CountdownRing(tick_ms=tick_ms)
        self._title = Label("", "strong", wrap=True)
        self._why = Paragraph("", "second")
        self.more = Button(_("I need more time"), "quiet")
        self.another = Button(_("Book another session"), icon="calendar-plus")
        self.leave = Button(_("Sign out now"), "primary", icon="log-out")
        self._start, self._end = self._make_start(), self._make_end()
        self._grid = QGridLayout(self)
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setColumnStretch(0, 1)
        self._rows, self._low = 0, False
        self._arrange(rows=1)
        self.setProperty("overlay", "bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.ring.ticked.connect(self._ticked)
        self.ring.finished.connect(self.sign_out)
        self.more.clicked.connect(lambda: self.ring.start(MORE_SECONDS))
        self.another.clicked.connect(self.book_another)
        self.leave.clicked.connect(self.sign_out)
        self.retranslate()

    def start(self) -> None:
        """Count from the full time."""
        self.ring.start(self._seconds)

    def stop(self) -> None:
        """Stop counting."""
        self.ring.stop()

    def set_low(self, *, low: bool) -> None:
        """Take little height, for a page that has none to spare, or that of the picture."""
        if low == self._low:
            return
        self._low = low
        for button in (self.more, self.another, self.leave):
            button.set_tall("small" if low else "normal")
        self._arrange(rows=self._wanted_rows())

    def retranslate(self) -> None:
        """Write every text anew."""
        self._why.setText(_("So nobody else sees your bookings."))
        self.more.setText(_("I need more time"))
        self.another.setText(_("Book another session"))
        self.leave.setText(_("Sign out now"))
        self._ticked(self.ring.left)
        self._arrange(rows=self._wanted_rows())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take two rows where one is too narrow for the words."""
        super().resizeEvent(event)
        self._arrange(rows=self._wanted_rows())

    def hideEvent(self, event: QHideEvent) -> None:
        """A page nobody sees counts nothing."""
        super().hideEvent(event)
        self.ring.stop()

    def _wanted_rows(self) -> int:
        """Return how many rows there are to be; the reason gives way before a second one comes.

        All is worked out before anything is shown: to show it lays out the page at once, which asks here.
        """
        one = [why for why in (True, False) if self._needs(why=why) <= self.width()]
        self._why.setVisible(one[0] if one else not self._low)
        return 1 if one else 2

    def _needs(self, *, why: bool) -> int:
        """Return the width at which one row wraps none of its words, with the reason or without."""
        words = self._title.fontMetrics().horizontalAdvance(_told(MORE_SECONDS))
        if why:
            words = max(words, self._why.fontMetrics().horizontalAdvance(self._why.text()))
        parts = self.ring.width() + self.more.sizeHint().width() + self._end.sizeHint().width()
        return words + parts + 2 * _GAP + _BETWEEN + 2 * (_AIRY if why else _CLOSE)

    def _arrange(self, *, rows: int) -> None:
        side = _CLOSE if rows > 1 or self._why.isHidden() else _AIRY
        self._title.setWordWrap(not self._why.isHidden())
        edge = 10 if self._low else 22
        self._grid.setContentsMargins(side, edge, side, edge)
        self._grid.setVerticalSpacing(6 if self._low else 12)
        if rows == self._rows:
            return
        self._rows = rows
        end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._grid.addWidget(self._start, 0, 0)
        if rows == 1:
            self._grid.addWidget(self._end, 0, 1, end)
        else:
            self._grid.addWidget(self._end, 1, 0, end)

    def _make_start(self) -> QWidget:
        made = QWidget()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._why)
        words.addStretch(1)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.ring)
        row.addLayout(words, 1)
        row.addWidget(self.more)
        return made

    def _make_end(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.another)
        row.addWidget(self.leave)
        return made

    def _ticked(self, left: int) -> None:
        self._title.setText(_told(left))
        self.ring.setAccessibleName(_told(left))


def _told(left: int) -> str:
    text = ngettext("Signing out in {n} second", "Signing out in {n} seconds", left)
    return text.format(n=left)
