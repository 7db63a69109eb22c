"""The keys of the on-screen keyboard: five rows a page, widths in units of one letter key.

A key is a letter as it is typed, or the name of something to do. Every row of a page is `WIDTH`
units wide, so that keys stand under one another.
"""

from typing import Literal

from msgspec import Struct

KeyboardLanguage = Literal["en", "fr"]
WIDTH = 11.5

BACKSPACE = "backspace"
SHIFT = "shift"
SYMBOLS = "symbols"
LANGUAGE = "language"
SPACE = "space"
LEFT, RIGHT = "left", "right"
ENTER = "enter"
GAP = "gap"
"""Not a key: room at the start of a row."""

ACTIONS = frozenset({BACKSPACE, SHIFT, SYMBOLS, LANGUAGE, SPACE, LEFT, RIGHT, ENTER})


class KeyPlace(Struct, frozen=True):
    """One key of a row; `units` is its width."""

    key: str
    units: float = 1.0


Row = tuple[KeyPlace, ...]
Page = tuple[Row, ...]


def _letters(text: str) -> Row:
    return tuple(KeyPlace(letter) for letter in text)


_DIGITS: Row = (*_letters("1234567890"), KeyPlace(BACKSPACE, 1.5))
_BOTTOM: Row = (
    KeyPlace(SYMBOLS, 1.4),
    KeyPlace(LANGUAGE, 1.4),
    KeyPlace(SPACE, 5.8),
    KeyPlace(".com", 1.4),
    KeyPlace(LEFT, 0.75),
    KeyPlace(RIGHT, 0.75),
)

ENGLISH: Page = (
    _DIGITS,
    (*_letters("qwertyuiop"), KeyPlace("@", 1.5)),
    (KeyPlace(GAP, 0.5), *_letters("asdfghjkl"), KeyPlace(ENTER, 2)),
    (KeyPlace(SHIFT, 1.5), *_letters("zxcvbnm-_.")),
    _BOTTOM,
)

FRENCH: Page = (
    _DIGITS,
    (*_letters("qwertyuiop"), KeyPlace("@", 1.5)),
    (*_letters("asdfghjklé"), KeyPlace(ENTER, 1.5)),
    (KeyPlace(SHIFT, 1.5), *_letters("zxcvbnmàè.")),
    (
        KeyPlace(SYMBOLS, 1.4),
        KeyPlace(LANGUAGE, 1.4),
        KeyPlace("ç"),
        KeyPlace("-"),
        KeyPlace("_"),
        KeyPlace(SPACE, 2.8),
        KeyPlace(".com", 1.4),
        KeyPlace(LEFT, 0.75),
        KeyPlace(RIGHT, 0.75),
    ),
)
"""Canadian French: the letters of QWERTY with é, è, à and ç at hand; the rest is on the symbols."""

SYMBOL_PAGE: Page = (
    _DIGITS,
    (*_letters("!\"#$%&'()*"), KeyPlace("@", 1.5)),
    (KeyPlace(GAP, 0.5), *_letters("+=/\\:;,?~"), KeyPlace(ENTER, 2)),
    (KeyPlace(SHIFT, 1.5), *_letters("âêîôûëï-_.")),
    _BOTTOM,
)

PAGES: dict[KeyboardLanguage, Page] = {"en": ENGLISH, "fr": FRENCH}
