"""A sheet: a panel at the end edge, or from below on an upright screen, for one task (04a)."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label, Panel
from kiosk_app.desktop.widgets.overlay import Overlay
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.i18n.texts import _

WIDTH = 860
_HEAD, _FOOT = (96, 64), (120, 80)
"""Heights for a finger at arm's length, and for a desk."""
_UPRIGHT_SHARE = 0.86


class Sheet(Overlay):
    """A panel at the end edge with a head, a scrolling body and a foot for the actions."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self.title = Label("", "h2")
        self.close_button = Button(icon="x")
        self.close_button.clicked.connect(self.cancel)
        self.body = ScrollColumn(spacing=current().px("pad"))
        self.foot = QHBoxLayout()
        column = QVBoxLayout(self.panel)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._make_head())
        column.addWidget(self.body, 1)
        column.addWidget(self._make_foot())
        self.panel.setProperty("overlay", "sheet")

    def set_title(self, text: str) -> None:
        """Name the sheet, on the screen and for screen readers."""
        self.title.setText(text)
        self.panel.setAccessibleName(text)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.close_button.setAccessibleName(_("Close"))

    def shape(self, width: int, height: int) -> None:
        """Choose what the body shows in so much room; subclasses with a choice do."""

    def _make_head(self) -> Panel:
        head = Panel("plain")
        head.setProperty("overlay", "head")
        head.setMinimumHeight(_fit(_HEAD))
        row = QHBoxLayout(head)
        row.setContentsMargins(40, 12, 32, 12)
        row.addWidget(self.title, 1)
        row.addWidget(self.close_button)
        return head

    def _make_foot(self) -> Panel:
        foot = Panel("foot")
        foot.setProperty("overlay", "foot")
        foot.setMinimumHeight(_fit(_FOOT))
        foot.setLayout(self.foot)
        self.foot.setContentsMargins(40, 16, 40, 16)
        self.foot.setSpacing(16)
        return foot

    def _upright(self) -> bool:
        return self.height() > self.width()

    def _rest(self) -> QRect:
        side = "bottom" if self._upright() else "start" if self._mirrored() else "end"
        if self.panel.property("side") != side:
            self.panel.setProperty("side", side)
            for part in (self.panel, *self.panel.findChildren(Panel)):
                restyle(part)
        around = _fit(_HEAD) + _fit(_FOOT)
        if self._upright():
            most = round(self.height() * _UPRIGHT_SHARE)
            self.shape(self.width(), most - around)
            needed = around + self.body.height_for(self.width())
            height = min(most, max(needed, self.height() // 2))
            return QRect(0, self.height() - height, self.width(), height)
        width = min(WIDTH, self.width())
        self.shape(width, self.height() - around)
        return QRect(0 if self._mirrored() else self.width() - width, 0, width, self.height())

    def _away(self) -> QPoint:
        if self._upright():
            return QPoint(0, self.height())
        return QPoint(-self.panel.width() if self._mirrored() else self.width(), 0)

    def _mirrored(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft


def _fit(heights: tuple[int, int]) -> int:
    kiosk, desk = heights
    return kiosk if current().kiosk else desk
