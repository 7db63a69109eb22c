"""A pill over a scroll area that says how much is below its edge (13b).

It lies where cards have words, at the start of the line, and gives way to any button: what a finger
sees of a button must be the button's.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from kiosk_app.desktop.theme import icons, mirror
from kiosk_app.desktop.theme.theme import current
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import _, ngettext

_BOTTOM = 12
_START = 24


class MoreBelow(QPushButton):
    """Press it to go on; it is gone when the end is in sight.

    Args:
        area: the scroll area it lies over.
    """

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._parts: list[QWidget] = []
        self._buttons: list[QWidget] = []
        self._further = 0
        self._said: object = None
        self.setProperty("kind", "more")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self.clicked.connect(self._go_on)
        area.installEventFilter(self)
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self.refresh)
        bar.rangeChanged.connect(self.refresh)

    def count_parts(self, parts: list[QWidget], buttons: list[QWidget], further: int = 0) -> None:
        """Count these parts from now on, and as many as come below them once there is a need.

        Args:
            parts: what can be scrolled to.
            buttons: what in them must not be covered.
            further: parts that are not made yet.
        """
        self._parts, self._buttons, self._further = parts, buttons, further
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom of the area."""
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LanguageChange}:
            self.refresh()
        return super().eventFilter(watched, event)

    def refresh(self) -> None:
        """Count again and take one's place."""
        hidden = len(self._below())
        if not hidden:
            self.hide()
            return
        self._write(hidden + self._further)
        if self.size() != self.sizeHint():
            self.adjustSize()
        top = self._area.height() - self.height() - _BOTTOM
        place = QRect(QPoint(_START, top), self.size())
        place = mirror.seen(self.layoutDirection(), self._area.rect(), place)
        self.setGeometry(place)
        free = not self._covers_button(place)
        if free and self.isHidden():
            self.raise_()
        self.setVisible(free)

    def _write(self, hidden: int) -> None:
        """Say how many more there are, where that is not what is said already."""
        said = (hidden, current(), texts.language())
        if said == self._said:
            return
        self._said = said
        text = ngettext("{n} more session", "{n} more sessions", hidden)
        self.setText(text.format(n=hidden))
        self.setAccessibleName(_("Scroll down: {text}").format(text=self.text()))
        pixels = current().px("body")
        self.setIcon(icons.icon("arrow-down", "surface", pixels, gap=8))
        self.setIconSize(QSize(pixels + 8, pixels))

    def _covers_button(self, place: QRect) -> bool:
        return any(
            place.intersects(QRect(button.mapTo(self._area, QPoint(0, 0)), button.size()))
            for button in self._buttons
            if button.isVisibleTo(self._area)
        )

    def _below(self) -> list[QWidget]:
        """Return the parts of which less than half can be seen."""
        edge = self._area.verticalScrollBar().value() + self._area.contentsRect().height()
        return [
            p for p in self._parts if p.isVisibleTo(self._area) and p.geometry().center().y() > edge
        ]

    def _go_on(self) -> None:
        if hidden := self._below():
            self._area.ensureWidgetVisible(hidden[0], 0, 24)
