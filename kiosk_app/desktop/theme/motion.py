"""How long things move; nothing moves once a person asked for reduced motion (design §2)."""

from typing import Literal

from kiosk_app.desktop.theme.tokens import tokens

Step = Literal["press", "fast", "base", "sheet", "toast"]
OUT_SHARE = 200 / 280
"""A sheet leaves faster than it comes."""


class _Wish:
    reduced: bool = False


def reduce(*, wanted: bool) -> None:
    """Keep everything still, or let it move again."""
    _Wish.reduced = wanted


def reduced() -> bool:
    """Say whether motion is switched off."""
    return _Wish.reduced


def ms(step: Step) -> int:
    """Return the length of a movement in milliseconds; 0 while motion is reduced."""
    length: int = tokens()["motion"][step]
    return 0 if _Wish.reduced else length
