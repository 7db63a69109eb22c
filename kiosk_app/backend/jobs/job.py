"""What a job is: a name, a rhythm and one run of work that is safe to repeat."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from msgspec import Struct


class Report(Struct, frozen=True):
    """How a run went.

    `done` counts what was worked on; `problem` is a sentence for an operator when something was
    left for later, or empty.
    """

    done: int = 0
    problem: str = ""


class Job(Struct, frozen=True, kw_only=True):
    """One kind of work.

    A run may meet the same job running in another process: it claims its rows, or takes a lock of
    its own. `heeds_bell` makes it run as soon as somebody rings, besides its rhythm.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], Awaitable[Report]]
    heeds_bell: bool = False
    by_hand: bool = False
    """Runs only when it is asked for by name."""
