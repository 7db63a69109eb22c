"""`kiosk status`: who this device is, how old its data is, what waits."""

import argparse
import asyncio
from datetime import UTC, datetime

from kiosk_app.app.client import open_reading
from kiosk_app.app.cold_start import rehearse
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.commands.probing import probe
from kiosk_app.app.commands.readiness import cannot_check, checks, ready_until
from kiosk_app.app.instance import is_running
from kiosk_app.cache import journal
from kiosk_app.cache.request import WAITING, State
from kiosk_app.contract.leases import SlotState
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import fault_sentence, staff_words
from kiosk_app.i18n.texts import _, ngettext


def run(arguments: argparse.Namespace) -> int:
    """Describe the device; works beside a running kiosk."""
    profile = profile_of(arguments)
    known = profile.settings()
    if known is None:
        document: dict[str, object] = {"enrolled": False}
        return answer(arguments, document, [fault_sentence("not_enrolled")], FAILED)
    queue = reading_queue(arguments)
    found, written = (queue.all(), queue.journal()) if queue else ([], [])
    held = queue.slots.held() if queue else []
    reading, probed = open_reading(profile), asyncio.run(probe(known))
    synced_at = reading.synced_at()
    document = {
        "enrolled": True,
        "name": known.name,
        "location": known.location,
        "profile": known.profile,
        "url": known.base_url,
        "time_zone": known.time_zone,
        "secrets": known.secrets,
        "running": is_running(profile.folder),
        "link": probed.link,
        "clock_offset_s": probed.clock_offset_s,
        "synced_at": synced_at,
        "sessions": reading.count(SessionFilter()),
        "mirror_mismatches": reading.mismatches(),
        "guaranteed": {
            slot.session_id: sum(
                s.session_id == slot.session_id and s.state is SlotState.FREE and not s.lapsed
                for s in held
            )
            for slot in held
        },
        "ready_until": ready_until(queue) if queue and not rehearse(profile.folder) else None,
        "ready": {check.name: check.ok for check in checks(profile, queue, probed)},
        "cannot_check": cannot_check(),
        "quarantined": sum(request.quarantined for request in found),
        "unanswered": sum(request.unanswered for request in found),
        "waiting": sum(request.state in WAITING for request in found),
        "oldest_at": min((r.created_at for r in found if r.state in WAITING), default=None),
        "refused": sum(r.state is State.REFUSED and not r.seen for r in found),
        "journal_sound": journal.first_broken(written) is None,
    }
    reading.close()
    if queue:
        queue.close()
    lines = _lines(document, synced_at)
    if probed.clock_off:
        lines.append(f"{fault_sentence('clock_off')} {staff_words('clock_off')}")
    return answer(arguments, document, lines, DONE)


def _lines(document: dict[str, object], synced_at: datetime | None) -> list[str]:
    mismatches = int(str(document["mirror_mismatches"]))
    waiting, refused = int(str(document["waiting"])), int(str(document["refused"]))
    age = formats.age(datetime.now(UTC) - synced_at) if synced_at else _("never")
    until, ready = document["ready_until"], _("No seats can be guaranteed offline.")
    if isinstance(until, datetime):
        clock = formats.day_and_time(until, str(document["time_zone"]))
        ready = _("Ready for offline until {clock}").format(clock=clock)
    return [
        f"{document['name']}  {document['url']}  {document['link']}",
        _("Data: {age}").format(age=age),
        ready,
        _unsent(waiting, document["oldest_at"]),
        ngettext("{n} request was refused", "{n} requests were refused", refused).format(n=refused),
        *(
            [
                ngettext(
                    "The data differed from the server {n} time and was fetched anew.",
                    "The data differed from the server {n} times and was fetched anew.",
                    mismatches,
                ).format(n=mismatches)
            ]
            if mismatches
            else []
        ),
    ]


def _unsent(waiting: int, oldest_at: object) -> str:
    text = ngettext("{n} request is waiting", "{n} requests are waiting", waiting).format(n=waiting)
    if not isinstance(oldest_at, datetime):
        return text
    age = _("the oldest saved {age}").format(age=formats.age(datetime.now(UTC) - oldest_at))
    return formats.listed(text, age)
