"""A14, A15, A21, A37: how often one device may ask."""

from typing import Any

import pytest

from tests.documented.client import MD, Answer, Client
from tests.documented.world import World


def limited(answer: Answer) -> None:
    problem = answer.refused(429, "RATE_LIMITED")
    assert problem["status"] == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "RateLimit-Policy" in answer.headers
    assert "RateLimit" in answer.headers


@pytest.mark.parametrize("system", ["mock-discussions", "mock-exams"])
def test_a14_a15_thirty_listings_a_minute_for_each_device(world: World, system: str) -> None:
    first, second = world.device(), world.device()
    answers = [first.available(system) for _ in range(35)]
    assert [answer.status for answer in answers] == [200] * 30 + [429] * 5
    limited(answers[-1])
    assert "RateLimit" in answers[0].headers
    second.available(system).ok()


@pytest.mark.parametrize("system", ["mock-discussions", "mock-exams"])
def test_a21_b11_twenty_checks_a_minute(world: World, system: str) -> None:
    device, student = world.device(), world.peek_student()
    body = {
        "student_id": student.student_id,
        "email": student.email,
        "mock_type": "Mini-mock",
    }
    answers = [device.credits(body, system) for _ in range(21)]
    assert [answer.status for answer in answers] == [200] * 20 + [429]
    limited(answers[-1])


def test_a37_sixty_bookings_a_minute(world: World) -> None:
    device = world.device()
    body: Any = world.wish(world.peek_student(), world.peek(MD), mock_exam_id="999999999999")
    answers = [device.discuss(body) for _ in range(61)]
    assert [answer.status for answer in answers] == [404] * 60 + [429]
    limited(answers[-1])
    Client(device.http, world.device().headers).discuss(body).refused(404, "SESSION_NOT_FOUND")
