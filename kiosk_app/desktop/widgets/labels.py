"""Labels and surfaces: text by role, cards and lines; every look is a property the style matches."""

from typing import Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current, in_columns, set_figures
from kiosk_app.i18n import bidi

TextRole = Literal[
    "display", "h1", "h2", "title", "strong", "body", "lead", "second", "label", "caption", "number"
]
Surface = Literal["canvas", "card", "plain", "foot", "readonly", "bar", "tray", "hero"]

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Python's `html` has it too, with the names of two thousand characters, which a kiosk keeps for nothing."""


def led_by(head: str, rest: str) -> str:
    """Return rich text that begins in bold; nothing of what was given is markup."""
    return f"<b>{head.translate(_MARKUP)}</b> {rest.translate(_MARKUP)}"


class Label(QLabel):
    """A text of the design; `wrap` lets a name take a second line instead of being cut."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        *,
        tone: str | None = None,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._even = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setWordWrap(wrap)

    def setText(self, text: str) -> None:
        """Write another text, in the direction of the language even if it begins otherwise.

        Qt sets a label by its first letter, be that of a name or a code.
        """
        led = self.isRightToLeft() and self.textFormat() is Qt.TextFormat.PlainText
        self._set_figures(even=in_columns(text))
        super().setText(bidi.LEAD + text if led and text else text)

    def text(self) -> str:
        """Return what the label says."""
        return super().text().removeprefix(bidi.LEAD)

    def set_role(self, role: str) -> None:
        """Take the size of another role of the style sheet."""
        if role != self.property("role"):
            self.setProperty("role", role)
            restyle(self)

    def _set_figures(self, *, even: bool) -> None:
        if even != self._even:
            self._even, font = even, self.font()
            set_figures(font, even=even)
            self.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        """Write the same in another direction."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self.setText(self.text())

    def set_tone(self, tone: str | None) -> None:
        """Take the colour of a role (`ok`, `warn`, `bad`, `primary`, `past`), or the plain one."""
        if tone != self.property("tone"):
            self.setProperty("tone", tone)
            restyle(self)


class Icon(QLabel):
    """An icon that follows the theme; decoration only, screen readers skip it."""

    def __init__(
        self,
        name: str,
        role: str = "ink2",
        pixels: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._role, self._pixels = name, role, pixels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._draw()

    def set_icon(self, name: str, role: str | None = None) -> None:
        """Show another icon, in another colour role if one is given."""
        self._name, self._role = name, role or self._role
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew when the theme or the direction changes."""
        super().changeEvent(event)
        restyled = event.type() == QEvent.Type.StyleChange and self._drawn_in is not current()
        if restyled or event.type() == QEvent.Type.LayoutDirectionChange:
            self._draw()

    def _draw(self) -> None:
        self._drawn_in = current()
        self.setPixmap(icons.pixmap(self._name, self._role, self._pixels or current().px("icon")))


class IconText(QWidget):
    """An icon before a line of text, as places, seats and hints are written."""

    def __init__(
        self,
        name: str,
        text: str = "",
        role: TextRole = "second",
        *,
        icon_role: str = "ink2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.icon = Icon(name, icon_role, current().px("label") + 2)
        self.label = Label(text, role)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.icon)
        row.addWidget(self.label, 1)

    def set_text(self, text: str) -> None:
        """Write another text."""
        self.label.setText(text)


class Panel(QFrame):
    """A surface of the design: card, bar, footer and so on."""

    def __init__(self, surface: Surface = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", surface)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)


def line(direction: Literal["h", "v"] = "h") -> QFrame:
    """Return a 1 px divider."""
    made = QFrame()
    made.setProperty("line", direction)
    return made
