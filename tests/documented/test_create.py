"""A24 to A26, B13, B18, B19: what a booking takes, what it answers and what refuses it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.documented.client import CS, EXAMS, MD, MINI, SJ, Client
from tests.documented.shapes import CREATED, DISCUSSION_DETAILS, EXAM_DETAILS, TOKENS, held
from tests.documented.world import World, today

FIELD = {SJ: "sj_credits", CS: "cs_credits", MINI: "sjmini_credits"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


def send(client: Client, kind: str, body: Any, key: str | None = None) -> Any:
    return (client.discuss if kind == MD else client.book)(body, key)


def test_a25_a_discussion_is_answered_in_full(client: Client, world: World) -> None:
    student, session = world.student(mock_discussion_token=4), world.session(MD)
    key = f"second-{uuid4()}"
    wish = world.wish(student, session, discussion_format="Hybrid", topic_preference="Ethics")
    data = held(client.discuss(wish, key).ok(201), CREATED)
    assert data["booking_id"] == f"Mock Discussion-{student.student_id}-{session.long_day}"
    assert data["booking_record_id"] == data["booking_id"]
    assert data["booking_code"][3:11] == session.day.replace("-", "")
    assert data["idempotency_key"] == key
    assert MD in data["confirmation_message"]
    assert session.long_day in data["confirmation_message"]
    details = held(data["exam_details"], DISCUSSION_DETAILS)
    assert details["exam_date"] == session.day
    assert details["location"] == session.location
    assert details["discussion_format"] == "Hybrid"
    assert details["topic_preference"] == "Ethics"
    tokens = held(data["token_details"], TOKENS)
    assert (tokens["tokens_before"], tokens["tokens_remaining"]) == (4, 3)
    assert data["associations"] == {
        "results": [
            {"type": "contact", "success": True},
            {"type": "mock_discussion", "success": True},
        ],
        "warnings": [],
        "critical_success": True,
    }
    assert data.get("idempotent_request", False) is False
    assert "hubspot_id" not in data


@pytest.mark.parametrize("kind", EXAMS)
def test_b13_an_exam_is_answered_in_full(client: Client, world: World, kind: str) -> None:
    student, session = world.student(), world.session(kind)
    wish = world.wish(student, session, attending_location="North", dominant_hand="left")
    data = held(client.book(wish).ok(201), CREATED)
    assert data["booking_id"] == f"{kind}-{student.student_id}-{session.long_day}"
    assert data["booking_record_id"] == data["booking_id"]
    details = held(data["exam_details"], EXAM_DETAILS)
    assert (details["mock_type"], details["exam_date"]) == (kind, session.day)
    tokens = held(data["token_details"], TOKENS)
    assert tokens["credit_field"] == FIELD[kind]
    assert tokens["tokens_before"] - tokens["tokens_remaining"] == 1
    assert "hubspot_id" not in data


def test_b13_hand_and_place_are_kept(client: Client, world: World) -> None:
    student, session = world.student(), world.session(CS)
    wish = world.wish(student, session, attending_location="North", dominant_hand="left")
    made = client.book(wish).ok(201)
    seen = world.visit(client, student).booking(made["id"]).ok()
    assert (seen["attending_location"], seen["dominant_hand"]) == ("North", "left")
    assert seen["discussion_format"] is None


@pytest.mark.parametrize("kind", EXAMS)
def test_m11_shared_tokens_pay_when_the_own_ones_are_gone(
    client: Client, world: World, kind: str
) -> None:
    student = world.student(bare=True, shared_mock_credits=1)
    tokens = client.book(world.wish(student, world.session(kind))).ok(201)["token_details"]
    assert tokens["credit_field"] == "shared_mock_credits"
    assert (tokens["tokens_before"], tokens["tokens_remaining"]) == (1, 0)


def test_a24_the_format_is_virtual_and_the_topic_empty_by_default(
    client: Client, world: World
) -> None:
    wish = world.wish(world.student(), world.session(MD))
    details = client.discuss(wish).ok(201)["exam_details"]
    assert details["discussion_format"] == "Virtual"
    assert details["topic_preference"] == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *[(name, None) for name in ("mock_exam_id", "contact_id", "student_id", "name", "email")],
        ("exam_date", None),
        ("mock_exam_id", 7),
        ("contact_id", 7),
        ("student_id", "lower7"),
        ("student_id", "WITH_LINE"),
        ("student_id", ""),
        ("name", "A"),
        ("name", "A" * 101),
        ("email", "no address"),
        ("exam_date", "4 March 2027"),
        ("exam_date", "2027-3-4"),
        ("exam_date", "2027-02-30"),
        ("exam_date", 20270304),
    ],
)
@pytest.mark.parametrize("kind", [MD, SJ])
def test_a24_a_wrong_field_is_named(
    client: Client, world: World, kind: str, name: str, value: Any
) -> None:
    body = world.wish(world.peek_student(), world.peek(kind), **{name: value})
    if value is None:
        del body[name]
    assert name in send(client, kind, body).refused(400, "VALIDATION_ERROR")["error"]


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        (MD, "discussion_format", "virtual"),
        (MD, "discussion_format", ""),
        (MD, "topic_preference", "t" * 201),
        (MD, "topic_preference", 7),
        (SJ, "attending_location", "l" * 101),
        (CS, "dominant_hand", "both"),
        (CS, "dominant_hand", "Right"),
    ],
)
def test_a24_a71_b13_a_wrong_choice_is_named(
    client: Client, world: World, kind: str, name: str, value: Any
) -> None:
    body = world.wish(world.peek_student(), world.peek(kind), **{name: value})
    assert name in send(client, kind, body).refused(400, "VALIDATION_ERROR")["error"]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (MD, {"name": "Al"}),
        (MD, {"name": "N" * 100}),
        (MD, {"topic_preference": "t" * 200}),
        (MD, {"topic_preference": ""}),
        (SJ, {"attending_location": "l" * 100}),
        (CS, {"dominant_hand": "right"}),
        (MINI, {"attending_location": None, "dominant_hand": None}),
        (MD, {"colour": "green"}),
    ],
)
def test_a24_b13_the_bounds_themselves_are_taken(
    client: Client, world: World, kind: str, more: dict[str, Any]
) -> None:
    send(client, kind, world.wish(world.student(), world.session(kind), **more)).ok(201)


@pytest.mark.parametrize("kind", [MD, SJ])
def test_f3_b19_ids_and_crm_numbers_are_both_taken(client: Client, world: World, kind: str) -> None:
    system = "mock-discussions" if kind == MD else "mock-exams"
    session = world.session(kind)
    (row,) = client.available(system, location=session.location).ok()
    for upper in (False, True):
        student = world.student()
        check = {"student_id": student.student_id, "email": student.email, "mock_type": kind}
        contact = client.credits(check, system).ok()["contact_id"]
        ids = {"mock_exam_id": row["mock_exam_id"], "contact_id": contact}
        named = {key: value.upper() for key, value in ids.items()} if upper else ids
        made = send(client, kind, world.wish(student, session) | named).ok(201)
        assert made["exam_details"]["mock_exam_id"] == row["mock_exam_id"]
    student = world.student()
    made = send(client, kind, world.wish(student, session)).ok(201)
    assert made["exam_details"]["mock_exam_id"] == row["mock_exam_id"]


@pytest.mark.parametrize(("kind", "full"), [(MD, "DISCUSSION_FULL"), (SJ, "EXAM_FULL")])
def test_a26_b13_a_full_session(client: Client, world: World, kind: str, full: str) -> None:
    session = world.session(kind, capacity=1)
    send(client, kind, world.wish(world.student(), session)).ok(201)
    send(client, kind, world.wish(world.student(), session)).refused(400, full)


@pytest.mark.parametrize("kind", [MD, *EXAMS])
def test_a26_m2_nobody_books_without_a_token(client: Client, world: World, kind: str) -> None:
    shared = 1 if kind == MD else 0
    student = world.student(bare=True, shared_mock_credits=shared)
    wish = world.wish(student, world.session(kind))
    send(client, kind, wish).refused(400, "INSUFFICIENT_TOKENS")


@pytest.mark.parametrize("kind", [MD, SJ])
def test_m4_one_of_a_kind_on_one_day(client: Client, world: World, kind: str) -> None:
    first, second = world.twins(kind)
    student = world.student()
    send(client, kind, world.wish(student, first), f"one-{kind}").ok(201)
    send(client, kind, world.wish(student, second)).refused(400, "DUPLICATE_BOOKING")
    send(client, kind, world.wish(student, first), f"one-{kind}").ok(200)
    send(client, kind, world.wish(student, first), "another").refused(400, "DUPLICATE_BOOKING")


def test_m4_two_kinds_on_one_day_at_different_hours(client: Client, world: World) -> None:
    exam, other = world.same_day()
    student = world.student()
    client.book(world.wish(student, exam)).ok(201)
    client.book(world.wish(student, other)).ok(201)


def test_a26_a_session_of_the_other_system(client: Client, world: World) -> None:
    student = world.student()
    exam, talk = world.peek(SJ), world.peek(MD)
    client.discuss(world.wish(student, exam)).refused(400, "INVALID_MOCK_TYPE")
    for kind in (SJ, MD, "Essay"):
        claimed = world.wish(student, talk, mock_type=kind)
        client.book(claimed).refused(400, "INVALID_MOCK_TYPE")
    claimed = world.wish(student, exam, mock_type=CS)
    client.book(claimed).refused(400, "INVALID_MOCK_TYPE")


@pytest.mark.parametrize("kind", [MD, SJ])
@pytest.mark.parametrize("absent", [NOWHERE, "999999999999", "elsewhere"])
def test_a26_nothing_there(client: Client, world: World, kind: str, absent: str) -> None:
    student, session = world.peek_student(), world.peek(kind)
    lost = world.wish(student, session, mock_exam_id=absent)
    send(client, kind, lost).refused(404, "SESSION_NOT_FOUND")
    stranger = world.wish(student, session, contact_id=absent)
    send(client, kind, stranger).refused(404, "CONTACT_NOT_FOUND")


@pytest.mark.parametrize("kind", [MD, SJ])
def test_a26_another_address(client: Client, world: World, kind: str) -> None:
    wish = world.wish(world.peek_student(), world.peek(kind), email="x@example.org")
    send(client, kind, wish).refused(400, "EMAIL_MISMATCH")


@pytest.mark.parametrize("kind", [MD, SJ])
def test_an_address_is_compared_without_its_case(client: Client, world: World, kind: str) -> None:
    student = world.student()
    wish = world.wish(student, world.session(kind), email=student.email.upper())
    send(client, kind, wish).ok(201)


def test_b13_the_type_is_required(client: Client, world: World) -> None:
    wish = world.wish(world.peek_student(), world.peek(SJ))
    del wish["mock_type"]
    assert "mock_type" in client.book(wish).refused(400, "VALIDATION_ERROR")["error"]


@pytest.mark.parametrize("kind", [MD, SJ])
def test_a26_a30_a_busy_session_is_to_be_asked_again_in_a_second(
    client: Client, world: World, kind: str
) -> None:
    session, student = world.session(kind), world.student()
    wish = world.wish(student, session)
    with world.busy(session):
        answer = send(client, kind, wish, f"busy-{kind}")
    answer.refused(503, "LOCK_FAILED")
    assert answer.headers["Retry-After"] == "1"
    send(client, kind, wish, f"busy-{kind}").ok(201)


def test_two_kinds_at_one_hour_are_refused(client: Client, world: World) -> None:
    day = today() + timedelta(days=400)
    student = world.student()
    client.book(world.wish(student, world.session(SJ, day=day))).ok(201)
    again = client.book(world.wish(student, world.session(CS, day=day)))
    again.refused(400, "OVERLAPPING_BOOKING")


@pytest.mark.parametrize("which", ["inactive", "past"])
def test_a26_a_closed_session(client: Client, world: World, which: str) -> None:
    wish = world.wish(world.peek_student(), world.peek(which))
    client.discuss(wish).refused(400, "SESSION_CLOSED")


def test_a31_ten_at_once_fill_ten_seats_and_the_eleventh_hears_so(
    client: Client, world: World
) -> None:
    session = world.session(MD, capacity=10)
    wishes = [
        world.wish(world.student(bare=True, mock_discussion_token=1), session) for _ in range(10)
    ]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(client.discuss, wishes))
    assert [answer.status for answer in answers] == [201] * 10
    (row,) = client.available(location=session.location, realtime="true").ok()
    assert (row["total_bookings"], row["available_slots"], row["status"]) == (10, 0, "full")
    client.discuss(world.wish(world.student(), session)).refused(400, "DISCUSSION_FULL")


def test_b21_one_student_two_sessions_one_day_at_once(client: Client, world: World) -> None:
    first, second = world.twins(MD)
    student = world.student()
    wishes = [world.wish(student, first), world.wish(student, second)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(client.discuss, wishes))
    assert sorted(answer.status for answer in answers) == [201, 400]
    (lost,) = [answer for answer in answers if answer.status == 400]
    lost.refused(400, "DUPLICATE_BOOKING")


@pytest.mark.parametrize("kind", [MD, SJ])
def test_a92_the_path_without_a_version_books_too(client: Client, world: World, kind: str) -> None:
    older = Client(client.http, client.headers, "/api")
    wish = world.wish(world.student(), world.session(kind))
    made = send(older, kind, wish, "older").ok(201) if kind == MD else older.book(wish).ok(201)
    key = made["idempotency_key"]
    assert send(client, kind, wish, key).ok(200)["id"] == made["id"]
