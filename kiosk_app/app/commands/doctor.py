"""`kiosk doctor`: is this device ready, and what would be lost if it went away now?"""

import argparse
import asyncio
import shutil

from kiosk_app.app.cold_start import rehearse
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.commands.probing import Probed, probe
from kiosk_app.app.commands.readiness import Check, cannot_check, checks, ready_until
from kiosk_app.app.profile import Profile
from kiosk_app.app.start_page import comes_up
from kiosk_app.cache.request import WAITING
from kiosk_app.i18n.texts import _, ngettext


def run(arguments: argparse.Namespace) -> int:
    """Check everything a kiosk needs offline; fail when something is missing."""
    profile, queue = profile_of(arguments), reading_queue(arguments)
    known = profile.settings()
    probed = asyncio.run(probe(known)) if known else Probed("not_enrolled")
    found = [*checks(profile, queue, probed), _start_page(profile)]
    unsent = sum(request.state in WAITING for request in queue.all()) if queue else 0
    until = ready_until(queue) if queue and not rehearse(profile.folder) else None
    if queue:
        queue.close()
    document: dict[str, object] = {
        "ready": all(check.ok for check in found),
        "ready_until": until,
        "checks": [{"name": c.name, "ok": c.ok, "message": c.sentence} for c in found],
        "clock_offset_s": probed.clock_offset_s,
        "cannot_check": cannot_check(),
        "unsent": unsent,
        "free_bytes": shutil.disk_usage(profile.folder).free,
    }
    lines = [f"{'+' if check.ok else '-'} {check.sentence}" for check in found]
    if unsent:
        text = ngettext(
            "{n} request is unsent: export the outbox before this machine is reset or removed.",
            "{n} requests are unsent: export the outbox before this machine is reset or removed.",
            unsent,
        )
        lines.append(text.format(n=unsent))
    lines.append(_("Offline nobody can check:"))
    lines += [f"  {thing}" for thing in cannot_check()]
    return answer(arguments, document, lines, DONE if document["ready"] else FAILED)


def _start_page(profile: Profile) -> Check:
    sentence = _("The start page comes up, and Mock Discussions are found from it.")
    return Check("start_page", comes_up(profile.folder), sentence)
