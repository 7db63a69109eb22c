"""How wide words are: a calendar writes the same few again and again, and measures each once."""

from functools import lru_cache

from PySide6.QtGui import QFontMetricsF

from kiosk_app.desktop.theme.theme import Theme, current
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language

_KEPT = 2048


def width_of(text: str, size: str, weight: int = 400) -> float:
    """Return how many pixels a text takes in the font of a size token."""
    return _measured(text, size, weight, current(), texts.language())


@lru_cache(_KEPT)
def _measured(text: str, size: str, weight: int, theme: Theme, _letters: Language) -> float:
    return QFontMetricsF(theme.font(size, weight)).horizontalAdvance(text)
