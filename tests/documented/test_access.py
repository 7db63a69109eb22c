"""How a program of another make comes in, as docs/commands.md has it: device, visit, and no further."""

from tests.documented.client import MD, Answer, Client
from tests.documented.shapes import text, uuid
from tests.documented.world import World
from tests.helpers.backend import enrol_code


def begin(client: Client, student_id: str, email: str) -> Answer:
    return client.send("POST", "/visits", {"student_id": student_id, "email": email})


def test_a_code_is_traded_once_for_a_token_that_lists(world: World) -> None:
    stranger = Client(world.http)
    code = {"code": enrol_code(world.backend.database)}
    told = stranger.send("POST", "/devices/enrol", code)
    assert told.status == 201
    assert uuid(told.body["device_id"])
    assert text(told.body["device_token"])
    device = Client(world.http, {"Authorization": f"Bearer {told.body['device_token']}"})
    assert device.available().ok() is not None
    stranger.send("POST", "/devices/enrol", code).refused(403, "ENROLMENT_REFUSED")


def test_m16_a_token_that_is_none_opens_nothing(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer made-up"}, {"Authorization": "Basic YTpi"}):
        answer = Client(world.http, headers).available()
        answer.refused(401, "UNAUTHORIZED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_visit_is_of_one_student_at_one_device(client: Client, world: World) -> None:
    student = world.student()
    made = client.discuss(world.wish(student, world.session(MD))).ok(201)
    client.booking(made["id"]).refused(403, "INSUFFICIENT_PERMISSIONS")
    person = world.visit(client, student)
    assert person.booking(made["id"]).ok()["id"] == made["id"]
    carried = {**world.device().headers, "X-Visit-Token": person.headers["X-Visit-Token"]}
    assert Client(world.http, carried).booking(made["id"]).status == 401


def test_a_wrong_pair_is_told_apart_by_nobody_and_soon_waits(client: Client, world: World) -> None:
    student = world.student()
    pairs = [(student.student_id, "other@example.org"), ("ZZ0000", student.email)]
    for pair in pairs:
        begin(client, *pair).refused(404, "NO_MATCH")
    for _ in range(4):
        begin(client, student.student_id, "other@example.org")
    waiting = begin(client, student.student_id, "other@example.org")
    waiting.refused(429, "TOO_MANY_ATTEMPTS")
    assert int(waiting.headers["Retry-After"]) >= 1
