"""Somebody else in the tour's town: takes the last seat of a session at another kiosk, and gives it up."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

from kiosk_app.app.demo_setup import enrol_demo
from kiosk_app.app.local_backend import LocalBackend
from kiosk_app.app.tour_person import TourFailed

PLACE = "Downtown – Room 12"
"""Where the one-seat session is; no session of the demo term is there."""
_WHO = ("2604990", "noor.haddad@example.org", "Noor Haddad")
_SECONDS = 120.0


class Neighbour:
    """A student with one token and a kiosk without a window.

    Args:
        backend: where everybody books.
        folder: for the second kiosk's data and the files that are imported.
    """

    def __init__(self, backend: LocalBackend, folder: Path) -> None:
        self._backend, self._folder = backend, folder
        self._profile = folder / "kiosk"
        self._booking = ""

    def move_in(self, day: date) -> None:
        """Add a discussion with one seat on this day, the neighbour, and their kiosk."""
        self._folder.mkdir(parents=True, exist_ok=True)
        session = f"Mock Discussion,{day.isoformat()},1,{PLACE},07:00,08:00"
        head = "mock_type,exam_date,capacity,location,start_time,end_time"
        self._bring_in("sessions", head, session)
        student = ",".join((*_WHO, "1"))
        self._bring_in("students", "student_id,email,name,mock_discussion_token", student)
        enrol_demo(self._profile, self._backend.url, self._backend)

    def take(self, session_id: str) -> None:
        """Book the one seat."""
        number, email, name = _WHO
        words = ("--session", session_id, "--student-id", number, "--email", email, "--name", name)
        self._booking = str(self._kiosk("book", *words)["booking_ref"])

    def give_up(self) -> None:
        """Cancel, so that the seat goes to the first who waits."""
        number, email, _name = _WHO
        self._kiosk("cancel", self._booking, "--student-id", number, "--email", email)

    def _bring_in(self, what: str, head: str, line: str) -> None:
        file = self._folder / f"{what}.csv"
        file.write_text(f"{head}\n{line}\n", encoding="utf-8")
        self._backend.run("import", what, str(file))

    def _kiosk(self, *words: str) -> dict[str, object]:
        command = [sys.executable, "-m", "kiosk_app", "--profile", str(self._profile), *words]
        done = subprocess.run(  # noqa: S603 - our own module, our own arguments
            [*command, "--json"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        if done.returncode:
            raise TourFailed(f"the neighbour could not {words[0]}: {done.stdout}{done.stderr}")
        answer: dict[str, object] = json.loads(done.stdout)
        return answer
