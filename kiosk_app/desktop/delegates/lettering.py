"""Writing into a cell: the right font and colour, on the right side, in one or two lines."""

from collections.abc import Hashable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from kiosk_app.desktop.delegates import stamps
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.theme import mirror
from kiosk_app.desktop.theme.theme import current

_UNCLIPPED, _WRAPPED = int(Qt.TextFlag.TextDontClip), int(Qt.TextFlag.TextWordWrap)
_TINTED = {"ink": "onPrimaryTint", "ink2": "onPrimaryTint", "warn": "onPrimaryTint"}


class Lettering:
    """A board that knows the state of its row.

    Args:
        board: of the view; everything is mirrored in right-to-left languages.
        chosen: the row stands on the tint of a selection.
        full: the row is not for the taking and speaks quietly.
        ground: the colour role all of it stands on, if that is one alone.
    """

    def __init__(
        self,
        board: stamps.Board,
        *,
        chosen: bool,
        full: bool,
        ground: str | None = None,
    ) -> None:
        self.board, self.painter, self.direction = board, board.painter, board.direction
        self._start = mirror.start_middle(board.direction)
        self.chosen, self._full, self._ground = chosen, full, ground

    def role(self, role: str) -> str:
        """Return the colour role to use in this row in place of `role`."""
        if self.chosen:
            return _TINTED.get(role, role) if current().name != "hc" else "onPrimaryTint"
        return "ink3" if self._full else role

    def mirrored(self, rect: QRect, box: QRect) -> QRect:
        """Return `rect` where it stands in `box` in the direction of the text."""
        return mirror.seen(self.direction, box, rect)

    def write(
        self, box: QRect, text: str, size: str, weight: int = 400, *, tone: str = "ink"
    ) -> None:
        """Write centred in height; a text too long for its line takes a second one."""
        flags = self._start
        at = stamps.box_of(box)
        fits = round(width_of(text, size, weight)) <= at[2]
        if fits and self._ground is not None:
            ink = stamps.Ink(size, weight, self.role(tone), self._ground)
            self.board.write(at, text, flags, ink)
            return
        self.painter.setFont(current().font_for(text, size, weight))
        self.painter.setPen(current().color(self.role(tone)))
        # Marks over and under Arabic letters reach beyond their line.
        self.painter.drawText(box, flags | (_UNCLIPPED if fits else _WRAPPED), text)

    def stamp(self, box: QRect, look: Hashable, paint: stamps.Paint) -> None:
        """Paint into a box what looks like this, or its picture where all stands on one ground."""
        if self._ground is None:
            paint(self.painter, box)
            return
        self.board.stamp(stamps.box_of(box), look, paint, self._ground)

    def two_lines(self, box: QRect, first: str, second: str) -> None:
        """Write a name over its detail."""
        line = QFontMetrics(current().font("body")).height()
        top = box.center().y() - line
        self.write(QRect(box.left(), top, box.width(), line), first, "body")
        self.write(QRect(box.left(), top + line, box.width(), line), second, "label", tone="ink2")
