"""What the signs of the month mean: kinds of session, and seats."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.marks import Mark
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel
from kiosk_app.desktop.widgets.tile import SeatMark
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _

_MARKS: dict[Mark, Callable[[], str]] = {
    Mark.AVAILABLE: lambda: _("Seats available"),
    Mark.FEW: lambda: _("Few left"),
    Mark.FULL: lambda: _("Full"),
    Mark.MINE: lambda: _("Your booking"),
}
_PAD = 24


class Legend(Panel):
    """Kinds at one end, seats at the other; two lines where one is too short."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self.setProperty("surface", None)
        self.setProperty("part", "legend")
        self._texts: list[tuple[Label, Callable[[], str]]] = []
        pixels = current().px("label") + 2
        self._kinds = self._line(
            [(Icon(TYPE_ICON[kind], TYPE_ROLE[kind], pixels), _naming(kind)) for kind in MockType]
        )
        self._seats = self._line([(SeatMark(mark), text) for mark, text in _MARKS.items()])
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(_PAD, 14, _PAD, 14)
        self._box.setSpacing(10)
        self._box.addWidget(self._kinds)
        self._box.addStretch(1)
        self._box.addWidget(self._seats)
        self.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        for label, text in self._texts:
            label.setText(text())
        self._turn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take one line or two."""
        super().resizeEvent(event)
        self._turn()

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: lines wrap."""
        return QSize(0, super().minimumSizeHint().height())

    def _turn(self) -> None:
        wanted = self._kinds.sizeHint().width() + self._seats.sizeHint().width() + 3 * _PAD
        across = QBoxLayout.Direction.LeftToRight
        direction = across if wanted <= self.width() else QBoxLayout.Direction.TopToBottom
        if direction != self._box.direction():
            self._box.setDirection(direction)

    def _line(self, entries: list[tuple[QWidget, Callable[[], str]]]) -> QWidget:
        line = QWidget()
        flow = FlowLayout(line, spacing=20)
        for sign, text in entries:
            entry = QWidget()
            row = QHBoxLayout(entry)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(8)
            label = Label("", "caption")
            label.setProperty("role", "second")
            row.addWidget(sign)
            row.addWidget(label)
            flow.addWidget(entry)
            self._texts.append((label, text))
        policy = line.sizePolicy()
        policy.setHeightForWidth(True)
        line.setSizePolicy(policy)
        return line


def _naming(kind: MockType) -> Callable[[], str]:
    return lambda: type_name(kind)
