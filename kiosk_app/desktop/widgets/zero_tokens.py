"""The alert that stands where no token is left: what that means and where tokens come from (A53)."""

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.credits import Balances, CreditField
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.desktop.widgets.labels import Icon, Label, Panel, led_by
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import give_role
from kiosk_app.domain import tokens
from kiosk_app.i18n.texts import _

_LINE = 56
"""Pixels of the alert when it takes one line."""
_NONE_LEFT: dict[MockType, Callable[[], str]] = {
    MockType.SITUATIONAL_JUDGMENT: lambda: _("You have no SJ tokens left"),
    MockType.CLINICAL_SKILLS: lambda: _("You have no CS tokens left"),
    MockType.MINI_MOCK: lambda: _("You have no Mini-Mock tokens left"),
    MockType.MOCK_DISCUSSION: lambda: _("You have no Mock Discussion tokens left"),
}


class Lack(Struct, frozen=True):
    """What is used up and what can still be done; `all_gone` when no token of any kind is left."""

    title: str
    rest: str
    all_gone: bool = False


def missing(balances: Balances, mock_type: MockType | None) -> Lack | None:
    """Return what is missing for one type, or over all, or None when nothing is to be said."""
    if not any(getattr(balances, field) > 0 for field in CreditField):
        title = _NONE_LEFT[mock_type]() if mock_type else _("You have no tokens left")
        return Lack(title, _looking(), all_gone=True)
    bookable = [kind for kind in MockType if tokens.spendable(kind, balances)]
    if mock_type is None:
        return _missing_of_all(bookable)
    if mock_type in bookable:
        return None
    return Lack(_NONE_LEFT[mock_type](), _still(bookable, other=mock_type in EXAM_TYPES))


def _missing_of_all(bookable: list[MockType]) -> Lack | None:
    exams = any(kind in EXAM_TYPES for kind in bookable)
    if exams and MockType.MOCK_DISCUSSION in bookable:
        return None
    none_left = (
        _NONE_LEFT[MockType.MOCK_DISCUSSION]() if exams else _("You have no exam tokens left")
    )
    return Lack(none_left, _still(bookable))


def _still(bookable: list[MockType], *, other: bool = False) -> str:
    """Say what can be booked all the same; `other` exams when one kind of them cannot."""
    if any(kind in EXAM_TYPES for kind in bookable):
        return _("You can still book other exams.") if other else _("You can still book exams.")
    if MockType.MOCK_DISCUSSION in bookable:
        return _("You can still book Mock Discussions.")
    return _looking()


def _looking() -> str:
    return _("You can look around, but not book.")


class ZeroTokens(Panel):
    """A warning across the page while tokens are used up: one line, two when no kind is left.

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
        self._text = Paragraph("", "second")
        self._line = Label("", "body", wrap=True)
        self._line.setTextFormat(Qt.TextFormat.RichText)
        self._icons = Icon("coins", "warn", 32), Icon("coins", "warn")
        self._row = QHBoxLayout(self)
        for icon in self._icons:
            self._row.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self._title, self._text, self._line):
            words.addWidget(label)
        self._row.addLayout(words, 1)
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
        where = self._contact or _("Get tokens at the front desk.")
        rest = f"{said.rest} {where}"
        self._title.setText(said.title)
        self._text.setText(rest)
        self._line.setText(led_by(f"{said.title}.", rest))
        self.setAccessibleName(said.title)
        self.setAccessibleDescription(rest)
        self._shape(two_lines=said.all_gone)

    def _shape(self, *, two_lines: bool) -> None:
        """Take two lines where nothing is left, one where the month is still to be booked from."""
        large, small = self._icons
        for part in (self._title, self._text, large):
            part.setVisible(two_lines)
        for part in (self._line, small):
            part.setVisible(not two_lines)
        margin = 14 if two_lines else 8
        self._row.setContentsMargins(24, margin, 24, margin)
        self._row.setSpacing(20 if two_lines else 16)
        self.setMinimumHeight(0 if two_lines else _LINE)
