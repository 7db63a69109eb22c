"""`kiosk attention`: what staff must settle, of this device and of the server (§7, R5, R8).

This device's own items need nobody's leave but that of the account whose profile it is, as
`kiosk outbox` does. The server's need a staff user: `--as` names them, the password is typed or
piped, and the sign-in ends with the command.
"""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from msgspec import Struct

from kiosk_app.app.assembly import Bench, address
from kiosk_app.app.commands import bench
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.failure import CommandFailed, failed_by
from kiosk_app.contract.attention import AttentionLetters, Way
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.problems import Code
from kiosk_app.domain.attention import Choice, Item, OwnWay
from kiosk_app.gateway.http import Http
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.gateway.server import Gateway
from kiosk_app.i18n import attention as words
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _, language
from kiosk_app.sync.clerk import Clerk, code_of, sign_in
from kiosk_app.sync.own_attention import find, own_items, settle

T = TypeVar("T")
_SHORTEST_NOTE = 3


class _Listed(Struct, frozen=True, kw_only=True):
    """What the server said, or why it said nothing."""

    state: str
    """`known`, `not_asked` without `--as`, `unknown` when it could not be asked."""
    items: tuple[Item, ...] = ()
    letters: dict[str, AttentionLetters] = {}
    """By the id of the item."""
    code: str | None = None


def run(arguments: argparse.Namespace) -> int:
    """List what is open, or settle one item."""
    if arguments.step is None:
        return _list(arguments)
    if arguments.item is None or arguments.way is None:
        sentence = _("Name the item and --way: kiosk attention lists them.")
        raise CommandFailed(Code.VALIDATION_ERROR, sentence)
    return _settle(arguments)


def _list(arguments: argparse.Namespace) -> int:
    own, listed = _own(arguments), _Listed(state="not_asked")
    if arguments.staff:
        listed = asyncio.run(_at_desk(arguments, _ask))
    document: dict[str, object] = {
        "own": [_document(item) for item in own],
        "server": {
            "state": listed.state,
            "code": listed.code,
            "message": code_sentence(listed.code) if listed.code else None,
            "items": [_document(one, listed.letters.get(one.ref)) for one in listed.items],
        },
    }
    return answer(arguments, document, _lines(own, listed), FAILED if listed.code else DONE)


def _settle(arguments: argparse.Namespace) -> int:
    item = next((one for one in _own(arguments) if arguments.item in {one.ref, one.number}), None)
    if item is not None:
        code = _settle_own(arguments, item)
    elif arguments.staff:
        code = asyncio.run(_at_desk(arguments, _settle_there))
    else:
        sentence = _(
            "There is no such item here. For one of the server, say who you are with --as."
        )
        raise CommandFailed(Code.NOT_FOUND, sentence)
    done = code is None
    message = _("The item is settled.") if done else code_sentence(code or "")
    document: dict[str, object] = {
        "state": "settled" if done else "open",
        "id": item.ref if item else arguments.item,
        "way": arguments.way,
        "code": code,
        "message": message,
    }
    return answer(arguments, document, [message], DONE if done else FAILED)


def _own(arguments: argparse.Namespace) -> list[Item]:
    queue, known = reading_queue(arguments), profile_of(arguments).settings()
    if queue is None:
        return []
    try:
        return own_items(queue.all(), datetime.now(UTC), known.name if known else "")
    finally:
        queue.close()


def _settle_own(arguments: argparse.Namespace, item: Item) -> str | None:
    way = OwnWay(_choice(arguments, item).way)

    async def job(tools: Bench) -> str | None:
        found = find(tools.station, item.ref)
        if found is None:
            return Code.NOT_FOUND
        return await settle(tools.station, tools.replay, found[1], way)

    return bench.work(arguments, job)


async def _at_desk(
    arguments: argparse.Namespace, job: Callable[[argparse.Namespace, Clerk | str], Awaitable[T]]
) -> T:
    """Sign a staff user in for one job, and out again; the job gets a code when that fails."""
    profile = profile_of(arguments)
    known, found = profile.settings(), profile.unlock()
    if known is None or found is None:
        raise failed_by("not_enrolled")
    gateway = Gateway(Http(address(known.base_url, found.device_token)))
    try:
        clerk = await sign_in(gateway.staff, arguments.staff, _password())
        try:
            return await job(arguments, clerk)
        finally:
            if isinstance(clerk, Clerk):
                await clerk.leave()
    finally:
        await gateway.close()


