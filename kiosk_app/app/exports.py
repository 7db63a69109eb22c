"""Where the window writes an export of the outbox: a folder somebody named, or one of the profile."""

from datetime import datetime
from pathlib import Path

from kiosk_app.cache.export import CannotWrite, Handed, hand_over
from kiosk_app.cache.files import QUEUE

OWN = "exports"
"""Folder inside a profile, for its owner alone."""


def export_outbox(
    profile: Path, key: bytes, device: str, folder: str | None, now: datetime
) -> Handed:
    """Write everything the queue of a profile holds, in a file named after the instant.

    Raises:
        CacheUnavailable: the queue cannot be read.
        CannotWrite: there is no room or right to write.
    """
    place = Path(folder) if folder else profile / OWN
    target = place / f"outbox-{now:%Y%m%d-%H%M%S}.kiosk"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError as reason:
        raise CannotWrite(target) from reason
    return hand_over(profile / QUEUE, key, target, device)
