"""Between a proof and a visit: whoever came with a card says first that it is them (K4, K26).

Card and e-mail together are the proof, as a typed student ID and an e-mail are. But a card may be
another person's, who left it in the light of the scanner, and a friend may know their
e-mail: so nothing of the person is shown, not even a name, before somebody says yes.
"""

from msgspec import structs

from kiosk_app.domain.masking import masked
from kiosk_app.sync.events import BalancesChanged, VisitBegan


class Doorstep:
    """Holds one greeting back until it is answered."""

    def __init__(self) -> None:
        self.by_card = False
        """Whether the person who is being asked for came with a card."""
        self._held: VisitBegan | None = None

    @property
    def occupied(self) -> bool:
        """Whether somebody is asked if they are the person of the card."""
        return self._held is not None

    def hold(self, event: VisitBegan) -> str | None:
        """Return the first letters to ask with, or None when there is nothing to ask.

        A visit that is renewed behind the question greets again, and is asked about again.
        """
        by_card, self.by_card = self.by_card, False
        if not by_card and self._held is None:
            return None
        self._held = event
        return masked(event.student.name)

    def keep_balances(self, event: BalancesChanged) -> bool:
        """Keep newer balances for whoever stands here; return whether somebody does."""
        if self._held is None:
            return False
        self._held = structs.replace(self._held, balances=event.balances, balances_at=event.as_of)
        return True

    def clear(self) -> VisitBegan | None:
        """Return who stood here, and forget them."""
        held, self._held = self._held, None
        self.by_card = False
        return held
