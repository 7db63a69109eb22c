"""The bundled fonts (Inter, OFL 1.1), registered once per process."""

from functools import cache

from PySide6.QtGui import QFontDatabase

from kiosk_app.bundled import bundled


@cache
def load() -> None:
    """Register every bundled font; a broken file raises RuntimeError."""
    for path in sorted(bundled("resources", "fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"the font {path.name} cannot be read")
