"""The peer's side of the lease protocol, written from the contract alone."""

from dataclasses import dataclass, field


@dataclass
class Lending:
    """What the peer has lent to whom; `most` slots a wish, `ttl` seconds a lease."""

    most: int = 3
    ttl: int = 6 * 3600
    owners: dict[tuple[str, int], int] = field(default_factory=dict)
    """(session, slot) → the generation that is out."""
    generations: dict[tuple[str, int], int] = field(default_factory=dict)
    grants: dict[str, list[dict]] = field(default_factory=dict)
    booked: set[tuple[str, int, int]] = field(default_factory=set)
    recalls: dict[str, int] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    gone: set[tuple[str, int, int]] = field(default_factory=set)
    grace: bool = False
    heard: list[dict] = field(default_factory=list)

    def out(self, session_id):
        return sum(1 for session, _ in self.owners if session == session_id)

    def owns(self, session_id, lease):
        return self.owners.get((session_id, lease["slot"])) == lease["generation"]

    def book(self, session_id, lease):
        del self.owners[session_id, lease["slot"]]
        self.booked.add((session_id, lease["slot"], lease["generation"]))

    def revoke(self, session_id):
        """Somebody attests that nothing was used: the device is told that its slots are gone."""
        for session, slot in [key for key in self.owners if key[0] == session_id]:
            self.gone.add((session, slot, self.owners.pop((session, slot))))

    def answer(self, body, peer, now):
        self.heard.append(body)
        settled, gone = [], []
        for told in body["slots"]:
            ref = {name: told[name] for name in ("session_id", "slot", "generation")}
            key, place = tuple(ref.values()), (told["session_id"], told["slot"])
            if key in self.booked:
                settled.append(ref)
            elif self.owners.get(place) != told["generation"]:
                gone.append(ref)
            elif told["state"] == "returning":
                del self.owners[place]
                settled.append(ref)
        granted = [self._grant(wish, peer) for wish in body["wishes"]]
        recalls = [{"session_id": s, "seats": n} for s, n in self.recalls.items()]
        self.recalls.clear()
        return 200, {
            "epoch": peer.epoch,
            "now": now,
            "ttl_s": self.ttl,
            "grants": granted,
            "settled": settled,
            "gone": gone,
            "recalls": recalls,
            "closed": sorted(self.closed),
        }

    def _grant(self, wish, peer):
        grant_id, session_id = wish["grant_id"], wish["session_id"]
        if grant_id not in self.grants:
            self.grants[grant_id] = self._slots(session_id, wish["seats"], peer)
        return {"grant_id": grant_id, "session_id": session_id, "slots": self.grants[grant_id]}

    def _slots(self, session_id, seats, peer):
        facts = peer.sessions.get(session_id)
        if facts is None or self.grace or session_id in self.closed:
            return []
        room = facts.capacity - peer.taken(facts) - self.out(session_id)
        slots = []
        for slot in range(1, facts.capacity + 1):
            place = (session_id, slot)
            taken = place in self.owners or any(b[:2] == place for b in self.booked)
            if taken or len(slots) >= min(seats, self.most, room):
                continue
            generation = self.generations[place] = self.generations.get(place, 0) + 1
            self.owners[place] = generation
            slots.append({"session_id": session_id, "slot": slot, "generation": generation})
        if slots:
            peer.feed.append(session_id)
        return slots
