"""Kiosks whose line fails as a test says, and what the backend says of their leases."""

import copy
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from kiosk_app.contract.leases import SlotState
from kiosk_app.domain.lease_policy import LeasePolicy
from kiosk_app.gateway.http import Address, Call, Http
from kiosk_app.gateway.server import Gateway
from tests.helpers.device import Device, TestClock

LIFE = timedelta(seconds=LeasePolicy().ttl_s)
Slot = tuple[str, int, int]
"""Session, number, generation."""


class Broken(AssertionError):
    """Something that must always hold does not."""


def must(holds: object, sentence: str) -> None:
    """Say what is broken."""
    if not holds:
        raise Broken(sentence)


class Line(Http):
    """A line that is away, loses the answer after its effect, or delivers a call twice."""

    fate = "fair"

    async def _send(self, call: Call, request_id: str) -> httpx.Response:
        if self.fate == "away":
            raise httpx.ConnectError("away")
        if self.fate == "twice":
            await super()._send(call, request_id)
        response = await super()._send(call, request_id)
        if self.fate == "lost":
            raise httpx.ReadError("lost")
        return response


class Kiosk:
    """One device with its files; what it ever said of a slot is remembered by the test."""

    def __init__(self, folder: Path, url: str, token: str, clock: TestClock | None = None) -> None:
        self.root, self.url = folder, url
        self.clock = clock or TestClock(datetime.now(UTC))
        self._dial(token)
        self.files = 0
        self.out_of_touch = timedelta()
        """Time that has passed for certain since the backend last answered about leases."""
        self.promised: dict[str, Slot] = {}
        """Idempotency key and seat of each promise that was shown and not lost with its file."""
        self.before: dict[Slot, SlotState] = {}
        self.open()

    @property
    def installation(self) -> str:
        return self.device.station.queue.slots.installation()[0]

    def open(self) -> None:
        folder = self.root / str(self.files)
        folder.mkdir(parents=True, exist_ok=True)
        self.device = Device(folder, self.url, clock=self.clock, gateway=self.gateway)

    def _dial(self, token: str) -> None:
        self.token = token
        self.line = Line(Address(base_url=self.url, device_token=token, client_version="test"))
        self.gateway = Gateway(self.line)

    async def speak_as(self, token: str) -> None:
        """Go on with the same files and another token."""
        await self.gateway.close()
        self._dial(token)
        self.reopen()

    def clone(self, folder: Path) -> "Kiosk":
        """Return a kiosk that was made from an image of this one's disk."""
        self.device.close_files()
        shutil.copytree(self.root / str(self.files), folder / "0")
        self.open()
        twin = Kiosk(folder, self.url, self.token, copy.copy(self.clock))
        twin.out_of_touch = self.out_of_touch
        return twin

    def wipe(self) -> None:
        """Begin anew with empty files: what was promised and not sent is lost with the old ones."""
        self.device.close_files()
        self.files += 1
        self.promised, self.before = {}, {}
        self.open()

    def reopen(self) -> None:
        """Begin anew with the same files."""
        self.device.close_files()
        self.open()

    async def close(self) -> None:
        await self.device.close()

    def slots(self) -> dict[Slot, SlotState]:
        held = self.device.station.queue.slots.all()
        return {(s.session_id, s.slot, s.generation): s.state for s in held}

    async def meet(self, people: dict[str, str]) -> None:
        """Learn sessions and people from the backend, as every kiosk does on a good day."""
        await self.device.connect()
        await self.device.pull.sessions()
        for student, email in people.items():
            await self.device.sign_in(student, email)
            self.device.desk.sign_out()

    async def confirm(self, student: str, email: str, session: str) -> None:
        """Book with nobody to ask; a promise that is shown is remembered."""
        device, self.line.fate = self.device, "away"
        await device.disconnect()
        await device.sign_in(student, email)
        settled = await device.place(session, student_id=student, email=email)
        device.desk.sign_out()
        self.line.fate = "fair"
        if settled.state == "guaranteed":
            request = device.request(settled.request_id)
            self.promised[request.idempotency_key] = (session, request.slot, request.generation)
            must(self.out_of_touch < LIFE, "a seat was promised after its lease had ended")
            self.reopen()

    async def upload(self, fate: str = "fair") -> None:
        await self.device.connect()
        self.line.fate = fate
        await self.device.replay.drain(reconnected=True)
        self.line.fate = "fair"

    async def sync(self, fate: str = "fair") -> None:
        await self.device.connect()
        await self.device.pull.sessions()
        self.line.fate = fate
        heard = await self.device.leases.sync()
        self.line.fate = "fair"
        if heard:
            self.out_of_touch = timedelta()


def lease_rows(query: Callable[..., list[tuple]], sessions: list[str]) -> dict[Slot, tuple]:
    """Return (state, installation, booking) of every lease there ever was."""
    rows = query(
        "SELECT session_id::text, slot, generation, state, installation_id::text, booking_id"
        " FROM lease_slots WHERE session_id = ANY(%s::uuid[])",
        sessions,
    )
    return {row[:3]: row[3:] for row in rows}
