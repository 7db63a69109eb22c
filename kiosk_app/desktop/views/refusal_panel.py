"""A seat that was not to be had: what happened, what it means for the token, what else is free (13c)."""

from datetime import timedelta
from itertools import islice
from typing import Literal

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.views.join_block import JoinBlock
from kiosk_app.desktop.views.offering import refusal_of
from kiosk_app.desktop.views.other_session import OtherSession
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.labels import Label, line
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import tokens_counted, type_name
from kiosk_app.i18n.texts import _

FULL = frozenset({Code.DISCUSSION_FULL, Code.EXAM_FULL})
_BEFORE, _AFTER = timedelta(days=14), timedelta(days=42)
"""How far around the lost session to look for others."""
_LOOKED_AT = 200
LEAST, MOST = 3, 6
"""Other sessions that are shown: always, and where there is room."""


Moment = Literal["after", "lost", "before"]
"""When somebody reads it: after Confirm, when the last seat went under their eyes, or before."""


def alternatives(visit: Visit, row: SessionRow, count: int = LEAST) -> list[SessionRow]:
    """Return the sessions of the same type that this student can book, the nearest first.

    Those of the same campus come before all others.
    """
    first = max(row.exam_date - _BEFORE, day_in(row.time_zone, visit.now()))
    wanted = SessionFilter(
        mock_types=frozenset({row.mock_type}), first_day=first, last_day=row.exam_date + _AFTER
    )
    page = visit.reading.page(
        wanted,
        SessionOrder.DATE,
        descending=False,
        offset=0,
        limit=_LOOKED_AT,
        student_id=visit.student_id,
    )

    def far(other: SessionRow) -> tuple[bool, timedelta]:
        return other.campus != row.campus, abs(other.starts_at - row.starts_at)

    nearest = sorted(page, key=far)
    able = (
        other
        for other in nearest
        if other.session_id != row.session_id and refusal_of(visit, other) is None
    )
    return list(islice(able, count))


class RefusalPanel(QWidget):
    """Explain a refusal, offer the nearest sessions with seats, and the waitlist of a full one.

    Args:
        visit: who was refused.
        row: the session.
        code: why.
        moment: when it is read.
        most: how many other sessions are shown at most; see `fit`.
        parent: owner.
    """

    chosen = Signal(object)
    """SessionRow of another session to book."""
    resized = Signal()
    """It needs another height."""

    def __init__(
        self,
        visit: Visit,
        row: SessionRow,
        code: str,
        *,
        moment: Moment = "after",
        most: int = LEAST,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._visit, self._row, self._code, self._moment = visit, row, code, moment
        self.title = Label("", "h2", wrap=True)
        self.explained = Paragraph("", "lead")
        self._offer = Label("", "label", wrap=True)
        found = self._found(most)
        self._nearest = [OtherSession(other) for other in found]
        self._in_time = sorted(
            self._nearest, key=lambda one: (one.row.campus != row.campus, one.row.starts_at)
        )
        self._lines = [line() for _other in self._in_time]
        for other in self._nearest:
            other.button.clicked.connect(lambda _on=False, row=other.row: self.chosen.emit(row))
        self.join: JoinBlock | None = None
        if visit.may_wait(row, full=self._full):
            self.join = JoinBlock(visit, row)
            self.join.answered.connect(self.resized)
        self._build()
        self.retranslate()

    @property
    def others(self) -> list[OtherSession]:
        """The other sessions that are shown, as they stand there: by campus and time."""
        return [other for other in self._in_time if not other.isHidden()]

    def fit(self, width: int, height: int) -> None:
        """Show as many of the nearest sessions as have room, `LEAST` in any case."""
        for count in range(len(self._nearest), LEAST - 1, -1):
            self._show_nearest(count)
            if self.heightForWidth(width) <= height:
                break

    def _show_nearest(self, count: int) -> None:
        """Show so many, with a line between each two."""
        for number, other in enumerate(self._nearest):
            other.setVisible(number < count)
        shown = self.others
        for divider, other in zip(self._lines, self._in_time, strict=True):
            divider.setVisible(other in shown[1:])

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(self._title())
        self.explained.setText(" ".join(filter(None, (self._reason(), self._charged()))))
        name = type_name(self._row.mock_type)
        self._offer.setText(_("Closest {type} sessions with seats").format(type=name))
        self._offer.setVisible(bool(self._nearest))
        for other in self._nearest:
            other.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    @property
    def _full(self) -> bool:
        return self._code in FULL

    def _found(self, most: int) -> list[SessionRow]:
        if self._code == Code.INSUFFICIENT_TOKENS:
            return []
        return alternatives(self._visit, self._row, most)

    def _title(self) -> str:
        if self._full:
            before = self._moment == "before"
            return _("This session is full") if before else _("This session just filled up")
        if self._moment == "after":
            return _("This was not booked")
        return _("This session cannot be booked")

    def _reason(self) -> str:
        what = {"type": type_name(self._row.mock_type), "when": wording.when_text(self._row)}
        if self._full and self._moment == "before":
            return _("No seats are left in {type}, {when}.").format(**what)
        if self._full:
            return _("Someone took the last seat in {type}, {when}.").format(**what)
        if self._moment == "before":
            session = formats.listed(what["type"], what["when"])
            return f"{session}. {code_sentence(self._code)}"
        return code_sentence(self._code)

    def _charged(self) -> str:
        if self._moment == "before":
            return ""
        opinion = self._visit.opinion(self._row)
        # The balance known here is the very thing that was wrong.
        if opinion.pays is None or self._code == Code.INSUFFICIENT_TOKENS:
            return ""
        if self._full:
            return wording.still_have_text(opinion.pays, opinion.balance)
        return _("You still have {tokens}.").format(
            tokens=tokens_counted(opinion.pays, opinion.balance)
        )

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.title)
        words.addWidget(self.explained)
        head = QHBoxLayout()
        head.setSpacing(24)
        icon = "armchair" if self._full else "circle-alert"
        tile = QVBoxLayout()
        tile.addWidget(Tile(icon, "warn", 72))
        tile.addStretch(1)
        head.addLayout(tile)
        head.addLayout(words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        column.addSpacing(8)
        if self.join is not None:
            column.addWidget(self.join)
            column.addSpacing(8)
        column.addWidget(self._offer)
        for divider, other in zip(self._lines, self._in_time, strict=True):
            column.addWidget(divider)
            column.addWidget(other)
        self._show_nearest(len(self._nearest))
        column.addStretch(1)
