"""A kiosk that cannot serve: what happened, what was kept, and a number for staff (K21, K34)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import IconText, Label, Panel
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.faults import STAYS, number_of
from kiosk_app.i18n.faults import fault_words, staff_words
from kiosk_app.i18n.texts import _, ngettext

_WIDTH, _TILE = 880, 96
_ICON = {"K-NET": "wifi-off", "K-DSK": "hard-drive", "K-CLK": "clock", "K-KEY": "key-round"}


class FaultView(QWidget):
    """The page; it goes when the cause goes (but for `STAYS`), and offers nothing to tap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fault, self._waiting = "", 0
        self.tile = Tile("triangle-alert", "warn", _TILE, round_=True)
        self.heading, self.text = Label("", "h1", wrap=True), Paragraph("", "lead")
        self.kept = IconText("shield-check", icon_role="ok")
        self.again = IconText("refresh-cw")
        self.number = Label("", "h2")
        self.staff_title, self.staff = Label("", "label"), Paragraph("", "second")
        speech.give_role(self, "AlertMessage")
        self._build()

    def show_fault(self, fault: str, waiting: int) -> None:
        """Say what is wrong.

        Args:
            fault: a key of `domain.faults`.
            waiting: requests that are saved here and not sent yet, as far as known.
        """
        if (fault, waiting) != (self._fault, self._waiting):
            self._fault, self._waiting = fault, waiting
            self.retranslate()

    def retranslate(self) -> None:
        """Write everything in the language in use."""
        number = number_of(self._fault)
        head, rest = fault_words(self._fault)
        self.tile.set_icon(_ICON.get(number.rpartition("-")[0], "triangle-alert"), "warn")
        self.heading.setText(head)
        self.text.setText(rest)
        kept = ngettext(
            "{n} saved request is kept on this kiosk and goes out by itself.",
            "{n} saved requests are kept on this kiosk and go out by themselves.",
            self._waiting,
        )
        self.kept.set_text(kept.format(n=self._waiting))
        self.kept.setVisible(self._waiting > 0)
        self.again.set_text(_("This page goes away by itself once the cause is gone."))
        self.again.setVisible(self._fault not in STAYS)
        self.number.setText(number)
        self.staff_title.setText(_("For staff"))
        self.staff.setText(staff_words(self._fault))
        self.setAccessibleName(f"{head} {rest} {number}")

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in the middle, a little above it."""
        super().resizeEvent(event)
        edge = 24 if self.height() < _WIDTH else 64
        self._scroll.column.setContentsMargins(edge, edge, edge, edge)

    def _build(self) -> None:
        card = Panel("card")
        card.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(48, 48, 48, 40)
        column.setSpacing(16)
        column.addWidget(self.tile)
        column.addSpacing(8)
        for part in (self.heading, self.text, self.kept, self.again):
            column.addWidget(part)
        for line in (self.kept, self.again):
            line.label.setWordWrap(True)
        column.addSpacing(16)
        column.addWidget(self._for_staff())
        self._scroll = ScrollColumn(spacing=0)
        self._scroll.column.addStretch(2)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 1000)
        row.addStretch(1)
        self._scroll.column.addLayout(row)
        self._scroll.column.addStretch(3)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _for_staff(self) -> QWidget:
        box = Panel("readonly")
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.staff_title)
        words.addWidget(self.staff)
        row = QHBoxLayout(box)
        row.setContentsMargins(24, 20, 24, 20)
        row.setSpacing(32)
        row.addWidget(self.number, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return box
