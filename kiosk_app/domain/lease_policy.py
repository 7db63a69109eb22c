"""How many seats a server leases to a device (research figures; every number is a setting).

A lease takes a seat from everybody else for as long as its device keeps it, so a device gets few,
a small pool gives none, and leased seats never make up more than a share of a session.
"""

from math import floor

from msgspec import Struct


class LeasePolicy(Struct, frozen=True, kw_only=True):
    """What a backend grants."""

    most_per_device: int = 3
    """Slots of one session that one device holds at most: what is lost when it never comes back."""
    share_of_pool: float = 0.2
    """Of the free seats, given to one wish."""
    share_of_capacity: float = 0.3
    """Of a session, leased to all devices together."""
    ttl_s: int = 12 * 3600
    """Seconds for which a device may confirm after it last asked."""

    def grant(self, *, wanted: int, capacity: int, free: int, leased: int, held: int) -> int:
        """Return how many slots a device gets.

        Args:
            wanted: slots the device asks for.
            capacity: seats of the session.
            free: seats that anybody could book now.
            leased: slots that all devices together hold.
            held: slots that this device holds.
        """
        bounds = (
            wanted,
            self.most_per_device - held,
            floor(self.share_of_pool * free),
            floor(self.share_of_capacity * capacity) - leased,
            free,
        )
        return max(0, min(bounds))


def recalled(*, free: int, unused: int) -> int:
    """Return how many unused slots a device is asked to give back.

    Args:
        free: seats of the session that anybody could book now.
        unused: free slots that the device holds there.
    """
    return 0 if free > 0 else max(0, unused - 1)
