"""The main navigation: a row of tabs in the top bar, or tall tabs along the bottom in portrait.

A QTabBar underneath gives the keys and the roles (a page tab list); the look is painted.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QTabBar, QWidget

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.badge import badge_roles, badge_size, paint_badge
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _, ngettext

GAP = 8
"""Pixels between two tabs."""
BAR_HEIGHT = 128
"""Height of the bottom bar (design §3)."""


class Destination(Struct, frozen=True):
    """One entry of the navigation; `text` is asked for whenever the language changes."""

    key: str
    icon: str
    text: Callable[[], str]


DESTINATIONS = (
    Destination("book", "calendar-days", lambda: _("Book")),
    Destination("bookings", "ticket", lambda: _("My bookings")),
)
"""The entries in the order of A57."""


class NavTabs(QTabBar):
    """Tabs with a count badge.

    Args:
        look: `row` for the top bar, `stack` (icon over text) for the bottom bar.
        parent: owner.
    """

    page_chosen = Signal(str)
    """A person chose this page, also when it is the one that is open."""

    def __init__(self, look: Literal["row", "stack"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._counts: dict[str, int] = {}
        self._somewhere = False
        self._words = True
        self.setDrawBase(False)
        self.setUsesScrollButtons(False)
        self.setExpanding(look == "stack")
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if look == "stack" else QSizePolicy.Policy.Fixed,
            QSizePolicy.Policy.Fixed,
        )
        for entry in DESTINATIONS:
            self.addTab(entry.text())
        self.retranslate()
        self.tabBarClicked.connect(self._clicked)
        self.currentChanged.connect(self._changed)

    def set_page(self, key: str | None) -> None:
        """Mark the page that is open; None when it is none of these."""
        keys = [entry.key for entry in DESTINATIONS]
        self._somewhere = key in keys
        if key in keys:
            self.blockSignals(True)  # noqa: FBT003 - Qt's own parameter
            self.setCurrentIndex(keys.index(key))
            self.blockSignals(False)  # noqa: FBT003 - Qt's own parameter
        self.update()

    def set_count(self, key: str, count: int) -> None:
        """Show how many things wait behind an entry; 0 shows nothing."""
        self._counts[key] = count
        self.retranslate()

    def set_words(self, shown: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show words beside the icons, or the icons alone where there is no room."""
        if shown != self._words:
            self._words = shown
            self._measure_again()

    def retranslate(self) -> None:
        """Write the entries in the language in use."""
        for index, entry in enumerate(DESTINATIONS):
            text, count = entry.text(), self._counts.get(entry.key, 0)
            said = ngettext("{n} booking", "{n} bookings", count).format(n=count)
            self.setAccessibleTabName(index, formats.listed(text, said) if count else text)
        self._measure_again()

    def focus_rect(self) -> QRect:
        """Return what the focus ring goes round: the current tab."""
        return self._body(self.currentIndex())

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of one tab."""
        theme = current()
        text = self._text_width(index)
        if self._look == "stack":
            return QSize(max(text + 2 * theme.px("pad"), theme.px("controlH") * 2), BAR_HEIGHT)
        width = theme.px("icon") + 2 * theme.px("pad") + GAP
        if self._words:
            width += text + theme.px("gap") * 3 // 4
        if self._count(index):
            width += badge_size(self._count(index)).width() + theme.px("gap") * 3 // 4
        return QSize(width, theme.px("controlH"))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Never cut a word."""
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - all of it, always
        """Paint every tab."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            if self._look == "stack":
                self._paint_stacked(painter, index)
            else:
                self._paint_row(painter, index)
        painter.end()

    def _on(self, index: int) -> bool:
        return self._somewhere and index == self.currentIndex()

    def _body(self, index: int) -> QRect:
        rect = self.tabRect(index)
        if self._look == "stack":
            return rect.adjusted(GAP // 2, 12, -GAP // 2, -12)
        return rect.adjusted(GAP // 2, 0, -GAP // 2, 0)

    def _paint_ground(self, painter: QPainter, index: int) -> str:
        if not self._on(index):
            return "ink2"
        radius = current().px("radius")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current().color("primaryTint"))
        painter.drawRoundedRect(self._body(index), radius, radius)
        return "onPrimaryTint"

    def _paint_row(self, painter: QPainter, index: int) -> None:
        theme, body = current(), self._body(index)
        role = self._paint_ground(painter, index)
        pixels, gap = theme.px("icon"), theme.px("gap") * 3 // 4
        x = body.left() + theme.px("pad")
        place = QRect(x, body.center().y() - pixels // 2 + 1, pixels, pixels)
        self._paint_icon(painter, index, self._seen(body, place).topLeft(), role)
        x += pixels
        if self._words:
            words = QRect(x + gap, body.top(), self._text_width(index), body.height())
            painter.setPen(theme.color(role))
            painter.setFont(theme.font("body", 600))
            painter.drawText(
                self._seen(body, words), Qt.AlignmentFlag.AlignCenter, self.tabText(index)
            )
            x = words.right() + 1
        if self._count(index):
            size = badge_size(self._count(index))
            badge = QRect(QPoint(x + gap, body.center().y() - size.height() // 2 + 1), size)
            roles = badge_roles(on=self._on(index))
            paint_badge(painter, self._seen(body, badge), self._count(index), roles)

    def _paint_stacked(self, painter: QPainter, index: int) -> None:
        theme, body = current(), self._body(index)
        role = self._paint_ground(painter, index)
        pixels, size = theme.px("iconLg"), theme.px("label")
        high = pixels + 6 + size
        top = body.center().y() - high // 2
        place = QRect(body.center().x() - pixels // 2, top, pixels, pixels)
        self._paint_icon(painter, index, place.topLeft(), role, pixels)
        painter.setPen(theme.color(role))
        painter.setFont(theme.font("label", 600))
        words = QRect(body.left(), top + pixels + 2, body.width(), size + 12)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.tabText(index))
        if self._count(index):
            room = badge_size(self._count(index))
            badge = QRect(QPoint(place.right() - 6, top - room.height() // 2), room)
            roles = ("primary", "onPrimary")
            paint_badge(painter, self._seen(body, badge), self._count(index), roles)

    def _paint_icon(
        self, painter: QPainter, index: int, at: QPoint, role: str, pixels: int | None = None
    ) -> None:
        size = pixels or current().px("icon")
        name = DESTINATIONS[index].icon
        painter.drawPixmap(at, icons.pixmap(name, role, size, self.devicePixelRatioF()))

    def _seen(self, body: QRect, place: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), body, place)

    def _count(self, index: int) -> int:
        return self._counts.get(DESTINATIONS[index].key, 0)

    def _text_width(self, index: int) -> int:
        size = "label" if self._look == "stack" else "body"
        metrics = QFontMetrics(current().font(size, 600))
        return metrics.horizontalAdvance(DESTINATIONS[index].text()) + 2

    def _measure_again(self) -> None:
        """Make QTabBar ask for the sizes again; it does so whenever a text is set."""
        for index, entry in enumerate(DESTINATIONS):
            self.setTabText(index, entry.text())
        self.updateGeometry()

    def _clicked(self, index: int) -> None:
        if index == self.currentIndex():
            self._changed(index)

    def _changed(self, index: int) -> None:
        if 0 <= index < len(DESTINATIONS):
            self._somewhere = True
            self.page_chosen.emit(DESTINATIONS[index].key)
