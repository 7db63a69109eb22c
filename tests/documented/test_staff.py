"""A72, A76, B17, B33, B34: what the front desk and administrators do with bookings."""

import csv
import io
from typing import Any

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Rule
from tests.documented.client import MD, MINI, Answer, Client, segment
from tests.documented.world import World, opened

LATE = Rule(late_cancel_min=2 * 365 * 24 * 60)
"""A cancel keeps the token: something to give back by hand."""
ADMIN = "admin@example.org"
NOBODY = "3f2c9a00-0000-4000-8000-00000000ffff"


@pytest.fixture(scope="module")
def world(postgres):
    rules = BookingRules({MockType.MINI_MOCK: {Role.STUDENT: LATE}})
    with opened(postgres, rules=rules) as made:
        yield made


def make(client: Client, world: World, kind: str = MD, **student: Any) -> tuple[Any, Any]:
    who = world.student(**student)
    wish = world.wish(who, world.session(kind))
    return who, (client.discuss if kind == MD else client.book)(wish).ok(201)


def refund(staff: Client, ref: str, token: str | None = None, **more: Any) -> Answer:
    body = {"admin_email": ADMIN, "reason": "fire alarm", **more}
    if token is not None:
        body["token_type"] = token
    return staff.send("POST", f"/admin/bookings/{segment(ref)}/refund", body)


def forfeited(client: Client, world: World) -> tuple[Any, Any]:
    """A booking that its student cancelled too late for the token to come back."""
    student, made = make(client, world, MINI)
    world.visit(client, student).delete(made["id"]).ok()
    return student, made


def test_b17_one_bad_id_does_not_stop_the_others(client: Client, world: World) -> None:
    desk = world.staff("front_desk")
    made = [make(client, world)[1] for _ in range(2)]
    wanted = [made[0]["id"], NOBODY, made[1]["booking_code"]]
    data = desk.send(
        "POST", "/bookings/batch-cancel", {"booking_ids": wanted, "reason": "closed"}
    ).ok()
    assert (data["cancelled"], data["failed"]) == (2, 1)
    told = [(row["booking_id"], row["success"], row["code"]) for row in data["results"]]
    assert [row[0] for row in told] == wanted
    assert [row[1:] for row in told] == [(True, None), (False, "BOOKING_NOT_FOUND"), (True, None)]
    assert desk.booking(made[0]["id"]).ok()["is_active"] == "Cancelled"


@pytest.mark.parametrize("ids", [[], [NOBODY] * 51, None, [7]])
def test_b17_from_one_to_fifty(world: World, ids: Any) -> None:
    body = {"booking_ids": ids, "reason": "closed"}
    problem = (
        world.staff("front_desk")
        .send("POST", "/bookings/batch-cancel", body)
        .refused(400, "VALIDATION_ERROR")
    )
    assert "booking_ids" in problem["error"]


def test_b17_m16_a_student_cancels_no_batch(client: Client, world: World) -> None:
    student, made = make(client, world)
    body = {"booking_ids": [made["id"]], "reason": "mine"}
    person = world.visit(client, student)
    person.send("POST", "/bookings/batch-cancel", body).refused(403, "INSUFFICIENT_PERMISSIONS")


@pytest.mark.parametrize("named", ["id", "booking_code", "booking_id"])
def test_b33_a_refund_once_for_every_kind_of_id(client: Client, world: World, named: str) -> None:
    student, made = forfeited(client, world)
    admin = world.staff("admin")
    data = refund(admin, made[named], "sjmini_credits").ok(201)
    assert data["booking_id"] == made["booking_id"]
    assert data["token_refunded"] == {"field": "sjmini_credits", "new_balance": 3}
    refund(admin, made["id"]).refused(409, "ALREADY_REFUNDED")
    check = {"student_id": student.student_id, "email": student.email, "mock_type": MINI}
    assert client.credits(check, "mock-exams").ok()["credit_breakdown"]["specific_credits"] == 3


def test_b33_the_field_that_paid_is_the_default_and_another_needs_an_override(
    client: Client, world: World
) -> None:
    student, made = forfeited(client, world)
    admin = world.staff("admin")
    refund(admin, made["id"], "shared_mock_credits").refused(400, "OVERRIDE_REQUIRED")
    refund(admin, made["id"], "shared_mock_credits", override=True).ok(201)
    check = {"student_id": student.student_id, "email": student.email, "mock_type": MINI}
    left = client.credits(check, "mock-exams").ok()["credit_breakdown"]
    assert left == {"specific_credits": 2, "shared_credits": 4}
    _, other = forfeited(client, world)
    assert refund(admin, other["id"]).ok(201)["token_refunded"]["field"] == "sjmini_credits"


def test_b33_m15_a_booking_that_stands_is_cancelled_and_not_refunded(
    client: Client, world: World
) -> None:
    _, made = make(client, world)
    refund(world.staff("admin"), made["id"]).refused(409, "INVALID_STATE")


