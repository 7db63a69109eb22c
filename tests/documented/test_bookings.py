"""A38, A39, B10, B15, B16, M6, M12: reading and cancelling."""

from typing import Any

import pytest

from tests.documented.client import CS, MD, SJ, Client
from tests.documented.shapes import BOOKING, count, held, uuid
from tests.documented.world import World


def balance(client: Client, student: Any, kind: str) -> dict[str, int]:
    check = {"student_id": student.student_id, "email": student.email, "mock_type": kind}
    system = "mock-discussions" if kind == MD else "mock-exams"
    return client.credits(check, system).ok()["credit_breakdown"]


def make(client: Client, world: World, student: Any, kind: str, **more: Any) -> Any:
    wish = world.wish(student, world.session(kind), **more)
    return (client.discuss if kind == MD else client.book)(wish).ok(201)


def contact_of(client: Client, student: Any) -> str:
    check = {"student_id": student.student_id, "email": student.email}
    return client.credits(check).ok()["contact_id"]


def test_a38_both_kinds_of_a_student_in_one_list(client: Client, world: World) -> None:
    student = world.student()
    talk = make(client, world, student, MD, topic_preference="Ethics")
    exam = make(client, world, student, CS, dominant_hand="right")
    person = world.visit(client, student)
    for contact in (contact_of(client, student), student.crm):
        data = person.mine(contact).ok()
        rows = {row["id"]: held(row, BOOKING) for row in data["bookings"]}
        assert set(rows) == {talk["id"], exam["id"]}
    row = rows[talk["id"]]
    assert row["booking_id"] == talk["booking_id"]
    assert row["booking_code"] == talk["booking_code"]
    assert row["token_used"] == "Mock Discussion Token"
    assert (row["discussion_format"], row["topic_preference"]) == ("Virtual", "Ethics")
    assert (row["is_active"], row["can_cancel"]) == ("Active", True)
    assert (row["attending_location"], row["dominant_hand"]) == (None, None)
    row = rows[exam["id"]]
    assert (row["token_used"], row["dominant_hand"]) == ("Clinical Skills Token", "right")
    assert row["discussion_format"] is None


def test_a38_filters_and_pages(client: Client, world: World) -> None:
    student = world.student()
    made = [make(client, world, student, MD) for _ in range(3)]
    person = world.visit(client, student)
    person.delete(made[0]["id"]).ok()

    def ids(**query: Any) -> list[str]:
        return [row["id"] for row in person.mine(student.crm, **query).ok()["bookings"]]

    assert set(ids()) == set(ids(filter="all")) == {one["id"] for one in made}
    assert set(ids(filter="upcoming")) == {one["id"] for one in made[1:]}
    assert ids(filter="cancelled") == [made[0]["id"]]
    assert ids(filter="past") == []
    pages = [ids(page=page, page_size=2) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 1, 0]
    assert sorted(one for page in pages for one in page) == sorted(ids())
    pagination = person.mine(student.crm, page=2, page_size=2).ok()["pagination"]
    assert all(count(value) or isinstance(value, bool) for value in pagination.values())
    assert (pagination["page"], pagination["page_size"], pagination["total"]) == (2, 2, 3)


@pytest.mark.parametrize("query", [{"filter": "soon"}, {"page": 0}, {"page_size": "many"}])
def test_a38_a_wrong_filter_is_named(client: Client, world: World, query: Any) -> None:
    student = world.peek_student()
    problem = (
        world.visit(client, student).mine(student.crm, **query).refused(400, "VALIDATION_ERROR")
    )
    assert next(iter(query)) in problem["error"]


def test_a38_m16_nobody_elses(client: Client, world: World) -> None:
    student, other = world.student(), world.student()
    made = make(client, world, student, MD)
    stranger = world.visit(client, other)
    stranger.mine(student.crm).refused(403, "INSUFFICIENT_PERMISSIONS")
    assert stranger.booking(made["id"]).status in (403, 404)
    assert stranger.delete(made["id"]).status in (403, 404)
    assert stranger.cancel(made["id"]).status in (403, 404)
    assert client.mine(student.crm).status in (401, 403)
    assert world.visit(client, student).booking(made["id"]).ok()["is_active"] == "Active"


@pytest.mark.parametrize("kind", [MD, SJ])
def test_b10_b15_every_kind_of_id_finds_the_same_booking(
    client: Client, world: World, kind: str
) -> None:
    student = world.student()
    made = make(client, world, student, kind)
    person = world.visit(client, student)
    first = held(person.booking(made["id"]).ok(), BOOKING)
    assert first["id"] == made["id"]
    refs = (made["id"].upper(), made["booking_code"], made["booking_id"], world.synced(made["id"]))
    for ref in refs:
        assert person.booking(ref).ok() == first
    assert person.delete(refs[-1]).ok()["hubspot_id"] == refs[-1]


@pytest.mark.parametrize(
    "ref", ["3f2c9a00-0000-4000-8000-00000000ffff", "880412337", "BK-20270304-000000", "no such"]
)
def test_b15_b16_a39_nothing_there(client: Client, world: World, ref: str) -> None:
    person = world.visit(client, world.peek_student())
    person.booking(ref).refused(404, "BOOKING_NOT_FOUND")
    person.delete(ref).refused(404, "BOOKING_NOT_FOUND")
    person.cancel(ref).refused(404, "BOOKING_NOT_FOUND")


