"""Would a start with no network find what it needs, now (R10)?

Tried, not reckoned: the keys are fetched anew and both files opened with them, as a start would.
"""

from datetime import UTC, datetime
from pathlib import Path

from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.profile import Profile
from kiosk_app.app.secrets import SecretsUnavailable
from kiosk_app.cache.faults import CacheUnavailable
from kiosk_app.cache.reads import Reads
from kiosk_app.cache.store import open_queue_reading
from kiosk_app.domain.listing import SessionFilter


def rehearse(folder: Path) -> str:
    """Return what a start would miss (`keys`, `queue`, `sessions`), or an empty text."""
    profile = Profile(folder)
    try:
        profile.unlock()
        keys = profile.keys()
    except (SecretsUnavailable, CommandFailed):
        keys = None
    if keys is None:
        return "keys"
    try:
        queue = open_queue_reading(folder, keys)
    except CacheUnavailable:
        return "queue"
    try:
        queue.count_waiting()
    except CacheUnavailable:
        return "queue"
    finally:
        queue.close()
    reading = Reads(folder, profile.keys)
    try:
        coming = reading.count(SessionFilter(starts_after=datetime.now(UTC)))
    finally:
        reading.close()
    return "" if coming else "sessions"
