"""One request of the outbox: what it holds, where it stands, and how its row reads."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct, structs

from kiosk_app.cache.columns import instant, stamp
from kiosk_app.contract.leases import SlotRef

Kind = Literal["create", "cancel"]
System = Literal["discussions", "exams"]


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0, 1, I, L, O, U: a number is read aloud and typed in."""


def new_number() -> str:
    """Return a request number such as `Q-7K2Q-M4D`: random, never a counter."""
    left, tail = secrets.randbelow(len(_ALPHABET) ** 7), ""
    for _ in range(7):
        left, place = divmod(left, len(_ALPHABET))
        tail += _ALPHABET[place]
    return f"Q-{tail[:4]}-{tail[4:]}"


class State(StrEnum):
    """Where a request stands."""

    QUEUED = "queued"
    SENDING = "sending"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    DISCARDED = "discarded"


WAITING = (State.QUEUED, State.SENDING)


class Subject(Struct, frozen=True, kw_only=True):
    """The session a request is about, as the student saw it (it may change or vanish later)."""

    session_id: str
    mock_type: str
    exam_date: str
    session_start: datetime
    session_end: datetime
    time_zone: str
    location: str
    delivery_format: str | None = None


class NewRequest(Struct, frozen=True, kw_only=True):
    """A request before it has a place in the queue."""

    id: str
    kind: Kind
    system: System
    path: str
    body: str
    """JSON as it will be sent."""
    subject: Subject
    student_ref: str
    email: str = ""
    """Proves the person again when a cancel is sent without them (architecture §6)."""
    idempotency_key: str | None = None
    booking_ref: str | None = None
    follows: str | None = None
    """The create whose booking this cancel is about, while the server has not answered it."""
    unchecked: bool = False
    """Nobody has checked this student yet: `body` lacks the contact (K43)."""
    slot: int | None = None
    generation: int | None = None
    """The leased seat it was confirmed against: its student was told *guaranteed*."""


class Request(NewRequest, frozen=True, kw_only=True):
    """A request in the queue."""

    position: int
    number: str
    created_at: datetime
    state: State
    attempts: int = 0
    next_at: datetime | None = None
    last_code: str | None = None
    result: str | None = None
    """JSON of the server's answer."""
    settled_at: datetime | None = None
    seen: bool = False
    """The student has seen the refusal."""
    reported: bool = False
    """The server knows of the refusal and writes to a student who had left (K15)."""
    unanswered: bool = False
    """It was sent, and no verdict came: nobody knows whether the server did it (R5)."""
    quarantined: bool = False
    """This program cannot handle it; it waits for a person."""
    origin: str | None = None
    """The device it was taken over from, empty when that is not known; None: it was made here."""

    @property
    def seat(self) -> SlotRef | None:
        """Return the leased seat it holds."""
        if self.slot is None or self.generation is None:
            return None
        return SlotRef(
            session_id=self.subject.session_id, slot=self.slot, generation=self.generation
        )


_SUBJECT = tuple(field.name for field in structs.fields(Subject))
_OWN = tuple(field.name for field in structs.fields(Request) if field.name != "subject")
NAMES = _SUBJECT + _OWN
COLUMNS = ", ".join(NAMES)
TAKEN = tuple(name for name in NAMES if name != "position")
_INSTANTS = ("created_at", "next_at", "settled_at")
_FLAGS = ("unchecked", "seen", "reported", "unanswered", "quarantined")


_SAVED = (
    *_SUBJECT,
    *(field.name for field in structs.fields(NewRequest) if field.name != "subject"),
    *("number", "created_at"),
)
SAVE = "INSERT INTO requests ({}) VALUES ({})".format(  # noqa: S608 - our own names
    ", ".join(_SAVED), ", ".join(f":{name}" for name in _SAVED)
)


def saved(new: NewRequest, number: str, now: datetime) -> tuple[Request, dict[str, object]]:
    """Return a new request as the queue will give it, but for its position, and its row for `SAVE`."""
    values = structs.asdict(new)
    row = values | structs.asdict(new.subject)
    del row["subject"]
    row |= {"number": number, "created_at": stamp(now)}
    for name in ("session_start", "session_end"):
        row[name] = stamp(row[name])
    values["subject"] = structs.replace(
        new.subject,
        session_start=instant(row["session_start"]),
        session_end=instant(row["session_end"]),
    )
    at = instant(row["created_at"])
    return Request(**values, position=0, number=number, created_at=at, state=State.QUEUED), row


def plain(value: object) -> object:
    """Return a value as a row keeps it."""
    if isinstance(value, datetime):
        return stamp(value)
    return int(value) if isinstance(value, bool) else value


def request_of(row: dict[str, object]) -> Request:
    """Build a request from the columns of `NAMES`."""
    subject = {name: row.pop(name) for name in _SUBJECT}
    for name in ("session_start", "session_end"):
        subject[name] = instant(int(str(subject[name])))
    for name in _INSTANTS:
        value = row[name]
        row[name] = instant(int(str(value))) if value is not None else None
    row |= {name: bool(row[name]) for name in _FLAGS}
    row["state"] = State(str(row["state"]))
    return Request(subject=Subject(**subject), **row)  # type: ignore[arg-type]
