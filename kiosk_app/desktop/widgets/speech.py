"""What screen readers hear: announcements, and roles Qt does not give a plain widget by itself."""

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_ROLE = "_spoken_role"


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Have `text` read out; assertive only for errors and sign-out (design §6)."""
    event = QAccessibleAnnouncementEvent(widget, text)
    manners = QAccessible.AnnouncementPoliteness
    event.setPoliteness(manners.Assertive if assertive else manners.Polite)
    QAccessible.updateAccessibility(event)


def give_role(widget: QWidget, role: QAccessible.Role) -> None:
    """Let screen readers take `widget` for a dialog, a grouping, a timer and so on."""
    setattr(widget, _ROLE, role)
    _install()


@cache
def _install() -> None:
    QAccessible.installFactory(_interface)


def _interface(_class: str, thing: QObject) -> QAccessibleInterface | None:
    role = getattr(thing, _ROLE, None)
    if isinstance(thing, QWidget) and isinstance(role, QAccessible.Role):
        return QAccessibleWidget(thing, role, "")
    return None
