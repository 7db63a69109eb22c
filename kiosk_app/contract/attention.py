"""What staff must settle: promises that cannot be kept, debts, and seats of devices that are gone."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from kiosk_app.contract.desk import Reason
from kiosk_app.contract.leases import MOST_SLOTS, SlotRef
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.wire import Uuid, WireInstant

MOST_WORDS = 500
WORDS = "{words}"
"""Where the words of staff go in a letter."""


class AttentionKind(StrEnum):
    """What happened."""

    REHOUSE = "rehouse"
    """A seat that was guaranteed offline cannot be had: session called off, overlap."""
    DEBT = "debt"
    """A guaranteed seat was given; its token had been spent elsewhere."""
    DUPLICATE_FREED = "duplicate_freed"
    """The student had that session or day already; the second seat is free again."""
    CLONE_ALARM = "clone_alarm"
    """A device spoke with two voices; it was revoked."""
    UNKNOWN_LEASE = "unknown_lease"
    """After a restore a device holds a seat that is taken."""
    CANCELLED_CHECK_IN = "cancelled_check_in"
    """Somebody was checked in without a network, and their booking had been cancelled."""
    STRANDED = "stranded"
    """A device that may confirm nothing any more has not said which of its seats it used."""
    RESTORE_NOTICED = "restore_noticed"
    """A device knows more than the database, and nobody told of a restore."""


class Way(StrEnum):
    """How an item is settled."""

    BOOK_OTHER = "book_other"
    CALL_STUDENT = "call_student"
    ADD_TOKEN = "add_token"  # noqa: S105 - a way out
    WAIVE = "waive"
    ENROL_AGAIN = "enrol_again"
    ATTEST = "attest"
    WRITE_STUDENT = "write_student"
    IMPORT_OUTBOX = "import_outbox"
    KEEP_BACK = "keep_back"
    """`kiosk-backend restored`, on the server."""
    NOTHING_TO_DO = "nothing_to_do"


class Alternative(Struct, frozen=True, kw_only=True):
    """A session of the same type with a free seat that the student could have."""

    session_id: str
    starts_at: WireInstant
    ends_at: WireInstant
    time_zone: str
    location: str
    left: int


class Option(Struct, frozen=True, kw_only=True):
    """One way out of an item."""

    way: Way
    alternative: Alternative | None = None
    """With BOOK_OTHER: which one."""
    mails: bool = False
    """A mail goes to the student; `GET /desk/attention/{item}/letters` shows it."""


class Snoozed(Struct, frozen=True, kw_only=True):
    """An item that is off the list for a while; also the answer to `SnoozeAttention`."""

    until: WireInstant
    """When it comes back: the time that was chosen, or when the start of its session is near."""
    at: WireInstant
    by: str
    """The name of the staff user."""
    reason: str


class AttentionItem(Struct, frozen=True, kw_only=True):
    """One item as the desk lists it, the best way out first."""

    id: str
    kind: AttentionKind
    at: WireInstant
    student: str | None = None
    """Student id; the name is asked for where somebody acts."""
    session_id: str | None = None
    mock_type: MockType | None = None
    starts_at: WireInstant | None = None
    time_zone: str | None = None
    location: str | None = None
    booking_code: str | None = None
    device: str | None = None
    slot: int | None = None
    reason: str | None = None
    """The code of the refusal, where there was one."""
    ways: list[Way] = []
    happened: str = ""
    """A sentence in the language of the request."""
    options: list[Option] = []
    """The ways with what each needs to be chosen, the best one first, the nearest session first."""
    device_id: str | None = None
    usable_until: WireInstant | None = None
    """Of stranded seats: until when they could be promised."""
    slots: list[SlotRef] = []
    """Of stranded seats: what to attest."""
    snoozed: Snoozed | None = None


class AttentionList(Struct, frozen=True):
    """Answer to `GET /desk/attention`: what is open, oldest first."""

    items: list[AttentionItem]
    snoozed: list[AttentionItem] = []
    """What was put off, the one that comes back first before the others."""


class Letter(Struct, frozen=True, kw_only=True):
    """One mail in one language, as it reads now."""

    language: str
    subject: str
    text: str
    with_words: str = ""
    """The same with words of the staff's own in it, at the place of `WORDS`; empty: it takes none."""


class AttentionLetters(Struct, frozen=True, kw_only=True):
    """Answer to `GET /desk/attention/{item}/letters?way=…`: what a way would write to the student."""

    goes: bool
    """False: this way writes nothing, or it was written before."""
    letters: list[Letter] = []
    """The student's language first; that one goes."""


class SettleAttention(Struct, frozen=True, kw_only=True):
    """Body of `POST /desk/attention/{item}/settle`.

    WRITE_STUDENT sends the mail, with `words` of the staff's own where the letter has a place for
    them; ADD_TOKEN and WAIVE enter the owed token. Another session is booked
    by the documented routes before the item is closed.
    """

    way: Way
    reason: Reason
    words: Annotated[str, Meta(max_length=MOST_WORDS)] = ""


class AttentionSettled(Struct, frozen=True):
    """Answer to `SettleAttention`, also when it was settled before."""

    settled: bool = True


class SnoozeAttention(Struct, frozen=True, kw_only=True):
    """Body of `POST /desk/attention/{item}/snooze`: take an item off the list until then.

    It comes back by itself: at its time, when the start of its session is near, or when what it is
    about changes.
    """

    until: WireInstant
    reason: Reason


class AttentionWoken(Struct, frozen=True):
    """Answer to `POST /desk/attention/{item}/wake`, also when the item was not put off."""

    woken: bool = True


class DeviceLeases(Struct, frozen=True, kw_only=True):
    """What one device holds."""

    device_id: str
    device: str
    last_seen: WireInstant | None
    revoked: bool
    usable_until: WireInstant | None
    """By the server's clock, the end of what the device may confirm; later its seats are stranded."""
    slots: list[SlotRef] = []


class LeasesHeld(Struct, frozen=True):
    """Answer to `GET /desk/leases`."""

    devices: list[DeviceLeases]


class Attest(Struct, frozen=True, kw_only=True):
    """Body of `POST /desk/leases/attest`: a device is gone; these of its slots were used.

    All others are given back. A used one stays reserved until its booking is carried over.
    """

    device_id: Uuid
    used: Annotated[list[SlotRef], Meta(max_length=MOST_SLOTS)] = []
    reason: Reason


class Attested(Struct, frozen=True):
    """Answer to `Attest`: what became free."""

    freed: list[SlotRef]
