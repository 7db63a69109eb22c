"""Exclusive choices under one another, of which there may be other ones the next moment."""

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.option_cards import OptionCard

_TICK = 24
"""Pixels kept free at the end of a card, where the chosen one has its tick."""


class Offered(Struct, frozen=True):
    """One choice as it is shown."""

    key: str
    icon: str
    title: str
    help: str


class OptionColumn(QWidget):
    """A column of cards of which one is chosen; arrows move inside it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        speech.give_role(self, "Grouping")
        self._group = QButtonGroup(self)
        self._offered: list[Offered] = []
        self.cards: dict[str, OptionCard] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def offer(self, offered: list[Offered]) -> None:
        """Show these choices; what was chosen stays so if it is still among them."""
        if offered == self._offered:
            return
        before, had_focus = self.value(), self._focus()
        same = [one.key for one in offered] == list(self.cards)
        if not same:
            self._rebuild(offered)
        self._offered = offered
        for one in offered:
            self.cards[one.key].set_texts(one.title, one.help)
        if before in self.cards and not same:
            self.cards[before].setChecked(True)
        if had_focus in self.cards and not same:
            self.cards[had_focus].setFocus()

    def choose(self, key: str) -> None:
        """Choose for the person, as a preselection does."""
        self.cards[key].setChecked(True)

    def choose_none(self) -> None:
        """Let none be chosen, because it is one of another column."""
        if self.value() is not None:
            self._group.setExclusive(False)
            for card in self.cards.values():
                card.setChecked(False)
            self._group.setExclusive(True)

    def value(self) -> str | None:
        """Return the chosen key, or None while nothing is chosen."""
        return next((key for key, card in self.cards.items() if card.isChecked()), None)

    def _focus(self) -> str | None:
        return next((key for key, card in self.cards.items() if card.hasFocus()), None)

    def _rebuild(self, offered: list[Offered]) -> None:
        for card in self.cards.values():
            self._group.removeButton(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {}
        for one in offered:
            card = OptionCard(one.key, one.icon)
            if isinstance(row := card.layout(), QHBoxLayout):
                row.addSpacing(_TICK)
            card.toggled.connect(lambda on, key=one.key: self.chosen.emit(key) if on else None)
            self.cards[one.key] = card
            self._group.addButton(card)
            self._column.addWidget(card)
            card.show()
