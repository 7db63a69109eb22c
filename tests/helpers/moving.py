"""Moving bookings in tests: rooms, a booking, the move, and what the books say afterwards."""

from datetime import timedelta

from tests.helpers.backend import add_session, discussion_body, far_day, query

DAY = far_day()
LATER = DAY + timedelta(days=7)


def talk(url, day=LATER, **further):
    """Add a session, a discussion unless told otherwise."""
    return add_session(url, day=day, **further)


def booked(api, url, contact, day=DAY, **further):
    """Book a discussion and return the booking's id and its session."""
    session = talk(url, day, **further)
    answer = api.create(discussion_body(session, contact, day))
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]["id"], session


def move(api, ref, session, key="idem_move_1", **body):
    """Ask for a move."""
    return api.http.post(
        f"/bookings/{ref}/reschedule",
        json={"session_id": session, **body},
        headers={"X-Idempotency-Key": key},
    )


def code(answer):
    """Return status and code of a refusal, None for a yes."""
    return None if answer.status_code < 300 else (answer.status_code, answer.json()["code"])


def seats(url, *sessions):
    """Return how many bookings these sessions count."""
    found = dict(query(url, "SELECT id::text, total_bookings FROM mock_sessions"))
    return [found[session] for session in sessions]


def entries(url):
    """Return what the ledger holds beside the tokens that were there at first, oldest first."""
    return query(
        url,
        "SELECT credit_field, amount, kind FROM ledger"
        " WHERE kind IN ('booking', 'refund') ORDER BY id",
    )
