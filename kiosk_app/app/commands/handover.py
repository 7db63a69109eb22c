"""`kiosk outbox export` and `import`: what waits here goes to another machine (R12).

The passphrase is made here and shown once; it is typed in, or piped, where the file is taken over.
Keys, ids and receipt numbers stay, so it does no harm when both machines send.
"""

import argparse
import getpass
import sys
from pathlib import Path

from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.output import DONE, answer, profile_of
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.app.profile import Profile
from kiosk_app.app.secrets import SecretsUnavailable
from kiosk_app.cache import export as files
from kiosk_app.cache import journal
from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.files import QUEUE, Keys
from kiosk_app.cache.request import WAITING
from kiosk_app.i18n.texts import _, ngettext
from kiosk_app.sync.station import FAULTS


def export(arguments: argparse.Namespace) -> int:
    """Write requests, seats and journal to an encrypted file; works beside a running kiosk."""
    profile = profile_of(arguments)
    keys, found = _keys(profile), files.Collected({})
    source = Path(arguments.queue) if arguments.queue else profile.folder / QUEUE
    try:
        if arguments.queue or source.exists():
            found = files.collect(source, keys.queue)
    except CacheUnavailable as problem:
        raise failed_by(FAULTS[problem.reason]) from problem
    target, passphrase = Path(arguments.out).absolute(), files.new_passphrase()
    try:
        files.write_whole(target, passphrase, files.named(found.rows, _device(profile)))
    except files.CannotWrite as reason:
        sentence = _("The file {path} cannot be written.").format(path=target)
        raise CommandFailed("CANNOT_WRITE", sentence) from reason
    rows = found.rows.get("requests", [])
    written = [journal.Line(**row) for row in found.rows.get("journal", [])]  # type: ignore[arg-type]
    document: dict[str, object] = {
        "path": str(target),
        "passphrase": passphrase,
        "requests": len(rows),
        "waiting": sum(row["state"] in WAITING for row in rows),
        "journal": len(written),
        "journal_sound": journal.first_broken(written) is None,
        "whole": found.whole,
    }
    text = ngettext("{n} request written to {path}", "{n} requests written to {path}", len(rows))
    lines = [
        text.format(n=len(rows), path=target),
        _("Passphrase: {passphrase}").format(passphrase=passphrase),
        _("Write it down now: it is kept nowhere, and the file cannot be read without it."),
    ]
    return answer(arguments, document, lines, DONE)


def take_over(arguments: argparse.Namespace) -> int:
    """Take in an export and send what waits in it."""
    path, passphrase = Path(arguments.file).absolute(), _passphrase()
    try:
        rows = files.read(path, passphrase)
    except CacheUnavailable as problem:
        if problem.reason is Reason.WRONG_KEY:
            sentence = _("The passphrase is wrong, or the file was changed.")
            raise CommandFailed("WRONG_PASSPHRASE", sentence) from problem
        sentence = _("The file {path} cannot be read.").format(path=path)
        raise CommandFailed("CANNOT_READ", sentence) from problem

    doubtful = files.unvouched(rows)
    if doubtful and not arguments.unvouched:
        sentence = _(
            "The journal does not vouch for {numbers}: the queue was damaged or somebody changed it. "
            "Look at them, then use --unvouched to take them over all the same."
        )
        raise CommandFailed("NOT_VOUCHED", sentence.format(numbers=", ".join(doubtful)))

    async def job(tools: Bench) -> dict[str, object]:
        queue, now = tools.station.queue, tools.station.clock.now()
        taken = queue.take_over(rows.get("requests", []), now, files.device_of(rows))
        await tools.replay.drain(reconnected=True)
        return {"taken": taken, "waiting": queue.count_waiting(), "unvouched": doubtful}

    document = bench.work(arguments, job)
    taken = int(str(document["taken"]))
    text = ngettext("{n} request was taken over.", "{n} requests were taken over.", taken)
    return answer(arguments, document, [text.format(n=taken)], DONE)


def _device(profile: Profile) -> str:
    known = profile.settings()
    return known.name if known else ""


def _keys(profile: Profile) -> Keys:
    if profile.settings() is None:
        raise failed_by("not_enrolled")
    try:
        profile.unlock()
    except SecretsUnavailable as reason:
        raise failed_by("queue_locked") from reason
    keys = profile.keys()
    if keys is None:
        raise failed_by("queue_locked")
    return keys


def _passphrase() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Passphrase: ")).strip().upper()
    return sys.stdin.readline().strip().upper()
