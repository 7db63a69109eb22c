"""Buttons: one class, its look chosen by kind (design §3); icons follow the theme."""

from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QApplication, QPushButton, QSizePolicy, QWidget

from kiosk_app.desktop.theme import icons, motion
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import Theme, current

Kind = Literal[
    "primary",
    "secondary",
    "outline",
    "tonal",
    "danger",
    "destroy",
    "hero",
    "onhero",
    "quiet",
    "tab",
    "chip",
    "segment",
    "off",
    "waiting",
    "column",
    "item",
    "pill",
    "suggestion",
]
ButtonSize = Literal["small", "normal", "large"]
_SPIN_MS, _TURNS = 80, 12
"""Milliseconds of a step of the spinner, and steps of a full turn."""

_ICON_ROLE: dict[str, tuple[str, str]] = {
    "primary": ("onPrimary", "onPrimary"),
    "secondary": ("ink", "onPrimaryTint"),
    "outline": ("primary", "primary"),
    "tonal": ("onPrimaryTint", "onPrimaryTint"),
    "danger": ("bad", "bad"),
    "destroy": ("onBad", "onBad"),
    "hero": ("hero", "hero"),
    "onhero": ("onHero", "onHero"),
    "quiet": ("primary", "primary"),
    "off": ("ink3", "ink3"),
    "waiting": ("primary", "primary"),
    "column": ("ink3", "primary"),
    "item": ("ink2", "onPrimaryTint"),
    "suggestion": ("bad", "bad"),
    "tab": ("ink2", "onPrimaryTint"),
    "chip": ("ink", "onPrimaryTint"),
    "segment": ("ink2", "onPrimaryTint"),
}

_SMALL_ICONS = frozenset({"column"})
"""Kinds whose icon is as high as their letters, and close to them."""
_LARGE_ICONS = frozenset({"hero", "onhero"})
"""Kinds that are seen from across the hall."""
_FAR, _NEAR = 5, 2
"""Quarters of the theme's gap between icon and words, of a large button and of others."""


