"""`kiosk sessions`: what can be booked, from the local cache alone."""

import argparse
from datetime import UTC, datetime

from kiosk_app.app.client import open_reading
from kiosk_app.app.commands.output import DONE, answer, profile_of
from kiosk_app.app.failure import failed_by
from kiosk_app.app.secrets import SecretsUnavailable
from kiosk_app.domain.listing import SessionFilter, SessionOrder, SessionRow
from kiosk_app.domain.times import day_in
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _


def run(arguments: argparse.Namespace) -> int:
    """List sessions; needs neither the server nor the running kiosk's leave."""
    profile = profile_of(arguments)
    known = profile.settings()
    if known is None:
        raise failed_by("not_enrolled")
    try:
        profile.unlock()
    except SecretsUnavailable as reason:
        raise failed_by("queue_locked") from reason
    reading = open_reading(profile)
    first = arguments.first_day or day_in(known.time_zone, datetime.now(UTC))
    wanted = SessionFilter(
        mock_types=frozenset(arguments.type or ()),
        campus=arguments.location,
        first_day=first,
        last_day=arguments.last_day,
        search=arguments.search or "",
    )
    rows = reading.page(wanted, SessionOrder.DATE, descending=False, offset=0, limit=-1)
    synced_at = reading.synced_at()
    reading.close()
    document: dict[str, object] = {
        "synced_at": synced_at,
        "sessions": [session_document(row) for row in rows],
    }
    return answer(arguments, document, _lines(rows, synced_at), DONE)


def session_document(row: SessionRow) -> dict[str, object]:
    """Return one session as scripts read it."""
    return {
        "id": row.session_id,
        "type": row.mock_type,
        "date": row.exam_date.isoformat(),
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "time_zone": row.time_zone,
        "location": row.location,
        "format": row.delivery_format,
        "capacity": row.capacity,
        "left": row.left,
        "waiting": row.waiting,
        "instructor": row.instructor_name,
        "topics": list(row.topics),
    }


def _lines(rows: list[SessionRow], synced_at: datetime | None) -> list[str]:
    if synced_at is None:
        return [_("Nothing is cached yet. Run: kiosk sync --once")]
    lines = [
        f"{formats.day_short(row.exam_date)}  "
        f"{formats.span(row.starts_at, row.ends_at, row.time_zone)}  {row.mock_type.value}  "
        f"{row.location}  {row.left}/{row.capacity}  {row.session_id}"
        for row in rows
    ]
    age = formats.age(datetime.now(UTC) - synced_at)
    return [*lines, _("As of {age}").format(age=age)]
