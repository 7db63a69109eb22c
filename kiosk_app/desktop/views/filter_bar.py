"""Which sessions to show, and how: location, type, format, seats; calendar or list (A42, A45)."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.desktop.theme.theme import FORMAT_ICON, TYPE_ICON
from kiosk_app.desktop.views.page_head import PageHead
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.chips import Chips
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.flow import clear
from kiosk_app.desktop.widgets.labels import line
from kiosk_app.desktop.widgets.menu_button import MenuButton
from kiosk_app.desktop.widgets.segmented import Segmented
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n.names import format_name, type_name
from kiosk_app.i18n.texts import _

if TYPE_CHECKING:
    from kiosk_app.desktop.views.more_filters import MoreFilters

ViewMode = Literal["calendar", "list"]
ALL = ""
_GAP = 16
_LAYOUT = QEvent.Type.LayoutRequest.value
_LINES = 4
"""Lines that the bar takes at most: locations, what else narrows, who and what, calendar or list.

Where filters fold there is one more, for the last of what narrows.
"""


class FilterBar(QWidget):
    """One filter for both views; a person's choice is announced, a program's is not."""

    changed = Signal()
    mode_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFillBackground(True)  # Qt paints nothing under it for a chip's sake
        self._campuses: list[str] = []
        self.campus = Chips()
        self.types = MenuButton("funnel", ALL)
        self.formats = MenuButton("monitor", ALL)
        self.seats = Button(" ", "chip", icon="armchair", size="small")
        self.mode = Segmented()
        self.fold = Button(" ", icon="funnel", size="small")
        self.fold.hide()
        self._folds = self._opened = False
        self._head: PageHead | None = None
        self._divider = line("v")
        self._divider.setFixedHeight(32)
        self._tall = QVBoxLayout(self)
        self._tall.setContentsMargins(0, 0, 0, 0)
        self._tall.setSpacing(8)
        self._rows = [QHBoxLayout() for _line in range(_LINES + 1)]
        for row in self._rows:
            row.setSpacing(_GAP)
            self._tall.addLayout(row)
        self._stacked = (0, False, False)
        self._more: MoreFilters | None = None
        self._wordless = False
        self.retranslate()
        self.mode.choose("calendar")
        self._stack(1, apart=False)
        for part in (self.campus, self.types, self.formats):
            part.chosen.connect(lambda _key: self._tell())
        self.seats.clicked.connect(self._tell)
        self.changed.connect(self._write_fold)
        self.fold.clicked.connect(lambda: self._open(opened=not self._opened))
        self.mode.chosen.connect(self.mode_chosen)

    @property
    def wanted(self) -> SessionFilter:
        """The filter as it is set."""
        kind, form = self.types.current, self.formats.current
        return SessionFilter(
            campus=self.campus.current or None,
            mock_types=frozenset({MockType(kind)}) if kind else frozenset(),
            formats=frozenset({DeliveryFormat(form)}) if form else frozenset(),
            with_seats=self.seats.isChecked(),
            instructor=self._more.instructor if self._more else None,
            topic=self._more.topic if self._more else None,
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

    def take(self, more: "MoreFilters") -> None:
        """Take the filters by instructor and topic beside the others."""
        self._more = more
        for button in more.buttons:
            button.setParent(self)
        more.chosen.connect(self.changed)
        more.reshaped.connect(self._reshape)
        more.set_roomy(roomy=self.mode.current == "list")
        self._reshape()

    def set_folds(self, *, folds: bool, head: PageHead) -> None:
        """Stand behind one button, where the height is wanted for sessions.

        Args:
            folds: whether it is.
            head: lodges that button, calendar and list, if it has room for them.
        """
        if folds != self._folds:
            self._folds, self._head = folds, head
            head.lodge()
            self._open(opened=False)

    def put_away(self) -> None:
        """Fold again what somebody brought out; for whoever comes next."""
        if self._opened:
            self._open(opened=False)

    def _open(self, *, opened: bool) -> None:
        self._opened = opened
        self._write_fold()
        self._reshape()

    def choose_mode(self, mode: str) -> None:
        """Say which view is there: `calendar` or `list`, which has room for further filters."""
        self.mode.choose(mode)
        if self._more is not None:
            self._more.set_roomy(roomy=mode == "list")

    def set_filter(self, campus: str | None, mock_type: MockType | None) -> None:
        """Choose without telling anybody; a campus nobody knows yet means all."""
        self.campus.choose(campus if campus in self._campuses and campus else ALL)
        self.types.choose(mock_type.value if mock_type else ALL)
        self._write_fold()

    def clear(self, campus: str | None = None) -> None:
        """Narrow by nothing but this campus, without telling anybody."""
        self.set_filter(campus, None)
        self.formats.choose(ALL)
        self.seats.setChecked(False)
        if self._more is not None:
            self._more.clear()
        self._write_fold()

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
        forms = [Choice(one.value, format_name(one), FORMAT_ICON[one]) for one in DeliveryFormat]
        self.formats.set_choices([Choice(ALL, _("All formats")), *forms], _("Format"))
        self.seats.setText(_("With seats"))
        self.seats.setAccessibleName(_("Only sessions with seats"))
        self.mode.setAccessibleName(_("View"))
        self._write_mode()
        self._write_fold()
        if self._more is not None:
            self._more.retranslate()
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

    def _tell(self) -> None:
        """Lay out what became wider or narrower, then tell: laid out later, all is painted twice."""
        for part in (self.campus, self):
            QCoreApplication.sendPostedEvents(part, _LAYOUT)
        self.changed.emit()

    def _write_campuses(self) -> None:
        chosen = self.campus.current or ALL
        names = [Choice(campus, campus) for campus in self._campuses]
        self.campus.set_choices([Choice(ALL, _("All locations"), "map-pin"), *names])
        self.campus.choose(chosen)

    def _write_mode(self) -> None:
        """Write both views in words, or show their pictures alone where words have no room."""
        calendar, list_ = ("", "") if self._wordless else (_("Calendar"), _("List"))
        self.mode.set_choices(
            [
                Choice("calendar", calendar, "calendar-days", _("Calendar, 1 of 2")),
                Choice("list", list_, "list", _("List, 2 of 2")),
            ]
        )

    def _write_fold(self) -> None:
        """Say how many filters are set while they are out of sight."""
        wanted = self.wanted
        chosen = (
            wanted.campus,
            *wanted.mock_types,
            *wanted.formats,
            wanted.instructor,
            wanted.topic,
        )
        count = sum(one is not None for one in chosen) + wanted.with_seats
        text = _("Filters ({n})").format(n=count) if count else _("Filters")
        self.fold.setText(_("Hide filters") if self._opened else text)
        if self._folds:
            self._fit()  # it may have become too wide for where it lodges

    def _fit(self) -> None:
        """Nothing is measured before the bar is shown; fonts are not known until then."""
        if not self.isVisible():
            return
        if self._folds and self._head is not None:
            self._fit_folded(self._head)
            return
        places = self.campus.sizeHint().width() + 3 * _GAP
        narrowing = self._narrowing_width()
        more = sum(part.sizeHint().width() + _GAP for part in self._further)
        in_words = self._mode_width(wordless=False)
        if places + narrowing + more + in_words <= self.width():
            self._stack(1, apart=False)
        elif narrowing + more + in_words <= self.width():
            self._stack(2, apart=False)
        elif narrowing + in_words <= self.width():
            self._stack(2, apart=True)
        else:
            wordless = narrowing + self._mode_width(wordless=True) <= self.width()
            self._stack(2 if wordless else 3, apart=True, long=narrowing > self.width())

    def _fit_folded(self, head: PageHead) -> None:
        """Lodge in the head, in words or in pictures; else take a line."""
        fold = self.fold.sizeHint().width() + 2 * _GAP
        room = head.room_beside_words - fold
        lodges = room >= self._mode_width(wordless=True)
        if not lodges:
            room = self.width() - fold
        self._mode_width(wordless=room < self._mode_width(wordless=False))
        long = self._narrowing_width() > self.width()
        self._stack(0 if lodges else _LINES, apart=True, long=long)

    def _narrowing_width(self) -> int:
        return sum(part.sizeHint().width() + _GAP for part in self._narrowing)

    def _mode_width(self, *, wordless: bool) -> int:
        if wordless != self._wordless:
            self._wordless = wordless
            self._write_mode()
        return self.mode.sizeHint().width()

    @property
    def _narrowing(self) -> tuple[QWidget, ...]:
        return (self.types, self.formats, self.seats)

    @property
    def _further(self) -> tuple[QWidget, ...]:
        further = self._more.offered if self._more else ()
        for part in further:
            part.ensurePolished()
        return further

    def _reshape(self) -> None:
        """Find a place for filters that came, and none for those that went."""
        self._stacked = (0, False, False)
        self._fit()

    def _stack(self, lines: int, *, apart: bool, long: bool = False) -> None:
        """Lay out in so many lines, and one more for who and what where they stand apart.

        Where what narrows is too `long` for a line, the last of it stands beside the views, or on a
        line of its own.
        """
        if (lines, apart, long) == self._stacked:
            return
        self._stacked = (lines, apart, long)
        for row in self._rows:
            clear(row)
        if self._folds:
            self._stack_folded(long=long)
        else:
            self._stack_open(lines, apart=apart, long=long)

    def _stack_open(self, lines: int, *, apart: bool, long: bool) -> None:
        self.fold.hide()
        first, second = self._rows[0], self._rows[min(1, lines - 1)]
        further, last = (self._rows[2] if apart else second), self._rows[lines - 1]
        if apart and lines == _LINES - 1:
            last = self._rows[lines]
        first.addWidget(self.campus, 0 if lines == 1 else 1)
        if lines == 1:
            first.addWidget(self._divider)
        self._divider.setVisible(lines == 1)  # not before it has a place: it would be a window
        for part in self._narrowing:
            (last if long and part is self.seats else second).addWidget(part)
        for part in self._further:
            further.addWidget(part)
            part.show()
        if apart:
            further.addStretch(1)
        second.addStretch(1)
        if last is not second:
            last.addStretch(1)
        last.addWidget(self.mode)
        for part in (self.campus, *self._narrowing):
            part.show()  # they may have been folded away

    def _stack_folded(self, *, long: bool) -> None:
        """Lay out the button and both views, and under them what is folded, or nothing."""
        first, *others = self._rows
        if self._stacked[0] == 0 and self._head is not None:
            self._head.lodge(self.fold, self.mode)
        else:
            first.addWidget(self.fold)
            first.addStretch(1)
            first.addWidget(self.mode)
        self._divider.hide()
        self.fold.show()
        cut = -1 if long else len(self._narrowing)
        narrowing = self._narrowing[:cut], self._narrowing[cut:]
        for row, parts in zip(others, ((self.campus,), *narrowing, self._further), strict=True):
            for part in parts:
                row.addWidget(part, int(part is self.campus))
                part.setVisible(self._opened)
            if parts and parts[0] is not self.campus:
                row.addStretch(1)
