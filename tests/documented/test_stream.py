"""A69: seats told as they change."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from tests.documented.client import MD, Client
from tests.documented.shapes import instant
from tests.documented.world import World


def seats(
    client: Client, wanted: str, booked: int, *, after: str = "", up: Event | None = None
) -> tuple[str, dict[str, Any]]:
    """Follow the stream until a session has so many bookings; return that event and its id."""
    headers = {**client.headers, "Accept": "text/event-stream"}
    headers |= {"Last-Event-ID": after} if after else {}
    said: dict[str, str] = {}
    with client.http.stream("GET", "/api/v1/events/capacity", headers=headers) as got:
        assert got.status_code == 200
        assert got.headers["content-type"].startswith("text/event-stream")
        for line in got.iter_lines():
            if up:
                up.set()
            name, _, value = line.partition(":")
            said[name] = value.strip()
            if line or said.get("event") != "capacity":
                continue
            told = json.loads(said["data"])
            if (told["mock_exam_id"], told["total_bookings"]) == (wanted, booked):
                return said["id"], told
    raise AssertionError("the stream ended")


def test_a69_a_booking_is_told_and_what_was_missed_comes_after_the_last_id(
    client: Client, world: World
) -> None:
    session = world.session(MD)
    (row,) = client.available(location=session.location).ok()
    up = Event()
    with ThreadPoolExecutor(1) as beside:
        hearing = beside.submit(seats, client, row["mock_exam_id"], 1, up=up)
        assert up.wait(60)
        client.discuss(world.wish(world.student(), session)).ok(201)
        last, told = hearing.result()
    assert told["available_slots"] == 9
    assert told["status"] == "available"
    assert instant(told["at"])
    client.discuss(world.wish(world.student(), session)).ok(201)
    _, told = seats(client, row["mock_exam_id"], 2, after=last)
    assert told["available_slots"] == 8
