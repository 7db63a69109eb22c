"""What a booking takes from the purse, before and after, next to Confirm (04a, 07b)."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile


class BeforeAfter(QWidget):
    """Two numbers with an arrow between them."""

    def __init__(self, tone: str = "primary", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "StaticText")
        self._before = Label("", "h2")
        self._after = Label("", "h2", tone=tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(self._before)
        row.addWidget(Icon("arrow-right", "ink2", 20))
        row.addWidget(self._after)

    def show_numbers(self, before: int, after: int) -> None:
        """Write other numbers."""
        self._before.setText(str(before))
        self._after.setText(str(after))


class CostCard(QFrame):
    """A card that says what one booking costs and which tokens pay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "Grouping")
        self._title = Label("", "strong", wrap=True)
        self._rule = Paragraph("", "second")
        self._kind = Label("", "second")
        self._numbers = BeforeAfter()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._rule)
        words.addStretch(1)
        purse = QVBoxLayout()
        purse.setSpacing(0)
        purse.addWidget(self._kind, 0, Qt.AlignmentFlag.AlignRight)
        purse.addWidget(self._numbers, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 14, 20, 12)
        row.setSpacing(16)
        row.addWidget(Tile("coins", "primary", 52))
        row.addLayout(words, 1)
        row.addLayout(purse)
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def show_cost(self, title: str, rule: str, kind: str, before: int, after: int) -> None:
        """Write the cost, already in the language of the screen."""
        self._title.setText(title)
        self._rule.setText(rule)
        self._kind.setText(kind)
        self._numbers.show_numbers(before, after)
        self.setAccessibleName(f"{title}. {rule} {kind}: {before} → {after}")
