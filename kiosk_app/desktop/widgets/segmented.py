"""A segmented switch: two to four words side by side, one of them on (design §3)."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.badge import badge_roles, badge_size, paint_badge
from kiosk_app.desktop.widgets.buttons import Button, ButtonSize
from kiosk_app.desktop.widgets.choices import ChoiceGroup


class Segment(Button):
    """One of the words; a count stands behind it as a badge, and none where it is zero."""

    _count = 0

    def set_count(self, count: int) -> None:
        """Show how many things are behind the word; what a screen reader says is in the name."""
        if count != self._count:
            self._count = count
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Return a width with room for the badge."""
        return super().sizeHint() + QSize(self._badge_room(), 0)

    def minimumSizeHint(self) -> QSize:
        """Never cut the word or the badge."""
        return self.sizeHint() if self._count else super().minimumSizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the word to the side of its badge."""
        if not self._count:
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        more = max(0, self.width() - self.sizeHint().width()) // 2  # word and badge stay together
        inside.adjust(more, 0, -more, 0)
        room, size = self._badge_room(), badge_size(self._count)
        word = QRect(inside.left(), inside.top(), inside.width() - room, inside.height())
        badge = QRect(inside.right() + 1 - size.width(), 0, size.width(), size.height())
        badge.moveTop(inside.center().y() - size.height() // 2 + 1)
        option.rect = QStyle.visualRect(self.layoutDirection(), inside, word)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        seen = QStyle.visualRect(self.layoutDirection(), inside, badge)
        paint_badge(painter, seen, self._count, badge_roles(on=self.isChecked()))

    def _badge_room(self) -> int:
        if not self._count:
            return 0
        return badge_size(self._count).width() + current().px("gap") * 3 // 4


class Segmented(ChoiceGroup):
    """Choose with a tap or with Left and Right; an arrow chooses at once."""

    button_class = Segment

    def __init__(self, size: ButtonSize = "small", parent: QWidget | None = None) -> None:
        super().__init__("segment", follow=True, size=size, parent=parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def set_counts(self, counts: dict[str, int]) -> None:
        """Show how many things are behind each word."""
        for key, count in counts.items():
            button = self.button(key)
            assert isinstance(button, Segment)  # noqa: S101 - all of this group are
            button.set_count(count)
