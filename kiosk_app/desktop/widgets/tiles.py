"""Small square signs: the type of a session, a date, what a page is about."""

from datetime import date

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE, current
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.i18n import formats


class IconTile(QWidget):
    """A rounded square in a tint with an icon in its middle; decoration only.

    Args:
        icon: Lucide name.
        role: colour role of the icon.
        ground: colour role of the square.
        side: pixels.
        edge: colour role of a 1 px edge, none by default.
        parent: owner.
    """

    def __init__(
        self,
        icon: str,
        role: str,
        ground: str,
        side: int = 52,
        *,
        edge: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._role, self._ground, self._edge = icon, role, ground, edge
        self.radius: float | None = None
        self.setFixedSize(side, side)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_look(self, icon: str, role: str, ground: str) -> None:
        """Show another icon in other colours."""
        self._icon, self._role, self._ground = icon, role, ground
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw square and icon in the colours of now."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = theme.color(self._edge) if self._edge else Qt.GlobalColor.transparent
        if theme.name == "hc":
            edge = theme.color(self._role)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(theme.color(self._ground))
        radius = theme.px("radius") if self.radius is None else self.radius
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        pixels = round(self.width() * 0.5)
        start = (self.width() - pixels) // 2
        painter.drawPixmap(start, start, icons.pixmap(self._icon, self._role, pixels))


def type_tile(mock_type: MockType, side: int = 52, *, on_tint: bool = False) -> IconTile:
    """Return the sign of a session type; on its own tint the square is a plain surface."""
    role = TYPE_ROLE[mock_type]
    ground = "surface" if on_tint else f"{role}Tint"
    return IconTile(TYPE_ICON[mock_type], role, ground, side)


class RoundMark(QWidget):
    """A large disc with an icon: how something ended.

    Args:
        side: pixels.
        parent: owner.
    """

    def __init__(self, side: int = 112, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon, self._role, self._ground, self._dashed = "check", "onOkFill", "okFill", False
        self.set_side(side)

    def set_side(self, side: int) -> None:
        """Take another size."""
        self.setFixedSize(side, side)

    def set_look(self, icon: str, role: str, ground: str, *, dashed: bool = False) -> None:
        """Show an icon on a disc; dashed says that nothing is certain yet."""
        self._icon, self._role, self._ground, self._dashed = icon, role, ground, dashed
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw disc and icon."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(theme.color(self._ground))
        pen = QPen(Qt.PenStyle.NoPen)
        if self._dashed:
            pen = QPen(theme.color(self._role), 3, Qt.PenStyle.DashLine)
            pen.setDashPattern([2, 1.4])
        painter.setPen(pen)
        painter.drawEllipse(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        pixels = round(self.width() * 0.52)
        start = (self.width() - pixels) // 2
        painter.drawPixmap(start, start, icons.pixmap(self._icon, self._role, pixels))


class DateTile(QFrame):
    """A day as a small calendar leaf: weekday, number, month."""

    def __init__(self, day: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day = day
        self._lines = (Label("", "caption"), Label("", "title"), Label("", "caption"))
        self._lines[1].setProperty("role", "day")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        column.setSpacing(0)
        for line in self._lines:
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
        self.setProperty("surface", "readonly")
        self.setFixedWidth(76)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speech.give_role(self, QAccessible.Role.StaticText)
        self.set_day(day)

    def set_day(self, day: date) -> None:
        """Show another day."""
        self._day = day
        texts = (formats.weekday_short(day), str(day.day), formats.month_short(day))
        for line, text in zip(self._lines, texts, strict=True):
            line.setText(text)
        self.setAccessibleName(formats.day_long(day))

    def retranslate(self) -> None:
        """Write weekday and month anew."""
        self.set_day(self._day)
