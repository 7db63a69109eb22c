"""A full session and the neighbour who has its one seat; they may give it up."""

import asyncio

from tests.helpers.backend import Api, add_device, add_session, add_student, far_day, query
from tests.helpers.backend import discussion_body as body_of
from tests.helpers.waiting import see_to_all


class FullHouse:
    """One discussion with one seat, which somebody has booked at another device.

    Args:
        url: the database.
        backend: where it is served.
        days: how far ahead the session is.
        name: tells neighbours apart.
        session: one that exists already and has one seat.
    """

    def __init__(
        self, url: str, backend: str, days: int = 7, name: str = "QN1", session: str | None = None
    ) -> None:
        self.url, self.day = url, far_day(days)
        self.number, self.email = name, f"{name.lower()}@example.org"
        self.session = session or add_session(url, day=self.day, capacity=1)
        self.contact = add_student(url, self.number, email=self.email, discussion=1)
        self._api = Api(backend, add_device(url, f"device of {name}"))
        self.booking = self._book()

    def _book(self) -> str:
        answer = self._api.create(
            body_of(self.session, self.contact, self.day, student_id=self.number, email=self.email)
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]["id"]

    def give_up(self) -> None:
        """Cancel, so that the seat is offered to the first who waits."""
        with self._api.as_visitor(self.number, self.email) as visitor:
            answer = visitor.cancel(self.booking)
        assert answer.status_code == 200, answer.text
        asyncio.run(see_to_all(self.url))

    def let_offers_lapse(self) -> None:
        """Let the time of every offer be over, and the server notice."""
        over = "now() - interval '1 minute'"
        query(
            self.url,
            f"UPDATE waitlist_entries SET expires_at = {over} WHERE state = 'offered'",
        )
        asyncio.run(see_to_all(self.url))

    def waits(self) -> list[str]:
        """Return the states of all waits for the session, oldest first."""
        rows = query(
            self.url,
            "SELECT state FROM waitlist_entries WHERE session_id = %s ORDER BY seq",
            self.session,
        )
        return [state for (state,) in rows]

    def close(self) -> None:
        self._api.close()
