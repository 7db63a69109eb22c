"""A clock that moves when it is told to."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The server's two clocks in one: call it for the hour, `ticks` for seconds that never jump."""

    def __init__(self):
        self.now = datetime.now(UTC)

    def __call__(self):
        return self.now

    def ticks(self):
        return self.now.timestamp()

    def forward(self, **spans):
        self.now += timedelta(**spans)
