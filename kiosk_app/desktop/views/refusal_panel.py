"""A seat that was not to be had: what happened, what it means for the token, what else is free (13c)."""

from datetime import timedelta

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import DeliveryFormat
from kiosk_app.desktop.theme.theme import TYPE_ICON, TYPE_ROLE
from kiosk_app.desktop.views import wording
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import IconText, Label, line
from kiosk_app.desktop.widgets.tile import Tile
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import tokens_counted, type_name
from kiosk_app.i18n.sessions import seats_long
from kiosk_app.i18n.texts import _

FULL = frozenset({Code.DISCUSSION_FULL, Code.EXAM_FULL})
_BEFORE, _AFTER = timedelta(days=14), timedelta(days=42)
"""How far around the lost session to look for others."""
_LOOKED_AT = 200


def alternatives(visit: Visit, row: SessionRow, count: int = 3) -> list[SessionRow]:
    """Return the sessions of the same type nearest in time that this student can book, by start."""
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
    nearest = sorted(page, key=lambda other: abs(other.starts_at - row.starts_at))
    found: list[SessionRow] = []
    for other in nearest:
        if len(found) == count:
            break
        if other.session_id != row.session_id and visit.opinion(other).refusal is None:
            found.append(other)
    return sorted(found, key=lambda other: other.starts_at)


class RefusalPanel(QWidget):
    """Explain a refusal and offer the nearest sessions with seats."""

    chosen = Signal(object)
    """SessionRow of another session to book."""

    def __init__(
        self, visit: Visit, row: SessionRow, code: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._visit, self._row, self._code = visit, row, code
        self.title = Label("", "h2", wrap=True)
        self.explained = Label("", "lead", wrap=True)
        self._offer = Label("", "label", wrap=True)
        self.others = [_Other(other) for other in self._found()]
        for other in self.others:
            other.button.clicked.connect(lambda _on=False, row=other.row: self.chosen.emit(row))
        self._build()
        self.retranslate()

    def retranslate(self) -> None:
        """Write every text anew."""
        self.title.setText(
            _("This session just filled up") if self._full else _("This was not booked")
        )
        self.explained.setText(" ".join(filter(None, (self._reason(), self._charged()))))
        name = type_name(self._row.mock_type)
        self._offer.setText(_("Closest {type} sessions with seats").format(type=name))
        self._offer.setVisible(bool(self.others))
        for other in self.others:
            other.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    @property
    def _full(self) -> bool:
        return self._code in FULL

    def _found(self) -> list[SessionRow]:
        if self._code == Code.INSUFFICIENT_TOKENS:
            return []
        return alternatives(self._visit, self._row)

    def _reason(self) -> str:
        if self._full:
            return _("Someone took the last seat in {type}, {when}.").format(
                type=type_name(self._row.mock_type), when=wording.when_text(self._row)
            )
        return code_sentence(self._code)

    def _charged(self) -> str:
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
        column.addSpacing(16)
        column.addWidget(self._offer)
        for other in self.others:
            column.addWidget(other)
            column.addWidget(line())
        column.addStretch(1)


class _Other(QWidget):
    """One session that can be booked instead."""

    def __init__(self, row: SessionRow) -> None:
        super().__init__()
        self.row = row
        self.button = Button(_("Choose"), size="small")
        self._when = Label("", "strong", wrap=True)
        online = row.delivery_format is DeliveryFormat.VIRTUAL
        self._where = IconText("video" if online else "map-pin", "", "second")
        self._where.label.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._when)
        words.addWidget(self._where)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 8, 0, 8)
        across.setSpacing(16)
        across.addWidget(Tile(TYPE_ICON[row.mock_type], TYPE_ROLE[row.mock_type], 52))
        across.addLayout(words, 1)
        across.addWidget(self.button)

    def retranslate(self) -> None:
        """Write the texts anew."""
        when = wording.when_text(self.row)
        self._when.setText(when)
        self._where.set_text(
            f"{wording.where_text(self.row)} · {seats_long(self.row.left, self.row.capacity)}"
        )
        self.button.setText(_("Choose"))
        self.button.setAccessibleName(_("Choose {when}").format(when=when))
