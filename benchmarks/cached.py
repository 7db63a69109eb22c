"""A kiosk profile with a filled cache, made by the product's own code."""

import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from kiosk_app.app import secrets, settings
from kiosk_app.app.secrets import Secrets
from kiosk_app.app.settings import Settings
from kiosk_app.cache.store import open_files
from kiosk_app.contract.sessions import DeliveryFormat, MockType, SessionFacts
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.times import local_instant

SIZES = (1_000, 100_000)
ZONE = "America/Toronto"
PLACES = ("Downtown – Room 204", "North York – Room N210", "Mississauga – Room M115", "Online")
DAYS_AROUND = 365
"""The sessions lie within a year before and after today."""


def facts(count: int, now: datetime) -> list[SessionFacts]:
    """Return that many plausible sessions; the same for the same day."""
    draw = random.Random(count)
    made = []
    for number in range(count):
        day = now.date() + timedelta(days=number * 2 * DAYS_AROUND // count - DAYS_AROUND)
        starts = local_instant(day, time(draw.choice((9, 11, 14, 18))), ZONE)
        capacity = draw.randint(8, 26)
        made.append(
            SessionFacts(
                session_id=str(UUID(int=draw.getrandbits(128))),
                mock_type=draw.choice(list(MockType)),
                exam_date=day.isoformat(),
                starts_at=wire_instant(starts),
                ends_at=wire_instant(starts + timedelta(hours=2)),
                time_zone=ZONE,
                capacity=capacity,
                total_bookings=draw.randint(0, capacity),
                location=draw.choice(PLACES),
                is_active=True,
                delivery_format=draw.choice(list(DeliveryFormat)),
                instructor_name="Dr. Ruth Feldman",
            )
        )
    return made


def enrolled_profile(folder: Path, count: int) -> Path:
    """Make a profile that is enrolled and holds `count` sessions; return its directory.

    Its server would be spoken to over TLS, as on a campus, and is away.
    """
    now = datetime.now(UTC)
    kept: Secrets = secrets.fresh("a token that no server knows")
    secrets.store("file", folder, "bench").save(kept)
    settings.write(
        folder,
        Settings(
            profile_id="bench",
            base_url="https://127.0.0.1:9",
            device_id="bench",
            name="Bench",
            profile="kiosk",
            location="Downtown",
            time_zone=ZONE,
            secrets="file",
        ),
    )
    files = open_files(folder, kept.keys(), now)
    files.mirror.begin_snapshot()
    rows = facts(count, now)
    for first in range(0, count, 5_000):
        files.mirror.add_to_snapshot(rows[first : first + 5_000])
    files.mirror.finish_snapshot(None, now)
    files.close()
    return folder
