"""A database that comes back from a backup while two kiosks hold promises it never heard of (F30)."""

import asyncio
import json
import shutil

import httpx
import pytest

from kiosk_app.app.backend_cli import main
from kiosk_app.cache.request import State
from kiosk_app.contract.problems import Code
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
)
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.two_kiosks import Kiosk

DAY = far_day(3)
PEOPLE = {f"QX44{n:02}": f"s{n}@example.org" for n in range(10)}
STUDENTS = list(PEOPLE)


@pytest.fixture
def place(postgres, tmp_path):
    """A backend on a database of its own, with one session of ten seats and ten students."""
    with postgres.database() as live, postgres.database() as backup:
        backend = ProcessBackend(live, tmp_path / "backend.log")
        backend.session = add_session(live, day=DAY, capacity=10)
        backend.contacts = {
            student: add_student(live, student, email=email, discussion=1)
            for student, email in PEOPLE.items()
        }
        backend.kiosks = [add_device(live, f"Kiosk {n}") for n in (1, 2)]
        backend.public = add_device(live, "Elsewhere", profile="desk")
        backend.start()
        backend.save = lambda: postgres.copy(live, backup)
        backend.restore = lambda: postgres.copy(backup, live)
        yield backend
        backend.kill()


async def command(backend, *words):
    assert await asyncio.to_thread(main, [*words, "--database", backend.database]) == 0


def grace_until(backend):
    return httpx.get(f"{backend.url}/ready").json()["grace_until"]


async def restored(backend, capsys, *words):
    await command(backend, "restored", "--json", *words)
    return json.loads(capsys.readouterr().out)


def book_online(backend, student):
    with Api(backend.url, backend.public) as api:
        api.visit(student, PEOPLE[student])
        body = discussion_body(backend.session, backend.contacts[student], DAY)
        body |= {"student_id": student, "email": PEOPLE[student]}
        return api.create(body, key=f"idem_disc_{student}")


async def test_no_promise_is_sold_while_a_kiosk_was_not_heard(place, tmp_path, capsys):
    place.stop()
    place.save()
    place.start()
    kiosks = [Kiosk(tmp_path / str(n), place.url, token) for n, token in enumerate(place.kiosks)]
    try:
        for kiosk, student in zip(kiosks, STUDENTS, strict=False):
            await kiosk.meet(PEOPLE)
            await kiosk.sync()
            await kiosk.confirm(student, PEOPLE[student], place.session)
            assert kiosk.promised, "the student walks away with a slip"
        place.kill()
        place.restore()
        told = await restored(place, capsys)
        assert (told["sessions"], told["waiting_for"]) == (1, ["Kiosk 1", "Kiosk 2"])
        place.start()
        assert grace_until(place) == told["grace"]
        answers = [book_online(place, student) for student in STUDENTS[2:]]
        assert [one.status_code for one in answers] == [201] * 7 + [503]
        assert answers[-1].json()["code"] == Code.SEAT_KEPT_BACK
        assert answers[-1].headers["Retry-After"] == "60"
        for kiosk in kiosks:
            await kiosk.sync()
            await kiosk.upload()
        await command(place, "jobs", "run", "restore-grace")
        assert grace_until(place) is None
        ((booked,),) = query(place.database, "SELECT count(*) FROM bookings WHERE slot IS NOT NULL")
        assert booked == 2, "both promises are kept"
        last = book_online(place, STUDENTS[9])
        ((left,),) = query(
            place.database, "SELECT capacity - total_bookings - leased_seats FROM mock_sessions"
        )
        assert (last.status_code, left) in {(201, 0), (400, 0)}
    finally:
        for kiosk in kiosks:
            await kiosk.close()


async def test_a_booking_that_the_backup_lacks_waits_for_the_grace_and_is_not_lost(
    place, tmp_path, capsys
):
    """What one kiosk booked online is asked for again; a seat that is kept back ends no request."""
    place.stop()
    place.save()
    place.start()
    kiosk = Kiosk(tmp_path / "0", place.url, place.kiosks[0])
    try:
        await kiosk.meet(PEOPLE)
        await kiosk.sync()
        first = STUDENTS[0]
        await kiosk.device.sign_in(first, PEOPLE[first])
        done = await kiosk.device.place(place.session, student_id=first, email=PEOPLE[first])
        assert done.state == "confirmed"
        kiosk.device.desk.sign_out()
        place.kill()
        place.restore()
        await restored(place, capsys)
        place.start()
        for student in STUDENTS[1:8]:
            assert book_online(place, student).status_code == 201
        await kiosk.sync()
        await kiosk.upload()
        mine = "SELECT count(*) FROM bookings WHERE student_id = %s"
        assert query(place.database, mine, first) == [(0,)]
        assert kiosk.device.request(done.request_id).state is State.QUEUED, "it is no refusal"
        await restored(place, capsys, "--done")
        kiosk.clock.pass_by(minutes=3)
        await kiosk.upload()
        assert query(place.database, mine, first) == [(1,)]
    finally:
        await kiosk.close()
        shutil.rmtree(tmp_path / "0", ignore_errors=True)
