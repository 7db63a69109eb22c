"""The token card: how many tokens of each kind a student holds (A52, 0.4)."""

from datetime import datetime

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.theme import TYPE_ICON, current
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel, line
from kiosk_app.desktop.widgets.speech import give_role
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain import tokens
from kiosk_app.i18n import formats
from kiosk_app.i18n.names import tokens_name
from kiosk_app.i18n.texts import _, ngettext

_ICON: dict[CreditField, str] = {
    **{field: TYPE_ICON[kind] for kind, field in tokens.OWN_FIELD.items()},
    CreditField.SHARED: "ticket",
}
_TILE = 52
_GAP = 16
_AGE = 64
"""Pixels beside the text that says how old the numbers are."""
TILED, BARE, WRAPPED = 0, 1, 2
"""How much room there is: tiles and one line, no tiles, no tiles and labels that wrap."""
_PADDING = {TILED: 20, BARE: 14, WRAPPED: 14}


class Count(Struct, frozen=True):
    """One number of the card; the sum of two kinds has no field of its own."""

    field: CreditField | None
    amount: int


def counts(balances: Balances, mock_type: MockType | None) -> list[Count]:
    """Return what the card shows for one type, or for all when `mock_type` is None."""
    if mock_type is None:
        return [Count(field, _amount(balances, field)) for field in CreditField]
    own = Count(tokens.OWN_FIELD[mock_type], tokens.own_balance(mock_type, balances))
    if not tokens.may_share(mock_type, balances):
        return [own]
    shared = Count(CreditField.SHARED, tokens.shared_balance(mock_type, balances))
    return [own, shared, Count(None, tokens.spendable(mock_type, balances))]


def _amount(balances: Balances, field: CreditField) -> int:
    amount: int = getattr(balances, field)
    return max(0, amount)


def _label(count: Count) -> str:
    return tokens_name(count.field) if count.field else _("Total")


class _Cell(QWidget):
    """One number; its label gets the height its words need at the width there is."""

    def __init__(self, label: Label) -> None:
        super().__init__()
        self._label = label

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let every line of the label be seen."""
        super().resizeEvent(event)
        if self._label.wordWrap():
            width = self.width() - 2 * _PADDING[WRAPPED]
            self._label.setMinimumHeight(0)  # what it once needed is no part of the answer
            self._label.setMinimumHeight(self._label.heightForWidth(width))


def as_of_text(aged: datetime | None, zone: str) -> str:
    """Return how old balances are, or nothing when they are fresh."""
    return _("As of {time}").format(time=formats.clock(aged, zone)) if aged else ""


def pending_text(balances: Balances, purse: Balances, mock_type: MockType | None) -> str:
    """Return how many tokens are promised to what waits, or nothing when none are."""
    pairs = zip(counts(balances, mock_type), counts(purse, mock_type), strict=True)
    pending = sum(told.amount - left.amount for told, left in pairs if told.field)
    return ngettext("{n} pending", "{n} pending", pending).format(n=pending) if pending else ""


class TokenCards(Panel):
    """One card with a number for each kind of token; zero stands out in words and colour.

    It never decides what to show: `set_tokens` gets balances and the chosen type.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("card", parent)
        self.setProperty("part", "tokens")
        self._balances, self._type = Balances(), None
        self._as_of, self._dense = "", TILED
        self._shown: object = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        give_role(self, "Grouping")

    _type: MockType | None

    def set_tokens(
        self, balances: Balances, mock_type: MockType | None = None, as_of: str = ""
    ) -> None:
        """Show these balances; `as_of` says how old they are where that matters."""
        self._balances, self._type, self._as_of = balances, mock_type, as_of
        self._rebuild()

    def set_dense(self, dense: int) -> None:
        """Use as much room as `TILED`, `BARE` or `WRAPPED` says."""
        self._dense = dense
        self._rebuild()

    def width_of(self, dense: int) -> int:
        """Return the width the card would like at a density, reckoned from its texts."""
        label, caption = _metrics("label"), _metrics("caption")
        width = 2
        for count in counts(self._balances, self._type):
            width += label.horizontalAdvance(_label(count)) + 2 * _PADDING[dense] + 2
            width += _TILE + _GAP if dense == TILED else 0
        if self._as_of:
            width += caption.horizontalAdvance(self._as_of) + _AGE
        return width

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._shown = None
        self._rebuild()

    def _rebuild(self) -> None:
        found = counts(self._balances, self._type)
        wanted = (tuple(found), self._as_of, self._dense)
        if wanted == self._shown:
            return
        self._shown = wanted
        while item := self._row.takeAt(0):
            if widget := item.widget():
                widget.hide()  # or what the layout still has to show becomes a window
                widget.setParent(None)
                widget.deleteLater()
        for number, count in enumerate(found):
            if number:
                self._row.addWidget(line("v"))
            self._row.addWidget(self._cell(count), self._share(_label(count)))
        if self._as_of:
            self._row.addWidget(line("v"))
            wraps = self._dense == WRAPPED
            share = self._share(self._as_of) + _AGE if wraps else 0
            self._row.addWidget(_age(self._as_of, wraps=wraps), share)
        for place in range(self._row.count()):
            item = self._row.itemAt(place)
            if item and (widget := item.widget()):
                # The layout would show it a moment later; until then the card would be empty.
                widget.show()
        self.setAccessibleName(_("Your tokens"))
        self.setAccessibleDescription(self._as_of)
        self._row.activate()

    def _share(self, words: str) -> int:
        """Return how much of the room a cell gets: where labels wrap, as its words ask for."""
        if self._dense != WRAPPED:
            return 1
        return _metrics("label").horizontalAdvance(words) + 2 * _PADDING[WRAPPED]

    def _cell(self, count: Count) -> QWidget:
        label = Label(_label(count), "second", wrap=self._dense == WRAPPED)
        if self._dense == WRAPPED:
            label.ensurePolished()  # the letters it is written with, those of Arabic too
            longest = max(map(label.fontMetrics().horizontalAdvance, label.text().split(" ")))
            label.setMinimumWidth(longest + 2)
            # Beside a name of two lines one of one line begins where that does.
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        cell = _Cell(label)
        give_role(cell, "StaticText")
        cell.setAccessibleName(f"{_label(count)}: {count.amount}")
        row = QHBoxLayout(cell)
        pad = _PADDING[self._dense]
        row.setContentsMargins(pad, 12, pad, 12)
        row.setSpacing(_GAP)
        if self._dense == TILED:
            icon = _ICON[count.field] if count.field else "coins"
            row.addWidget(Tile(icon, "primary", _TILE))
        words = QVBoxLayout()
        words.setSpacing(0)
        number = Label(str(count.amount), "number", tone=None if count.amount else "warn")
        number.setObjectName(f"tokens-{count.field or 'sum'}")
        words.addWidget(number)
        words.addWidget(label)
        words.addStretch(1)
        row.addLayout(words, 1)
        return cell


def _metrics(size: str) -> QFontMetrics:
    return QFontMetrics(current().font(size))


def _age(text: str, *, wraps: bool) -> QWidget:
    cell = QWidget()
    row = QHBoxLayout(cell)
    row.setContentsMargins(16, 12, 16, 12)
    row.setSpacing(8)
    row.addWidget(Icon("history", "ink2", 20), 0, Qt.AlignmentFlag.AlignVCenter)
    label = Label(text, "caption", wrap=wraps)
    if wraps:
        label.setMinimumWidth(max(map(_metrics("caption").horizontalAdvance, text.split(" "))) + 2)
    row.addWidget(label, 1)
    return cell
