"""The order in which Tab meets what is on the screen: that of the eye, whichever was built first."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget


def stops(root: QWidget) -> list[QWidget]:
    """Return what Tab may reach inside `root`, as somebody reads it.

    Line by line from the side the language begins on; what stands side by side is one line, and is
    read to its end before what stands beside it.
    """
    lines: list[tuple[QRect, list[tuple[QRect, list[QWidget]]]]] = []
    for box, held in sorted(_parts(root), key=lambda part: part[0].top()):
        if lines and _beside(lines[-1][0], box):
            lines[-1][1].append((box, held))
        else:
            lines.append((box, [(box, held)]))
    mirrored = root.layoutDirection() is Qt.LayoutDirection.RightToLeft
    way = -1 if mirrored else 1
    found: list[QWidget] = []
    for _box, line in lines:
        for _place, held in sorted(line, key=lambda part: way * part[0].center().x()):
            found += held
    return found


def begin(root: QWidget) -> None:
    """Give the focus to what is read first in `root`, if Tab may reach anything there."""
    for first in stops(root)[:1]:
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def step(root: QWidget, *, forward: bool) -> bool:
    """Move the focus on or back by one; return whether there was anywhere to go."""
    found = stops(root)
    here = QApplication.focusWidget()
    if not found:
        return False
    way = 1 if forward else -1
    at = found.index(here) + way if here in found else min(0, way)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    found[at % len(found)].setFocus(reason)
    return True


def _parts(root: QWidget) -> list[tuple[QRect, list[QWidget]]]:
    """Return where something stands in which Tab stops, and its stops."""
    parts = []
    for child in root.children():
        if isinstance(child, QWidget) and child.isVisible():
            held = [child] if _reachable(child) else []
            held += stops(child)
            if held:
                parts.append((child.geometry(), held))
    return parts


def _reachable(widget: QWidget) -> bool:
    tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(tab) and widget.isEnabled() and widget.focusProxy() is None


def _beside(one: QRect, other: QRect) -> bool:
    """Say whether two stand on one line: they share more than half of the lower one's height."""
    shared = min(one.bottom(), other.bottom()) - max(one.top(), other.top()) + 1
    return shared * 2 > min(one.height(), other.height())
