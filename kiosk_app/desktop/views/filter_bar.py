"""Which sessions to show, and how: location, type, calendar or list (A42, A45)."""

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import MockType
from kiosk_app.desktop.theme.theme import TYPE_ICON
from kiosk_app.desktop.widgets.chips import Chips
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.labels import line
from kiosk_app.desktop.widgets.menu_button import MenuButton
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _

ViewMode = Literal["calendar", "list"]
ALL = ""
_GAP = 16


class FilterBar(QWidget):
    """One filter for both views; a person's choice is announced, a program's is not."""

    changed = Signal()
    mode_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._campuses: list[str] = []
        self.campus = Chips()
        self.types = MenuButton("funnel", ALL)
        self.mode = Segmented()
        self._divider = line("v")
        self._divider.setFixedHeight(32)
        self._tall = QVBoxLayout(self)
        self._tall.setContentsMargins(0, 0, 0, 0)
        self._tall.setSpacing(8)
        self._first, self._second = QHBoxLayout(), QHBoxLayout()
        self._second.setSpacing(_GAP)
        self._first.setSpacing(_GAP)
        self._tall.addLayout(self._first)
        self._tall.addLayout(self._second)
        self._stacked: bool | None = None
        self.retranslate()
        self.mode.choose("calendar")
        self._stack(stacked=False)
        self.campus.chosen.connect(lambda _key: self.changed.emit())
        self.types.chosen.connect(lambda _key: self.changed.emit())
        self.mode.chosen.connect(self.mode_chosen)

    @property
    def wanted(self) -> SessionFilter:
        """The filter as it is set."""
        kind = self.types.current
        return SessionFilter(
            campus=self.campus.current or None,
            mock_types=frozenset({MockType(kind)}) if kind else frozenset(),
        )

    @property
    def mock_type(self) -> MockType | None:
        """The one type that is shown, or None for all."""
        return MockType(self.types.current) if self.types.current else None

    def set_campuses(self, campuses: list[str]) -> None:
        """Offer these locations; one that is chosen stays, even while it has no sessions."""
        chosen = self.campus.current
        if chosen and chosen not in campuses:
            campuses = sorted([*campuses, chosen])
        if campuses != self._campuses:
            self._campuses = campuses
            self._write_campuses()
            self._fit()

    def set_filter(self, campus: str | None, mock_type: MockType | None) -> None:
        """Choose without telling anybody; a campus nobody knows yet means all."""
        self.campus.choose(campus if campus in self._campuses and campus else ALL)
        self.types.choose(mock_type.value if mock_type else ALL)

    def changeEvent(self, event: QEvent) -> None:
        """Speak another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew; choices stay."""
        self.campus.setAccessibleName(_("Filter by location"))
        self._write_campuses()
        kinds = [Choice(kind.value, type_name(kind), TYPE_ICON[kind]) for kind in MockType]
        self.types.set_choices([Choice(ALL, _("All types")), *kinds], _("Type of session"))
        self.mode.setAccessibleName(_("View"))
        self.mode.set_choices(
            [
                Choice("calendar", _("Calendar"), "calendar-days", _("Calendar, 1 of 2")),
                Choice("list", _("List"), "list", _("List, 2 of 2")),
            ]
        )
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take a second line where one is too short."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure with the fonts that are known from here on."""
        super().showEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Never force the page wider: chips wrap."""
        return QSize(0, super().minimumSizeHint().height())

    def _write_campuses(self) -> None:
        chosen = self.campus.current or ALL
        names = [Choice(campus, campus) for campus in self._campuses]
        self.campus.set_choices([Choice(ALL, _("All locations"), "map-pin"), *names])
        self.campus.choose(chosen)

    def _fit(self) -> None:
        """Nothing is measured before the bar is shown; fonts are not known until then."""
        if not self.isVisible():
            return
        wanted = self.campus.sizeHint().width() + self.types.sizeHint().width()
        wanted += self.mode.sizeHint().width() + 4 * _GAP
        self._stack(stacked=wanted > self.width())

    def _stack(self, *, stacked: bool) -> None:
        if stacked == self._stacked:
            return
        self._stacked = stacked
        for row in (self._first, self._second):
            while row.takeAt(0):
                pass
        self._first.addWidget(self.campus, 1 if stacked else 0)
        if not stacked:
            self._first.addWidget(self._divider)
        self._divider.setVisible(not stacked)  # not before it has a place: it would be a window
        rest = self._second if stacked else self._first
        rest.addWidget(self.types)
        rest.addStretch(1)
        rest.addWidget(self.mode)
