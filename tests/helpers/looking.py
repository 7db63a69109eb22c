"""What somebody sees is wrong with a screen: text that is cut, covered, or beyond the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from kiosk_app.desktop.views.session_card import SessionCard
from kiosk_app.desktop.widgets.key_pad import Key
from kiosk_app.desktop.widgets.need_rows import SwitchRow
from kiosk_app.desktop.widgets.option_cards import OptionCard
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.passing import open_over

SLACK = 1
"""A pixel that rounding may take."""
MAY_BREAK = "\u200b"
"""Where a long word may go on in the next line."""
COMPOUND = (SwitchRow, OptionCard)
"""Buttons that hold labels of their own."""


def faults(window: QWidget) -> list[str]:
    """Return a sentence for everything that is wrong on the screen as it stands."""
    over = open_over(window)  # a page that is covered is looked at when it is not
    top: QWidget = over[-1] if over else window
    seen = [w for w in top.findChildren(QWidget) if _seen(w)]
    found = [f"cut: {_called(w)}: {why}" for w in seen if (why := _cut(w))]
    found += [f"marks among the words: {_called(w)}" for w in seen if _marked(w)]
    found += [f"beyond the edge: {_called(w)} {_place(window, w)}" for w in seen if _out(window, w)]
    for parent in {w.parentWidget() for w in seen}:
        mine = [w for w in seen if w.parentWidget() is parent]
        found += [
            f"overlap: {_called(a)} and {_called(b)}"
            for a, b in combinations(mine, 2)
            if _over(a.geometry(), b.geometry())
        ]
    return found


def _seen(widget: QWidget) -> bool:
    """Say whether it is something to read or to use, and shown."""
    kinds = (QLabel, QAbstractButton, QLineEdit, SessionCard)
    if not widget.isVisible() or not isinstance(widget, kinds):
        return False
    return not isinstance(widget, QLabel) or bool(widget.text())


def _marked(widget: QWidget) -> bool:
    """Say whether something that draws its words itself would draw the marks of a rich text too."""
    return isinstance(widget, Paragraph) and widget.textFormat() is not Qt.TextFormat.PlainText


def _cut(widget: QWidget) -> str:
    """Return how a widget is smaller than what it says."""
    if isinstance(widget, QLineEdit):
        room = widget.height() - 4
        return "low" if widget.fontMetrics().height() > room else ""
    if isinstance(widget, COMPOUND):
        return ""
    if isinstance(widget, Key):
        wide = QFontMetrics(widget.lettering()).horizontalAdvance(widget.text())
        return f"{wide} wide in {widget.width()}" if wide > widget.width() - 4 else ""
    if isinstance(widget, SessionCard):
        needed = widget.minimumSizeHint()
        needed.setHeight(widget.heightForWidth(widget.width()))
    elif isinstance(widget, QLabel) and widget.wordWrap():
        needed = QSize(_longest_word(widget), widget.heightForWidth(widget.width()))
    else:
        needed = widget.sizeHint()
        if isinstance(widget, QPushButton):
            text = widget.text().replace("&", "")
            needed.setHeight(widget.fontMetrics().height() if text else 0)
            needed = needed if text else widget.iconSize()
    have = widget.size()
    if needed.width() > have.width() + SLACK:
        return f"{needed.width()} wide in {have.width()}"
    if needed.height() > have.height() + SLACK:
        return f"{needed.height()} high in {have.height()}"
    return ""


def _longest_word(label: QLabel) -> int:
    words = label.text().replace(MAY_BREAK, " ").split() or [""]
    return max(label.fontMetrics().horizontalAdvance(word) for word in words)


def _out(window: QWidget, widget: QWidget) -> bool:
    """Say whether a part of it is beyond what shows it; what can be scrolled is not lost."""
    area = _area(widget)
    if area is None:
        return not window.rect().adjusted(-1, -1, 1, 1).contains(_place(window, widget))
    content = area.widget()
    place = QRect(widget.mapTo(content, QPoint(0, 0)), widget.size())
    sideways = place.left() < -SLACK or place.right() > area.viewport().width() + SLACK
    locked = area.verticalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    return sideways or (locked and place.bottom() > area.viewport().height() + SLACK)


def _area(widget: QWidget) -> QScrollArea | None:
    step = widget.parentWidget()
    while step is not None:
        if isinstance(step, QScrollArea) and step.widget() and step.widget().isAncestorOf(widget):
            return step
        step = step.parentWidget()
    return None


def _place(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _over(one: QRect, other: QRect) -> bool:
    common = one.intersected(other)
    return common.width() > SLACK and common.height() > SLACK


def _called(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
    return f"{type(widget).__name__} “{text or widget.accessibleName()}”"


def said(window: QWidget) -> set[str]:
    """Return what the screen as it stands says: in widgets, to a screen reader, and in paint."""
    over = open_over(window)
    top: QWidget = over[-1] if over else window
    with _painted() as found:
        top.grab()
    for widget in [top, *top.findChildren(QWidget)]:
        if widget.isVisible():
            found |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
            if isinstance(widget, (QLabel, QAbstractButton)):
                found.add(widget.text())
            elif isinstance(widget, QLineEdit):
                found.add(widget.placeholderText())
            elif isinstance(widget, QAbstractItemView):
                found |= set(_told(widget.model()))
    return {text for text in found if text}


@contextmanager
def _painted() -> Iterator[set[str]]:
    """Collect what is painted with `drawText` meanwhile."""
    paint, found = QPainter.drawText, set[str]()

    def collect(painter: QPainter, *how: Any) -> Any:
        found.update(one for one in how if isinstance(one, str))
        return paint(painter, *how)

    try:
        QPainter.drawText = collect
        yield found
    finally:
        QPainter.drawText = paint


def _told(model: QAbstractItemModel) -> Iterator[str]:
    """Give what a model tells a screen reader."""
    roles = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for row in range(model.rowCount()):
        for column in range(columns):
            for role in roles:
                yield str(model.index(row, column).data(role) or "")
