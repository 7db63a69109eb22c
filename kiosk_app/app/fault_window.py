"""The screen of a kiosk that crashes again and again: no engine, no cache, nothing that may be broken.

`kiosk watch` shows it for a while and then tries the kiosk again; staff leave it with their PIN.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.app.pages import LatePages
from kiosk_app.app.pin import PinFile
from kiosk_app.app.window import application, quit_on_signals
from kiosk_app.desktop.booth.lockdown import Lockdown
from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.views.fault import FaultView
from kiosk_app.desktop.views.pages import Setup
from kiosk_app.desktop.widgets import speech
from kiosk_app.desktop.widgets.frame import Frame
from kiosk_app.domain.faults import CRASHED
from kiosk_app.i18n import texts

PAGE = "fault"


class FaultWindow(QWidget):
    """Bar and page, in whatever language."""

    def __init__(self) -> None:
        super().__init__()
        speech.give_role(self, "Window")
        self.frame = Frame(LatePages())
        self.page = FaultView()
        self.page.show_fault(CRASHED, 0)
        self.frame.add_page(PAGE, self.page)
        self.frame.top_bar.connection.hide()
        self.frame.language_chosen.connect(self._speak)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        self.setWindowTitle("Campus Kiosk")

    def _speak(self, language: str) -> None:
        for known in texts.LANGUAGES:
            if known == language:
                speaking.speak(known)


def main(argv: Sequence[str] | None = None) -> int:
    """Show it until it is ended or left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", type=Path, required=True)
    folder: Path = parser.parse_args(argv).profile
    app = application("light", Setup())
    window = FaultWindow()
    theme.dress(app)
    quit_on_signals(app)
    window.showFullScreen()
    pad = partial(LatePages().pin_pad, window)
    lock = Lockdown(window, window.frame.watch, PinFile(folder), pad, lambda: app.exit(0))
    app.exec()
    lock.release()
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
