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
    alone = False
    """Whether it is a question beside which nothing else is said."""
    leaving = False
    """Whether it is on its way out, and covers no more than a moment longer."""

    def dismiss(self) -> None:
        """Go; a second call does nothing."""
        raise NotImplementedError

    def cover_changed(self) -> None:
        """Hear that something covers the page now, or does not any more."""


def open_over(window: QWidget) -> list[Passing]:
    """Return what keeps people from the page of this window at the moment."""
    return [over for over in window.findChildren(Passing) if over.covers and over.isVisible()]


def tell_cover_changed(window: QWidget) -> None:
    """Tell what lies over this window that a cover has come or gone."""
    for over in window.findChildren(Passing):
        over.cover_changed()
