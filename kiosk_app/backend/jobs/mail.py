"""Sends what waits in the outbox, one mail after the other, beside any number of other processes.

What a mail says is read when it is sent: it goes to the address the student has now and tells of the
session as it is now. A mail that would be untrue by then is skipped: no confirmation of a booking
that was cancelled meanwhile, no reminder of a session that has begun.

    taken                        sent
    refused for good (5xx)       dead: waits for a person, `jobs list` shows it
    not now (4xx), server away   tried again with growing waits, dead after three days
"""

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime

from kiosk_app.backend.jobs.backoff import (
    AWAY_S,
    GIVE_UP_AFTER,
    LEAST_TRIES,
    LONGEST_S,
    wait_before,
)
from kiosk_app.backend.jobs.job import Report
from kiosk_app.backend.jobs.letters import Skip, write_mail
from kiosk_app.backend.outside.mail.compose import Composer
from kiosk_app.backend.outside.mail.mailer import Mailer, MailLater, MailRefused, MailUnreachable
from kiosk_app.backend.storage.claims import Settled
from kiosk_app.backend.storage.database import Database, StorageError
from kiosk_app.backend.storage.mail import MAIL, ClaimedMail

logger = logging.getLogger(__name__)

PAUSE_S = 0.1
"""Rest after each mail: writing one costs as much as a booking, and bookings go first."""


class MailRoom:
    """The mail of one process.

    Args:
        db: where mail waits.
        mailer: the way out.
        composer: writes the words.
        clock: the moment.
        luck: from 0 to 1, for the waits.
        pause: seconds of rest after each mail.
    """

    def __init__(
        self,
        db: Database,
        mailer: Mailer,
        composer: Composer,
        clock: Callable[[], datetime],
        *,
        luck: Callable[[], float] = random.random,
        pause: float = PAUSE_S,
    ) -> None:
        self._db = db
        self._mailer = mailer
        self._composer = composer
        self._clock = clock
        self._luck = luck
        self._pause = pause

    async def run(self, _now: datetime) -> Report:
        """Send everything that is due; stop early when the server takes nothing at all."""
        sent = 0
        while mail := await MAIL.claim(self._db, self._clock()):
            try:
                sent += await self._deliver(mail)
            except MailUnreachable as fault:
                await self._postpone(mail, str(fault), longest=AWAY_S)
                return Report(sent, f"mail server: {fault}")
            except MailLater as fault:
                await self._postpone(mail, str(fault))
            await asyncio.sleep(self._pause)
        return Report(sent)

    async def revive(self, now: datetime) -> Report:
        """Try again what was given up."""
        return Report(await MAIL.revive(self._db, now))

    async def _deliver(self, mail: ClaimedMail) -> bool:
        """Send one mail and settle it; say whether it was sent.

        Raises:
            MailLater: it was not taken now.
        """
        now = self._clock()
        try:
            message = await write_mail(self._db, self._composer, mail, now)
            await self._mailer.send(message)
        except Skip as reason:
            await self._settle(mail, "skipped", now, str(reason))
            return False
        except MailRefused as fault:
            await self._settle(mail, "dead", now, str(fault))
            return False
        except (MailLater, StorageError):
            raise
        except Exception as fault:
            # One mail that cannot be written must not hold up the others.
            logger.exception("mail cannot be written", extra={"mail": str(mail.id)})
            raise MailLater(f"failed: {type(fault).__name__}") from fault
        await self._settle(mail, "sent", now)
        return True

    async def _settle(
        self, mail: ClaimedMail, state: Settled, now: datetime, error: str | None = None
    ) -> None:
        held = await MAIL.settle(self._db, mail, state, now, error)
        _log(mail, state if held else "claim lost", error)

    async def _postpone(self, mail: ClaimedMail, error: str, *, longest: float = LONGEST_S) -> None:
        now = self._clock()
        if now - mail.due_at > GIVE_UP_AFTER and mail.attempts >= LEAST_TRIES:
            await self._settle(mail, "dead", now, error)
            return
        wait = wait_before(mail.attempts, self._luck(), longest=longest)
        await MAIL.postpone(self._db, mail, now + wait, error)
        _log(mail, "later", error)


def _log(mail: ClaimedMail, what: str, error: str | None) -> None:
    """Note what became of a mail, without whom it is for."""
    about = {"mail": str(mail.id), "kind": mail.kind, "attempt": mail.attempts, "why": error}
    (logger.warning if what in {"dead", "claim lost"} else logger.info)(
        "mail %s", what, extra=about
    )
