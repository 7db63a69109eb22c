"""How much room words take: a page writes the same few again and again, and measures each once."""

from functools import lru_cache

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF

from kiosk_app.desktop.theme.theme import Theme, current
from kiosk_app.i18n import bidi, texts
from kiosk_app.i18n.texts import Language

_KEPT = 2048
_WRAPPED = int(Qt.TextFlag.TextWordWrap)
_DEEP = 2000
"""Pixels that no text is high."""


def width_of(text: str, size: str, weight: int = 400) -> float:
    """Return how many pixels a text takes in the font of a size token."""
    return _measured(text, size, weight, current(), texts.language())


def height_of(text: str, size: str, weight: int, width: int) -> int:
    """Return how many pixels high a text is where its lines are at most `width` pixels wide."""
    return _wrapped(text, size, weight, max(1, width), current(), texts.language())


def longest_word(text: str, size: str, weight: int = 400) -> int:
    """Return how many pixels the longest word of a text takes."""
    return _longest(text, size, weight, current(), texts.language())


@lru_cache(_KEPT)
def _measured(text: str, size: str, weight: int, theme: Theme, _letters: Language) -> float:
    return QFontMetricsF(theme.font_for(text, size, weight)).horizontalAdvance(text)


@lru_cache(_KEPT)
def _longest(text: str, size: str, weight: int, theme: Theme, letters: Language) -> int:
    words = text.split(" ")
    return max(round(_measured(word, size, weight, theme, letters) + 0.5) for word in words)


@lru_cache(_KEPT)
def _wrapped(
    text: str, size: str, weight: int, width: int, theme: Theme, _letters: Language
) -> int:
    room = QRect(0, 0, width, _DEEP)
    font = theme.font_for(text, size, weight)
    text = bidi.LEAD + text if texts.right_to_left() else text
    return QFontMetrics(font).boundingRect(room, _WRAPPED, text).height()
