"""Online, degraded or offline: judged from every call's end, with hysteresis (K21).

One lost call makes a link doubtful, two in a row make it offline; back online it takes two good
ones. A link that flaps every second therefore rests on *degraded* instead of flickering (F24).
"""

from kiosk_app.sync.events import LinkState

PROBE_SECONDS = 15.0
DOUBT_SECONDS = 1.0
"""Between probes while the next one decides."""
SLOW_SECONDS = 3.0
_DECIDING = 2


class Link:
    """The state of the way to the backend; pure, fed by the engine."""

    def __init__(self) -> None:
        self.state = LinkState.CONNECTING
        self._good = self._bad = self._slow = 0

    @property
    def usable(self) -> bool:
        """Whether the server has answered lately."""
        return self.state in {LinkState.ONLINE, LinkState.DEGRADED}

    @property
    def worth_asking(self) -> bool:
        """Whether a person who waits should be served by the server: unless it is known away."""
        return self.state is not LinkState.OFFLINE

    @property
    def probe_after(self) -> float:
        """Seconds until the next probe: soon while in doubt."""
        doubtful = self.state is LinkState.DEGRADED and self._slow < _DECIDING
        return DOUBT_SECONDS if doubtful else PROBE_SECONDS

    def heard(self, *, ok: bool, seconds: float = 0.0) -> bool:
        """Take the end of one call; return whether the state changed.

        Args:
            ok: the server answered, with whatever verdict.
            seconds: how long it took.
        """
        before = self.state
        if ok:
            self._bad, self._good = 0, self._good + 1
            self._slow = self._slow + 1 if seconds > SLOW_SECONDS else 0
            self.state = self._after_answer()
        else:
            self._good, self._bad = 0, self._bad + 1
            self.state = self._after_loss()
        return self.state is not before

    def _after_answer(self) -> LinkState:
        if self._slow >= _DECIDING:
            return LinkState.DEGRADED
        if self.state is LinkState.CONNECTING or self._good >= _DECIDING:
            return LinkState.ONLINE
        return LinkState.DEGRADED if self.state is LinkState.OFFLINE else self.state

    def _after_loss(self) -> LinkState:
        if self._bad >= _DECIDING or not self.usable:
            return LinkState.OFFLINE
        return LinkState.DEGRADED
