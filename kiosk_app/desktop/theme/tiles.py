"""An icon on its tint, painted: as a widget of its own, or as part of what paints itself."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from kiosk_app.desktop.theme import icons, marks
from kiosk_app.desktop.theme.theme import current


def draw_tile(
    painter: QPainter,
    box: QRectF,
    icon: str,
    role: str,
    *,
    round_: bool = False,
    on_tint: bool = False,
) -> None:
    """Paint an icon on its tint into a square, as a `Tile` shows it; the painter smooths edges."""
    theme = current()
    radius = box.width() / 2 if round_ else theme.px("radius")
    plain = marks.high_contrast()
    ground = "surface" if plain or on_tint else f"{role}Tint"
    marks.fill(painter, box, radius, theme.color(ground))
    if plain:
        marks.edge(painter, box, radius, theme.color("line"), marks.EDGE)
    pixels = round(box.width() * (0.46 if round_ else 0.5))
    role = "onPrimaryTint" if role == "primary" and not plain else role
    role = "ink" if plain else role
    inset = (box.width() - pixels) / 2
    picture = icons.pixmap(icon, role, pixels, painter.device().devicePixelRatioF())
    painter.drawPixmap(box.topLeft() + QPointF(inset, inset), picture)
