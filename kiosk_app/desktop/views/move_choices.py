"""The sessions a booking may move to: same type, with seats, nearest first, by campus."""

from datetime import timedelta

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.desktop.views.other_session import OtherSession
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.chips import Chips
from kiosk_app.desktop.widgets.choices import Choice
from kiosk_app.desktop.widgets.labels import Label, line
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.domain.listing import BookingRow, SessionFilter, SessionOrder, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _

_ALL = ""
_AHEAD = timedelta(days=120)
_LOOKED_AT = 400
_AT_ONCE = 8
"""Sessions shown before *Show more*."""


def sessions_to_move_to(visit: Visit, booking: BookingRow, campus: str = "") -> list[SessionRow]:
    """Return the sessions this booking may move to, by what this device knows; nearest first."""
    today = day_in(booking.time_zone, visit.now())
    wanted = SessionFilter(
        mock_types=frozenset({booking.mock_type}),
        campus=campus or None,
        first_day=today,
        last_day=max(today, booking.exam_date) + _AHEAD,
        starts_after=visit.now(),
        with_seats=True,
    )
    found = visit.reading.page(
        wanted,
        SessionOrder.DATE,
        descending=False,
        offset=0,
        limit=_LOOKED_AT,
        student_id=visit.student_id,
    )
    able = [row for row in found if visit.move_refusal(booking, row) is None]
    return sorted(able, key=lambda row: (abs(row.starts_at - booking.starts_at), row.session_id))


class MoveChoices(QWidget):
    """A list of sessions, narrowed to one campus where there are several.

    Args:
        visit: whose booking.
        booking: what is moved.
        parent: owner.
    """

    chosen = Signal(object)
    """The SessionRow to move to."""

    def __init__(self, visit: Visit, booking: BookingRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit, self._booking = visit, booking
        self._shown = _AT_ONCE
        self._title = Label("", "label", wrap=True)
        self.campuses = Chips()
        self.others: list[OtherSession] = []
        self._empty = Paragraph("", "lead")
        self.more_button = Button(_("Show more"))
        self.more_button.clicked.connect(self._show_more)
        self.campuses.chosen.connect(self._narrow)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self._title, self.campuses, self._empty):
            column.addWidget(part)
        column.addLayout(self._list)
        column.addWidget(self.more_button)
        self.refresh()

    def refresh(self) -> None:
        """Read the sessions again, and write every text."""
        name = type_name(self._booking.mock_type)
        self._title.setText(_("{type} sessions with seats, nearest first").format(type=name))
        self.more_button.setText(_("Show more"))
        everything = sessions_to_move_to(self._visit, self._booking)
        self._write_campuses(sorted({row.campus for row in everything}))
        campus = self.campuses.current or _ALL
        rows = [row for row in everything if campus in {_ALL, row.campus}]
        self._show_rows(rows[: self._shown])
        self.more_button.setVisible(len(rows) > self._shown)
        self._empty.setText(_("There is no other session of this type with seats at the moment."))
        self._empty.setVisible(not rows)

    def follow(self) -> None:
        """Write what changed into the rows that stand there; none moves from under a finger.

        What can be chosen anew comes with the next `refresh`.
        """
        if not self.others:
            self.refresh()
        for other in self.others:
            now = self._visit.reading.session(other.row.session_id, self._visit.student_id)
            able = now is not None and self._visit.move_refusal(self._booking, now) is None
            other.show_row(now or other.row, able=able)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.refresh()

    def _write_campuses(self, campuses: list[str]) -> None:
        kept = self.campuses.current or _ALL
        places = [Choice(_ALL, _("All locations")), *(Choice(name, name) for name in campuses)]
        self.campuses.setAccessibleName(_("Location"))
        self.campuses.set_choices(places)
        self.campuses.choose(kept if kept in campuses else _ALL)
        self.campuses.setVisible(len(campuses) > 1)

    def _show_rows(self, rows: list[SessionRow]) -> None:
        """Show these; equal rows keep their widgets, and so the focus."""
        if rows == [other.row for other in self.others]:
            for other in self.others:
                other.retranslate()
            return
        while item := self._list.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        self.others = [OtherSession(row) for row in rows]
        for number, other in enumerate(self.others):
            if number:
                self._list.addWidget(line())
            other.button.clicked.connect(lambda _on=False, one=other: self.chosen.emit(one.row))
            self._list.addWidget(other)

    def _narrow(self, _campus: str) -> None:
        self._shown = _AT_ONCE
        self.refresh()

    def _show_more(self) -> None:
        self._shown += _AT_ONCE
        self.refresh()
