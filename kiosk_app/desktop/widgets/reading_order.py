"""The order in which Tab meets what is on the screen; parts that were built late stand in their place."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def stops(root: QWidget, parts: Sequence[QWidget]) -> list[QWidget]:
    """Return what Tab may reach inside `root`: part by part, each in the order it was built.

    A part is also where the navigation in it begins, though it was built last: inside the first
    part the order is that of the eye.
    """
    found: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not root and widget is not None:
        reachable = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if reachable and root.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled():
            found.append(widget)
        widget = widget.nextInFocusChain()
    mirrored = root.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def place(stop: QWidget) -> tuple[int, int]:
        part = next((n for n, one in enumerate(parts) if one.isAncestorOf(stop)), len(parts))
        across = stop.mapTo(root, stop.rect().center()).x() if part == 0 else 0
        return part, -across if mirrored else across

    return sorted(found, key=place)


def step(root: QWidget, parts: Sequence[QWidget], *, forward: bool) -> bool:
    """Move the focus on or back by one; return whether there was anywhere to go."""
    found = stops(root, parts)
    here = QApplication.focusWidget()
    if not found:
        return False
    way = 1 if forward else -1
    at = found.index(here) + way if here in found else min(0, way)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found[at % len(found)].setFocus(reason)
    return True
