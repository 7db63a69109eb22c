"""One campus with leases for a test of any order of events: what happens to it, and what must hold.

The invariants carry the numbers of the protocol's proof: I1 no seat too many, I2 one owner of a
seat, I3 one booking of a promise and of a student, I4 shown means on disk, I5 what goes back is not
used, I6 a lease ends for a reason, I7 every promise is kept, I8 the ledger adds up.
"""

import asyncio
import itertools
import tempfile
from pathlib import Path
from uuid import UUID

import psycopg

from kiosk_app.backend.core import restored
from kiosk_app.backend.core.attention import attest
from kiosk_app.backend.core.books import check_books
from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.devices import enrol, issue_code, revoke
from kiosk_app.backend.core.parts import Core
from kiosk_app.backend.core.shelf import Shelf
from kiosk_app.backend.storage.database import Database
from kiosk_app.backend.storage.rows import DeviceRow
from kiosk_app.backend.storage.tables import METADATA
from kiosk_app.contract.attention import Attest
from kiosk_app.contract.leases import SlotRef, SlotState
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
)
from tests.helpers.leased import a_user
from tests.helpers.postgres import FILLED_BY_MIGRATIONS
from tests.helpers.two_kiosks import Kiosk, Slot, lease_rows, must

TOKENS = (1, 2, 2)
DAYS = (far_day(5), far_day(6))
_numbers = itertools.count(1)
_TABLES = [name for name in METADATA.tables if name not in FILLED_BY_MIGRATIONS]


def empty(url: str) -> None:
    """Let nothing be left of what happened in a database."""
    with psycopg.connect(url) as connection:
        _delete_everything(connection)


def _delete_everything(connection: psycopg.Connection) -> None:
    """Delete row by row: a TRUNCATE may wait for the backend while the backend waits for it."""
    connection.execute("SET LOCAL session_replication_role = replica")
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table}")