async def _ask(_arguments: argparse.Namespace, clerk: Clerk | str) -> _Listed:
    if isinstance(clerk, str):
        return _Listed(state="unknown", code=clerk)
    outcome = await clerk.items(language())
    if not isinstance(outcome, Accepted):
        return _Listed(state="unknown", code=code_of(outcome))
    letters = dict[str, AttentionLetters]()
    for item in outcome.value:
        for choice in item.choices:
            if choice.mails and isinstance(choice.way, Way):
                told = await clerk.letters(item.ref, choice.way)
                if isinstance(told, Accepted):
                    letters[item.ref] = told.value
    return _Listed(state="known", items=outcome.value, letters=letters)


async def _settle_there(arguments: argparse.Namespace, clerk: Clerk | str) -> str | None:
    if isinstance(clerk, str):
        return clerk
    note = (arguments.note or "").strip()
    if len(note) < _SHORTEST_NOTE:
        raise CommandFailed(Code.VALIDATION_ERROR, _("Say why with --note; it goes into the log."))
    outcome = await clerk.items(language())
    if not isinstance(outcome, Accepted):
        return code_of(outcome)
    item = next((one for one in outcome.value if one.ref == arguments.item), None)
    if item is None:
        return Code.NOT_FOUND
    used, words = _used(arguments, item), arguments.words or ""
    return await clerk.settle(item, _choice(arguments, item), note, used, words)


def _choice(arguments: argparse.Namespace, item: Item) -> Choice:
    """Return the way that was named, or of several sessions the one that was.

    Raises:
        CommandFailed: the item has no such way, or it is not done here.
    """
    wanted = arguments.session
    for choice in item.choices:
        same = choice.session is None or wanted in {None, choice.session.session_id}
        if choice.way.value == arguments.way and same:
            if choice.elsewhere:
                raise CommandFailed("DONE_ELSEWHERE", words.consequence(item, choice))
            return choice
    ways = ", ".join(dict.fromkeys(choice.way.value for choice in item.choices))
    sentence = _("This item has no such way out. It has: {ways}.").format(ways=ways)
    raise CommandFailed("NO_SUCH_WAY", sentence)


def _used(arguments: argparse.Namespace, item: Item) -> tuple[SlotRef, ...]:
    """Return the seats that were named as used.

    Raises:
        CommandFailed: the item has no such seat.
    """
    used = set(arguments.used or ())
    if strange := used - {one.slot for one in item.seats}:
        seats = ", ".join(str(number) for number in sorted(strange))
        raise CommandFailed("NO_SUCH_SEAT", _("The item has no seat {seats}.").format(seats=seats))
    return tuple(one for one in item.seats if one.slot in used)


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(_("Password: "))
    return sys.stdin.readline().rstrip("\r\n")


def _document(item: Item, letters: AttentionLetters | None = None) -> dict[str, object]:
    return {
        "id": item.ref,
        "kind": item.kind,
        "at": item.at,
        "title": words.title(item),
        "happened": words.happened(item),
        "code": item.code,
        "student": item.student,
        "number": item.number,
        "session_id": item.session_id,
        "starts_at": item.starts_at,
        "device": item.device,
        "seats": [one.slot for one in item.seats],
        "ways": [
            {
                "way": choice.way,
                "session_id": choice.session.session_id if choice.session else None,
                "name": words.way_name(choice),
                "consequence": words.consequence(item, choice),
                "mails": choice.mails,
                "elsewhere": choice.elsewhere,
            }
            for choice in item.choices
        ],
        "letters": [
            {"language": one.language, "subject": one.subject, "text": one.text}
            for one in (letters.letters if letters and letters.goes else [])
        ],
    }


def _lines(own: list[Item], listed: _Listed) -> list[str]:
    lines = [_("This device:"), *(_one(own) or [_("  nothing to settle")])]
    lines.append(_("The server:"))
    if listed.state == "not_asked":
        return [*lines, _("  not asked; say who you are with --as EMAIL")]
    if listed.code:
        return [*lines, _("  unknown: {why}").format(why=code_sentence(listed.code))]
    return [*lines, *(_one(list(listed.items), listed.letters) or [_("  nothing to settle")])]


def _one(items: list[Item], letters: dict[str, AttentionLetters] | None = None) -> list[str]:
    lines = list[str]()
    for item in items:
        age = formats.age(datetime.now(UTC) - item.at)
        who = "  ".join(part for part in (item.student, item.number) if part)
        lines += [f"  {item.ref}  {words.title(item)}  ({age})", f"    {who}  {words.about(item)}"]
        lines.append(f"    {words.happened(item)}")
        for choice in item.choices:
            where = f" --session {choice.session.session_id}" if choice.session else ""
            lines.append(f"    --way {choice.way}{where}: {words.consequence(item, choice)}")
        if letters and (told := letters.get(item.ref)) and told.letters:
            first = told.letters[0]
            lines.append(_("    The mail: {subject}").format(subject=first.subject))
            lines += [f"      {line}" for line in first.text.splitlines()]
    return lines
