"""A visit over the real files, filled with the sample month; the engine's part is played by hand."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from kiosk_app.cache.mirror import Position
from kiosk_app.cache.reads import Reads
from kiosk_app.contract.credits import Balances, Student
from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import SessionFacts
from kiosk_app.desktop.visit import Visit
from kiosk_app.domain.listing import WaitRow
from kiosk_app.sync import events
from tests.helpers import november
from tests.helpers.files import KEYS, opened_copy
from tests.helpers.samples import booking_record, new_request

PURSE = Balances(
    sj_credits=2,
    cs_credits=1,
    sjmini_credits=0,
    shared_mock_credits=1,
    mock_discussion_token=2,
)
PRIYA = Student(
    contact_id="c-1", student_id=november.STUDENT, name="Priya Raman", email="priya@example.org"
)


class Campus:
    """Queue, mirror and a visit that reads them; `now` can be moved."""

    def __init__(self, folder: Path, sessions: list[SessionFacts] | None = None) -> None:
        self.now = november.NOW
        self.files = opened_copy(folder)
        if sessions is None:
            sessions = november.sessions()
        self.facts = {facts.session_id: facts for facts in sessions}
        self.position = 0
        if sessions:
            self.put(*sessions)
        self.reading = Reads(folder, lambda: KEYS, lambda: self.now)
        self.features: frozenset[str] = frozenset()
        """What the server offers beyond the floor."""
        self.sent: list[object] = []
        self.visit = Visit(self.reading, self.sent.append, lambda: self.now)

    def put(self, *facts: SessionFacts, gone: tuple[str, ...] = ()) -> None:
        """Write sessions as a pull would."""
        self.position += 1
        self.facts |= {f.session_id: f for f in facts}
        self.files.mirror.apply(
            list(facts), list(gone), Position("e1", f"c{self.position}"), self.now
        )

    def book(self, *session_ids: str) -> None:
        """Let the server list bookings of the student."""
        self.files.mirror.set_balances(november.STUDENT, PURSE, self.now)
        records = [
            booking_record(self.facts[key], id=f"b-{key}", can_move=True) for key in session_ids
        ]
        self.files.mirror.set_bookings(november.STUDENT, records, self.now)

    def request(self, session_id: str) -> None:
        """Put a request of the student into the outbox."""
        self.files.queue.save(new_request(self.facts[session_id]), self.now)

    def sign_in(
        self,
        balances: Balances = PURSE,
        student: Student = PRIYA,
        filters: SavedFilters | None = None,
    ) -> None:
        """Begin the visit."""
        began = events.VisitBegan(
            student=student, balances=balances, balances_at=self.now, filters=filters
        )
        self.visit.handle(began)

    def link(self, state: events.LinkState) -> None:
        """Let the link change."""
        change = events.LinkChanged(state=state, synced_at=self.now, features=self.features)
        self.visit.handle(change)

    def wait(self, *waits: WaitRow) -> None:
        """Let the server say where the student waits."""
        self.visit.handle(events.WaitsChanged(waits))

    def close(self) -> None:
        """Give the files back."""
        self.reading.close()
        self.files.close()


def bring(widget: QWidget, spot: QPoint) -> None:
    """Move the window so that a spot lies on the screen of the tests, which is 800 pixels wide.

    What can be dragged holds a press back and hands it on to whatever is at that place on the
    screen; outside of it there is nothing.
    """
    window = widget.window()
    window.move(QPoint(300, 300) - widget.mapTo(window, spot))


def touch(qtbot, widget: QWidget, spot: QPoint | None = None) -> None:
    """Press and let go as a finger does."""
    spot = spot or widget.rect().center()
    bring(widget, spot)
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=spot)


def touch_day(qtbot, view, day) -> None:
    """Touch a day of the month."""
    table = view.month.table
    rect = table.visualRect(view.month.model.index_of(day))
    touch(qtbot, table.viewport(), rect.center())


def shown_ids(view):
    """Return the sessions whose cards stand in the panel."""
    return list(view.day.cards)


def card(view, mock_type):
    """Return the card of a type of session."""
    return next(c for c in view.day.cards.values() if c.row.mock_type is mock_type)


def seats(one):
    """Return the line of a card that tells the seats."""
    return next(line for line in one.face.lines if line.icon is None)


def texts_of(one):
    """Return the lines of a card."""
    return [line.text for line in one.face.lines]
