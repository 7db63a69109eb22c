"""The one thread that owns loop, files and HTTP: intents in by `send`, events out by `publish`.

Imports nothing slow: what the engine needs is imported by the factory, on the engine's thread,
while the window already paints (architecture §2.10).
"""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from kiosk_app.contract.problems import Code
from kiosk_app.sync.events import (
    MAIL_OFFLINE,
    MOVE_OFFLINE,
    NOT_SAVED,
    WAIT_OFFLINE,
    AttentionListed,
    CancelSettled,
    Event,
    Fault,
    FaultRaised,
    HelpRead,
    ItemSettled,
    LettersRead,
    MoveSettled,
    OutboxExported,
    OutboxListed,
    PassMailed,
    RequestSettled,
    RequestTried,
    VisitEnded,
    VisitRefused,
    WaitSettled,
)
from kiosk_app.sync.intents import (
    Cancel,
    Claim,
    ExportOutbox,
    Identify,
    Intent,
    KeepFilters,
    LookAtAttention,
    LookAtHelp,
    LookAtOutbox,
    MailPass,
    MakeCalendarFile,
    Move,
    PageOpened,
    Place,
    ReadLetters,
    RefusalRead,
    SendNow,
    Settle,
    SignOut,
    StaffIntent,
    StaffSignIn,
    StaffSignOut,
    SyncNow,
    Undo,
    Wait,
)

log = logging.getLogger("kiosk.engine")
STOP_SECONDS = 3.0


class CannotStart(Exception):  # noqa: N818 - a state of the world, not an error of ours
    """This machine or its set-up does not allow an engine; `fault` says why."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault, self.detail = fault, detail


class Work(Protocol):
    """What runs on the thread."""

    def run(self, inbox: SimpleQueue[Intent]) -> None:
        """Serve until stopped."""
        ...

    def call(self) -> None:
        """Look into the inbox; safe from any thread."""
        ...

    def stop(self) -> None:
        """End soon; safe from any thread."""
        ...


class Engine:
    """Hosts the work of a kiosk; start and stop it once.

    Args:
        make: builds the work on the engine's thread; raises CannotStart when it cannot.
        publish: takes every event, on the engine's thread.
    """

    def __init__(self, make: Callable[[], Work], publish: Callable[[Event], None]) -> None:
        self._make, self._publish = make, publish
        self._inbox: SimpleQueue[Intent] = SimpleQueue()
        self._lock = threading.Lock()
        self._work: Work | None = None
        self._stopping = threading.Event()
        self._refusing = False
        self._reason: str = Code.UNAUTHORIZED
        """What a sign-in is told while there is no engine: the fault, where one is known."""
        self._thread = threading.Thread(target=self._host, name="kiosk-engine", daemon=True)

    @property
    def running(self) -> bool:
        """Whether the engine works, or may still begin to."""
        return self._thread.is_alive() or not self._thread.ident

    def start(self) -> None:
        """Begin; `EngineReady` or `FaultRaised` follows."""
        self._thread.start()

    def send(self, intent: Intent) -> None:
        """Hand in an intent from any thread; it is served when the engine is up."""
        with self._lock:
            if self._refusing:
                self._decline(intent)
                return
            self._inbox.put(intent)
            if self._work is not None:
                self._work.call()

    def stop(self, timeout: float = STOP_SECONDS) -> bool:
        """End the thread; return whether it ended in time. What waits stays on disk."""
        self._stopping.set()
        with self._lock:
            if self._work is not None:
                self._work.stop()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _host(self) -> None:
        try:
            work = self._make()
        except CannotStart as reason:
            self._reason = reason.fault
            self._publish(FaultRaised(fault=reason.fault, detail=reason.detail, fatal=True))
            self._refuse_everything()
            return
        except Exception:
            log.exception("the engine cannot be built")
            self._refuse_everything()
            raise
        with self._lock:
            self._work = work
            if self._stopping.is_set():
                work.stop()
        work.run(self._inbox)

    def _refuse_everything(self) -> None:
        with self._lock:
            self._refusing = True
            while not self._inbox.empty():
                self._decline(self._inbox.get_nowait())

    def _decline(self, intent: Intent) -> None:
        """Answer what nobody can do, so that no screen waits for ever."""
        match intent:
            case Identify():
                self._publish(VisitRefused(code=self._reason))
            case SignOut():
                self._publish(VisitEnded())
            case Place(request_id=request_id):
                self._publish(
                    RequestSettled(
                        request_id=request_id, state="refused", number="", code=NOT_SAVED
                    )
                )
            case Cancel(ref):
                self._publish(CancelSettled(ref=ref, state="refused", code=NOT_SAVED))
            case Undo(ref):
                self._publish(CancelSettled(ref=ref, state="refused", code=NOT_SAVED))
            case Move() | MailPass() | Wait() | Claim():
                self._decline_online(intent)
            case RefusalRead() | MakeCalendarFile() | KeepFilters() | SyncNow() | PageOpened():
                pass
            case _:
                self._decline_staff(intent)

    def _decline_online(self, intent: Move | MailPass | Wait | Claim) -> None:
        match intent:
            case Move(ref=ref):
                self._publish(MoveSettled(ref=ref, state="refused", code=MOVE_OFFLINE))
            case MailPass(ref):
                self._publish(PassMailed(ref=ref, state="refused", code=MAIL_OFFLINE))
            case Wait(session_id=session_id, step=step):
                self._publish(
                    WaitSettled(
                        session_id=session_id, step=step, state="refused", code=WAIT_OFFLINE
                    )
                )
            case Claim(request_id=request_id):
                self._publish(
                    RequestSettled(
                        request_id=request_id, state="refused", number="", code=WAIT_OFFLINE
                    )
                )

    def _decline_staff(self, intent: StaffIntent) -> None:
        match intent:
            case StaffSignIn() | StaffSignOut() | LookAtAttention():
                self._publish(AttentionListed(code=self._reason))
            case LookAtHelp():
                self._publish(HelpRead(code=self._reason))
            case ReadLetters(ref, way):
                self._publish(LettersRead(ref=ref, way=way, code=self._reason))
            case Settle(ref=ref):
                self._publish(ItemSettled(ref=ref, code=self._reason))
            case LookAtOutbox():
                self._publish(OutboxListed())
            case SendNow(ref):
                self._publish(RequestTried(ref, self._reason))
            case ExportOutbox():
                self._publish(OutboxExported(code=self._reason))
