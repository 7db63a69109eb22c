"""The bundled fonts (Inter, OFL 1.1), registered once per process."""

from functools import cache
from importlib.resources import as_file, files

from PySide6.QtGui import QFontDatabase


@cache
def load() -> tuple[str, ...]:
    """Register every bundled font and return the families; a broken file raises RuntimeError."""
    families: list[str] = []
    folder = files("kiosk_app") / "resources" / "fonts"
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        if not entry.name.endswith(".ttf"):
            continue
        with as_file(entry) as path:
            number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise RuntimeError(f"the font {entry.name} cannot be read")
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))
