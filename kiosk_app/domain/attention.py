"""What staff must settle: the ways out, the best one first, and how one item stands.

Items come from two places: the server's, which a staff user reads, and this device's own, which are
in its outbox and need nobody's leave but that of whoever stands at it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from kiosk_app.contract.attention import Alternative, AttentionKind, Way
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.snoozing import Asleep

TOO_LONG = timedelta(minutes=30)
"""For a request to get no verdict while there is a way to the server (R7)."""

WAYS: dict[AttentionKind, tuple[Way, ...]] = {
    AttentionKind.REHOUSE: (
        Way.BOOK_OTHER,
        Way.WRITE_STUDENT,
        Way.CALL_STUDENT,
        Way.NOTHING_TO_DO,
    ),
    AttentionKind.DEBT: (Way.ADD_TOKEN, Way.CALL_STUDENT, Way.WAIVE),
    AttentionKind.DUPLICATE_FREED: (Way.NOTHING_TO_DO, Way.CALL_STUDENT),
    AttentionKind.CLONE_ALARM: (Way.ENROL_AGAIN, Way.ATTEST),
    AttentionKind.UNKNOWN_LEASE: (Way.CALL_STUDENT, Way.BOOK_OTHER, Way.NOTHING_TO_DO),
    AttentionKind.CANCELLED_CHECK_IN: (Way.BOOK_OTHER, Way.CALL_STUDENT, Way.NOTHING_TO_DO),
    AttentionKind.STRANDED: (Way.IMPORT_OUTBOX, Way.ATTEST, Way.NOTHING_TO_DO),
    AttentionKind.RESTORE_NOTICED: (Way.KEEP_BACK, Way.NOTHING_TO_DO),
}


class OwnKind(StrEnum):
    """What happened to a request of this device."""

    PROMISE_REFUSED = "promise_refused"
    """Its student was told *guaranteed*, and the server refused it."""
    QUARANTINED = "quarantined"
    """This program cannot handle it; it stands aside."""
    UNANSWERED = "unanswered"
    """Sent, and for too long nobody has said what became of it."""
    REFUSED = "refused"
    """Refused after its student had left."""


class OwnWay(StrEnum):
    """What staff may do about a request of this device."""

    RETRY = "retry"
    WRITE = "write"
    """The server writes to the address on record."""
    TOLD = "told"
    """Somebody told the student."""
    EXPORT = "export"
    """`kiosk outbox export`, in a terminal."""
    DISCARD = "discard"


class Choice(Struct, frozen=True, kw_only=True):
    """One way out, as it can be chosen."""

    way: Way | OwnWay
    session: Alternative | None = None
    """With BOOK_OTHER: which one."""
    mails: bool = False
    """A mail goes to the student, which can be read before."""
    elsewhere: bool = False
    """It is done in another place; choosing it here would change nothing."""


class Item(Struct, frozen=True, kw_only=True):
    """One thing staff must settle."""

    ref: str
    kind: AttentionKind | OwnKind
    at: datetime
    """Since when."""
    choices: tuple[Choice, ...]
    """The best one first."""
    happened: str = ""
    """The server's sentence; what happened to an item of this device is said where it is shown."""
    code: str | None = None
    """Why it was refused, or got no answer."""
    student: str | None = None
    """Student id."""
    number: str | None = None
    """What a person may quote: a booking code, or the number of a request."""
    session_id: str | None = None
    mock_type: MockType | None = None
    starts_at: datetime | None = None
    time_zone: str | None = None
    location: str | None = None
    device: str | None = None
    device_id: str | None = None
    seats: tuple[SlotRef, ...] = ()
    """Of stranded seats: what to attest."""
    origin: str | None = None
    """The device its request was taken over from, empty when that is not known; None: made here."""
    cancels: bool = False
    """The request was a cancel."""
    written: bool = False
    """The server was asked to write to the student."""
    asleep: Asleep | None = None
    """It is put off; None: it is on the list."""

    @property
    def own(self) -> bool:
        """Whether it is in the outbox of this device."""
        return isinstance(self.kind, OwnKind)


def asleep_last(items: Iterable[Item]) -> tuple[list[Item], list[Item]]:
    """Return what is on the list, in its order, and what is put off, soonest back first."""
    awake, asleep = list[Item](), list[tuple[datetime, Item]]()
    for item in items:
        if item.asleep is None:
            awake.append(item)
        else:
            asleep.append((item.asleep.until, item))
    return awake, [item for _until, item in sorted(asleep, key=lambda one: one[0])]


def elsewhere(kind: AttentionKind, way: Way) -> bool:
    """Say whether a way is only a hint: stranded seats close by an attestation or by themselves."""
    return kind is AttentionKind.STRANDED and way is not Way.ATTEST
