"""Where the parts of the browsing page get what they show."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from kiosk_app.domain.listing import SessionRow
from kiosk_app.sync.reading import Reading

if TYPE_CHECKING:
    from kiosk_app.desktop.models.offers import Offer


class Facts(NamedTuple):
    """One reading, one clock, one opinion for all parts of a page.

    `offer` says what a session's button offers the person now; `zone` is the one whose today it is.
    """

    reading: Reading
    now: Callable[[], datetime]
    zone: str
    offer: "Callable[[SessionRow], Offer]"
