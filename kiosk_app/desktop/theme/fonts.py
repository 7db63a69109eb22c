"""The bundled fonts (Inter, OFL 1.1), registered once per process."""

from functools import cache

from PySide6.QtGui import QFontDatabase

from kiosk_app.bundled import bundled


@cache
def load() -> tuple[str, ...]:
    """Register every bundled font and return the families; a broken file raises RuntimeError."""
    families: list[str] = []
    for path in sorted(bundled("resources", "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise RuntimeError(f"the font {path.name} cannot be read")
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))
