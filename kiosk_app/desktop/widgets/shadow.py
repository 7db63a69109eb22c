"""The one shadow of the design: under overlays, soft, drawn without graphics effects."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from kiosk_app.desktop.theme.theme import current

_OFFSET = 16
_REACH = 48
_STEPS = 12


def draw(painter: QPainter, box: QRectF, radius: float) -> None:
    """Paint the shadow of a rounded box that lies 16 px above the page and blurs over 48.

    Twelve translucent outlines grow outwards; together they reach the strength of the token at the
    box and nothing at the rim.
    """
    tone = QColor(current().color("shadow"))
    if tone.alpha() == 0:
        return
    tone.setAlphaF(tone.alphaF() / _STEPS * 2)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tone)
    for step in range(_STEPS):
        grow = _REACH / 2 * (1 - 2 * step / _STEPS)
        painter.drawRoundedRect(
            box.adjusted(-grow, -grow, grow, grow).translated(0, _OFFSET),
            max(0.0, radius + grow),
            max(0.0, radius + grow),
        )
    painter.restore()
