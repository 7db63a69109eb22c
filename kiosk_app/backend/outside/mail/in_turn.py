"""Two ways out, one behind the other: the second carries mail while the first is away (A73).

    first answers          its word counts: taken, refused for good, or not now
    first is away          the second is asked in the same attempt, and is asked before the first
                           for `REST_S`, so that a dead server does not cost its deadline each time
    both are away          `MailUnreachable`, with both reasons
    only the second        not now: the first may still take it, so a refusal is final only in the
    refuses                first one's words

Both ways write the same message id, so a mail whose answer was lost on the first one is recognised
when it also leaves by the second.
"""

import logging
import time
from collections.abc import Callable

from kiosk_app.backend.outside.mail.mailer import (
    Mailer,
    MailFault,
    MailLater,
    MailRefused,
    MailUnreachable,
)
from kiosk_app.backend.outside.mail.message import Message

logger = logging.getLogger(__name__)

REST_S = 300.0
"""How long the second way is asked before the first, once the first was away."""


class InTurn:
    """Hands a message to the first way, and to the second while the first is away.

    One attempt takes at most the deadlines of both ways, two minutes; a claim on a queued mail
    lasts five.

    Args:
        first: the way that is wanted.
        second: the way meanwhile.
        clock: seconds that only grow.
    """

    def __init__(
        self, first: Mailer, second: Mailer, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._first = first
        self._second = second
        self._clock = clock
        self._rests_until: float | None = None

    @property
    def about(self) -> str:
        """Where mail goes, both ways."""
        return f"{self._first.about}, while that is away {self._second.about}"

    async def send(self, message: Message) -> None:
        """Hand one message over, one way or the other.

        Raises:
            MailRefused: the first way refused it for good.
            MailUnreachable: both ways are away; the text has both reasons.
            MailLater: it was not taken now.
        """
        faults: list[str] = []
        fault_of_all: type[MailLater] = MailUnreachable
        for way in self._order():
            try:
                await way.send(message)
            except MailUnreachable as fault:
                self._went_away(way, fault)
                faults.append(f"{way.about}: {fault}")
            except MailRefused as fault:
                if way is self._first:
                    raise
                fault_of_all = MailLater
                faults.append(f"{way.about}: {fault}")
            else:
                self._went_well(way)
                return
        raise fault_of_all("; ".join(faults))

    def _order(self) -> tuple[Mailer, Mailer]:
        if self._rests_until is not None and self._clock() < self._rests_until:
            return self._second, self._first
        return self._first, self._second

    def _went_away(self, way: Mailer, fault: MailFault) -> None:
        if way is not self._first:
            return
        if self._rests_until is None:
            logger.warning("mail leaves by the second way", extra={"why": str(fault)})
        self._rests_until = self._clock() + REST_S

    def _went_well(self, way: Mailer) -> None:
        if way is self._first and self._rests_until is not None:
            logger.info("mail leaves by the first way again")
            self._rests_until = None