class Button(QPushButton):
    """A push button of the design.

    Args:
        text: label, already translated; may be empty when `icon` says it all (then give a name).
        kind: which look; a checkable kind (tab, chip, segment) becomes checkable.
        icon: Lucide name shown before the text, in the colour that fits the kind and state.
        size: small 56, normal 64, large 72 pixels high in kiosk density.
        trailing: set the icon after the text.
        parent: owner.
    """

    def __init__(
        self,
        text: str = "",
        kind: Kind = "secondary",
        *,
        icon: str | None = None,
        size: ButtonSize = "normal",
        trailing: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self._trailing = trailing
        self._spin: QTimer | None = None
        self._turns = 0
        self._close = False
        """Whether a large button is too narrow for its icon to stand well away from its words."""
        self.setProperty("kind", kind)
        self.setProperty("tall", size)
        self.setProperty("square", "false" if text else "true")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if kind in {"tab", "chip", "segment"}:
            self.setCheckable(True)
            self.toggled.connect(self._refresh_icon)
        self._refresh_icon()

    def setText(self, text: str) -> None:
        """Write another label; without one the button is as wide as it is high."""
        square = "false" if text else "true"
        super().setText(text)
        if self.property("square") != square:
            self.setProperty("square", square)
            restyle(self)
            self._refresh_icon()

    def set_tall(self, size: ButtonSize) -> None:
        """Take another height."""
        if size != self.property("tall"):
            self.setProperty("tall", size)
            restyle(self)
            self._refresh_icon()

    def set_icon(self, name: str | None) -> None:
        """Show another icon, or none."""
        if name != self._icon_name:
            self._icon_name = name
            self._refresh_icon()

    def set_kind(self, kind: Kind) -> None:
        """Take another look, as when *Book* becomes *Booked*."""
        if kind != self.property("kind"):
            self.setProperty("kind", kind)
            restyle(self)
            self._refresh_icon()

    @property
    def busy(self) -> bool:
        """Whether the button waits for an answer and takes no clicks."""
        return self._spin is not None

    def set_busy(self, busy: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Turn a spinner in place of the icon and take no clicks, or be a button again."""
        if busy == self.busy:
            return
        if self._spin is not None:
            self._spin.stop()
            self._spin.deleteLater()
        self._spin = QTimer(self, interval=_SPIN_MS) if busy else None
        if self._spin is not None:
            self._spin.timeout.connect(self._turn)
            if not motion.reduced():
                self._spin.start()
        self._refresh_icon()

    def sizeHint(self) -> QSize:
        """Return the size; a chip that is on is bolder, which Qt measures as if it were not."""
        size = super().sizeHint()
        if self.isChecked() and self.property("kind") == "chip":
            bold = QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            more = QFontMetrics(bold).horizontalAdvance(self.text())
            more -= self.fontMetrics().horizontalAdvance(self.text())
            size.setWidth(size.width() + max(0, more))
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the icon of a large button come closer where its words need the room."""
        super().resizeEvent(event)
        if self._icon_name is not None and self.property("tall") == "large":
            more = current().px("gap") * (_FAR - _NEAR) // 4 if self._close else 0
            close = self.sizeHint().width() + more > self.width()
            if close != self._close:
                self._close = close
                self._refresh_icon()

    def hitButton(self, pos: QPoint) -> bool:
        """Take no clicks while busy."""
        return not self.busy and super().hitButton(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on Enter as on Space, and on neither while busy."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.busy:
            return
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew in another theme or direction, or when the button goes out of use.

        A trailing icon is set by a direction of its own, which no other change reaches.
        """
        super().changeEvent(event)
        if self._drawn != self._look():
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        self._drawn = self._look()
        if self._trailing:
            self.setLayoutDirection(self._direction())
        name = "loader-circle" if self.busy else self._icon_name
        kind = str(self.property("kind"))
        if kind == "chip":
            name = "check" if self.isChecked() else name
        if name is None:
            if not self.icon().isNull():
                self.setIcon(QIcon())
            return
        plain, checked = _ICON_ROLE.get(kind, ("ink", "ink"))
        pixels, gap = self._icon_measures(kind)
        role = checked if self.isChecked() or self.property("state") == "on" else plain
        role = role if self.isEnabled() else "ink3"
        if self.busy:
            turned = _turned(icons.pixmap(name, role, pixels), self._turns)
            self.setIcon(QIcon(icons.padded(turned, gap, trailing=self._trailing)))
        else:
            self.setIcon(icons.icon(name, role, pixels, gap=gap, trailing=self._trailing))
        self.setIconSize(QSize(pixels + gap, pixels))

    def _icon_measures(self, kind: str) -> tuple[int, int]:
        """Return the pixels of the icon and of the gap between it and the text."""
        size = "label" if kind in _SMALL_ICONS else "iconLg" if kind in _LARGE_ICONS else "icon"
        far = self.property("tall") == "large" and not self._close
        quarters = 1 if kind in _SMALL_ICONS else _FAR if far else _NEAR
        gap = current().px("gap") * quarters // 4 if self.text() else 0
        return current().px(size), gap

    def _turn(self) -> None:
        self._turns = (self._turns + 1) % _TURNS
        self._refresh_icon()

    def _look(self) -> tuple[Theme, bool, bool]:
        """Return what an icon depends on beside the button itself."""
        return current(), self.isEnabled(), QApplication.isRightToLeft()

    def _direction(self) -> Qt.LayoutDirection:
        """Return the direction that puts the icon on its side of the text."""
        rtl = QApplication.isRightToLeft()
        right = Qt.LayoutDirection.RightToLeft
        return right if rtl != self._trailing else Qt.LayoutDirection.LeftToRight


def _turned(plain: QPixmap, turns: int) -> QPixmap:
    made = QPixmap(plain.size())
    made.setDevicePixelRatio(plain.devicePixelRatio())
    made.fill(Qt.GlobalColor.transparent)
    half = plain.deviceIndependentSize().width() / 2
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.translate(half, half)
    painter.rotate(360 / _TURNS * turns)
    painter.drawPixmap(QPointF(-half, -half), plain)
    painter.end()
    return made
