"""`kiosk leases`: the seats this device was lent, and until when it may promise them."""

import argparse
from collections import Counter

from kiosk_app.app.client import open_reading
from kiosk_app.app.commands.outbox import reading_queue
from kiosk_app.app.commands.output import DONE, answer, profile_of
from kiosk_app.app.commands.readiness import ready_until
from kiosk_app.contract.leases import SlotState
from kiosk_app.i18n import formats
from kiosk_app.i18n.texts import _


def run(arguments: argparse.Namespace) -> int:
    """List leased seats by session; works beside a running kiosk."""
    queue = reading_queue(arguments)
    held = queue.slots.held() if queue else []
    until = ready_until(queue) if queue else None
    reading = open_reading(profile_of(arguments))
    sessions, lines = list[dict[str, object]](), list[str]()
    for session_id in dict.fromkeys(slot.session_id for slot in held):
        own = [slot for slot in held if slot.session_id == session_id]
        row, states = reading.session(session_id), Counter(slot.state for slot in own)
        counted = {state.value: states[state] for state in SlotState}
        entry: dict[str, object] = dict(counted)
        sessions.append(
            entry
            | {
                "session_id": session_id,
                "starts_at": row.starts_at if row else None,
                "lapsed": sum(slot.lapsed for slot in own),
                "slots": [
                    {"slot": s.slot, "generation": s.generation, "state": s.state} for s in own
                ],
            }
        )
        when = formats.day_and_time(row.starts_at, row.time_zone) if row else session_id
        lines.append(f"{when}  " + "  ".join(f"{n} {name}" for name, n in counted.items() if n))
    reading.close()
    if queue:
        queue.close()
    document: dict[str, object] = {"sessions": sessions, "ready_until": until}
    return answer(arguments, document, lines or [_("This kiosk holds no seats.")], DONE)
