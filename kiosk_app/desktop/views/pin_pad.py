"""Digits for the PIN that lets staff leave a locked kiosk (K6); what is typed is never shown."""

from typing import Literal

from PySide6.QtCore import QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.overlay import MARGIN, Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain.pin import LONGEST, SHORTEST, Verdict
from kiosk_app.i18n.texts import _, ngettext

GIVE_UP_MS = 30_000
"""Without a key for this long the pad goes away."""
_DOT, _GAP = 18, 14
_WIDE, _NARROW = 920, 520
Wish = Literal["leave", "attention", "scanner"]
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")


class Dots(QWidget):
    """One disc for each digit that was typed, one ring for each that is missing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "StaticText")
        self._count = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, count: int) -> None:
        """Show how many digits there are."""
        self._count = count
        self.setAccessibleName(ngettext("{n} digit", "{n} digits", count).format(n=count))
        self.update()

    def sizeHint(self) -> QSize:
        """Have room for the longest PIN."""
        return QSize(LONGEST * (_DOT + _GAP), _DOT + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint discs and rings in the middle."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = max(SHORTEST, self._count)
        step = _DOT + _GAP
        x = (self.width() - shown * step + _GAP + _DOT) / 2
        painter.setPen(QPen(theme.color("lineStrong"), 2))
        for number in range(shown):
            typed = number < self._count
            painter.setBrush(theme.color("ink") if typed else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x + number * step, self.height() / 2), _DOT / 2, _DOT / 2)
        painter.end()


class PinPad(Dialog):
    """Ask for the PIN.

    Args:
        host: the window to cover.
        is_set: whether there is a PIN; without one the pad only says so.
        give_up_ms: how long the pad waits for a key; tests shorten it.
    """

    entered = Signal(str)
    """A PIN to compare; `answer` is due."""

    def __init__(self, host: QWidget, *, is_set: bool, give_up_ms: int = GIVE_UP_MS) -> None:
        super().__init__(host, width=_NARROW)
        self._is_set, self._typed, self._wait = is_set, "", 0
        self._said = ""
        self.heading, self.text = Label("", "h1", wrap=True), Paragraph("", "lead")
        self.dots, self.message = Dots(), Label("", "strong", tone="bad", wrap=True)
        self.keys = {figure: Button(figure, size="large") for figure in _KEYS if figure}
        self.erase = Button("", icon="delete", size="large")
        self.erase.setProperty("square", "false")  # as wide as the digits beside it
        self.back, self.leave = Button("", size="large"), Button("", "primary", size="large")
        self.attention, self.scanner = Button("", icon="inbox"), Button("", icon="scan-barcode")
        self.wanted: Wish = "leave"
        """What the PIN was typed for."""
        self._words, self._pad, self._ways = QWidget(), QWidget(), QWidget()
        self._parts = QGridLayout()
        self._patience = QTimer(self, interval=give_up_ms, singleShot=True)
        self._patience.timeout.connect(self.dismiss)
        self._seconds = QTimer(self, interval=1000)
        self._seconds.timeout.connect(self._second)
        self._build()
        self.retranslate()
        self._patience.start()

    def first_field(self) -> QWidget:
        """Start on the panel itself: digits come from a keyboard too."""
        return self.back if not self._is_set else self.keys["1"]

    def offer(self, wish: Wish) -> None:
        """Show the way to something else that staff do here."""
        {"attention": self.attention, "scanner": self.scanner}[wish].setVisible(self._is_set)

    def answer(self, verdict: Verdict) -> None:
        """Say what became of the PIN that was entered; a right one ends everything elsewhere."""
        self.leave.set_busy(False)
        if verdict.right:
            return
        self._wait = verdict.wait
        self._said = _("This PIN is wrong.")
        if self._wait:
            self._seconds.start()
        self._write()
        announce(self.message, self.message.text(), assertive=True)

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("Leave the kiosk")
        self.set_title(title)
        self.heading.setText(title)
        self.text.setText(
            _("For staff. Type the PIN of this kiosk.")
            if self._is_set
            else _("No PIN is set on this kiosk. Set one in a terminal: kiosk place pin")
        )
        self.erase.setAccessibleName(_("Delete"))
        self.back.setText(_("Back"))
        self.leave.setText(_("Leave"))
        self.attention.setText(_("Needs attention"))
        self.scanner.setText(_("Try the scanner"))
        self._write()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take digits of a keyboard."""
        if event.key() == Qt.Key.Key_Backspace:
            self._erase()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif event.text() in self.keys:
            self._type(event.text())
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def _build(self) -> None:
        self._pad.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # digits stand as everywhere
        self._pad.setProperty(speech.UNSPOKEN, True)  # noqa: FBT003 - Qt takes it by its place only
        grid = QGridLayout(self._pad)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(12)
        for place, figure in enumerate(_KEYS):
            if figure:
                self._add_key(grid, self.keys[figure], place)
                self.keys[figure].clicked.connect(lambda _on=False, f=figure: self._type(f))
        self._add_key(grid, self.erase, len(_KEYS) - 1)
        self.erase.clicked.connect(self._erase)
        self.attention.clicked.connect(lambda: self._enter("attention"))
        self.scanner.clicked.connect(lambda: self._enter("scanner"))
        for button in (self.attention, self.scanner):
            button.hide()
        _stack(self._words, self.heading, self.text, self.dots, self.message)
        _stack(self._ways, self.attention, self.scanner)
        self._parts.setSpacing(16)
        self.body.column.addLayout(self._parts)
        self._arrange(beside=False)
        for part in (self.dots, self.message, self._pad):
            part.setVisible(self._is_set)
        self.add_action(self.back, self.cancel)
        self.add_action(self.leave, lambda: self._enter("leave"))
        self.leave.setVisible(self._is_set)

    def _rest(self) -> QRect:
        """Set the digits beside the words where the window is too low for all of it."""
        self._arrange(beside=False)
        place = super()._rest()
        if place.height() >= self.height() - 2 * MARGIN:
            self._arrange(beside=True)
            place = super()._rest()
        return place

    def _arrange(self, *, beside: bool) -> None:
        """Put words, digits and ways under one another, or the digits beside the others."""
        self._width = _WIDE if beside else _NARROW
        top, bottom = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        if beside:
            self._parts.addWidget(self._words, 0, 0, top)
            self._parts.addWidget(self._ways, 1, 0, bottom)
            self._parts.addWidget(self._pad, 0, 1, 2, 1, top)
        else:
            for line, part in enumerate((self._words, self._pad, self._ways)):
                self._parts.addWidget(part, line, 0)
        self._parts.setColumnStretch(1, 1 if beside else 0)
        self._parts.setColumnStretch(0, 1)
        self._parts.setHorizontalSpacing(40 if beside else 0)

    def _add_key(self, grid: QGridLayout, key: Button, place: int) -> None:
        key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        grid.addWidget(key, place // 3, place % 3)

    def _type(self, figure: str) -> None:
        self._patience.start()
        if not self.leave.busy and not self._wait and len(self._typed) < LONGEST:
            self._typed += figure
            self._said = ""
            self._write()

    def _erase(self) -> None:
        self._patience.start()
        if not self.leave.busy:
            self._typed = self._typed[:-1]
            self._write()

    def _enter(self, wanted: Wish = "leave") -> None:
        self._patience.start()
        if self._typed and not self._wait and not self.leave.busy:
            typed, self._typed = self._typed, ""
            self.wanted = wanted
            self.leave.set_busy(True)
            self._write()
            self.entered.emit(typed)

    def _second(self) -> None:
        self._patience.start()
        self._wait -= 1
        if self._wait <= 0:
            self._seconds.stop()
            self._said = ""
        self._write()

    def _write(self) -> None:
        text = self._said
        if self._wait:
            sentence = ngettext(
                "Too many wrong PINs. Try again in {n} second.",
                "Too many wrong PINs. Try again in {n} seconds.",
                self._wait,
            )
            text = sentence.format(n=self._wait)
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.dots.show_count(len(self._typed))
        self.leave.setEnabled(not self._wait)
        for button in (self.attention, self.scanner):
            button.setEnabled(not self._wait)
        if self.isVisible():
            self.refit()


def _stack(part: QWidget, *held: QWidget) -> None:
    """Put widgets under one another."""
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(16)
    for one in held:
        column.addWidget(one)
