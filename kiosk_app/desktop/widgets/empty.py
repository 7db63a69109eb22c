"""What stands where nothing is to be shown: a sign, what happened, and a way on (02b, 03b)."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.i18n import formats

_SIGN = 104
_TEXT = 640
"""Most pixels of a line at 100 % of text size."""
_EDGE = 24
_SIGN_FROM = 400
"""Pixels of height at 100 % of text size from which there is room for the sign."""


class EmptyState(QWidget):
    """A round sign, a title, a text, what comes next and up to two buttons, in the middle."""

    def __init__(
        self, icon: str, buttons: tuple[Button, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._title = Label("", "title", wrap=True)
        self._text = Paragraph("", "lead")
        self._after = Label("", "strong", wrap=True)
        self._next: tuple[str, ...] = ()
        self._sign = Tile(icon, "primary", _SIGN, round_=True)
        for label in (self._title, self._text, self._after):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column = self._column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        for label in (self._title, self._text, self._after):
            centred = QBoxLayout(QBoxLayout.Direction.LeftToRight)
            centred.addStretch(1)
            centred.addWidget(label, 100)
            centred.addStretch(1)
            column.addLayout(centred)
        column.addSpacing(12)
        self._buttons = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._buttons.setSpacing(current().px("gap"))
        self._buttons.addStretch(1)
        for button in buttons:
            self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        column.addStretch(1)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Give way in small rooms; the sign goes first."""
        return QSize(0, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the sign out where there is no room for it, and give what comes next its lines."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Take another size of text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def write(self, title: str, text: str, next_: tuple[str, ...] = ()) -> None:
        """Say what happened, and of what comes next the name and the time."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self._next = next_
        self._after.setVisible(bool(next_))
        self._fit()

    @property
    def words(self) -> str:
        """Title, text and what comes next, as a screen reader would say them."""
        said = f"{self._title.text()}. {self._text.text()} {formats.listed(*self._next)}"
        return " ".join(said.splitlines()).strip()

    def _fit(self) -> None:
        scale = current().text_scale
        roomy = self.height() >= _SIGN_FROM * scale
        self._sign.setVisible(roomy)
        edge = _EDGE if roomy else _EDGE // 2
        self._column.setContentsMargins(_EDGE, edge, _EDGE, edge)
        for label in (self._title, self._text, self._after):
            label.setMaximumWidth(round(_TEXT * scale))
        across = formats.listed(*self._next)
        room = min(self._after.maximumWidth(), self.contentsRect().width() - 2 * _EDGE)
        fits = self._after.fontMetrics().horizontalAdvance(across) <= room
        self._after.setText(across if fits else "\n".join(self._next))
