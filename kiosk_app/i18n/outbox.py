"""Words for what of an outbox is not settled: what it is, where it stands, when it is tried again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from kiosk_app.domain.outbox import ENDED, Entry, Rung
from kiosk_app.i18n import formats
from kiosk_app.i18n.bidi import apart
from kiosk_app.i18n.faults import code_sentence
from kiosk_app.i18n.names import type_name
from kiosk_app.i18n.texts import _, ngettext

_RUNGS: dict[Rung, Callable[[], str]] = {
    Rung.GUARANTEED: lambda: _("Seat guaranteed"),
    Rung.QUEUED: lambda: _("Waiting to be sent"),
    Rung.SENDING: lambda: _("Being sent"),
    Rung.UNKNOWN: lambda: _("Waiting for the answer"),
    Rung.ASIDE: lambda: _("Set aside"),
    Rung.REFUSED: lambda: _("Refused"),
}
_MEANING: dict[Rung, Callable[[], str]] = {
    Rung.GUARANTEED: lambda: _(
        "The seat is this device's to give, and the student was told that it is theirs."
    ),
    Rung.QUEUED: lambda: _("It is saved here. It is not yet a seat."),
    Rung.SENDING: lambda: _("The server is being asked right now."),
    Rung.UNKNOWN: lambda: _(
        "It was sent and nobody answered, so it is booked or not. It is asked again with the same "
        "key, and never booked twice."
    ),
    Rung.ASIDE: lambda: _("This device cannot send it and tries no more until somebody says so."),
    Rung.REFUSED: lambda: _("The student has not been told yet."),
}
_HOUR = timedelta(hours=1)


def what(entry: Entry) -> str:
    """Return what was asked for."""
    return _("Cancellation") if entry.cancels else _("New booking")


def state(entry: Entry) -> str:
    """Return where it stands, in a word or two."""
    return _RUNGS[entry.rung]()


def meaning(entry: Entry) -> str:
    """Return what that means, in a sentence."""
    if entry.rung is Rung.GUARANTEED and entry.origin is not None:
        return _given_by(entry.origin)
    if entry.cancels and entry.rung is Rung.QUEUED:
        return _("It is saved here. The booking stands until the server has it.")
    if entry.cancels and entry.rung is Rung.UNKNOWN:
        return _("It was sent and nobody answered. It is asked again, and never done twice.")
    return _MEANING[entry.rung]()


def _given_by(origin: str) -> str:
    if not origin:
        return _(
            "The device from which this request was taken over guaranteed the seat, and the student "
            "was told that it is theirs."
        )
    text = _("{device} guaranteed the seat, and the student was told that it is theirs.")
    return text.format(device=origin)


def about(entry: Entry) -> str:
    """Return the session it is about: type, time, place."""
    when = formats.day_and_time(entry.starts_at, entry.time_zone)
    return " · ".join((type_name(entry.mock_type), when, apart(entry.location)))


def tries(entry: Entry) -> str:
    """Return how often it was sent."""
    if not entry.attempts:
        return _("Not tried yet")
    text = ngettext("Tried {n} time", "Tried {n} times", entry.attempts)
    return text.format(n=entry.attempts)


def saved(entry: Entry, now: datetime, zone: str) -> str:
    """Return when it was made, and how long ago that is."""
    clock = formats.day_and_time(entry.created_at, zone)
    return formats.listed(clock, formats.age(now - entry.created_at))


def why(entry: Entry) -> str:
    """Return the last error as a sentence; empty while there is none."""
    return code_sentence(entry.code) if entry.code else ""


def next_try(entry: Entry, now: datetime, zone: str, *, online: bool) -> str:
    """Return when it is sent the next time; empty when that is a person's to say."""
    if entry.rung in ENDED:
        return ""
    if entry.rung is Rung.SENDING:
        return _("Now")
    if not online:
        return _("When there is a connection")
    if entry.next_at is None or entry.next_at <= now:
        return _("Now")
    left = entry.next_at - now
    if left < _HOUR:
        return _("In {count}").format(count=formats.countdown(left))
    return formats.day_and_time(entry.next_at, zone)
