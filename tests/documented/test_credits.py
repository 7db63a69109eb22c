"""A18 to A23, B11, B28 and the tokens of 0.4: both credit checks."""

from itertools import product
from typing import Any

import pytest

from tests.documented.client import CS, EXAMS, MD, MINI, SJ, Client
from tests.documented.shapes import IDENTITY, held, text
from tests.documented.world import World

OWN = {
    SJ: "sj_credits",
    CS: "cs_credits",
    MINI: "sjmini_credits",
    MD: "mock_discussion_token",
}
SYSTEMS = pytest.mark.parametrize("system", ["mock-discussions", "mock-exams"])


def asked(system: str, student: Any, kind: str = SJ) -> dict[str, str]:
    body = {"student_id": student.student_id, "email": student.email}
    return body if system == "mock-discussions" else {**body, "mock_type": kind}


def test_a19_an_eligible_student(client: Client, world: World) -> None:
    student = world.student(mock_discussion_token=4, enrollment="77120")
    data = held(client.credits(asked("mock-discussions", student)).ok(), IDENTITY)
    assert data["eligible"] is True
    assert data["available_credits"] == 4
    assert data["credit_breakdown"] == {"discussion_tokens": 4}
    assert data["enrollment_id"] == "77120"
    assert data["student_name"] == student.name
    assert data["mock_type"] == MD


def test_a20_a_student_with_nothing_hears_how_much_is_missing(client: Client, world: World) -> None:
    student = world.student(mock_discussion_token=0, shared_mock_credits=2)
    data = held(client.credits(asked("mock-discussions", student)).ok(), IDENTITY)
    assert data["eligible"] is False
    assert data["available_credits"] == 0
    assert "0" in data["error_message"]
    assert "1" in data["error_message"]


def test_a22_no_enrolment_is_needed(client: Client, world: World) -> None:
    data = client.credits(asked("mock-discussions", world.student())).ok()
    assert data["eligible"] is True
    assert data["enrollment_id"] is None


@pytest.mark.parametrize("kind", [*EXAMS, MD])
def test_m11_a23_b11_own_then_shared_but_never_for_discussions(
    client: Client, world: World, kind: str
) -> None:
    system = "mock-discussions" if kind == MD else "mock-exams"
    for own, shared in product((0, 1), repeat=2):
        student = world.student(bare=True, **{OWN[kind]: own, "shared_mock_credits": shared})
        data = held(client.credits(asked(system, student, kind), system).ok(), IDENTITY)
        counted = own if kind == MD else own + shared
        assert data["eligible"] is (counted > 0), (own, shared)
        assert data["available_credits"] == counted
        assert data["mock_type"] == kind
        assert text(data["error_message"]) if counted == 0 else "error_message" not in data
        if kind != MD:
            assert data["credit_breakdown"] == {"specific_credits": own, "shared_credits": shared}
        elif own:
            assert data["credit_breakdown"] == {"discussion_tokens": own}


@SYSTEMS
def test_a21_unknown_and_mismatched_are_told_apart(
    client: Client, world: World, system: str
) -> None:
    student = world.student()
    body = asked(system, student)
    client.credits({**body, "student_id": "ZZ0000"}, system).refused(404, "STUDENT_NOT_FOUND")
    client.credits({**body, "email": "other@example.org"}, system).refused(400, "EMAIL_MISMATCH")


@SYSTEMS
@pytest.mark.parametrize("student_id", ["no_such_student", "lower", "with space", "é-7", ""])
def test_f23_any_text_is_asked_for_and_not_found(
    client: Client, world: World, system: str, student_id: str
) -> None:
    body = {**asked(system, world.student()), "student_id": student_id}
    client.credits(body, system).refused(404, "STUDENT_NOT_FOUND")


@SYSTEMS
def test_an_address_is_compared_without_its_case(client: Client, world: World, system: str) -> None:
    body = asked(system, world.student())
    assert client.credits({**body, "email": body["email"].upper()}, system).ok()["eligible"]


@SYSTEMS
@pytest.mark.parametrize("name", ["student_id", "email"])
@pytest.mark.parametrize("value", [None, 7, "missing"])
def test_a18_a_missing_or_wrong_field_is_named(
    client: Client, world: World, system: str, name: str, value: Any
) -> None:
    body: dict[str, Any] = {**asked(system, world.student()), name: value}
    if value == "missing":
        del body[name]
    problem = client.credits(body, system).refused(400, "VALIDATION_ERROR")
    assert name in problem["error"]


@SYSTEMS
def test_a18_an_address_that_is_none_is_named(client: Client, world: World, system: str) -> None:
    for email in ("", "ana", "ana@", "@example.org", "ana@example.org ana"):
        body = {**asked(system, world.student()), "email": email}
        assert "email" in client.credits(body, system).refused(400, "VALIDATION_ERROR")["error"]


@SYSTEMS
def test_a18_keys_nobody_knows_are_ignored(client: Client, world: World, system: str) -> None:
    body = {**asked(system, world.student()), "colour": "green", "extra": {"deep": [1]}}
    assert client.credits(body, system).ok()["eligible"] is True


@pytest.mark.parametrize("body", [None, [], "text", 7])
def test_a18_a_body_that_is_no_object_is_refused(client: Client, body: Any) -> None:
    client.credits(body).refused(400, "VALIDATION_ERROR")


@pytest.mark.parametrize("kind", [MD, "Mock exam", "clinical skills", ""])
def test_b11_another_type_is_no_exam(client: Client, world: World, kind: str) -> None:
    body = asked("mock-exams", world.student(), kind)
    client.credits(body, "mock-exams").refused(400, "INVALID_MOCK_TYPE")


def test_b11_the_type_is_required(client: Client, world: World) -> None:
    body = asked("mock-discussions", world.student())
    problem = client.credits(body, "mock-exams").refused(400, "VALIDATION_ERROR")
    assert "mock_type" in problem["error"]


def test_m1_a_discussion_changes_no_other_balance(client: Client, world: World) -> None:
    student, session = world.student(), world.session(MD)

    def exams() -> list[Any]:
        return [
            client.credits(asked("mock-exams", student, kind), "mock-exams").ok()[
                "credit_breakdown"
            ]
            for kind in EXAMS
        ]

    before = exams()
    client.discuss(world.wish(student, session)).ok(201)
    assert exams() == before


def test_a95_the_flow_of_five_tokens_and_ten_seats(client: Client, world: World) -> None:
    student = world.student(mock_discussion_token=5)
    session = world.session(MD, capacity=10)
    body = asked("mock-discussions", student)
    where = {"location": session.location, "realtime": "true"}
    checked = client.credits(body).ok()
    assert (checked["eligible"], checked["available_credits"]) == (True, 5)
    (row,) = client.available(**where).ok()
    assert row["available_slots"] == 10
    wish = world.wish(student, session) | {
        "contact_id": checked["contact_id"],
        "mock_exam_id": row["mock_exam_id"],
    }
    made = client.discuss(wish).ok(201)
    assert made["token_details"]["tokens_remaining"] == 4
    (row,) = client.available(**where).ok()
    assert (row["available_slots"], row["total_bookings"]) == (9, 1)
    assert client.credits(body).ok()["available_credits"] == 4


@SYSTEMS
def test_a92_the_path_without_a_version_answers_alike(
    client: Client, world: World, system: str
) -> None:
    body = asked(system, world.student())
    older = Client(client.http, client.headers, "/api")
    assert older.credits(body, system).ok() == client.credits(body, system).ok()
