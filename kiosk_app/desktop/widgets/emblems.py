"""Who this is: the mark of the product, and the initials of a person."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets import speech

LOGO = 52
_MARK = 34


class Logo(QWidget):
    """The mark of the product on a tile; `hero` is the surface it stands on when that is dark."""

    def __init__(self, parent: QWidget | None = None, *, hero: bool = False) -> None:
        super().__init__(parent)
        self._tile, self._mark = ("onHero", "hero") if hero else ("primary", "onPrimary")
        self.setFixedSize(LOGO, LOGO)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it, always
        """Paint tile and mark: a ticket with a tick cut into it, on a grid of 24."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self._tile))
        painter.drawRoundedRect(self.rect(), theme.px("radius"), theme.px("radius"))
        painter.translate((LOGO - _MARK) / 2, (LOGO - _MARK) / 2)
        painter.scale(_MARK / 24, _MARK / 24)
        ticket, notches = QPainterPath(), QPainterPath()
        ticket.addRoundedRect(QRectF(1, 5, 22, 14), 2.5, 2.5)
        for x in (1, 23):
            notches.addEllipse(QPointF(x, 12), 2.6, 2.6)
        painter.setBrush(theme.color(self._mark))
        painter.drawPath(ticket.subtracted(notches))
        tick = QPen(theme.color(self._tile), 2)
        tick.setCapStyle(Qt.PenCapStyle.RoundCap)
        tick.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(tick)
        painter.drawPolyline([QPointF(8.5, 12), QPointF(11, 14.5), QPointF(15.5, 9.5)])
        painter.end()


class Avatar(QWidget):
    """The initials of who is signed in, on a disc."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.mark_role(self, "StaticText")
        self._initials = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def initials(self) -> str:
        """What the disc shows."""
        return self._initials

    def set_person(self, name: str) -> None:
        """Show the initials of a name."""
        words = name.split()
        ends = words[:1] + words[1:][-1:]
        self._initials = "".join(word[0].upper() for word in ends)
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a small control."""
        side = current().px("controlSm")
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it, always
        """Paint disc and letters."""
        theme = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("primaryTint"))
        painter.drawEllipse(QRectF(self.rect()))
        painter.setPen(theme.color("onPrimaryTint"))
        painter.setFont(theme.font("body", 700))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
        painter.end()
