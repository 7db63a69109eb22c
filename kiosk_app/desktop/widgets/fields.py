"""Fields: a label above, a box, and one line under it that helps or says what is wrong (design §3).

The line under the box is also the accessible description. Errors are an icon, a text and an edge,
never colour alone; the text stays in the box.
"""

from typing import Generic, TypeVar

from PySide6.QtCore import QEvent, QMargins, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from kiosk_app.desktop.theme import icons
from kiosk_app.desktop.theme.polish import restyle
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.widgets.labels import Icon, Label
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.i18n import bidi
from kiosk_app.i18n.texts import _, ngettext

COUNTED_ALOUD = (20, 10, 0)
"""Characters left at which the counter speaks (design §3)."""

_CLEAR = 10
"""Pixels between a label and its box: more than the ring of the focus takes."""

Editor = TypeVar("Editor", bound=QLineEdit | QPlainTextEdit)


class LineBox(QLineEdit):
    """A line of text with an icon before it and, when `valid`, a tick at its end."""

    def __init__(self, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._valid = False
        self._margins()

    def set_valid(self, valid: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show or hide the tick."""
        if valid != self._valid:
            self._valid = valid
            self._margins()
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Make room for the icons in another direction or size."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.LayoutDirectionChange}:
            self._margins()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, then the icons in the theme's colours."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._icon_name:
            self._paint_icon(painter, self._icon_name, "ink2", at_end=False)
        if self._valid:
            self._paint_icon(painter, "circle-check", "ok", at_end=True)
        painter.end()

    def _margins(self) -> None:
        room = current().px("icon") + current().px("gap")
        before = room if self._icon_name else 4
        after = room if self._valid else 4
        side = Qt.AlignmentFlag.AlignLeft
        if self.isRightToLeft():
            before, after = after, before
            side = Qt.AlignmentFlag.AlignRight
        # What is typed keeps the order of its letters and stands beside the icon either way.
        self.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        self.setTextMargins(QMargins(before, 0, after, 0))

    def _paint_icon(self, painter: QPainter, name: str, role: str, *, at_end: bool) -> None:
        pixels = current().px("icon")
        edge = current().px("gap") + 4
        x = self.width() - edge - pixels if at_end else edge
        place = QRect(x, (self.height() - pixels) // 2, pixels, pixels)
        place = QStyle.visualRect(self.layoutDirection(), self.rect(), place)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(place.topLeft(), icons.pixmap(name, role, pixels, ratio))


class _Labelled(QWidget, Generic[Editor]):
    """A label, a box and the line under it; knows neither kind of box."""

    edited = Signal(str)
    """The text changed, by whoever."""

    def __init__(self, edit: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = edit
        self.label = Paragraph("", "label", aside=True)
        self.label.setBuddy(edit)
        self._help = ""
        self._error: str | None = None
        self._note = Paragraph("", "second")
        self._note_icon = Icon("circle-alert", "bad", current().px("label") + 2)
        self._under = QWidget()
        self._line_under = QHBoxLayout(self._under)
        self._line_under.setContentsMargins(0, 0, 0, 0)
        self._line_under.setSpacing(8)
        self._line_under.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignTop)
        self._line_under.addWidget(self._note, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._head = QHBoxLayout()
        self._head.setSpacing(16)
        self._head.addWidget(self.label, 1)
        column.addLayout(self._head)
        column.addSpacing(_CLEAR - column.spacing())
        column.addWidget(edit)
        column.addWidget(self._under)
        self.setFocusProxy(edit)
        self._refresh()

    @property
    def error(self) -> str | None:
        """The error shown, an empty text for a bare red edge, or None."""
        return self._error

    def set_label(self, text: str) -> None:
        """Name the field, for eyes and for screen readers."""
        self.label.setText(text)
        self.edit.setAccessibleName(text)

    def set_help(self, text: str) -> None:
        """Say under the box what to write; an error takes its place while there is one."""
        self._help = text
        self._refresh()

    def set_error(self, text: str) -> None:
        """Mark the field wrong and say why; an empty text marks it only."""
        self._error = text
        self._refresh()

    def clear_error(self) -> None:
        """Take the mark away."""
        if self._error is not None:
            self._error = None
            self._refresh()

    def _refresh(self) -> None:
        text = self._error or self._help
        self._note.setText(text)
        self._note.set_tone("bad" if self._error else None)
        self._note_icon.setVisible(bool(self._error))
        self._under.setVisible(bool(text))
        self.edit.setAccessibleDescription(text)
        state = "rest" if self._error is None else "error"
        if self.edit.property("state") != state:
            self.edit.setProperty("state", state)
            restyle(self.edit)


class Field(_Labelled[LineBox]):
    """One line of text.

    Args:
        icon: Lucide name shown inside the box.
        parent: owner.
    """

    def __init__(self, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(LineBox(icon), parent)
        self.edit.textChanged.connect(self.edited)

    def text(self) -> str:
        """Return what is in the box."""
        return self.edit.text()

    def set_text(self, text: str) -> None:
        """Write into the box."""
        self.edit.setText(text)

    def set_valid(self, valid: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Show a tick at the end of the box, or not."""
        self.edit.set_valid(valid)

    def set_read_only(self, read_only: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Keep the text from being changed."""
        self.edit.setReadOnly(read_only)


class TextArea(_Labelled[QPlainTextEdit]):
    """Several lines of text with a counter, `109 / 200`.

    More than `limit` characters can be typed, so that nothing pasted is lost; the counter then says
    by how much to shorten, and `over` is above zero.

    Args:
        limit: characters allowed.
        lines: height of the box in lines of text.
        parent: owner.
    """

    def __init__(self, limit: int, *, lines: int = 3, parent: QWidget | None = None) -> None:
        self._limit, self._lines = limit, lines
        self._count = Label("", "second")
        self._left_before = limit
        super().__init__(QPlainTextEdit(), parent)
        self.edit.setTabChangesFocus(True)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._head.addWidget(self._count, 0, Qt.AlignmentFlag.AlignBottom)
        self.edit.textChanged.connect(self._changed)
        self._set_height()
        self._show_count()

    @property
    def over(self) -> int:
        """How many characters there are too many."""
        return max(0, len(self.text()) - self._limit)

    def text(self) -> str:
        """Return what is in the box."""
        return self.edit.toPlainText()

    def set_text(self, text: str) -> None:
        """Write into the box."""
        self.edit.setPlainText(text)

    def over_text(self) -> str:
        """Return the sentence that says by how much to shorten."""
        text = ngettext("Shorten by {n} character.", "Shorten by {n} characters.", self.over)
        return text.format(n=self.over)

    def retranslate(self) -> None:
        """Say the counter in the language in use."""
        self._show_count()

    def changeEvent(self, event: QEvent) -> None:
        """Follow language and text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            self._set_height()

    def sizeHint(self) -> QSize:
        """Return what the layout wants, never narrower than a few words."""
        return super().sizeHint().expandedTo(QSize(240, 0))

    def _changed(self) -> None:
        self._show_count()
        self._speak_count()
        self.edited.emit(self.text())

    def _show_count(self) -> None:
        count = len(self.text())
        self._count.setText(bidi.forward(f"{count} / {self._limit}"))
        self._count.setAccessibleName(
            _("{count} of {limit} characters").format(count=count, limit=self._limit)
        )
        self._count.set_tone("bad" if self.over else None)

    def _speak_count(self) -> None:
        left = self._limit - len(self.text())
        crossed = any(left <= mark < self._left_before for mark in COUNTED_ALOUD)
        self._left_before = left
        if crossed:
            left = max(0, left)
            said = ngettext("{n} character left", "{n} characters left", left).format(n=left)
            announce(self.edit, said)

    def _set_height(self) -> None:
        theme = current()
        line = round(theme.px("bodyLg") * 1.35)
        self.edit.setFixedHeight(line * self._lines + theme.px("pad") + 10)
