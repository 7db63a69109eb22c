"""A28, A29, B14, M5, M13 and the late replay (F69): what a key does."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.documented.client import MD, MINI, SJ, Client
from tests.documented.shapes import matching
from tests.documented.world import World

KINDS = pytest.mark.parametrize("kind", [MD, SJ])
PREFIX = {MD: "idem_disc_", SJ: "idem_"}
BUCKET_MS = 300_000


def send(client: Client, kind: str, *args: Any, **more: Any) -> Any:
    return (client.discuss if kind == MD else client.book)(*args, **more)


@KINDS
def test_a28_b14_a_known_key_brings_the_stored_answer_again(
    client: Client, world: World, kind: str
) -> None:
    student, session = world.student(), world.session(kind)
    wish = world.wish(student, session)
    made = send(client, kind, wish, f"known-{kind}").ok(201)
    for replay in (False, True):
        again = send(client, kind, wish, f"known-{kind}", replay=replay).ok(200)
        assert again == {**made, "idempotent_request": True}
    (row,) = client.available(
        "mock-discussions" if kind == MD else "mock-exams",
        location=session.location,
        realtime="true",
    ).ok()
    assert row["total_bookings"] == 1


@KINDS
def test_a28_after_a_cancel_the_key_books_anew_and_the_newest_of_the_family_counts(
    client: Client, world: World, kind: str
) -> None:
    student, key = world.student(), f"family-{kind}"
    wish = world.wish(student, world.session(kind))
    person = world.visit(client, student)
    first = send(client, kind, wish, key).ok(201)
    seen = [first["id"]]
    for turn in (2, 3):
        person.delete(seen[-1]).ok()
        fresh = send(client, kind, wish, key).ok(201)
        assert fresh["idempotency_key"] == f"{key}-r{turn}"
        assert fresh["id"] not in seen
        assert fresh["booking_id"] == first["booking_id"]
        assert fresh["booking_code"] != first["booking_code"]
        again = send(client, kind, wish, key).ok(200)
        assert (again["id"], again["idempotent_request"]) == (fresh["id"], True)
        seen.append(fresh["id"])


def test_a28_a_completed_booking_is_answered_and_not_made_anew(
    client: Client, world: World
) -> None:
    wishes = {kind: world.wish(world.student(), world.session(kind)) for kind in (MD, SJ)}
    made = {kind: send(client, kind, wish, f"held-{kind}").ok(201) for kind, wish in wishes.items()}
    for booking in made.values():
        world.end(booking["id"])
    world.command("jobs", "run", "attendance")
    for kind, wish in wishes.items():
        for replay in (False, True):
            again = send(client, kind, wish, f"held-{kind}", replay=replay).ok(200)
            assert again == {**made[kind], "idempotent_request": True}
        desk = world.staff("front_desk")
        assert desk.booking(made[kind]["id"]).ok()["is_active"] == "Completed"


@KINDS
def test_f69_a_late_replay_does_not_book_what_was_cancelled(
    client: Client, world: World, kind: str
) -> None:
    student, session, key = world.student(), world.session(kind), f"late-{kind}"
    wish = world.wish(student, session)
    made = send(client, kind, wish, key).ok(201)
    person = world.visit(client, student)
    person.delete(made["id"]).ok()
    for _ in range(2):
        send(client, kind, wish, key, replay=True).refused(409, "BOOKING_CANCELLED")
    assert person.booking(made["id"]).ok()["is_active"] == "Cancelled"
    assert send(client, kind, wish, f"{key}-again").ok(201)["id"] != made["id"]


@KINDS
def test_a28_a_replay_whose_first_try_never_came_books(
    client: Client, world: World, kind: str
) -> None:
    wish = world.wish(world.student(), world.session(kind))
    made = send(client, kind, wish, f"first-{kind}", replay=True).ok(201)
    assert send(client, kind, wish, f"first-{kind}", replay=True).ok(200)["id"] == made["id"]


@KINDS
def test_a26_the_same_key_with_another_body(client: Client, world: World, kind: str) -> None:
    student, key = world.student(), f"reused-{kind}"
    wish = world.wish(student, world.session(kind))
    made = send(client, kind, wish, key).ok(201)
    other = world.wish(student, world.session(kind))
    send(client, kind, other, key).refused(409, "IDEMPOTENCY_KEY_REUSED")
    stranger = world.wish(world.student(), world.session(kind))
    send(client, kind, stranger, key).refused(409, "IDEMPOTENCY_KEY_REUSED")
    assert send(client, kind, wish, key).ok(200)["id"] == made["id"]


def test_a26_another_choice_is_another_body(client: Client, world: World) -> None:
    wish = world.wish(world.student(), world.session(MD), topic_preference="Ethics")
    client.discuss(wish, "choice").ok(201)
    for more in ({"topic_preference": "Law"}, {"discussion_format": "Hybrid"}):
        client.discuss({**wish, **more}, "choice").refused(409, "IDEMPOTENCY_KEY_REUSED")


def test_a_default_spelled_out_and_a_crm_number_are_the_same_body(
    client: Client, world: World
) -> None:
    student, session = world.student(), world.session(MD)
    wish = world.wish(student, session)
    made = client.discuss(wish, "spelled").ok(201)
    check = {"student_id": student.student_id, "email": student.email}
    same = {
        **wish,
        "discussion_format": "Virtual",
        "topic_preference": "",
        "contact_id": client.credits(check).ok()["contact_id"],
        "mock_exam_id": made["exam_details"]["mock_exam_id"],
    }
    assert client.discuss(same, "spelled").ok(200)["id"] == made["id"]


def test_m5_a_key_is_unique_over_both_systems(client: Client, world: World) -> None:
    student = world.student()
    client.discuss(world.wish(student, world.session(MD)), "both").ok(201)
    exam = world.wish(student, world.session(MINI))
    client.book(exam, "both").refused(409, "IDEMPOTENCY_KEY_REUSED")


@KINDS
def test_m5_ten_at_once_with_one_key_make_one_booking(
    client: Client, world: World, kind: str
) -> None:
    wish = world.wish(world.student(), world.session(kind))
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: send(client, kind, wish, f"parallel-{kind}"), range(10)))
    assert sorted(answer.status for answer in answers) == [200] * 9 + [201]
    assert len({answer.body["data"]["id"] for answer in answers}) == 1


@KINDS
def test_a29_m13_without_a_key_the_server_makes_one_for_five_minutes(
    client: Client, world: World, kind: str
) -> None:
    while True:
        began = time.time_ns() // 1_000_000 // BUCKET_MS
        wish = world.wish(world.student(), world.session(kind))
        made = send(client, kind, wish).ok(201)
        again = send(client, kind, wish)
        if time.time_ns() // 1_000_000 // BUCKET_MS == began:
            break
    assert matching(PREFIX[kind] + "[0-9a-f]{32}")(made["idempotency_key"])
    assert again.ok(200) == {**made, "idempotent_request": True}
    check = {"student_id": wish["student_id"], "email": wish["email"]}
    contact = client.credits(check).ok()["contact_id"]
    said = {
        "contact_id": contact,
        "mock_exam_id": made["exam_details"]["mock_exam_id"],
        "exam_date": wish["exam_date"],
        "mock_type": kind,
        "timestamp_bucket": began,
    }
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(canonical).hexdigest()[:32]
    assert made["idempotency_key"] == PREFIX[kind] + digest


def test_a29_the_servers_key_answers_nobody_who_says_another_address(
    client: Client, world: World
) -> None:
    wish = world.wish(world.student(), world.session(MD))
    client.discuss(wish).ok(201)
    client.discuss({**wish, "email": "x@example.org"}).refused(400, "EMAIL_MISMATCH")


@pytest.mark.parametrize("key", ["7", "k" * 200, "any text: at all/7"])
def test_any_text_is_a_key(client: Client, world: World, key: str) -> None:
    wish = world.wish(world.student(), world.session(MD))
    assert client.discuss(wish, key).ok(201)["idempotency_key"] == key
    assert client.discuss(wish, key).ok(200)["idempotent_request"] is True


def test_an_empty_key_is_none(client: Client, world: World) -> None:
    wish = world.wish(world.student(), world.session(MD))
    assert client.discuss(wish, "").ok(201)["idempotency_key"].startswith("idem_disc_")
