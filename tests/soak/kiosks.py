"""Kiosks of a soak run as processes, and the ledger of everything they ever printed."""

import asyncio
import json
import random
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from msgspec import structs

from kiosk_app.app import secrets, settings
from kiosk_app.app.settings import Settings

PATIENCE = 8.0
"""Seconds somebody stands at a kiosk and waits for an answer; then they go, and it works on."""
PROGRAM = (sys.executable, "-m", "tests.soak.kiosk_process")


@dataclass
class Ledger:
    """What kiosks promised: by request, and by booking."""

    saved: set[str] = field(default_factory=set)
    confirmed: dict[str, str] = field(default_factory=dict)
    """Booking by request."""
    guaranteed: dict[str, int] = field(default_factory=dict)
    """Number of the promised seat by request."""
    cancelled: set[str] = field(default_factory=set)
    """Requests and bookings that a kiosk called cancelled."""
    asked_away: set[str] = field(default_factory=set)
    """Requests and bookings that somebody asked a kiosk to cancel."""
    owners: dict[str, str] = field(default_factory=dict)
    """Student by booking."""
    bugs: list[str] = field(default_factory=list)
    """What a kiosk said of itself on standard error that no kiosk should say."""

    def heard(self, told: dict) -> None:
        """Take one event."""
        match told:
            case {"event": "RequestSaved", "request_id": request}:
                self.saved.add(request)
            case {"event": "RequestSettled", "state": "confirmed", "request_id": request}:
                self.confirmed[request] = told["booking_ref"]
            case {"event": "RequestSettled", "state": "guaranteed", "request_id": request}:
                self.guaranteed[request] = told["seat"]
            case {"event": "CancelSettled", "state": "cancelled", "ref": ref}:
                self.cancelled.add(ref)


@dataclass(frozen=True)
class Person:
    """A student of the run."""

    number: str
    email: str
    name: str


def enrolled(folder: Path, url: str, token: str) -> Path:
    """Make an enrolled profile without a keyring."""
    folder.mkdir(mode=0o700)
    secrets.store("file", folder, folder.name).save(secrets.fresh(token))
    made = Settings(
        profile_id=folder.name,
        base_url=url,
        device_id=folder.name,
        name=folder.name,
        profile="kiosk",
        time_zone="America/Toronto",
        secrets="file",
    )
    settings.write(folder, made)
    return folder


class Kiosk:
    """One profile and the process that works on it, which may be killed and paused at any time."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder, self.ledger = folder, ledger
        self.mine: dict[str, tuple[Person, str]] = {}
        """Student and session of every request made here."""
        self._process: asyncio.subprocess.Process | None = None
        self._reading: list[asyncio.Task] = []

    def take_token(self, token: str) -> None:
        """Be enrolled again: another token, the same keys and files."""
        store = secrets.store("file", self.folder, self.folder.name)
        store.save(structs.replace(store.load(), device_token=token))

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def pause(self) -> None:
        self._send(signal.SIGSTOP)

    def resume(self) -> None:
        self._send(signal.SIGCONT)

    async def ready(self) -> None:
        """Be at work, whatever happened before."""

    async def learn(self, people: Sequence[Person]) -> None:
        """Have a good day first: know sessions, people and seats before anything breaks."""

    async def end(self) -> None:
        """Close as an operator does, or end what cannot."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.stdin.close()
            try:
                async with asyncio.timeout(20):
                    await process.wait()
            except TimeoutError:
                self.ledger.bugs.append(f"{self.folder.name} did not end")
                process.kill()
        await process.wait()
        await asyncio.gather(*self._reading)

    def _send(self, number: int) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)

    async def _start(self, *words: str) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *PROGRAM,
            str(self.folder),
            *words,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reading = [
            asyncio.create_task(self._read(self._process)),
            asyncio.create_task(self._complain(self._process)),
        ]

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        while line := await process.stdout.readline():
            if line.endswith(b"}\n"):  # not what a killed process left behind
                self.heard(json.loads(line))
        await process.wait()
        await self._ring()

    async def _ring(self) -> None:
        """Wake who waits for something of this kiosk."""

    def heard(self, told: dict) -> None:
        self.ledger.heard(told)

    async def _complain(self, process: asyncio.subprocess.Process) -> None:
        while line := await process.stderr.readline():
            if b"Traceback" in line or b"met a bug" in line:
                rest = (await process.stderr.read()).decode(errors="replace")
                self.ledger.bugs.append(f"{self.folder.name}: {line.decode()}{rest[:3000]}")


