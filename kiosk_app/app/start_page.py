"""Does the client's start page come up, and are Mock Discussions found from it (A98)?

The real window is built over the profile in a process of its own, without a screen, an engine or a
hold on the profile, so that it can be asked beside a running kiosk. What is looked for is what a
screen reader would say. Its exit status is the answer.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

SECONDS = 120.0
"""After so long without an answer it does not come up."""
_SIZE = 1920, 1080


def comes_up(folder: Path) -> bool:
    """Build the start page of a profile in another process, and say whether it is as it should be."""
    command = [sys.executable, "-m", __name__, "--profile", str(folder)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own module
            command, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0


def main(argv: Sequence[str] | None = None) -> int:
    """Show the first frame, look at it and at the page it leads to; 0 when both are right."""
    from PySide6.QtCore import QEventLoop

    from kiosk_app.app.client import open_reading
    from kiosk_app.app.pages import LatePages
    from kiosk_app.app.profile import Profile
    from kiosk_app.app.secrets import SecretsUnavailable
    from kiosk_app.app.window import application, setup_for
    from kiosk_app.contract.sessions import MockType
    from kiosk_app.contract.tallies import Page
    from kiosk_app.desktop.bringing_up import bring_up
    from kiosk_app.desktop.theme import theme
    from kiosk_app.desktop.visit import Visit
    from kiosk_app.desktop.window import KioskWindow
    from kiosk_app.i18n.names import type_name

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", type=Path, required=True)
    profile = Profile(parser.parse_args(argv).profile)
    with suppress(SecretsUnavailable):  # the page comes up all the same, and says so
        profile.unlock()
    setup = setup_for(profile, "kiosk")
    app = application("light", setup)
    reading = open_reading(profile)
    window = KioskWindow(Visit(reading, lambda _intent: None), setup, LatePages())
    theme.dress(app)
    shown = QEventLoop()
    window.painted.connect(shown.quit)
    bring_up(window, _SIZE)
    shown.exec()
    found = [window.frame.page == Page.ATTRACT, any(_names(window.attract))]
    window.show_page(Page.BOOK)
    app.processEvents()
    found.append(any(type_name(MockType.MOCK_DISCUSSION) in one for one in _names(window)))
    window.close()
    reading.close()
    return 0 if all(found) else 1


def _names(widget: object) -> Iterator[str]:
    """Give out what a screen reader would say of whatever is visible in a widget."""
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QWidget

    assert isinstance(widget, QWidget)  # noqa: S101 - by who calls
    waiting = [QAccessible.queryAccessibleInterface(widget)]
    while waiting:
        one = waiting.pop()
        if one.isValid() and not one.state().invisible:
            yield one.text(QAccessible.Text.Name)
            waiting += [one.child(index) for index in range(one.childCount())]


if __name__ == "__main__":
    sys.exit(main())