def test_a72_an_administrators_cancel_refunds_once(client: Client, world: World) -> None:
    student, made = make(client, world, mock_discussion_token=3)
    admin = world.staff("admin")
    path, body = f"/admin/bookings/{made['id']}", {"status": "Cancelled", "reason": "fire"}
    data = admin.send("PATCH", path, body).ok()
    assert data["token_refunded"] == {"field": "mock_discussion_token", "new_balance": 3}
    admin.send("PATCH", path, body).ok(beside=("idempotent",))
    check = {"student_id": student.student_id, "email": student.email}
    assert client.credits(check).ok()["available_credits"] == 3


def test_b34_a_cancel_has_refunded_already(client: Client, world: World) -> None:
    student, made = make(client, world)
    world.visit(client, student).delete(made["id"]).ok()
    refund(world.staff("admin"), made["id"]).refused(409, "ALREADY_REFUNDED")


def test_b33_m16_only_administrators(client: Client, world: World) -> None:
    _, made = make(client, world)
    desk = world.staff("front_desk")
    refund(desk, made["id"]).refused(403, "INSUFFICIENT_PERMISSIONS")


@pytest.mark.parametrize("kind", ["", "gold", 7])
def test_b33_a_token_that_is_none_is_named(client: Client, world: World, kind: Any) -> None:
    admin = world.staff("admin")
    problem = refund(admin, NOBODY, kind).refused(400, "VALIDATION_ERROR")
    assert "token_type" in problem["error"]


def test_a38_b15_the_desk_sees_everybodys(client: Client, world: World) -> None:
    student, made = make(client, world)
    desk = world.staff("front_desk")
    (row,) = desk.mine(student.crm).ok()["bookings"]
    assert row == desk.booking(made["id"]).ok()


def test_a74_an_instructors_sessions_alone(client: Client, world: World) -> None:
    _, made = make(client, world)
    session = made["exam_details"]["mock_exam_id"]
    number = world.staff("instructor").send("GET", "/staff/me").body["id"]
    path = f"/admin/sessions/{session}/instructor"
    assert world.staff("admin").send("PUT", path, {"user_id": number}).ok()["user_id"] == number
    (row,) = client.available(instructor_id=number).ok()
    assert row["mock_exam_id"] == session


def test_a76_the_bookings_as_a_file(client: Client, world: World) -> None:
    _, made = make(client, world)
    admin = world.staff("admin")
    got = admin.send("GET", "/admin/bookings.csv", params={"q": made["booking_code"]})
    assert got.status == 200
    assert got.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(got.text.lstrip("\ufeff"))))
    assert len(rows) == 1
    assert made["booking_code"] in rows[0].values()
    assert made["booking_id"] in rows[0].values()
    client.send("GET", "/admin/bookings.csv").refused(403, "INSUFFICIENT_PERMISSIONS")


def test_a76_the_bookings_page_by_page(client: Client, world: World) -> None:
    made = [make(client, world)[1] for _ in range(3)]
    admin, seen, cursor = world.staff("admin"), [], None
    while True:
        where = {"cursor": cursor} if cursor else {}
        page = admin.send("GET", "/admin/bookings", params={"page_size": 2, **where}).ok()
        assert len(page["bookings"]) <= 2
        seen += [row["id"] for row in page["bookings"]]
        if (cursor := page["cursor"]) is None:
            break
    assert len(seen) == len(set(seen)) == page["total"]
    assert {one["id"] for one in made} <= set(seen)
    found = {"q": made[1]["booking_code"], "status": "Active"}
    (row,) = admin.send("GET", "/admin/bookings", params=found).ok()["bookings"]
    assert row["booking_id"] == made[1]["booking_id"]
    client.send("GET", "/admin/bookings").refused(403, "INSUFFICIENT_PERMISSIONS")


def test_a76_attendance_is_one_of_three_and_only_once_it_has_begun(
    client: Client, world: World
) -> None:
    _, made = make(client, world)
    admin = world.staff("admin")
    path = f"/admin/bookings/{made['id']}/attendance"
    wrong = admin.send("PATCH", path, {"attendance": "gone", "reason": "seen"})
    assert "attendance" in wrong.refused(400, "VALIDATION_ERROR")["error"]
    early = admin.send("PATCH", path, {"attendance": "attended", "reason": "seen"})
    early.refused(409, "INVALID_STATE")
    world.begin(made["id"])
    for word in ("attended", "late", "no_show"):
        noted = admin.send("PATCH", path, {"attendance": word, "reason": "seen"}).ok()
        assert noted["attendance"] == word


@pytest.mark.parametrize("root", ["/api/v1", "/api"])
def test_what_is_not_there_is_a_problem_too(client: Client, root: str) -> None:
    other = Client(client.http, client.headers, root)
    other.send("GET", "/mock-discussions/nothing").refused(404, "NOT_FOUND")
    wrong = other.send("PUT", "/mock-discussions/create-booking", {})
    wrong.refused(405, "METHOD_NOT_ALLOWED")
    assert "POST" in wrong.headers["Allow"]


def test_a90_the_request_id_of_the_caller_comes_back(client: Client) -> None:
    said = {"X-Request-Id": "second-0042"}
    answer = client.send("GET", "/mock-discussions/available", headers=said)
    assert answer.headers["X-Request-Id"] == "second-0042"


def test_k31_health_and_ready_without_a_token(client: Client) -> None:
    for path in ("/health", "/ready"):
        assert client.http.get(path).status_code == 200
