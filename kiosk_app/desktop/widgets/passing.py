"""What lies over a page for a while and goes again: sheets, dialogs, a word at the bottom."""

from PySide6.QtWidgets import QFrame, QWidget

COVER = "cover"
"""Object name of the part of a window that overlays cover."""
FOOT = "foot"
"""Object name of what stands along its lower edge and must stay in reach."""


class Passing(QFrame):
    """Something that goes when it is told to, as when the person it was for has left."""

    covers = True
    """Whether it keeps people from the page under it."""

    def dismiss(self) -> None:
        """Go; a second call does nothing."""
        raise NotImplementedError


def open_over(window: QWidget) -> list[Passing]:
    """Return what keeps people from the page of this window at the moment."""
    return [over for over in window.findChildren(Passing) if over.covers and over.isVisible()]
