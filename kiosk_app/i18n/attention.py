"""Words for what staff must settle: what happened, each way out, and what comes of it."""

from collections.abc import Callable

from kiosk_app.contract.attention import AttentionKind, Way
from kiosk_app.contract.wire import read_instant
from kiosk_app.domain.attention import Choice, Item, OwnKind, OwnWay
from kiosk_app.i18n import formats
from kiosk_app.i18n.bidi import apart
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _, ngettext

_Words = Callable[[], str]
_TITLES: dict[AttentionKind | OwnKind, _Words] = {
    AttentionKind.REHOUSE: lambda: _("A guaranteed seat cannot be had"),
    AttentionKind.DEBT: lambda: _("A token is owed"),
    AttentionKind.DUPLICATE_FREED: lambda: _("Booked twice, one seat freed"),
    AttentionKind.CLONE_ALARM: lambda: _("A device was copied"),
    AttentionKind.UNKNOWN_LEASE: lambda: _("A held seat is taken"),
    AttentionKind.CANCELLED_CHECK_IN: lambda: _("Checked in without a booking"),
    AttentionKind.STRANDED: lambda: _("A device holds seats and is silent"),
    AttentionKind.RESTORE_NOTICED: lambda: _("Was the database restored?"),
    OwnKind.PROMISE_REFUSED: lambda: _("A guaranteed seat was refused"),
    OwnKind.QUARANTINED: lambda: _("A request cannot be sent"),
    OwnKind.UNANSWERED: lambda: _("No answer for a long time"),
    OwnKind.REFUSED: lambda: _("A saved request was refused"),
}
_OWN: dict[OwnKind, _Words] = {
    OwnKind.PROMISE_REFUSED: lambda: _(
        "This device guaranteed the seat with no network, and the server refused it."
    ),
    OwnKind.QUARANTINED: lambda: _("This device cannot send the request. It stands aside."),
    OwnKind.UNANSWERED: lambda: _(
        "The request was sent and nobody answered. It may be booked or not. "
        "It is asked again with the same key, and never booked twice."
    ),
    OwnKind.REFUSED: lambda: _("The student had left when the server refused the request."),
}
_WAYS: dict[Way | OwnWay, _Words] = {
    Way.BOOK_OTHER: lambda: _("Book another session"),
    Way.CALL_STUDENT: lambda: _("I called the student"),
    Way.ADD_TOKEN: lambda: _("Enter the token that was paid"),
    Way.WAIVE: lambda: _("Waive the token"),
    Way.ENROL_AGAIN: lambda: _("The device is enrolled again"),
    Way.ATTEST: lambda: _("Say which seats were used"),
    Way.WRITE_STUDENT: lambda: _("Write to the student"),
    Way.IMPORT_OUTBOX: lambda: _("Bring in the outbox of the device"),
    Way.KEEP_BACK: lambda: _("Tell the server of the restore"),
    Way.NOTHING_TO_DO: lambda: _("Nothing to do"),
    OwnWay.RETRY: lambda: _("Send it again"),
    OwnWay.WRITE: lambda: _("Let the server write to the student"),
    OwnWay.TOLD: lambda: _("I told the student"),
    OwnWay.EXPORT: lambda: _("Export the outbox"),
    OwnWay.DISCARD: lambda: _("Give the request up"),
}
_CONSEQUENCES: dict[Way | OwnWay, _Words] = {
    Way.CALL_STUDENT: lambda: _("Nothing is sent or booked. The item is closed with your note."),
    Way.ADD_TOKEN: lambda: _("One token is entered for the student, and the debt is settled."),
    Way.WAIVE: lambda: _("The student owes nothing. One token is entered with your note."),
    Way.ENROL_AGAIN: lambda: _("The item is closed. The device needs a new code to work again."),
    Way.WRITE_STUDENT: lambda: _("The mail below goes to the address on record."),
    Way.IMPORT_OUTBOX: lambda: _(
        "In a terminal of the device: kiosk outbox export. Here: kiosk outbox import. "
        "The item goes by itself."
    ),
    Way.KEEP_BACK: lambda: _(
        "On the server, before devices come back: kiosk-backend restored. Then close the item."
    ),
    Way.NOTHING_TO_DO: lambda: _("The item is closed with your note. Nothing else changes."),
    OwnWay.RETRY: lambda: _("It goes out with its old key. What is booked is not booked twice."),
    OwnWay.WRITE: lambda: _(
        "A mail to the address on record says why, and names sessions with free seats."
    ),
    OwnWay.TOLD: lambda: _("The item is closed, and no mail goes."),
    OwnWay.EXPORT: lambda: _("In a terminal of this device: kiosk outbox export."),
    OwnWay.DISCARD: lambda: _("The request is not sent any more. A seat it held goes back."),
}


