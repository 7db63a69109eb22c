"""The bundled fonts (Inter, Noto Sans Arabic; both OFL 1.1), registered once per process."""

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from kiosk_app.bundled import bundled

ARABIC = "Noto Sans Arabic"


@cache
def load() -> None:
    """Register the fonts of English and French; a broken file raises RuntimeError."""
    _register("fonts")


@cache
def load_arabic() -> None:
    """Register the letters of Arabic, which stand in where Inter has none; not for a first frame.

    Raises:
        RuntimeError: a file is broken.
    """
    for family in ("Inter", "Inter Display"):
        QFont.insertSubstitution(family, ARABIC)
    _register("fonts", "arabic")


def _register(*folder: str) -> None:
    for path in sorted(bundled("resources", *folder).glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise RuntimeError(f"the font {path.name} cannot be read")
