"""The window on its screen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def bring_up(window: QWidget, size: tuple[int, int] | None = None, *, full: bool = False) -> None:
    """Show the window as large as the screen (`full`: over everything else), or in a given size."""
    if size:
        window.resize(*size)
    elif full:
        window.setGeometry(window.screen().geometry())
        window.setWindowState(Qt.WindowState.WindowFullScreen)
    else:
        window.setGeometry(window.screen().availableGeometry())  # where no window manager listens
        window.setWindowState(Qt.WindowState.WindowMaximized)
    window.show()
