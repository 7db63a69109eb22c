"""How many requests wait on this device, and for how long, in a sentence."""

from datetime import timedelta

from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import ngettext


def sentence(count: int, age: timedelta) -> str:
    """Say it in full."""
    text = ngettext(
        "{n} request of this device waits to be sent, saved {age}.",
        "{n} requests of this device wait to be sent, the oldest saved {age}.",
        count,
    )
    return text.format(n=count, age=formats.age(age))


def short(count: int, age: timedelta) -> str:
    """Say it beside other news."""
    text = ngettext(
        "{n} request waits here, saved {age}.",
        "{n} requests wait here, the oldest saved {age}.",
        count,
    )
    return text.format(n=count, age=formats.age(age))
