"""What screen readers hear: announcements, and roles Qt does not give a plain widget by itself.

Qt's classes for this are named where they are used: PySide makes a class when it is first asked
for, and a first frame says nothing.
"""

from collections.abc import Callable
from functools import cache
from typing import Literal

from PySide6 import QtGui, QtWidgets
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

Role = Literal[
    "AlertMessage",
    "Dialog",
    "Graphic",
    "Grouping",
    "Indicator",
    "PopupMenu",
    "StaticText",
    "Window",
]
"""Names of `QAccessible.Role`."""
_ROLE = "_spoken_role"
UNSPOKEN = "unspoken"
"""Property of a widget whose parts are for one pair of eyes: a loudspeaker does not name them."""
_listening: list[Callable[[str], None]] = []


def listen(hears: Callable[[str], None] | None) -> None:
    """Let one listener have every announcement, too; None ends it."""
    _listening[:] = [hears] if hears else []


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Have `text` read out; assertive only for errors and sign-out (design §6)."""
    event = QtGui.QAccessibleAnnouncementEvent(widget, text)
    manners = QtGui.QAccessible.AnnouncementPoliteness
    event.setPoliteness(manners.Assertive if assertive else manners.Polite)
    QtGui.QAccessible.updateAccessibility(event)
    for hears in _listening:
        hears(text)


def give_role(widget: QWidget, role: Role) -> None:
    """Let screen readers take `widget` for a dialog, a grouping, a timer and so on."""
    mark_role(widget, role)
    _install()


def mark_role(widget: QWidget, role: Role) -> None:
    """The same for what a first frame shows: it is told as soon as anything later has a role."""
    setattr(widget, _ROLE, role)


@cache
def _install() -> None:
    QtGui.QAccessible.installFactory(_interface)


def _interface(_class: str, thing: QObject) -> "QtGui.QAccessibleInterface | None":
    role = getattr(thing, _ROLE, None)
    if isinstance(thing, QWidget) and isinstance(role, str):
        return QtWidgets.QAccessibleWidget(thing, QtGui.QAccessible.Role[role], "")
    return None
