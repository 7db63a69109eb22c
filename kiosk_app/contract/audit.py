"""The log of who did what to whom, as an administrator reads it (K29)."""

from typing import Any, Literal

from msgspec import Struct

from kiosk_app.contract.wire import WireInstant

ActorKind = Literal["user", "student", "device", "system"]


class LogEntry(Struct, frozen=True, kw_only=True):
    """One thing that was done; people are named by their ids, staff also by their names."""

    id: int
    at: WireInstant
    actor_kind: ActorKind
    actor_id: str | None
    """Number of a user, id of a student or a device; None for the system."""
    actor_name: str | None
    action: str
    entity: str
    entity_id: str
    subject_id: str | None
    """The student it concerns."""
    reason: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    device_id: str | None
    device: str | None
    request_id: str | None


class LogPage(Struct, frozen=True, kw_only=True):
    """Answer to `GET /admin/audit`: newest first."""

    entries: list[LogEntry]
    cursor: str | None
    """Where the next page begins; None on the last one."""
