"""Buttons: one class, its look chosen by kind (design §3); icons follow the theme."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import current

Kind = Literal[
    "primary",
    "secondary",
    "outline",
    "tonal",
    "danger",
    "destroy",
    "quiet",
    "tab",
    "chip",
    "segment",
]
ButtonSize = Literal["small", "normal", "large"]

_ICON_ROLE: dict[str, tuple[str, str]] = {
    "primary": ("onPrimary", "onPrimary"),
    "outline": ("primary", "primary"),
    "tonal": ("onPrimaryTint", "onPrimaryTint"),
    "danger": ("bad", "bad"),
    "destroy": ("onBad", "onBad"),
    "quiet": ("primary", "primary"),
    "tab": ("ink2", "onPrimaryTint"),
    "chip": ("ink", "onPrimaryTint"),
    "segment": ("ink2", "onPrimaryTint"),
}


class Button(QPushButton):
    """A push button of the design.

    Args:
        text: label, already translated; may be empty when `icon` says it all (then give a name).
        kind: which look; a checkable kind (tab, chip, segment) becomes checkable.
        icon: Lucide name shown before the text, in the colour that fits the kind and state.
        size: small 56, normal 64, large 72 pixels high in kiosk density.
        parent: owner.
    """

    def __init__(
        self,
        text: str = "",
        kind: Kind = "secondary",
        *,
        icon: str | None = None,
        size: ButtonSize = "normal",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._icon_name = icon
        self.setProperty("kind", kind)
        self.setProperty("size", size)
        if not text:
            self.setProperty("square", "true")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if kind in {"tab", "chip", "segment"}:
            self.setCheckable(True)
            self.toggled.connect(self._refresh_icon)
        self._refresh_icon()

    def set_icon(self, name: str | None) -> None:
        """Show another icon, or none."""
        self._icon_name = name
        self._refresh_icon()

    def set_kind(self, kind: Kind) -> None:
        """Take another look, as when *Book* becomes *Booked*."""
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._refresh_icon()

    def changeEvent(self, event: QEvent) -> None:
        """Colour the icon anew when the theme changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._refresh_icon()

    def _refresh_icon(self) -> None:
        name = self._icon_name
        kind = str(self.property("kind"))
        if kind == "chip":
            name = "check" if self.isChecked() else name
        if name is None:
            if not self.icon().isNull():
                self.setIcon(QIcon())
            return
        plain, checked = _ICON_ROLE.get(kind, ("ink", "ink"))
        pixels = current().px("icon")
        gap = current().px("gap") // 2 if self.text() else 0
        self.setIcon(icons.icon(name, checked if self.isChecked() else plain, pixels, gap=gap))
        self.setIconSize(QSize(pixels + gap, pixels))
