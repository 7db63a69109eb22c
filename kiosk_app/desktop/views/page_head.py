"""The head of the page: what it is for, whose clock it shows, and the tokens a student has."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.widgets.labels import IconText, Label
from kiosk_app.desktop.widgets.token_cards import (
    BARE,
    TILED,
    WRAPPED,
    TokenCards,
    as_of_text,
    counts,
)
from kiosk_app.desktop.widgets.zero_tokens import ZeroTokens
from kiosk_app.i18n import formats

_GAP = 24
_CELL = 150
"""Width at which a label that wraps is still easy to read."""


class PageHead(QWidget):
    """Title, zone note, and the token card; the alert takes its place at zero (F68).

    Args:
        title: the name of the page, in the language in use when it is asked.
        zone: the zone of the kiosk.
        contact: where a student gets tokens; None keeps the card, zeros and all.
        parent: owner.
    """

    def __init__(
        self,
        title: Callable[[], str],
        zone: str,
        contact: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._zone, self._warns = title, zone, contact is not None
        self._at: datetime | None = None
        self._aged: datetime | None = None
        self._balances: Balances | None = None
        self._type: MockType | None = None
        self._title = Label("", "h1")
        self._note = IconText("clock-3")
        self.cards = TokenCards(self)
        self.cards.hide()
        self.alert = ZeroTokens(contact or "")
        self._tall = QVBoxLayout(self)
        self._tall.setContentsMargins(0, 0, 0, 0)
        self._tall.setSpacing(16)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._note)
        self._row.addLayout(words)
        self._row.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)
        self._row.addStretch(1)
        self._tall.addLayout(self._row)
        self._tall.addWidget(self.alert)
        self._stacked: bool | None = None
        self._fit()

    def set_time(self, at: datetime, zone: str | None = None) -> None:
        """Name the zone as it is called now; another one where the page needs it."""
        self._at, self._zone = at, zone or self._zone
        self._write()

    def show_zone(self, *, shown: bool) -> None:
        """Name the zone, or leave it to the rows where there is more than one."""
        self._note.setVisible(shown)

    def set_tokens(
        self,
        balances: Balances | None,
        mock_type: MockType | None,
        aged: datetime | None = None,
    ) -> None:
        """Show tokens; None when nobody is there, `aged` when they may have changed since."""
        self._balances, self._type, self._aged = balances, mock_type, aged
        self._write_tokens()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._write()
        self._write_tokens()

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: the tokens go under the title and wrap."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the tokens beside the title, or under it."""
        super().resizeEvent(event)
        self._fit()

    def _write(self) -> None:
        self._title.setText(self._name())
        if self._at is not None:
            self._note.set_text(formats.zone_note(self._zone, self._at))

    def _write_tokens(self) -> None:
        self.alert.set_tokens(self._balances if self._warns else None, self._type)
        if self._balances is None:
            self.cards.hide()
            return
        as_of = as_of_text(self._aged, self._zone)
        self.cards.set_tokens(self._balances, self._type, as_of)
        some = any(c.amount for c in counts(self._balances, self._type))
        self.cards.setVisible(some or not self._warns)
        self._fit()

    def _fit(self) -> None:
        """Place the tokens; while nobody is there, none are made."""
        if self._balances is None:
            return
        beside = self.width() - max(self._title.sizeHint().width(), self._note.sizeHint().width())
        beside -= _GAP
        for dense in (TILED, BARE):
            if self.cards.width_of(dense) <= beside:
                self._place(dense, stacked=False)
                return
        if beside >= _CELL * len(counts(self._balances, self._type)):
            self._place(WRAPPED, stacked=False)
            return
        tiled = self.cards.width_of(TILED) <= self.width()
        self._place(TILED if tiled else WRAPPED, stacked=True)

    def _place(self, dense: int, *, stacked: bool) -> None:
        self.cards.set_dense(dense)
        if not stacked:
            self._row.setStretchFactor(self.cards, 4 if dense == WRAPPED else 0)
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for layout in (self._row, self._tall):
            layout.removeWidget(self.cards)
        if stacked:
            self._tall.insertWidget(1, self.cards)
        else:
            self._row.addWidget(self.cards, 4 if dense == WRAPPED else 0)