class EngineKiosk(Kiosk):
    """The engine of the window, which runs all the time."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        super().__init__(folder, ledger)
        self._events: list[dict] = []
        self._came = asyncio.Condition()
        self.waiting = 0
        self.synced = False

    def _works(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def ready(self) -> None:
        if self._works():
            return
        await self.end()
        self._events.clear()
        await self._start()

    async def learn(self, people: Sequence[Person]) -> None:
        while not self.synced:
            since = len(self._events)
            await self.sync()
            await self.hears(since, "LinkChanged")
        for person in people:
            await self.visit(person)
            await self.leave()

    def heard(self, told: dict) -> None:
        super().heard(told)
        if told["event"] == "LinkChanged":
            self.waiting, self.synced = told["waiting"], told["synced_at"] is not None
        self._events.append(told)
        asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        async with self._came:
            self._came.notify_all()

    async def tell(self, intent: str, **fields: object) -> None:
        """Hand in an intent; a kiosk that is gone hears nothing."""
        if not self._works():
            return
        line = json.dumps({"intent": intent} | fields) + "\n"
        try:
            self._process.stdin.write(line.encode())
            async with asyncio.timeout(PATIENCE):
                await self._process.stdin.drain()
        except (OSError, TimeoutError):
            return

    async def hears(self, since: int, *kinds: str, **fits: object) -> dict | None:
        """Wait for an event as a person would."""

        def first() -> dict | None:
            for told in self._events[since:]:
                if told["event"] in kinds and fits.items() <= told.items():
                    return told
            return None

        try:
            async with asyncio.timeout(PATIENCE), self._came:
                await self._came.wait_for(lambda: first() or not self._works())
        except TimeoutError:
            return None
        return first()

    async def visit(self, person: Person) -> None:
        since = len(self._events)
        await self.tell("Identify", student_id=person.number, email=person.email)
        await self.hears(since, "VisitBegan", "VisitRefused")

    async def leave(self) -> None:
        await self.tell("SignOut")

    async def book(self, person: Person, session: str, draws: random.Random, taps: int = 1) -> None:
        request = str(UUID(int=draws.getrandbits(128), version=4))
        place = {
            "request_id": request,
            "key": f"idem_disc_{draws.getrandbits(96):024x}",
            "session_id": session,
            "name": person.name,
            "student_id": person.number,
            "email": person.email,
        }
        self.mine[request] = person, session
        await self.visit(person)
        since = len(self._events)
        for _ in range(taps):
            await self.tell("Place", **place)
        settled = await self.hears(since, "RequestSettled", request_id=request)
        if settled and settled["state"] == "confirmed":
            self.ledger.owners[settled["booking_ref"]] = person.number
        await self.leave()

    async def cancel(self, person: Person, ref: str) -> None:
        await self.visit(person)
        since = len(self._events)
        self.ledger.asked_away.add(ref)
        await self.tell("Cancel", ref=ref)
        await self.hears(since, "CancelSettled", ref=ref)
        await self.leave()

    async def sync(self) -> None:
        await self.tell("SyncNow")


class CommandKiosk(Kiosk):
    """The commands without a window, one after the other."""

    waiting = 1
    """Unknown until a `sync` has said so."""

    async def run(self, *words: str) -> dict:
        """Run one command to its end, or to the end of somebody's patience."""
        await self.end()
        await self._start(*words, "--json")
        process, told = self._process, {}
        self.heard = told.update
        try:
            async with asyncio.timeout(5 * PATIENCE):
                await process.wait()
        except TimeoutError:
            process.kill()
        await self.end()
        return told

    async def learn(self, people: Sequence[Person]) -> None:
        del people
        await self.sync()

    async def book(self, person: Person, session: str, draws: random.Random, taps: int = 1) -> None:
        del draws, taps  # it makes its own key, and is typed once
        words = ("--name", person.name, "--session", session)
        told = await self.run("book", *who(person), *words)
        if told.get("state") in {"confirmed", "guaranteed", "queued"}:
            self.ledger.saved.add(told["id"])
            self.mine[told["id"]] = person, session
        if told.get("state") == "guaranteed":
            self.ledger.guaranteed[told["id"]] = told["seat"]
        if told.get("state") == "confirmed":
            self.ledger.confirmed[told["id"]] = told["booking_ref"]
            self.ledger.owners[told["booking_ref"]] = person.number

    async def cancel(self, person: Person, ref: str) -> None:
        self.ledger.asked_away.add(ref)
        told = await self.run("cancel", ref, *who(person))
        if told.get("state") == "cancelled":
            self.ledger.cancelled.add(ref)

    async def sync(self) -> None:
        told = await self.run("sync", "--once")
        self.waiting = told.get("waiting", 1)


def who(person: Person) -> tuple[str, ...]:
    return ("--student-id", person.number, "--email", person.email)
