"""A kiosk that holds leases, as small as it can be: what the protocol asks of a device, in memory."""

import hashlib
from datetime import UTC, datetime
from uuid import uuid4

from kiosk_app.contract.leases import (
    LeaseAnswer,
    LeasedSeat,
    LeaseSync,
    SlotRef,
    SlotState,
    SlotStatement,
    Wish,
)
from kiosk_app.contract.wire import wire_instant

Key = tuple[str, int, int]


def key_of(ref: SlotRef) -> Key:
    return ref.session_id, ref.slot, ref.generation


class LeaseKiosk:
    """Slots with their states, a journal that only grows, and wishes that are asked until answered."""

    def __init__(self):
        self.installation = str(uuid4())
        self.counter, self.chain = 0, ""
        self.epoch = None
        self.slots: dict[Key, SlotState] = {}
        self.wishes: list[Wish] = []

    def note(self, line):
        self.counter += 1
        self.chain = hashlib.sha256(f"{self.chain}{line}".encode()).hexdigest()

    def wish(self, session, seats=3):
        wish = Wish(grant_id=str(uuid4()), session_id=session, seats=seats)
        self.wishes.append(wish)
        self.note(wish.grant_id)
        return wish

    def free(self, session=None):
        return [
            key
            for key, state in self.slots.items()
            if state is SlotState.FREE and session in {None, key[0]}
        ]

    def confirm(self, key):
        """Use a slot: from here on somebody was promised this seat."""
        assert self.slots[key] is SlotState.FREE
        self.slots[key] = SlotState.USED
        self.note(f"used {key}")
        return LeasedSeat(slot=key[1], generation=key[2])

    def give_back(self, key):
        assert self.slots[key] is SlotState.FREE
        self.slots[key] = SlotState.RETURNING
        self.note(f"returning {key}")

    def message(self) -> LeaseSync:
        return LeaseSync(
            installation_id=self.installation,
            counter=self.counter,
            chain=self.chain,
            device_time=wire_instant(datetime.now(UTC)),
            epoch=self.epoch,
            slots=[
                SlotStatement(session_id=s, slot=n, generation=g, state=state)
                for (s, n, g), state in self.slots.items()
            ],
            wishes=list(self.wishes),
        )

    def hear(self, answer: LeaseAnswer):
        """Take an answer in: never overwrite a slot, forget what is settled, freeze what is gone."""
        self.epoch = answer.epoch
        answered = {grant.grant_id for grant in answer.grants}
        self.wishes = [wish for wish in self.wishes if wish.grant_id not in answered]
        for grant in answer.grants:
            for ref in grant.slots:
                self.slots.setdefault(key_of(ref), SlotState.FREE)
        for ref in answer.settled:
            self.slots.pop(key_of(ref), None)
        for ref in answer.gone:
            if self.slots.get(key_of(ref)) is SlotState.FREE:
                self.slots[key_of(ref)] = SlotState.FROZEN
        self.note("heard")
