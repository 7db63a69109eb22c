"""What a screen reader walks: the tree of QAccessible, and what is wrong with it as it stands."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from kiosk_app.desktop.widgets.passing import open_over

Role = QAccessible.Role
ACTING = frozenset(
    {
        Role.Button,
        Role.RadioButton,
        Role.CheckBox,
        Role.EditableText,
        Role.ButtonDropDown,
        Role.ButtonMenu,
        Role.ComboBox,
        Role.PageTab,
        Role.Cell,
        Role.ListItem,
        Role.MenuItem,
        Role.Link,
    }
)
"""Roles of what somebody acts on."""
PRESSED = frozenset({Role.Button, Role.RadioButton, Role.CheckBox, Role.PageTab})
"""Roles of what a screen reader must be able to press."""
SILENT = frozenset({Role.Client, Role.Border, Role.NoRole})
"""Roles that say nothing: nothing with a name may have one."""
FITTING: list[tuple[type[QObject], frozenset[Role]]] = [
    (QAbstractButton, frozenset({Role.Button, Role.RadioButton, Role.CheckBox})),
    (QLineEdit, frozenset({Role.EditableText})),
    (QPlainTextEdit, frozenset({Role.EditableText})),
    (QTabBar, frozenset({Role.PageTabList})),
    (QAbstractItemView, frozenset({Role.Table, Role.List})),
]
"""What a class of Qt must be called."""
PROGRAMMERS = re.compile(r"_|::|\bQ[A-Z]\w+|[a-z][A-Z]|^\W*$")
"""How a name looks that was written for programmers, or says nothing."""
LEAST = 56
"""Least height of what a finger must hit (design §2)."""


def top_of(window: QWidget) -> QWidget:
    """Return what lies uppermost and takes the input: a dialog, or the window."""
    over = open_over(window)
    return over[-1] if over else window


def nodes(window: QWidget) -> list[QAccessibleInterface]:
    """Return every node that is not hidden, as a screen reader meets them.

    Let go of them before the window goes on: Qt deletes them with their widgets, and to PySide what
    takes the place of one in memory is still the old one.
    """
    return list(_walk(QAccessible.queryAccessibleInterface(top_of(window))))


def _walk(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for number in range(node.childCount()):
        child = node.child(number)
        if child is not None and child.isValid() and not child.state().invisible:
            yield from _walk(child)


def name_of(node: QAccessibleInterface) -> str:
    """Return what it is called."""
    return str(node.text(QAccessible.Text.Name))


def _pressable(node: QAccessibleInterface) -> bool:
    offered = node.actionInterface()
    return offered is not None and bool({"Press", "Toggle"} & set(offered.actionNames()))


def acts(node: QAccessibleInterface) -> bool:
    """Say whether somebody acts on it; a day that is over is only read."""
    if node.role() in ACTING:
        return bool(node.state().focusable) or node.role() is not Role.Cell
    return node.object() is not None and bool(node.state().focusable)


def counted(window: QWidget) -> dict[str, int]:
    """Return how many nodes there are, how many act and are named, and the lowest target."""
    all_of_them = nodes(window)
    acting = [node for node in all_of_them if acts(node)]
    return {
        "nodes": len(all_of_them),
        "acting": len(acting),
        "named": sum(bool(name_of(node).strip()) for node in acting),
        "least_target": min(node.rect().height() for node in acting),
    }


def faults(window: QWidget, *, least: int = LEAST) -> list[str]:
    """Return a sentence for everything in the tree that would leave somebody in the dark."""
    found = []
    for node in nodes(window):
        told = f"{node.role().name} “{name_of(node)}” {type(node.object()).__name__}"
        found += [f"{told}: {fault}" for fault in _faults_of(node, least)]
    return found


def _faults_of(node: QAccessibleInterface, least: int) -> Iterator[str]:
    role, name, thing = node.role(), name_of(node), node.object()
    if acts(node):
        if PROGRAMMERS.search(name) and not _single_key(name):
            yield "its name is no words"
        if role in PRESSED and not node.state().disabled and not _pressable(node):
            yield "it cannot be pressed"
        if not node.state().offscreen and node.rect().height() < least:
            yield f"{node.rect().height()} pixels high"
    if name and role in SILENT:
        yield "its role says nothing"
    for kind, roles in FITTING:
        if isinstance(thing, kind) and role not in roles:
            yield "its role does not fit"
    yield from _states(node)


def _single_key(name: str) -> bool:
    return len(name) == 1 and name.isalnum()


def _states(node: QAccessibleInterface) -> Iterator[str]:
    """Give where what is told is not what is so."""
    state, thing = node.state(), node.object()
    if not isinstance(thing, QWidget):
        return
    told: list[tuple[str, object, object]] = [("disabled", state.disabled, not thing.isEnabled())]
    if isinstance(thing, QAbstractButton):
        told += [
            ("checkable", state.checkable, thing.isCheckable()),
            ("checked", state.checked, thing.isChecked()),
        ]
    focus = QApplication.focusWidget()
    if node.role() in ACTING:
        told += [("focused", state.focused, thing is focus)]
    for word, said, so in told:
        if bool(said) != bool(so):
            yield f"{word} is told as {bool(said)} and is {bool(so)}"


def place(window: QWidget, widget: QWidget) -> QRect:
    """Return where it is in the window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def _on_its_page(window: QWidget, widget: QWidget) -> QRect:
    """Return where it would be if nothing had been scrolled to reach it."""
    box, above = place(window, widget), widget.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            box.translate(0, above.verticalScrollBar().value())
        above = above.parentWidget()
    return box


def out_of_order(window: QWidget, met: list[QWidget]) -> list[str]:
    """Return pairs that are met against the direction of reading.

    Within a line along it, within a column from top to bottom; two columns may be read in turn.
    What stands in one part is read in the direction of that part: digits never turn round.
    What was scrolled away stands nowhere beside what was not: a pair counts that is wrong either way.
    """
    boxes = [(place(window, one), _on_its_page(window, one)) for one in met]
    return [
        f"{_called(met[early])} before {_called(met[late])}"
        for early in range(len(met))
        for late in range(early + 1, len(met))
        if all(
            _precedes(second, first, mirrored=_mirrored(window, met[early], met[late]))
            for first, second in zip(boxes[early], boxes[late], strict=True)
        )
    ]


def _mirrored(window: QWidget, one: QWidget, other: QWidget) -> bool:
    together = one.parentWidget() if one.parentWidget() is other.parentWidget() else None
    return (together or window).layoutDirection() is Qt.LayoutDirection.RightToLeft


def _precedes(one: QRect, other: QRect, *, mirrored: bool) -> bool:
    """Say whether somebody who reads comes to `one` first."""
    apart_across = one.right() < other.left() or other.right() < one.left()
    if one.bottom() < other.top():
        return not apart_across
    same_line = one.top() <= other.bottom() and other.top() <= one.bottom()
    first = one.left() > other.right() if mirrored else one.right() < other.left()
    return same_line and apart_across and first


def _called(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{name_of(QAccessible.queryAccessibleInterface(widget))}”"