def title(item: Item) -> str:
    """Return what happened, in a few words."""
    return _TITLES[item.kind]()


def happened(item: Item) -> str:
    """Return what happened and why, in sentences."""
    if not isinstance(item.kind, OwnKind):
        return item.happened
    text = _elsewhere(item) or _OWN[item.kind]()
    refused = item.kind in {OwnKind.REFUSED, OwnKind.PROMISE_REFUSED}
    if refused and item.code:
        text = f"{text} {code_sentence(item.code)}"
    if item.written:
        return " ".join((text, _("The server has been asked to write to the student.")))
    return text


def _elsewhere(item: Item) -> str:
    """Return what happened on the device a request was taken over from; empty where it was here."""
    if item.kind is not OwnKind.PROMISE_REFUSED or item.origin is None:
        return ""
    if not item.origin:
        return _(
            "The device from which this request was taken over guaranteed the seat with no network, "
            "and the server refused it."
        )
    text = _("{device} guaranteed the seat with no network, and the server refused it.")
    return text.format(device=item.origin)


def about(item: Item) -> str:
    """Return what it is about in one line: type, time, place, device; only what is known."""
    parts = []
    if item.mock_type:
        parts.append(type_name(item.mock_type))
    if item.starts_at and item.time_zone:
        parts.append(formats.day_and_time(item.starts_at, item.time_zone))
    parts += [apart(part) for part in (item.location, item.device) if part]
    if item.seats:
        count = ngettext("{n} seat", "{n} seats", len(item.seats))
        parts.append(count.format(n=len(item.seats)))
    return " · ".join(parts)


def asleep(item: Item, zone: str) -> str:
    """Return until when an item is put off, by whom and why; nothing for one on the list."""
    put = item.asleep
    if put is None:
        return ""
    when = formats.day_and_time(put.until, zone)
    who = put.by or _("somebody at this device")
    return _("Snoozed until {when} by {who}: {reason}").format(
        when=when, who=who, reason=put.reason
    )


def way_name(choice: Choice) -> str:
    """Return a way as a button or an option says it."""
    if choice.session is None:
        return _WAYS[choice.way]()
    when = formats.day_and_time(read_instant(choice.session.starts_at), choice.session.time_zone)
    place = choice.session.location
    return _("Book {when}, {place}").format(when=when, place=place)


def consequence(item: Item, choice: Choice) -> str:
    """Return what comes of a way."""
    if choice.session is not None:
        left = choice.session.left
        text = ngettext(
            "{n} seat is left. One token is used, and the usual mail goes to the student.",
            "{n} seats are left. One token is used, and the usual mail goes to the student.",
            left,
        )
        return text.format(n=left)
    if choice.way is Way.ATTEST:
        return _attested(item)
    if choice.way is OwnWay.DISCARD and item.kind is OwnKind.UNANSWERED:
        return _("This device asks no more. The seat may be booked on the server all the same.")
    if choice.way is OwnWay.DISCARD and item.origin is not None:
        return _("This device sends it no more. A seat it holds stays with the other device.")
    if choice.elsewhere and choice.way is Way.NOTHING_TO_DO:
        return _("The item goes by itself when the device speaks again or the session begins.")
    return _CONSEQUENCES[choice.way]()


def _attested(item: Item) -> str:
    if item.kind is not AttentionKind.STRANDED:
        return _("The item is closed with your note. Seats are attested in the item of the seats.")
    return _(
        "Seats that were used stay reserved. All others are free at once. "
        "An instructor or administrator says so."
    )
