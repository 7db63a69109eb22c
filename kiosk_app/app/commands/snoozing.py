"""`kiosk attention snooze` and `wake`: an item leaves the list for a while, or comes back (08d)."""

import argparse
import asyncio
import re
from datetime import UTC, date, datetime, time, timedelta

from kiosk_app.app import booth
from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench, staffed
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.failure import CommandFailed
from kiosk_app.contract.problems import Code
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.snoozing import Asleep, tomorrow_at_opening
from kiosk_app.domain.times import DEFAULT_ZONE, day_in, local_instant
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _
from kiosk_app.sync.clerk import Clerk, code_of
from kiosk_app.sync.own_attention import NOBODY, put_off, wake

_LENGTH = re.compile(r"(\d{1,4})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_SHORTEST = 3


def run(arguments: argparse.Namespace) -> int:
    """Put one item off, or wake it: of this device, or as a staff user one of the server's."""
    own = next((i for i in staffed.own(arguments) if arguments.item in {i.ref, i.number}), None)
    if own is None and not arguments.staff:
        raise staffed.no_such_item()
    ref = own.ref if own else arguments.item
    if arguments.step == "wake":
        return _wake(arguments, ref, here=own is not None)
    reason = (arguments.reason or "").strip()
    if len(reason) < _SHORTEST or not arguments.until:
        sentence = _("Say until when with --until, and why with --reason.")
        raise CommandFailed(Code.VALIDATION_ERROR, sentence)
    known = profile_of(arguments).settings()
    zone = known.time_zone if known else DEFAULT_ZONE
    until = _until(arguments, zone)
    if own is not None:
        said = bench.work(arguments, lambda tools: _put_off_here(tools, ref, until, reason))
    else:
        there = staffed.at_desk(
            arguments, lambda _words, clerk: _put_off_there(clerk, ref, until, reason)
        )
        said = asyncio.run(there)
    if isinstance(said, datetime):
        message = _("Snoozed until {when}.").format(when=formats.day_and_time(said, zone))
        return _answer(arguments, ref, "snoozed", message, until=said)
    return _answer(arguments, ref, "open", code_sentence(said), code=said)


def _wake(arguments: argparse.Namespace, ref: str, *, here: bool) -> int:
    if here:
        code = bench.work(arguments, lambda tools: _wake_here(tools, ref))
    else:
        code = asyncio.run(
            staffed.at_desk(arguments, lambda _words, clerk: _wake_there(clerk, ref))
        )
    if code is not None:
        return _answer(arguments, ref, "unchanged", code_sentence(code), code=code)
    return _answer(arguments, ref, "open", _("The item is on the list again."))


async def _put_off_here(tools: Bench, ref: str, until: datetime, reason: str) -> datetime | str:
    put = put_off(tools.station, ref, until, NOBODY, reason)
    return put.until if isinstance(put, Asleep) else put


async def _put_off_there(
    clerk: Clerk | str, ref: str, until: datetime, reason: str
) -> datetime | str:
    if isinstance(clerk, str):
        return clerk
    outcome = await clerk.snooze(ref, until, reason)
    if isinstance(outcome, Accepted):
        return read_instant(outcome.value.until)
    return code_of(outcome) or Code.SERVICE_DEGRADED


async def _wake_here(tools: Bench, ref: str) -> str | None:
    return wake(tools.station, ref, NOBODY)


async def _wake_there(clerk: Clerk | str, ref: str) -> str | None:
    return clerk if isinstance(clerk, str) else await clerk.wake(ref)


def _until(arguments: argparse.Namespace, zone: str) -> datetime:
    """Read when an item comes back; a time without a zone is the device's own.

    Raises:
        CommandFailed: the words name no time.
    """
    text, now = arguments.until.strip().lower(), datetime.now(UTC)
    if text == "opening":
        return tomorrow_at_opening(booth.read(profile_of(arguments).folder).hours, zone, now)
    if found := _LENGTH.fullmatch(text):
        return now + timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        if "-" not in text:
            return local_instant(day_in(zone, now), time.fromisoformat(text), zone)
        told = datetime.fromisoformat(text)
    except ValueError as fault:
        sentence = _("{text} is no time: 90m, 2h, 3d, opening, 14:30 or 2026-11-30T09:00.")
        raise CommandFailed(Code.VALIDATION_ERROR, sentence.format(text=arguments.until)) from fault
    day = date(told.year, told.month, told.day)
    return told.astimezone(UTC) if told.tzinfo else local_instant(day, told.time(), zone)


def _answer(
    arguments: argparse.Namespace,
    ref: str,
    state: str,
    message: str,
    *,
    until: datetime | None = None,
    code: str | None = None,
) -> int:
    document: dict[str, object] = {
        "state": state,
        "id": ref,
        "until": until,
        "code": code,
        "message": message,
    }
    return answer(arguments, document, [message], FAILED if code else DONE)
