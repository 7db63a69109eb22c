"""The end of a pass: the QR code and what it is for, or the steps of a request that waits."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.pass_text import PassText, Step
from kiosk_app.desktop.widgets.qr import QrCode
from kiosk_app.desktop.widgets.round_mark import Edge, RoundMark

STUB_WIDTH = 340
CRAMPED_WIDTH = 300
_DISC = 44
_LOOK: Final[dict[str, tuple[str, str, Edge]]] = {
    "done": ("onOkFill", "okFill", "none"),
    "next": ("warn", "warnTint", "solid"),
    "failed": ("bad", "badTint", "solid"),
    "later": ("ink2", "surface", "quiet"),
}


class Stub(QWidget):
    """The end of the ticket: the QR code and what it is for, or the steps of a request."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(STUB_WIDTH)
        self._column = QVBoxLayout(self)
        self._cramped = False
        self.set_low(low=False)
        self._shown: PassText | None = None

    def set_low(self, *, low: bool, cramped: bool = False) -> None:
        """Keep less room above and below and, cramped, at the sides, or that of the picture."""
        edge, side = 12 if low else 28, 12 if cramped else 28
        self._column.setContentsMargins(side, edge, side, edge)
        self._column.setSpacing(2 if low else 4)
        self._cramped = cramped
        self._raise()

    def show_text(self, text: PassText) -> None:
        """Show another booking or request."""
        while item := self._column.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self._column.addStretch(1)
        if text.qr is not None:
            self._add_code(text)
        else:
            steps = _Steps(text.steps)
            self._column.addWidget(steps)
            steps.show()
        self._column.addStretch(1)
        self._raise()

    def _raise(self) -> None:
        """Let what is there begin at the top, when the foot of the ticket may be out of sight."""
        if self._column.count():
            self._column.setStretch(0, 0 if self._cramped else 1)

    def _add_code(self, text: PassText) -> None:
        code = QrCode()
        code.set_text(text.qr or "")
        code.setAccessibleName(f"{text.qr_title}. {text.qr_help}")
        self._column.addWidget(code, 0, Qt.AlignmentFlag.AlignHCenter)
        code.show()
        for label in (
            Label(text.qr_title, "strong", wrap=True),
            Paragraph(text.qr_help, "second"),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._column.addWidget(label)
            label.show()


class _Steps(QWidget):
    """Discs under one another, joined by a line, each with a title and a help line."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        super().__init__()
        self._rows: list[QWidget] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 0, 0)
        column.setSpacing(28)
        for step in steps:
            column.addWidget(self._row(step))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Join the discs."""
        painter = QPainter(self)
        painter.setPen(QPen(current().color("lineStrong"), 2))
        rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        for upper, lower in zip(self._rows, self._rows[1:], strict=False):
            x = upper.geometry().right() - _DISC // 2 if rtl else upper.x() + _DISC // 2
            painter.drawLine(x, upper.y() + _DISC, x, lower.y())

    def _row(self, step: Step) -> QWidget:
        role, ground, edge = _LOOK[step.state]
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        disc = RoundMark(_DISC)
        disc.set_look(step.icon, role, ground, edge)
        row.addWidget(disc, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(step.title, "strong", wrap=True))
        words.addWidget(Paragraph(step.help, "second"))
        row.addLayout(words, 1)
        self._rows.append(made)
        return made
