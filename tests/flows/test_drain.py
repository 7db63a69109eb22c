"""A long queue on its way out, and people who book at the same kiosk meanwhile."""

import pytest
from msgspec import structs

from kiosk_app.sync import replay
from tests.helpers.backend import (
    ROOMY,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    far_day,
)
from tests.helpers.clocks import Clock
from tests.helpers.two_kiosks import Kiosk

QUEUED, QUOTA = 12, replay.KEPT_FOR_PEOPLE + 5


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def limited(database_url, clock):
    backend = RunningBackend(
        database_url, limits=structs.replace(ROOMY, writes=QUOTA), ticks=clock.ticks
    )
    backend.start()
    yield backend
    backend.stop()


async def test_a_draining_queue_leaves_room_for_who_stands_at_the_kiosk(limited, clock, tmp_path):
    """A37: the server counts them together, and would refuse a person once the queue had it all."""
    url = limited.database
    session = add_session(url, day=far_day(), capacity=40)
    people = {f"S{n}": f"s{n}@example.org" for n in range(QUEUED + 1)}
    for student, email in people.items():
        add_student(url, student, email=email, discussion=1)
    kiosk = Kiosk(tmp_path, limited.url, add_device(url))
    device = kiosk.device
    await kiosk.meet(people)
    *absent, here = people
    for student in absent:
        await kiosk.confirm(student, people[student], session)
    assert device.station.queue.count_waiting() == QUEUED
    await kiosk.upload()
    assert device.station.queue.count_waiting() == QUEUED - 5
    await device.sign_in(here, people[here])
    booked = await device.place(session, student_id=here, email=people[here])
    assert booked.state == "confirmed"
    assert device.replay.next_due() > kiosk.clock.now(), "the queue waits, and knows until when"
    for _ in range(2):
        clock.forward(seconds=61)
        kiosk.clock.pass_by(seconds=61)
        await kiosk.upload()
    assert device.station.queue.count_waiting() == 0
    await kiosk.close()
