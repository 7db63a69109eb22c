"""Saving a booking as a calendar file, on a desk where a person has a folder of their own (A63)."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import CalendarFileReady


class CalendarFile(QObject):
    """Ask the engine for one file and write it when it comes.

    Args:
        visit: whose booking.
        folder: where to write; None offers nothing.
        page: the page that asks; a toast over its window says how it went.
    """

    saved = Signal(object)
    """Path of the file."""

    def __init__(self, visit: Visit, folder: Path | None, page: QWidget) -> None:
        super().__init__(page)
        self._visit, self._folder, self._page = visit, folder, page
        self._asked: dict[str, str] = {}
        self._toast: Toast | None = None
        visit.calendar_file_ready.connect(self._ready)
        visit.ended.connect(self._forget)

    @property
    def offered(self) -> bool:
        """Whether there is a folder to write to."""
        return self._folder is not None

    def ask(self, ref: str, code: str) -> None:
        """Have the file of a booking made; it is named after the booking code."""
        self._asked[ref] = code
        self._visit.make_calendar_file(ref)

    def _forget(self) -> None:
        self._asked.clear()

    def _ready(self, event: CalendarFileReady) -> None:
        code = self._asked.pop(event.ref, None)
        if code is None or self._folder is None:
            return
        path = _free(self._folder, code)
        try:
            path.write_text(event.text, encoding="utf-8", newline="")
        except OSError:
            self._say(_("The calendar file could not be saved. Use the QR code."), "circle-alert")
            return
        self._say(_("Saved as {file}").format(file=path.name), "check")
        self.saved.emit(path)

    def _say(self, text: str, icon: str) -> None:
        if self._toast is None:
            self._toast = Toast(self._page.window())
        self._toast.say(text, icon=icon)


def _free(folder: Path, code: str) -> Path:
    """Return a name that is not taken, so that no file of the person is written over."""
    path, count = folder / f"{code}.ics", 1
    while path.exists():
        count += 1
        path = folder / f"{code}-{count}.ics"
    return path
