"""The outbox as a list; a change tells the view of the rows that differ, so that selection stays."""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kiosk_app.domain.outbox import Entry, Rung
from kiosk_app.i18n import formats, outbox

Look = Literal["ok", "waiting", "bad"]
LOOKS: dict[Rung, tuple[Look, str]] = {
    Rung.GUARANTEED: ("ok", "shield-check"),
    Rung.QUEUED: ("waiting", "hourglass"),
    Rung.SENDING: ("waiting", "cloud-upload"),
    Rung.UNKNOWN: ("waiting", "circle-question-mark"),
    Rung.ASIDE: ("bad", "triangle-alert"),
    Rung.REFUSED: ("bad", "circle-alert"),
}
"""Tone and icon of each rung, as the chips of bookings have them."""
_MINUTE = timedelta(minutes=1)
NOWHERE = QModelIndex()
AnyIndex = QModelIndex | QPersistentModelIndex


class OutboxRole(IntEnum):
    """What the delegate asks of a row beyond Qt's own roles."""

    ENTRY = Qt.ItemDataRole.UserRole + 1
    AGE = Qt.ItemDataRole.UserRole + 2
    """How old it is, in words."""


class OutboxModel(QAbstractListModel):
    """What is not settled, the newest first."""

    def __init__(self, now: datetime, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._now = now

    def rowCount(self, parent: AnyIndex = NOWHERE) -> int:
        """Return how many there are."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row for the delegate, and for who listens."""
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == OutboxRole.ENTRY:
            return entry
        age = formats.age(self._now - entry.created_at)
        if role == OutboxRole.AGE:
            return age
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole}:
            return formats.listed(outbox.what(entry), outbox.state(entry), outbox.about(entry), age)
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return formats.listed(*filter(None, (entry.student, outbox.tries(entry))))
        return None

    def set_entries(self, entries: list[Entry], now: datetime) -> None:
        """Take what there is now; their order never changes, they only come and go."""
        older, self._now = now != self._now, now
        kept = {entry.ref for entry in entries}
        for row in reversed(range(len(self._entries))):
            if self._entries[row].ref not in kept:
                self.beginRemoveRows(NOWHERE, row, row)
                del self._entries[row]
                self.endRemoveRows()
        for row, entry in enumerate(entries):
            if row >= len(self._entries) or self._entries[row].ref != entry.ref:
                self.beginInsertRows(NOWHERE, row, row)
                self._entries.insert(row, entry)
                self.endInsertRows()
            elif older or self._entries[row] != entry:
                self._entries[row] = entry
                self.dataChanged.emit(self.index(row), self.index(row))

    def grow_old(self, now: datetime) -> None:
        """Tell every age anew once a minute has passed."""
        if now - self._now >= _MINUTE:
            self.set_entries(list(self._entries), now)

    def row_of(self, ref: str) -> int | None:
        """Return where a request stands, or None when it does not."""
        return next((n for n, one in enumerate(self._entries) if one.ref == ref), None)

    def entry(self, row: int) -> Entry | None:
        """Return the request of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None
