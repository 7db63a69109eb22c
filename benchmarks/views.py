"""What the window reads: a month and a page of the list, beside the bare statement.

Product and floor use one connection each to the same encrypted file; the floor runs the same rows'
plain SELECT without joining the outbox and without building rows a screen can use.
"""

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.cached import SIZES, enrolled_profile
from benchmarks.measure import Figure, paired
from kiosk_app.app.client import open_reading
from kiosk_app.app.profile import Profile
from kiosk_app.cache.files import connect_reading
from kiosk_app.domain.listing import SessionFilter, SessionOrder
from kiosk_app.domain.times import month_span

ROUNDS = 50


def seconds(work: Callable[[], object]) -> float:
    """Return how long ROUNDS runs took."""
    begun = time.perf_counter()
    for _round in range(ROUNDS):
        work()
    return time.perf_counter() - begun


def measure() -> list[Figure]:
    """Return the month and the page for the large cache."""
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-") as home:
        profile = Profile(enrolled_profile(Path(home), SIZES[-1]))
        return _figures(profile)


def _figures(profile: Profile) -> list[Figure]:
    today = datetime.now(UTC).date()
    first, last = month_span(today.year, today.month)
    reading, keys = open_reading(profile), profile.keys()
    assert keys is not None
    bare = connect_reading(profile.folder / "mirror.db", keys.mirror)
    month = "SELECT * FROM sessions WHERE is_active = 1 AND exam_date BETWEEN ? AND ? ORDER BY exam_date, starts_at, id"
    page = "SELECT * FROM sessions WHERE is_active = 1 AND exam_date >= ? ORDER BY exam_date, starts_at, id LIMIT 50"
    span = (first.isoformat(), last.isoformat())
    wanted = SessionFilter(first_day=today, last_day=today + timedelta(days=400))
    figures = [
        paired(
            "views",
            "month of 100,000 sessions, rows a screen can use",
            product=lambda: seconds(lambda: reading.days(first, last, SessionFilter())),
            floor=lambda: seconds(lambda: bare.execute(month, span).fetchall()),
            floor_name="the same rows by plain SELECT",
            goal=5.0,
        ),
        paired(
            "views",
            "page of 50 by date",
            product=lambda: seconds(
                lambda: reading.page(
                    wanted, SessionOrder.DATE, descending=False, offset=0, limit=50
                )
            ),
            floor=lambda: seconds(lambda: bare.execute(page, (today.isoformat(),)).fetchall()),
            floor_name="the same rows by plain SELECT",
            goal=5.0,
        ),
    ]
    reading.close()
    bare.close()
    return figures
