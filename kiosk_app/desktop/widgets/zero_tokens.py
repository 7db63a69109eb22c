"""The alert that stands where no token is left: what that means and where tokens come from (A53)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel
from kiosk_app.desktop.widgets.speech import give_role
from kiosk_app.domain import tokens
from kiosk_app.i18n.names import tokens_name
from kiosk_app.i18n.texts import _


def missing(balances: Balances, mock_type: MockType | None) -> tuple[str, str] | None:
    """Return what is missing and what can still be done, or None when nothing is to be said."""
    if mock_type is None:
        return _missing_of_all(balances)
    if tokens.spendable(mock_type, balances):
        return None
    own = tokens_name(tokens.OWN_FIELD[mock_type])
    if not tokens.may_share(mock_type, balances):
        return _("You have 0 {own}").format(own=own), _looking()
    shared = tokens_name(CreditField.SHARED)
    return _("You have 0 {own} and 0 {shared}").format(own=own, shared=shared), _looking()


def _missing_of_all(balances: Balances) -> tuple[str, str] | None:
    exams = any(tokens.spendable(kind, balances) for kind in EXAM_TYPES)
    discussions = tokens.spendable(MockType.MOCK_DISCUSSION, balances)
    label = tokens_name(CreditField.DISCUSSION)
    if exams and discussions:
        return None
    if exams:
        rest = _("You can look around and book exam sessions.")
        return _("You have 0 {own}").format(own=label), rest
    if discussions:
        rest = _("You can look around and book Mock Discussions.")
        return _("You have no exam tokens left"), rest
    return _("You have no exam tokens and 0 {own}").format(own=label), _looking()


def _looking() -> str:
    return _("You can look around, but not book.")


class ZeroTokens(Panel):
    """A warning across the page while tokens of the chosen kind are used up.

    Args:
        contact: where a student gets tokens, in the words of the campus; empty for the front desk.
        parent: owner.
    """

    def __init__(self, contact: str = "", parent: QWidget | None = None) -> None:
        super().__init__("plain", parent)
        self.setProperty("surface", None)
        self.setProperty("notice", "warn")
        self._contact = contact
        self._balances: Balances | None = None
        self._type: MockType | None = None
        self._title = Label("", "strong", wrap=True)
        self._text = Label("", "second", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 14, 24, 14)
        row.setSpacing(20)
        row.addWidget(Icon("coins", "warn", 32), 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        row.addLayout(words, 1)
        give_role(self, "AlertMessage")
        self.hide()

    def set_tokens(self, balances: Balances | None, mock_type: MockType | None = None) -> None:
        """Show or hide by these balances; None when nobody is there."""
        self._balances, self._type = balances, mock_type
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self._write()

    def _write(self) -> None:
        said = missing(self._balances, self._type) if self._balances is not None else None
        self.setVisible(said is not None)
        if said is None:
            return
        title, rest = said
        self._title.setText(title)
        where = self._contact or _("Get tokens at the front desk.")
        self._text.setText(f"{rest} {where}")
        self.setAccessibleName(title)
        self.setAccessibleDescription(self._text.text())
