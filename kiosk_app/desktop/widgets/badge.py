"""A count beside a word, as a round badge: how many bookings, how many that wait (07a)."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from kiosk_app.desktop.theme.theme import current

_AROUND, _ASIDE = 12, 16
"""Pixels more than the figures: above and below together, and at both sides."""


def badge_size(count: int) -> QSize:
    """Return the size of a badge; one figure makes it round."""
    high = current().px("caption") + _AROUND
    figures = QFontMetrics(current().font("caption", 600)).horizontalAdvance(str(count))
    return QSize(max(high, figures + _ASIDE), high)


def paint_badge(painter: QPainter, rect: QRect, count: int, roles: tuple[str, str]) -> None:
    """Paint a badge in colour roles: of the ground and of the figures."""
    theme = current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(roles[0]))
    painter.drawRoundedRect(QRectF(rect), rect.height() / 2, rect.height() / 2)
    painter.setPen(theme.color(roles[1]))
    painter.setFont(theme.font("caption", 600))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(count))


def badge_roles(*, on: bool) -> tuple[str, str]:
    """Return the roles of a badge beside the word that is chosen, or beside another."""
    return ("onPrimaryTint", "primaryTint") if on else ("surface3", "ink")