class World:
    """Two kiosks, two sessions, three students, and a backend that other people use as well."""

    def __init__(self, backend: RunningBackend) -> None:
        self.backend, self.url = backend, backend.database
        self.loop = asyncio.new_event_loop()
        self.run = self.loop.run_until_complete
        self.folder = tempfile.TemporaryDirectory()
        self.number = next(_numbers)
        self.sql = psycopg.connect(self.url, autocommit=True)
        self.db = Database(self.url, size=1)
        self.run(self.db.__aenter__())
        self.core = Core(db=self.db, shelf=Shelf())
        self.sessions = [add_session(self.url, day=day, capacity=20) for day in DAYS]
        self.people: dict[str, str] = {}
        for n, tokens in enumerate(TOKENS):
            student, email = f"S{self.number}N{n}", f"s{self.number}n{n}@example.org"
            add_student(self.url, student, email=email, discussion=tokens)
            self.people[student] = email
        self.other = Api(backend.url, add_device(self.url, f"Other {self.number}", "desk"))
        self.rows: dict[Slot, tuple] = {}
        self.freed: set[Slot] = set()
        """What staff gave back for a kiosk that they thought was gone."""
        self.told: set[str] = set()
        """Keys of promises that stood on the list at any time."""
        self.copied: set[UUID] = set()
        self.backup: dict[str, bytes] | None = None
        self.restored = False
        self.kiosks: list[Kiosk] = []
        self.devices: list[UUID] = []
        for n in range(2):
            self._add_kiosk(f"Kiosk {self.number}/{n}")

    def _add_kiosk(self, name: str) -> None:
        token = add_device(self.url, name)
        kiosk = Kiosk(Path(self.folder.name) / f"kiosk{len(self.kiosks)}", self.backend.url, token)
        self.kiosks.append(kiosk)
        ((device,),) = self.query("SELECT id FROM devices WHERE name = %s", name)
        self.devices.append(device)
        self.run(kiosk.meet(self.people))
        self.run(kiosk.sync())

    def query(self, statement: str, *values: object) -> list[tuple]:
        cursor = self.sql.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def person(self, number: int) -> tuple[str, str]:
        return list(self.people.items())[number]

    # What happens.

    def sell_online(self, session: int) -> None:
        buyer = f"B{next(_numbers)}"
        contact = add_student(self.url, buyer, email=f"{buyer}@example.org", discussion=1)
        who = {"student_id": buyer, "email": f"{buyer}@example.org"}
        body = discussion_body(self.sessions[session], contact, DAYS[session], **who)
        answer = self.other.create(body, f"idem_disc_{buyer}")
        kept_back = self.restored and answer.status_code == 503
        sold = answer.status_code in {201, 400, 409}
        must(sold or kept_back, f"a stranger was answered {answer.text}")

    def cut_down(self, session: int) -> None:
        """Leave nobody a seat: a room may shrink to what is sold and leased, and no further."""
        try:
            self.query(
                "UPDATE mock_sessions SET capacity ="
                " total_bookings + leased_seats + held_seats - 1 WHERE id = %s",
                self.sessions[session],
            )
        except psycopg.errors.CheckViolation:
            self.query(
                "UPDATE mock_sessions SET capacity ="
                " greatest(1, total_bookings + held_seats + greatest(leased_seats, grace_seats))"
                " WHERE id = %s",
                self.sessions[session],
            )
        else:
            must(holds=False, sentence="I1: a room shrank below what was sold and leased")

    def call_off(self, session: int) -> None:
        self.query(
            "UPDATE mock_sessions SET is_active = false WHERE id = %s", self.sessions[session]
        )

    def clone(self, number: int) -> None:
        twin = self.kiosks[number].clone(Path(self.folder.name) / f"kiosk{len(self.kiosks)}")
        self.kiosks.append(twin)
        self.devices.append(self.devices[number])
        self.copied.add(self.devices[number])

    def attest(self, number: int) -> None:
        """Staff take a kiosk for lost and read from its slips which seats it has used."""
        device = self.devices[number]
        slips = {
            ref
            for kiosk, own in zip(self.kiosks, self.devices, strict=True)
            if own == device
            for ref in kiosk.promised.values()
        }
        caller = Caller(DeviceRow(id=device, name="x", profile="kiosk"))
        words = Attest(
            device_id=str(device),
            used=[SlotRef(session_id=s, slot=n, generation=g) for s, n, g in slips],
            reason="taken for lost",
        )
        given_back = self.run(attest(self.core, a_user(self.url, caller), words)).freed
        refs = {(one.session_id, one.slot, one.generation) for one in given_back}
        must(not refs & slips, "I6: a seat that was used was attested away")
        self.freed |= refs

    def revoke(self, number: int) -> None:
        self.run(revoke(self.core, self.devices[number]))

    def enrol_again(self, number: int, profile: str = "kiosk") -> None:
        """Give a kiosk a new token: under its old number, or those of a desk that reads its files."""
        old = self.devices[number] if profile == "kiosk" else None
        code = self.run(issue_code(self.core, "Again", profile, None, device=old)).code
        token = self.run(enrol(self.core, code)).device_token
        self.run(self.kiosks[number].speak_as(token))

    def is_revoked(self, device: UUID) -> bool:
        return self.query("SELECT revoked_at IS NOT NULL FROM devices WHERE id = %s", device)[0][0]

    def back_up(self) -> None:
        self.backup = {}
        ((self.generation,),) = self.query("SELECT last_value FROM lease_generations")
        for table in _TABLES:
            with self.sql.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                self.backup[table] = b"".join(bytes(piece) for piece in copy)

    def restore(self) -> None:
        """Copy the database of before back, as an operator does it."""
        assert self.backup is not None
        with self.sql.transaction():
            _delete_everything(self.sql)
            for table, rows in self.backup.items():
                with self.sql.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(rows)
            self.query("SELECT setval('lease_generations', %s)", self.generation)
        self.run(restored.begin(self.core))
        self.restored, self.rows = True, {}

    async def _end_grace(self) -> None:
        async with self.db.transaction() as work:
            await restored.end_if_over(work, self.core.clock())

    # What must hold after each of it.

    def check(self) -> None:
        self.run(self._end_grace())
        self.no_seat_is_owned_twice()
        self.a_lease_ends_once_and_for_a_reason()
        self.kiosks_keep_their_word()

    def no_seat_is_owned_twice(self) -> None:
        for session, capacity, booked, leased, counted, held in self.query(
            "SELECT id::text, capacity, (SELECT count(*) FROM bookings b WHERE b.session_id = m.id"
            "  AND b.is_active = 'Active'), (SELECT count(*) FROM lease_slots l"
            "  WHERE l.session_id = m.id AND l.state = 'leased'), leased_seats, held_seats"
            " FROM mock_sessions m WHERE id = ANY(%s::uuid[])",
            self.sessions,
        ):
            must(booked + leased + held <= capacity, f"I1: {session} is oversold")
            must(counted == leased, f"I1: {session} counts {counted} leases, and has {leased}")
        owners = self.query(
            "SELECT session_id::text, slot FROM lease_slots WHERE state = 'leased' AND session_id ="
            " ANY(%s::uuid[]) UNION ALL SELECT session_id::text, slot FROM bookings WHERE slot"
            " IS NOT NULL AND is_active = 'Active' AND session_id = ANY(%s::uuid[])",
            self.sessions,
            self.sessions,
        )
        must(len(owners) == len(set(owners)), "I2: a numbered seat has two owners")
        twice = self.query(
            "SELECT 1 FROM bookings WHERE is_active = 'Active' AND session_id = ANY(%s::uuid[])"
            " GROUP BY session_id, student_id HAVING count(*) > 1",
            self.sessions,
        )
        must(not twice, "I3: a student has a session twice")
        for finding in self.run(check_books(self.core)):
            in_grace = self.restored and finding.name == "restore"
            must(finding.ok or in_grace, f"I8: {finding.name}: {finding.detail}")

    def a_lease_ends_once_and_for_a_reason(self) -> None:
        rows = lease_rows(self.query, self.sessions)
        said: dict[tuple, set[SlotState]] = {}
        for kiosk in self.kiosks:
            for ref, state in kiosk.slots().items():
                said.setdefault((kiosk.installation, *ref), set()).add(state)
        self._note_what_is_told()
        for ref, (state, installation, booking) in rows.items():
            old = self.rows.get(ref, ("leased",))[0]
            must(old in {"leased", state}, f"I6: {old} became {state}")
            if state == old or (self.restored and ref not in self.rows):
                continue
            kiosk_says = said.get((installation, *ref), set())
            gone = SlotState.RETURNING in kiosk_says or (
                SlotState.USED in kiosk_says and bool(self.keys_of(ref) & self.told)
            )
            reasons = {
                "used": booking is not None,
                "void": not self.is_active(ref[0]),
                "attested": ref in self.freed,
                "returned": gone,
            }
            must(reasons[state], f"I6: {state} without a reason: {ref}")
        self.rows = rows

    def kiosks_keep_their_word(self) -> None:
        for kiosk in self.kiosks:
            after = kiosk.slots()
            for ref, state in kiosk.before.items():
                if state is SlotState.RETURNING:
                    must(after[ref] is SlotState.RETURNING, "I5: a seat that went back came again")
                elif state is SlotState.FROZEN:
                    must(after[ref] is not SlotState.USED, "I5: a frozen seat was used")
            kiosk.before = after
            for key, ref in kiosk.promised.items():
                request = kiosk.device.station.queue.by_key(key)
                must(request is not None, "I4: a promise was shown and is not on disk")
                seat = (request.subject.session_id, request.slot, request.generation)
                must(seat == ref and after[ref] is SlotState.USED, "I4: the seat is not used")
        if not self.copied:
            promised = [ref for kiosk in self.kiosks for ref in kiosk.promised.values()]
            must(len(promised) == len(set(promised)), "I2: a seat was promised twice")

    def keys_of(self, ref: Slot) -> set[str]:
        return {key for one in self.kiosks for key, known in one.promised.items() if known == ref}

    def is_active(self, session: str) -> bool:
        return self.query("SELECT is_active FROM mock_sessions WHERE id = %s", session)[0][0]

    def _note_what_is_told(self) -> None:
        self.told |= {
            key.split(":", 1)[1]
            for (key,) in self.query(
                "SELECT dedupe_key FROM attention WHERE kind IN ('rehouse', 'duplicate_freed')"
            )
        }

    # The end: everything works again.

    def heal(self) -> None:
        for device in self.copied:
            self._find_the_copy(device)
        for number, device in enumerate(self.devices):
            if device in self.copied:
                self.enrol_again(number, "desk")
            elif self.is_revoked(device):
                self.enrol_again(number)
        for kiosk, device in zip(self.kiosks, self.devices, strict=True):
            for _ in range(3):
                kiosk.clock.pass_by(minutes=20)
                self.run(kiosk.upload())
                if device not in self.copied:
                    self.run(kiosk.sync())
            must(not kiosk.device.station.queue.waiting(), "I7: a promise is stuck on its way")
        self.check()
        for kiosk, device in zip(self.kiosks, self.devices, strict=True):
            for key, ref in kiosk.promised.items():
                self._is_kept(kiosk, device, key, ref)
        self._nothing_is_leaked()

    def _find_the_copy(self, device: UUID) -> None:
        twins = [k for k, own in zip(self.kiosks, self.devices, strict=True) if own == device]
        # A copy that does nothing is taken for a late message, and may promise nothing.
        for n, kiosk in enumerate(twins * 6):
            kiosk.device.station.queue.slots.forget_wishes([f"line {n}"], n)
            self.run(kiosk.sync())
        must(self.is_revoked(device), "a copied kiosk was believed")

    def _is_kept(self, kiosk: Kiosk, device: UUID, key: str, ref: Slot) -> None:
        booked = self.query(
            "SELECT session_id::text, slot, slot_generation FROM bookings"
            " WHERE idempotency_key = %s AND is_active = 'Active'",
            key,
        )
        shaken = device in self.copied or ref in self.freed
        if booked:
            must(booked == [ref] or shaken, f"I7: another seat than promised: {booked} {ref}")
            return
        request = kiosk.device.station.queue.by_key(key)
        must(key in self.told, f"I7: promised, neither booked nor told: {request.last_code}")
        refused = self.query(
            "SELECT details FROM attention WHERE kind = 'rehouse' AND dedupe_key LIKE %s",
            f"%:{key}",
        )
        allowed = shaken or not refused or not self.is_active(ref[0])
        must(allowed, f"I7: a valid promise was refused: {refused}")

    def _nothing_is_leaked(self) -> None:
        """Every lease there still is, is in the hand of a kiosk that may confirm or return it."""
        hands = {
            (kiosk.installation, *ref)
            for kiosk in self.kiosks
            for ref, state in kiosk.slots().items()
            if state in {SlotState.FREE, SlotState.FROZEN}
        }
        wiped = {kiosk.installation for kiosk in self.kiosks}
        for ref, (state, installation, _) in lease_rows(self.query, self.sessions).items():
            if state == "leased" and installation in wiped and not self.copied:
                must((installation, *ref) in hands, f"I6: a lease in nobody's hand: {ref}")

    def close(self) -> None:
        for kiosk in self.kiosks:
            self.run(kiosk.close())
        self.run(restored.finish(self.core))
        self.query("UPDATE mock_sessions SET is_active = false")
        self.query("UPDATE devices SET revoked_at = now() WHERE revoked_at IS NULL")
        self.sql.close()
        self.other.close()
        self.run(self.db.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()
