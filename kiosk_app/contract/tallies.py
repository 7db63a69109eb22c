"""What a device counts for whoever watches: openings of pages and crashes, numbers alone (A100).

A count goes on for as long as its *run* does and is told whole each time: an answer that is lost
loses nothing, and a message that comes twice counts once. Nothing in it is about a person.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.wire import Uuid

MOST_TALLIES = 50
CRASHES = "crashes"
"""How often the program ended by itself or hung, as its watcher saw it."""


class Page(StrEnum):
    """The pages of the window, by the names under which their openings are counted."""

    ATTRACT = "attract"
    IDENTIFY = "identify"
    BOOK = "book"
    BOOKINGS = "bookings"
    DONE = "done"
    FAULT = "fault"
    """A kiosk that cannot serve says so, with a number such as `K-NET-1`."""
    ATTENTION = "attention"
    OUTBOX = "outbox"
    STAFF_HELP = "staff-help"


class Tally(Struct, frozen=True, kw_only=True):
    """How often something has happened on a device since this run of counting began."""

    what: Annotated[str, Meta(max_length=40, examples=["book"])]
    """A `Page`, or `CRASHES`. A server counts what it knows and passes over the rest."""
    run: Uuid
    """Another one begins at 0: a start of the program, or a new file of crashes."""
    times: Annotated[int, Meta(ge=0, le=1_000_000_000)]
