"""The tokens in the head of a page: beside the title, or under it; an alert below them at zero (A53)."""

from datetime import datetime

from PySide6.QtCore import QEvent, QObject

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.views.page_head import PageHead
from kiosk_app.desktop.widgets.token_cards import (
    BARE,
    TILED,
    WRAPPED,
    TokenCards,
    as_of_text,
    counts,
    pending_text,
)
from kiosk_app.desktop.widgets.zero_tokens import ZeroTokens, missing

_CELL = 150
"""Width at which a label that wraps is still easy to read."""
_ALL = 100
"""Stretch that leaves next to nothing to the gap beside: every pixel saves a line of a label."""


class HeadTokens(QObject):
    """Token card and alert of one head.

    Args:
        head: where they stand.
        contact: where a student gets tokens; None does without the alert.
    """

    def __init__(self, head: PageHead, contact: str | None = None) -> None:
        super().__init__(head)
        self._head, self._warns = head, contact is not None
        self._zone, self._aged = "", None
        self._balances, self._purse, self._type = None, None, None
        self._stacked: bool | None = None
        self.cards = TokenCards(head)
        self.cards.hide()
        self.alert = ZeroTokens(contact or "")
        head.tall.addWidget(self.alert)
        head.resized.connect(self._fit)
        head.installEventFilter(self)

    _aged: datetime | None
    _balances: Balances | None
    _purse: Balances | None
    _type: MockType | None

    def show(
        self,
        balances: Balances | None,
        mock_type: MockType | None,
        *,
        zone: str,
        aged: datetime | None = None,
        purse: Balances | None = None,
    ) -> None:
        """Show tokens.

        Args:
            balances: as the server told them; None when nobody is there.
            mock_type: the kind of session that is looked at, or None for all.
            zone: in which the age is told.
            aged: when they may have changed since.
            purse: what is left when what waits is paid: shown, and said to be provisional (K22).
        """
        self._balances, self._type, self._zone, self._aged = balances, mock_type, zone, aged
        self._purse = purse
        self._write()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Speak the language of the head."""
        if watched is self._head and event.type() == QEvent.Type.LanguageChange:
            self._write()
        return False

    def _write(self) -> None:
        self.alert.set_tokens(self._balances if self._warns else None, self._type)
        if self._balances is None or self._alert_says_it(self._balances):
            self.cards.hide()
            return
        purse = self._purse or self._balances
        said = [pending_text(self._balances, purse, self._type), as_of_text(self._aged, self._zone)]
        self.cards.set_tokens(purse, self._type, " · ".join(filter(None, said)))
        self.cards.show()
        self._fit()

    def _alert_says_it(self, balances: Balances) -> bool:
        """Say whether one kind is looked at and used up: its card stands above 0 only (F68)."""
        return self._warns and self._type is not None and missing(balances, self._type) is not None

    def _fit(self) -> None:
        """Place the tokens; while nobody is there, none are made."""
        if self._balances is None:
            return
        beside = self._head.room_beside
        for dense in (TILED, BARE):
            if self.cards.width_of(dense) <= beside:
                self._place(dense, stacked=False)
                return
        if beside >= _CELL * len(counts(self._balances, self._type)):
            self._place(WRAPPED, stacked=False)
            return
        tiled = self.cards.width_of(TILED) <= self._head.width()
        self._place(TILED if tiled else WRAPPED, stacked=True)

    def _place(self, dense: int, *, stacked: bool) -> None:
        row, tall = self._head.row, self._head.tall
        self.cards.set_dense(dense)
        if not stacked:
            row.setStretchFactor(self.cards, _ALL if dense == WRAPPED else 0)
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for layout in (row, tall):
            layout.removeWidget(self.cards)
        if stacked:
            tall.insertWidget(1, self.cards)
        else:
            row.addWidget(self.cards, _ALL if dense == WRAPPED else 0)
