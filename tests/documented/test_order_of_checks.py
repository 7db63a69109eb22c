"""A27: a request that breaks several rules hears of the first one."""

from typing import Any

import pytest

from tests.documented.client import MD, SJ, Client
from tests.documented.world import World

NOWHERE = "00000000-0000-4000-8000-000000000000"
OTHER_DAY = {"exam_date": "2027-01-01"}
STRANGER = {"contact_id": NOWHERE}
OTHER_ADDRESS = {"email": "x@example.org"}


def test_the_body_before_the_key(client: Client, world: World) -> None:
    wish = world.wish(world.student(), world.session(MD))
    client.discuss(wish, "order-1").ok(201)
    client.discuss({**wish, "name": "A"}, "order-1").refused(400, "VALIDATION_ERROR")


def test_the_key_before_the_session(client: Client, world: World) -> None:
    wish = world.wish(world.student(), world.session(MD))
    client.discuss(wish, "order-2").ok(201)
    lost = {**wish, "mock_exam_id": NOWHERE}
    client.discuss(lost, "order-2").refused(409, "IDEMPOTENCY_KEY_REUSED")


def test_the_key_before_full_and_tokens(client: Client, world: World) -> None:
    session = world.session(MD, capacity=1)
    wish = world.wish(world.student(bare=True, mock_discussion_token=1), session)
    client.discuss(wish, "order-3").ok(201)
    assert client.discuss(wish, "order-3").ok(200)["idempotent_request"] is True


@pytest.mark.parametrize(
    ("which", "broken", "refusal"),
    [
        ("exam", {"mock_exam_id": NOWHERE, **OTHER_DAY, **STRANGER}, (404, "SESSION_NOT_FOUND")),
        ("exam", {**OTHER_DAY, **STRANGER, **OTHER_ADDRESS}, (400, "INVALID_MOCK_TYPE")),
        ("inactive", {**OTHER_DAY, **STRANGER, **OTHER_ADDRESS}, (400, "SESSION_CLOSED")),
        ("past", {**OTHER_DAY, **STRANGER}, (400, "SESSION_CLOSED")),
        ("open", {**OTHER_DAY, **STRANGER, **OTHER_ADDRESS}, (400, "SESSION_MOVED")),
        ("open", {**STRANGER, **OTHER_ADDRESS}, (404, "CONTACT_NOT_FOUND")),
    ],
)
def test_session_type_state_date_and_contact(
    client: Client, world: World, which: str, broken: dict[str, Any], refusal: tuple[int, str]
) -> None:
    names = {"exam": SJ, "open": MD}
    wish = world.wish(world.peek_student(), world.peek(names.get(which, which)), **broken)
    client.discuss(wish).refused(*refusal)


def test_address_duplicate_full_tokens(client: Client, world: World) -> None:
    session = world.session(MD, capacity=1)
    student = world.student(bare=True, mock_discussion_token=1)
    wish = world.wish(student, session)
    client.discuss(wish, "order-4").ok(201)
    client.discuss({**wish, **OTHER_ADDRESS}, "order-5").refused(400, "EMAIL_MISMATCH")
    client.discuss(wish, "order-6").refused(400, "DUPLICATE_BOOKING")
    poor = world.wish(world.student(bare=True), session)
    client.discuss(poor).refused(400, "DISCUSSION_FULL")


def test_a_refusal_leaves_no_trace(client: Client, world: World) -> None:
    session, student = world.session(MD, capacity=1), world.student()
    client.discuss(world.wish(world.student(), session)).ok(201)
    client.discuss(world.wish(student, session), "order-7").refused(400, "DISCUSSION_FULL")
    check = {"student_id": student.student_id, "email": student.email}
    before = world.tokens_of(student)
    assert client.credits(check).ok()["available_credits"] == before
    (row,) = client.available(location=session.location, realtime="true").ok()
    assert (row["total_bookings"], row["available_slots"]) == (1, 0)
    assert client.discuss(world.wish(student, world.session(MD)), "order-7").ok(201)
