"""Small shapes that say a thing without colour: seat marks, edges, the focus ring (design §1)."""

from enum import StrEnum

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from kiosk_app.desktop.theme.theme import current

EDGE = 2
"""Pixels of an edge in high contrast."""


class Mark(StrEnum):
    """What stands before or in place of the seats of a session."""

    AVAILABLE = "available"
    FEW = "few"
    FULL = "full"
    MINE = "mine"


def high_contrast() -> bool:
    """Say whether edges and words must do without tints."""
    return current().name == "hc"


def seat_mark(painter: QPainter, mark: Mark, centre: QPointF, size: float) -> None:
    """Paint a filled dot, a half dot, a struck ring or a check in a disc, `size` pixels wide."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    match mark:
        case Mark.AVAILABLE:
            _disc(painter, box, current().color("okFill"))
        case Mark.FEW:
            _half(painter, box)
        case Mark.FULL:
            _struck(painter, box)
        case Mark.MINE:
            _checked(painter, box)
    painter.restore()


def edge(painter: QPainter, box: QRectF, radius: float, colour: QColor, width: float = 1) -> None:
    """Stroke a rounded rectangle just inside `box`."""
    painter.setPen(QPen(colour, width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)


def dashed_edge(
    painter: QPainter, box: QRectF, radius: float, colour: QColor, width: float
) -> None:
    """Stroke a dashed rounded rectangle: saved but not yet sent, or full in high contrast."""
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([4 / width, 3 / width])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inset = width / 2
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), radius, radius)


def focus_ring(painter: QPainter, box: QRect, radius: float = 0) -> None:
    """Paint gap and ring inside a cell that has the keyboard."""
    theme = current()
    width, gap = theme.px("focusW"), theme.px("focusGapW")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outer = QRectF(box)
    edge(painter, outer, radius, theme.color("focus"), width)
    inner = outer.adjusted(width, width, -width, -width)
    edge(painter, inner, max(0, radius - width), theme.color("focusGap"), gap)
    painter.restore()


def fill(painter: QPainter, box: QRectF, radius: float, colour: QColor) -> None:
    """Fill a rounded rectangle."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, radius, radius)


def _disc(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(box)


def _half(painter: QPainter, box: QRectF) -> None:
    colour = current().color("warnFill")
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = box.adjusted(1, 1, -1, -1)
    painter.drawEllipse(ring)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPie(ring, 270 * 16, 180 * 16)


def _struck(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(current().color("ink3"), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = box.adjusted(0.8, 0.8, -0.8, -0.8)
    painter.drawEllipse(ring)
    reach = ring.width() * 0.354
    centre = ring.center()
    painter.drawLine(centre + QPointF(reach, -reach), centre + QPointF(-reach, reach))


def _checked(painter: QPainter, box: QRectF) -> None:
    grown = box.adjusted(-1, -1, 1, 1)
    _disc(painter, grown, current().color("primary"))
    pen = QPen(current().color("onPrimary"), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    centre, unit = grown.center(), grown.width() / 14
    painter.drawPolyline(
        [
            centre + QPointF(-3 * unit, 0.2 * unit),
            centre + QPointF(-0.8 * unit, 2.4 * unit),
            centre + QPointF(3.2 * unit, -2.2 * unit),
        ]
    )
