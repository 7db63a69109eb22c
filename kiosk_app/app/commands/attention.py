"""`kiosk attention`: what staff must settle, of this device and of the server (§7, R5, R8).

This device's own items need nobody's leave but that of the account whose profile it is, as
`kiosk outbox` does. The server's need a staff user: `--as` names them, the password is typed or
piped, and the sign-in ends with the command.
"""

import argparse
import asyncio
from datetime import UTC, datetime

from msgspec import Struct, to_builtins

from kiosk_app.app.assembly import Bench
from kiosk_app.app.commands import bench, snoozing
from kiosk_app.app.commands.output import DONE, FAILED, answer, profile_of
from kiosk_app.app.commands.staffed import at_desk, no_such_item, own
from kiosk_app.app.failure import CommandFailed
from kiosk_app.contract.attention import AttentionLetters, Way
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.problems import Code
from kiosk_app.domain.attention import Choice, Item, OwnWay, asleep_last
from kiosk_app.domain.times import DEFAULT_ZONE
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.i18n import attention as words
from kiosk_app.i18n import formats
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.texts import _, language
from kiosk_app.sync.clerk import Clerk, code_of
from kiosk_app.sync.own_attention import find, settle

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
    """List what is open, or settle one item, put it off, or wake it."""
    if arguments.step is None:
        return _list(arguments)
    if arguments.step in {"snooze", "wake"} and arguments.item:
        return snoozing.run(arguments)
    if arguments.item is None or arguments.way is None:
        sentence = _("Name the item and --way: kiosk attention lists them.")
        raise CommandFailed(Code.VALIDATION_ERROR, sentence)
    return _settle(arguments)


def _list(arguments: argparse.Namespace) -> int:
    listed = _Listed(state="not_asked")
    mine, asleep = asleep_last(own(arguments))
    if arguments.staff:
        listed = asyncio.run(at_desk(arguments, _ask))
    theirs, theirs_asleep = asleep_last(listed.items)
    document: dict[str, object] = {
        "own": [_document(item) for item in mine],
        "server": {
            "state": listed.state,
            "code": listed.code,
            "message": code_sentence(listed.code) if listed.code else None,
            "items": [_document(one, listed.letters.get(one.ref)) for one in theirs],
        },
    }
    lines = _lines(mine, theirs, listed)
    if arguments.snoozed:
        asleep = asleep_last([*asleep, *theirs_asleep])[1]
        document["snoozed"] = [_document(item) for item in asleep]
        zone = _zone(arguments)
        lines += [_("Snoozed:"), *(_asleep_lines(asleep, zone) or [_("  nothing")])]
    return answer(arguments, document, lines, FAILED if listed.code else DONE)


def _settle(arguments: argparse.Namespace) -> int:
    item = next((one for one in own(arguments) if arguments.item in {one.ref, one.number}), None)
    if item is not None:
        code = _settle_own(arguments, item)
    elif arguments.staff:
        code = asyncio.run(at_desk(arguments, _settle_there))
    else:
        raise no_such_item()
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


def _settle_own(arguments: argparse.Namespace, item: Item) -> str | None:
    way = OwnWay(_choice(arguments, item).way)

    async def job(tools: Bench) -> str | None:
        found = find(tools.station, item.ref)
        if found is None:
            return Code.NOT_FOUND
        return await settle(tools.station, tools.replay, found[1], way)

    return bench.work(arguments, job)


async def _ask(_arguments: argparse.Namespace, clerk: Clerk | str) -> _Listed:
    if isinstance(clerk, str):
        return _Listed(state="unknown", code=clerk)
    outcome = await clerk.items(language())
    if not isinstance(outcome, Accepted):
        return _Listed(state="unknown", code=code_of(outcome))
    letters = dict[str, AttentionLetters]()
    for item in asleep_last(outcome.value)[0]:
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
        "snoozed": to_builtins(item.asleep, builtin_types=(datetime,)),
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


def _lines(mine: list[Item], theirs: list[Item], listed: _Listed) -> list[str]:
    lines = [_("This device:"), *(_one(mine) or [_("  nothing to settle")])]
    lines.append(_("The server:"))
    if listed.state == "not_asked":
        return [*lines, _("  not asked; say who you are with --as EMAIL")]
    if listed.code:
        return [*lines, _("  unknown: {why}").format(why=code_sentence(listed.code))]
    return [*lines, *(_one(theirs, listed.letters) or [_("  nothing to settle")])]


def _zone(arguments: argparse.Namespace) -> str:
    known = profile_of(arguments).settings()
    return known.time_zone if known else DEFAULT_ZONE


def _asleep_lines(items: list[Item], zone: str) -> list[str]:
    lines = list[str]()
    for item in items:
        who = "  ".join(part for part in (item.student, item.number, words.about(item)) if part)
        lines += [f"  {item.ref}  {words.title(item)}", f"    {who}"]
        lines.append(f"    {words.asleep(item, zone)}")
    return lines


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
