"""A78: waiting for a seat of a full session."""

import asyncio
from typing import Any

from tests.documented.client import MD, Client
from tests.documented.world import World
from tests.helpers.waiting import see_to_all


def lines(path: str, session_id: str) -> str:
    return f"/sessions/{session_id}/waitlist{path}"


def test_a78_join_position_offer_and_claim(client: Client, world: World) -> None:
    session, holder = world.session(MD, capacity=1), world.student()
    made = client.discuss(world.wish(holder, session)).ok(201)
    session_id = made["exam_details"]["mock_exam_id"]
    waiting = [world.student(), world.student()]
    people = [world.visit(client, student) for student in waiting]
    entries: list[Any] = []
    for place, person in enumerate(people, start=1):
        entry = person.send("POST", lines("", session_id), {}).ok(201)
        assert entry["position"] == place
        entries.append(entry)
    before = world.tokens_of(waiting[0])
    check = {"student_id": waiting[0].student_id, "email": waiting[0].email}
    assert client.credits(check).ok()["available_credits"] == before
    world.visit(client, holder).delete(made["id"]).ok()
    (row,) = client.available(location=session.location, realtime="true").ok()
    assert (row["total_bookings"], row["available_slots"]) == (0, 0)
    client.discuss(world.wish(world.student(), session)).refused(400, "DISCUSSION_FULL")
    asyncio.run(see_to_all(world.backend.database))
    late = people[1].send("POST", lines(f"/{entries[1]['id']}/claim", session_id), {})
    assert late.status in (400, 409)
    assert "next person" not in late.refused(late.status, late.body["code"])["error"]
    standing = people[1].send("GET", lines("", session_id)).ok()
    assert standing["own"]["position"] == 2
    won = people[0].send("POST", lines(f"/{entries[0]['id']}/claim", session_id), {}).ok(201)
    assert won["token_details"]["tokens_remaining"] == before - 1


def test_a78_who_leaves_or_declines_lets_the_next_one_have_it(client: Client, world: World) -> None:
    session, holder = world.session(MD, capacity=1), world.student()
    made = client.discuss(world.wish(holder, session)).ok(201)
    session_id = made["exam_details"]["mock_exam_id"]
    people = [world.visit(client, world.student()) for _ in range(3)]
    entries = [person.send("POST", lines("", session_id), {}).ok(201) for person in people]
    people[0].send("DELETE", lines("", session_id)).ok()
    standing = people[1].send("GET", lines("", session_id)).ok()
    assert (standing["waiting"], standing["own"]["position"]) == (2, 1)
    world.visit(client, holder).delete(made["id"]).ok()
    asyncio.run(see_to_all(world.backend.database))
    people[1].send("POST", lines(f"/{entries[1]['id']}/decline", session_id)).ok()
    asyncio.run(see_to_all(world.backend.database))
    won = people[2].send("POST", lines(f"/{entries[2]['id']}/claim", session_id), {}).ok(201)
    assert won["booking_id"].startswith(MD)
    for person in (people[0], people[1]):
        assert person.send("GET", "/waitlist").ok() == {"waits": []}


def test_a78_only_when_full_and_only_with_a_token(client: Client, world: World) -> None:
    session = world.session(MD, capacity=1)
    made = client.discuss(world.wish(world.student(), session)).ok(201)
    session_id = made["exam_details"]["mock_exam_id"]
    poor = world.visit(client, world.student(bare=True))
    poor.send("POST", lines("", session_id), {}).refused(400, "INSUFFICIENT_TOKENS")
    free = client.discuss(world.wish(world.student(), world.session(MD))).ok(201)
    other = free["exam_details"]["mock_exam_id"]
    early = world.visit(client, world.student()).send("POST", lines("", other), {})
    assert early.status in (400, 409)
