"""Would this kiosk work if the network went away now, and until when (R10)?

Everything is really opened and read, as a start without a network would do it.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from kiosk_app.app.client import open_reading
from kiosk_app.app.commands.probing import Probed
from kiosk_app.app.profile import Profile
from kiosk_app.cache import journal
from kiosk_app.cache.columns import stamp
from kiosk_app.cache.queue import Queue
from kiosk_app.contract.leases import SlotState
from kiosk_app.domain.leases import Reading, lease_now
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n.texts import _
from kiosk_app.sync.clock import SystemClock

STALE = timedelta(hours=24)


class Check(Struct, frozen=True):
    """One thing that must be so."""

    name: str
    ok: bool
    sentence: str


def ready_until(queue: Queue) -> datetime | None:
    """Return until when seats may be guaranteed, or None when none can be."""
    found, clock = queue.slots.anchor(), SystemClock()
    if found is None:
        return None
    boot, now = clock.boot(), clock.now()
    reading = Reading(boot_id=boot.id, boot_ms=boot.ms, wall_ms=stamp(now))
    passed = lease_now(found[0], reading, found[1])
    ends = [s.deadline for s in queue.slots.held() if s.state is SlotState.FREE]
    if passed is None or not ends or max(ends) <= passed:
        return None
    return now + timedelta(milliseconds=max(ends) - passed)


def checks(profile: Profile, queue: Queue | None, probed: Probed) -> list[Check]:
    """Look at everything a kiosk needs to work with no network."""
    reading, now = open_reading(profile), SystemClock().now()
    try:
        synced_at, known = reading.synced_at(), reading.known_students()
        sessions = reading.count(SessionFilter(starts_after=now))
    finally:
        reading.close()
    sound = queue is not None and journal.first_broken(queue.journal()) is None
    fresh = synced_at is not None and now - synced_at < STALE
    leased = queue is not None and ready_until(queue) is not None
    return [
        Check("queue", queue is not None, _("The outbox opens.")),
        Check("journal", sound, _("The journal is unbroken.")),
        Check("sessions", sessions > 0, _("There are coming sessions to show.")),
        Check("fresh", fresh, _("The data is less than a day old.")),
        Check("leases", leased, _("Seats are held, so that bookings can be guaranteed.")),
        Check(
            "clock",
            not probed.clock_off,
            _("The clock of this machine agrees with the server's, as far as it can be asked."),
        ),
        Check("roster", known > 0, _("Students signed in here within a day are known.")),
    ]


def cannot_check() -> list[str]:
    """Return what nobody can know offline."""
    return [
        _("whether a token was spent elsewhere since the last sign-in"),
        _("whether a session was cancelled, moved or filled since the last update"),
        _("whether a student who was not here within a day may book"),
        _("bookings made at another kiosk or online since the last update"),
    ]
