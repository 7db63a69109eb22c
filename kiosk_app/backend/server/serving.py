"""What one application serves with; it outlives a request and ends with the parts."""

from kiosk_app.backend.core.visits import VisitTokens
from kiosk_app.backend.server.known_devices import KnownDevices
from kiosk_app.backend.server.limits import RateLimiter
from kiosk_app.backend.server.parts import Parts


class Serving:
    """The parts, and what is remembered beside them.

    Routes hold this and no part of it, because building them takes longer than all the rest: one
    application that stands still can be given other parts and begins anew with them.
    """

    def __init__(self, parts: Parts) -> None:
        self.take(parts)

    def take(self, parts: Parts) -> None:
        """Serve with these parts from the next start on, and remember nothing of before."""
        self.parts = parts
        self.tokens: VisitTokens | None = None
        """There while the application runs."""
        self.devices = KnownDevices(parts)
        self.limiter = RateLimiter(parts.ticks)
        db, crm = parts.core.db, parts.core.crm
        parts.metrics.follow(lambda: db.statements, lambda: crm.calls)
