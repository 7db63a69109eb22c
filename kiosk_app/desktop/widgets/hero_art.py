"""The pictures of the attract screen, painted: a card over the scanner's light, a door at night (01a)."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from kiosk_app.desktop.theme.theme import current

Art = Literal["card", "closed"]
_ROOM = QRectF(0, 0, 470, 400)
"""What a picture takes at its full size."""
_LEAST = 0.3
"""The share of that height under which there is no picture."""
_CARD = QRectF(0, 0, 424, 262)
_TILT = -6.0
_BARS = (4, 2, 8, 3, 5, 2, 7, 4, 3, 8, 2, 5, 3, 6, 4, 2, 7, 3, 5, 4)
"""Widths of bars and gaps of the card's code, in turn."""
_STARS = ((-44, -48, 3.0), (-16, -54, 2.2), (44, 26, 2.6), (-50, 40, 2.0), (52, -44, 2.0))
"""Stars round the moon: place and radius."""


def draw(painter: QPainter, free: QRectF, art: Art, *, rtl: bool) -> None:
    """Paint a picture as large as the room allows; into too little, none."""
    if free.height() <= _ROOM.height() * _LEAST:
        return
    scale = min(1.0, free.height() / _ROOM.height(), free.width() * 0.8 / _ROOM.width())
    middle = free.width() * (0.39 if rtl else 0.61)
    painter.save()
    painter.translate(middle, free.top() + (free.height() - _ROOM.height() * scale) / 2)
    painter.scale(scale, scale)
    painter.translate(0, 150)
    if art == "card":
        _scan(painter)
    else:
        _door(painter)
    painter.restore()


def _scan(painter: QPainter) -> None:
    painter.save()
    painter.rotate(_TILT)
    painter.translate(-_CARD.center())
    _card(painter)
    painter.restore()
    _light(painter)


def _door(painter: QPainter) -> None:
    """Paint a closed door on its floor, the night in its window."""
    theme = current()
    paper, shade, ink = theme.color("onHero"), theme.color("onHero2"), theme.color("hero")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_mixed(shade, ink, 0.2))
    painter.drawRoundedRect(QRectF(-124, -158, 248, 400), 20, 20)
    painter.setBrush(paper)
    painter.drawRoundedRect(QRectF(-104, -138, 208, 380), 8, 8)
    painter.setBrush(_mixed(shade, paper, 0.45))
    painter.drawRoundedRect(QRectF(-72, 72, 144, 138), 8, 8)
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(-72, -106, 144, 138), 12, 12)
    painter.drawEllipse(QPointF(82, 52), 9, 9)
    _night(painter, QPointF(0, -37))
    painter.setBrush(theme.color("heroLine"))
    painter.drawRoundedRect(QRectF(-223, 240, 446, 4), 2, 2)


def _night(painter: QPainter, at: QPointF) -> None:
    """Paint a moon and a few stars round a point."""
    theme = current()
    moon, shadow = QPainterPath(), QPainterPath()
    moon.addEllipse(at, 40, 40)
    shadow.addEllipse(at + QPointF(18, -12), 34, 34)
    painter.fillPath(moon.subtracted(shadow), theme.color("onHero"))
    painter.setBrush(theme.color("onHero2"))
    for x, y, radius in _STARS:
        painter.drawEllipse(at + QPointF(x, y), radius, radius)


def _card(painter: QPainter) -> None:
    theme = current()
    paper, shade, ink = theme.color("onHero"), theme.color("onHero2"), theme.color("hero")
    shape, head = QPainterPath(), QPainterPath()
    shape.addRoundedRect(_CARD, 24, 24)
    head.addRect(QRectF(0, 0, _CARD.width(), 66))
    painter.fillPath(shape, paper)
    painter.fillPath(shape.intersected(head), _mixed(shade, ink, 0.2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(30, 24, 146, 16), 8, 8)
    photo = QPainterPath()
    photo.addRoundedRect(QRectF(30, 92, 104, 120), 12, 12)
    painter.fillPath(photo, _mixed(shade, paper, 0.45))
    person = QPainterPath()
    person.addEllipse(QPointF(82, 136), 23, 23)
    person.addEllipse(QPointF(82, 212), 38, 46)
    painter.fillPath(photo.intersected(person), _mixed(shade, ink, 0.35))
    painter.setBrush(ink)
    painter.drawRoundedRect(QRectF(162, 98, 182, 18), 9, 9)
    painter.setBrush(_mixed(shade, ink, 0.2))
    painter.drawRoundedRect(QRectF(162, 130, 126, 14), 7, 7)
    painter.setBrush(ink)
    x = 162.0
    for number, width in enumerate(_BARS * 2):
        if number % 2 == 0:
            painter.drawRect(QRectF(x, 162, width, 54))
        x += width + 1
        if x > _CARD.width() - 60:
            break


def _light(painter: QPainter) -> None:
    """Paint the arrow down and the red light under the card."""
    theme = current()
    pen = QPen(theme.color("onHero"), 7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawLine(QPointF(0, 142), QPointF(0, 190))
    painter.drawPolyline([QPointF(-22, 170), QPointF(0, 192), QPointF(22, 170)])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("scanLight"))
    painter.drawRoundedRect(QRectF(-194, 212, 388, 14), 7, 7)
    painter.setBrush(theme.color("heroLine"))
    painter.drawRoundedRect(QRectF(-223, 236, 446, 4), 2, 2)


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    """Return a colour between two."""
    return QColor.fromRgbF(
        one.redF() + (other.redF() - one.redF()) * share,
        one.greenF() + (other.greenF() - one.greenF()) * share,
        one.blueF() + (other.blueF() - one.blueF()) * share,
    )
