"""A range of days as somebody chooses it."""

from datetime import date
from typing import Literal

from msgspec import Struct


class Days(Struct, frozen=True):
    """A range of days, both included; half chosen while it has no last one."""

    first: date | None = None
    last: date | None = None

    def tapped(self, day: date) -> "Days":
        """Return what one more tap makes of it: a first day, then a last, then a new first."""
        if self.first is None or self.last is not None:
            return Days(day)
        return Days(min(self.first, day), max(self.first, day))

    def kind_of(self, day: date) -> Literal["primary", "tonal", "quiet"]:
        """Return the look of a day: an end, in between, or outside."""
        if day in {self.first, self.last}:
            return "primary"
        inside = self.first and self.last and self.first < day < self.last
        return "tonal" if inside else "quiet"
