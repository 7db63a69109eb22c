"""`kiosk reset`: this machine forgets its place; nothing that waits is lost without being named (§7)."""

import argparse
from pathlib import Path

from kiosk_app.app import booth, crashes, secrets, settings
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import DONE, answer, profile_of
from kiosk_app.app.enrolment import already_running
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.app.instance import AlreadyRunning, Instance
from kiosk_app.app.profile import Profile
from kiosk_app.app.secrets import SecretsUnavailable
from kiosk_app.app.settings import Settings
from kiosk_app.cache.files import MIRROR, QUEUE
from kiosk_app.cache.request import WAITING, State
from kiosk_app.cache.reserve import NAME as RESERVE
from kiosk_app.cache.store import KEY_MARK
from kiosk_app.contract.leases import SlotRef, SlotState
from kiosk_app.i18n.texts import _, ngettext

_BESIDE = ("", "-wal", "-shm")
"""What SQLite keeps beside a file."""


def run(arguments: argparse.Namespace) -> int:
    """Forget device, secrets, data and outbox; refuse while something is unsent.

    Raises:
        CommandFailed: something is unsent and its number was not typed, or the profile is in use.
    """
    profile = profile_of(arguments)
    known = profile.settings()
    if known is None:
        raise failed_by("not_enrolled")
    try:
        with Instance(profile.folder):
            unsent = _unsent(arguments, profile.folder)
            if unsent and arguments.discard_unsent != unsent:
                raise CommandFailed("UNSENT", _warning(unsent))
            _forget(profile, known)
    except AlreadyRunning as reason:
        raise already_running() from reason
    document: dict[str, object] = {
        "state": "reset",
        "device_id": known.device_id,
        "discarded": unsent,
    }
    lines = [
        _("This machine is no device any more."),
        _("Revoke the device {device} on the server; seats it was lent are freed there.").format(
            device=known.device_id
        ),
    ]
    return answer(arguments, document, lines, DONE)


def _unsent(arguments: argparse.Namespace, folder: Path) -> int:
    """Count what is lost with the outbox.

    Requests that wait, promises that were refused and are still held, queues that were put aside.

    Raises:
        CommandFailed: the outbox cannot be read, so nobody knows what waits in it.
    """
    aside = len(list(folder.glob(f"{QUEUE}.damaged-*")))
    queue = reading_queue(arguments)
    if queue is None:
        return aside
    used = {_key(slot) for slot in queue.slots.held() if slot.state is SlotState.USED}
    unsent = [
        request
        for request in queue.all()
        if request.state in WAITING
        or (request.state is State.REFUSED and request.seat and _key(request.seat) in used)
    ]
    queue.close()
    return len(unsent) + aside


def _key(ref: SlotRef) -> tuple[str, int, int]:
    return ref.session_id, ref.slot, ref.generation


def _warning(unsent: int) -> str:
    sentence = ngettext(
        "{n} request or promised seat has not reached the server. Send it (kiosk sync --once), "
        "hand it over (kiosk outbox export), or give it up with --discard-unsent {n}.",
        "{n} requests or promised seats have not reached the server. Send them (kiosk sync "
        "--once), hand them over (kiosk outbox export), or give them up with --discard-unsent {n}.",
        unsent,
    )
    return sentence.format(n=unsent)


def _forget(profile: Profile, known: Settings) -> None:
    """Delete the secrets first: without them nobody reads what a cut leaves behind."""
    try:
        secrets.store(known.secrets, profile.folder, known.profile_id).clear()
    except SecretsUnavailable as reason:
        raise failed_by("queue_locked") from reason
    for name in (QUEUE, MIRROR):
        for end in _BESIDE:
            (profile.folder / f"{name}{end}").unlink(missing_ok=True)
    for old in profile.folder.glob(f"{QUEUE}.damaged-*"):
        old.unlink(missing_ok=True)
    for name in (RESERVE, KEY_MARK, booth.FILE, crashes.FILE, settings.FILE):
        (profile.folder / name).unlink(missing_ok=True)
