"""The log for administrators, page by page (K29)."""

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.paging import cursor_of, read_number
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.audit_pages import LogRow, LogWanted, log_page
from kiosk_app.contract.audit import LogEntry, LogPage
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant


async def read_log(
    core: Core, caller: Caller, wanted: LogWanted, *, cursor: str | None, size: int
) -> LogPage:
    """Return one page of the log, newest first.

    Raises:
        Refusal: VALIDATION_ERROR for a cursor that is none.
    """
    caller.require_role(Role.ADMIN)
    after = read_number(cursor) if cursor else None
    found = await log_page(core.db, wanted, after, size + 1)
    page = found[:size]
    return LogPage(
        entries=[_entry(row) for row in page],
        cursor=cursor_of(page[-1].id) if len(found) > size else None,
    )


def _entry(row: LogRow) -> LogEntry:
    return LogEntry(
        id=row.id,
        at=wire_instant(row.at),
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        action=row.action,
        entity=row.entity,
        entity_id=row.entity_id,
        subject_id=str(row.subject_id) if row.subject_id else None,
        reason=row.reason,
        before=row.before,
        after=row.after,
        device_id=str(row.device_id) if row.device_id else None,
        device=row.device,
        request_id=row.request_id,
    )
