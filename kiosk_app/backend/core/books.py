"""Do seats, tokens and bookings agree? What `doctor` asks and what must always be true (M2, M3)."""

from msgspec import Struct

from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.storage.checks import Counts, count_faults
from kiosk_app.backend.storage.restores import grace, noticed, unheard_devices
from kiosk_app.contract.wire import wire_instant


class Finding(Struct, frozen=True, kw_only=True):
    """One check and how it went; `detail` holds nothing personal."""

    name: str
    ok: bool
    detail: str


SENTENCES = {
    "seats": "sessions whose counter differs from their live bookings",
    "overfull": "sessions with more bookings than seats",
    "leased": "sessions whose leased seats are not those that devices hold",
    "overdrawn": "balances lower than their debts explain",
    "unpaid": "live bookings that took no token, or gave it back",
    "unreturned": "bookings cancelled in time whose token was not given back",
}
"""What each count is a number of."""


async def check_books(core: Core) -> list[Finding]:
    """Return one finding per rule; each counts the rows that break it."""
    counts: Counts = await count_faults(core.db)
    findings = [
        Finding(name=name, ok=not count, detail=f"{count} {SENTENCES[name]}")
        for name in SENTENCES
        for count in (getattr(counts, name),)
    ]
    fence = counts.fence_age_s
    findings.append(
        Finding(
            name="feed",
            ok=fence < _LATE_FENCE_S,
            detail=f"the change feed is held back by a transaction {fence} s old",
        )
    )
    findings.append(await _restore(core))
    total = f"{counts.sessions} sessions ahead, {counts.students} students"
    return [*findings, Finding(name="content", ok=True, detail=total)]


async def _restore(core: Core) -> Finding:
    """Say whether a grace runs after a restore, and whom it waits for."""
    running, alarm = await grace(core.db), await noticed(core.db)
    if running:
        names = ", ".join(await unheard_devices(core.db)) or "nobody"
        detail = f"grace until {wire_instant(running.ends_at)}, waiting for {names}"
    elif alarm:
        detail = f"{alarm.device} knows more than this database; see kiosk-backend restored"
    else:
        detail = "no grace runs"
    return Finding(name="restore", ok=not running and not alarm, detail=detail)


_LATE_FENCE_S = 60
"""A writing transaction this old keeps every kiosk's data old; the server should have ended it."""