@pytest.mark.parametrize("named", ["id", "booking_code", "booking_id"])
@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_a39_b16_a_cancel_gives_the_token_back_once(
    client: Client, world: World, named: str, way: str
) -> None:
    student = world.student(mock_discussion_token=4)
    made = make(client, world, student, MD)
    person = world.visit(client, student)
    act = getattr(person, way)
    data = act(made[named]).ok()
    assert set(data) >= {"booking_id", "id", "hubspot_id", "token_refunded"}
    assert (data["booking_id"], data["id"]) == (made["booking_id"], made["id"])
    assert uuid(data["id"])
    assert data["hubspot_id"] is None
    assert data["token_refunded"]["field"] == "mock_discussion_token"
    assert data["token_refunded"]["new_balance"] == 4
    again = act(made["id"])
    again.ok(beside=("idempotent",))
    assert again.body["idempotent"] is True
    assert balance(client, student, MD) == {"discussion_tokens": 4}
    assert person.booking(made["id"]).ok()["can_cancel"] is False


@pytest.mark.parametrize("way", ["cancel", "delete"])
def test_a39_what_has_begun_is_closed(client: Client, world: World, way: str) -> None:
    student = world.student()
    made = make(client, world, student, MD)
    world.begin(made["id"])
    person = world.visit(client, student)
    getattr(person, way)(made["id"]).refused(400, "SESSION_CLOSED")
    assert person.booking(made["id"]).ok()["can_cancel"] is False


def test_a38_what_is_over_is_past(client: Client, world: World) -> None:
    student = world.student()
    old, new = (make(client, world, student, MD)["id"] for _ in range(2))
    world.end(old)
    person = world.visit(client, student)
    for wanted, ids in (("past", [old]), ("upcoming", [new])):
        rows = person.mine(student.crm, filter=wanted).ok()["bookings"]
        assert [row["id"] for row in rows] == ids


def test_a39_a_reason_of_two_hundred_and_no_more(client: Client, world: World) -> None:
    student = world.student()
    made = make(client, world, student, MD)
    person = world.visit(client, student)
    problem = person.cancel(made["id"], reason="r" * 201).refused(400, "VALIDATION_ERROR")
    assert "reason" in problem["error"]
    person.cancel(made["id"], reason="r" * 200).ok()


def test_a39_the_booking_is_named(client: Client, world: World) -> None:
    person = world.visit(client, world.peek_student())
    problem = person.send("POST", "/mock-discussions/cancel-booking", {}).refused(
        400, "VALIDATION_ERROR"
    )
    assert "booking_id" in problem["error"]


def test_m12_the_balance_that_paid_gets_it_back(client: Client, world: World) -> None:
    student = world.student(bare=True, shared_mock_credits=1)
    made = make(client, world, student, SJ)
    assert balance(client, student, SJ) == {"specific_credits": 0, "shared_credits": 0}
    data = world.visit(client, student).delete(made["id"]).ok()
    assert data["token_refunded"] == {"field": "shared_mock_credits", "new_balance": 1}
    assert balance(client, student, SJ) == {"specific_credits": 0, "shared_credits": 1}


def test_m3_a_cancel_frees_the_seat(client: Client, world: World) -> None:
    session, student = world.session(MD, capacity=1), world.student()
    made = client.discuss(world.wish(student, session)).ok(201)
    world.visit(client, student).delete(made["id"]).ok()
    (row,) = client.available(location=session.location).ok()
    assert (row["total_bookings"], row["available_slots"]) == (0, 1)
    client.discuss(world.wish(world.student(), session)).ok(201)


def test_m6_the_readable_id_finds_the_booking_that_stands(client: Client, world: World) -> None:
    session, student = world.session(MD), world.student()
    wish = world.wish(student, session)
    person = world.visit(client, student)
    old = client.discuss(wish, "old-one").ok(201)
    person.delete(old["id"]).ok()
    assert person.booking(old["booking_id"]).ok()["id"] == old["id"]
    new = client.discuss(wish, "new-one").ok(201)
    assert (new["booking_id"], new["id"] != old["id"]) == (old["booking_id"], True)
    assert person.booking(old["booking_id"]).ok()["id"] == new["id"]
    person.delete(new["id"]).ok()
    assert person.booking(old["booking_id"]).ok()["id"] == new["id"]
    assert person.booking(old["booking_code"]).ok()["id"] == old["id"]


def test_a92_the_paths_without_a_version_answer_alike(client: Client, world: World) -> None:
    student = world.student()
    made = make(client, world, student, MD)
    person = world.visit(client, student)
    older = Client(person.http, person.headers, "/api")
    assert older.booking(made["id"]).ok() == person.booking(made["id"]).ok()
    assert older.mine(student.crm).ok() == person.mine(student.crm).ok()
    older.cancel(made["id"]).ok()
    again = older.delete(made["id"])
    again.ok(beside=("idempotent",))
