"""Enrolment, capabilities and the change feed: what is ours beyond the documented API."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.contract.wire import WireInstant

Profile = Literal["kiosk", "desk"]


class Enrol(Struct, frozen=True):
    """Body of `POST /devices/enrol`: trade a one-time code for a device token (K25)."""

    code: Annotated[str, Meta(min_length=6, max_length=64)]


class Enrolment(Struct, frozen=True, kw_only=True):
    """What a device is told once and keeps in its keyring."""

    device_id: str
    device_token: str
    name: str
    profile: Profile
    location: str | None = None
    time_zone: str = "America/Toronto"


class Capabilities(Struct, frozen=True, kw_only=True):
    """What this backend offers beyond the documented floor (architecture §2.4)."""

    version: str
    features: list[str]
    """Any of `changes`, `visits`, `rejections`, `events`, `staff`, `leases`, `sums`, `mail`.

    A client takes a missing name for *not offered*.
    """


class Backlog(Struct, frozen=True, kw_only=True):
    """What waits to be done beside the requests; numbers only (K31)."""

    mail_waiting: int = 0
    mail_dead: int = 0
    """Given up; somebody has to look."""
    crm_waiting: int = 0
    webhooks_waiting: int = 0
    webhooks_dead: int = 0
    jobs_overdue: int = 0
    """Jobs that should have begun minutes ago, and that nobody runs."""


class Health(Struct, frozen=True, kw_only=True):
    """`GET /health` and `GET /ready`; `now` lets a client see that its clock is off (K34)."""

    status: Literal["ok", "degraded"]
    now: WireInstant
    version: str
    schema_version: str | None = None
    grace_until: WireInstant | None = None
    """After a restore from a backup: until when, at the latest, seats are kept back."""
    backlog: Backlog | None = None
    """Of `GET /ready` while the database answers; it makes no backend less ready."""


class ChangePage(Struct, frozen=True, kw_only=True):
    """One page of the change feed: full rows and deletions, and where to go on.

    The cursor is opaque to the client; it is stored in the transaction that stores the rows.
    """

    epoch: str
    cursor: str
    more: bool
    now: WireInstant
    sessions: list[SessionFacts] = []
    deleted: list[str] = []


class SnapshotPage(Struct, frozen=True, kw_only=True):
    """One page of all sessions by id; `cursor` is where the feed goes on after the last page.

    The first page fixes `cursor`; the client hands it back with `after` until `after` is None.
    """

    epoch: str
    cursor: str
    after: str | None
    now: WireInstant
    sessions: list[SessionFacts] = []


class MonthSum(Struct, frozen=True, kw_only=True):
    """Answer to `GET /changes/sum`: what the open sessions of one month come to.

    Both ends build it alike (`domain/sums.py`); a mirror that differs although it has heard of
    everything has lost or bent a row.
    """

    epoch: str
    current: bool
    """No session has changed since the cursor that was asked with: the two may be compared."""
    count: int
    total: int
