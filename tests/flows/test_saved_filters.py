"""A student's filters come back at their next sign-in, wherever that is, and to nobody else (A79)."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import MockType
from kiosk_app.sync.keeping import keep_filters
from tests.helpers.backend import (
    ROOMY,
    Api,
    RunningBackend,
    add_device,
    add_student,
    query,
)
from tests.helpers.device import TestClock, at_bench

ANA, BO = ("QX4417", "ana@example.org"), ("QX4418", "bo@example.org")
KEPT = SavedFilters(campus="Online", mock_type=MockType.CLINICAL_SKILLS, days="7")
OTHER = SavedFilters(seats="free")
PATH = "/visits/filters"


@pytest.fixture
def url(running_backend):
    url = running_backend.database
    add_student(url, ANA[0], email=ANA[1])
    add_student(url, BO[0], email=BO[1])
    return url


def _kept(device, who):
    return device.visit(*who).json()["filters"]


def test_a79_kept_per_student_whatever_the_device(running_backend, url, api):
    assert _kept(api, ANA) is None
    with api.as_visitor(*ANA) as ana, api.as_visitor(*BO) as bo:
        for body in ({"campus": "Elsewhere"}, {"campus": "Online", "days": "30"}):
            assert ana.http.put(PATH, json=body).status_code == 200
        assert bo.http.put(PATH, json={"seats": "free"}).json()["seats"] == "free"
    with Api(running_backend.url, add_device(url, "Another")) as elsewhere:
        told = _kept(elsewhere, ANA)
        assert (told["campus"], told["days"], told["seats"]) == ("Online", "30", "any")
        assert _kept(elsewhere, BO)["seats"] == "free"
    query(url, "DELETE FROM contacts WHERE student_id = %s", ANA[0])
    assert query(url, "SELECT count(*) FROM user_preferences") == [(1,)]


def test_a79_what_is_no_filter_is_refused(url, api):
    with api.as_visitor(*ANA) as ana:
        for wrong in (
            {"days": "8"},
            {"seats": 0},
            {"campus": ""},
            {"mock_type": "Exam"},
            {"first_day": "soon"},
        ):
            answer = ana.http.put(PATH, json=wrong)
            assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")
        assert _kept(api, ANA) is None


def test_a79_thirty_a_minute(database_url):
    add_student(database_url, ANA[0], email=ANA[1])
    backend = RunningBackend(database_url, limits=replace(ROOMY, filters=2))
    backend.start()
    try:
        with (
            Api(backend.url, add_device(database_url)) as api,
            api.as_visitor(*ANA) as ana,
        ):
            answers = [ana.http.put(PATH, json={}) for _ in range(3)]
    finally:
        backend.stop()
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"]


def bench(url, running_backend, folder, name):
    clock = TestClock(datetime.now(UTC))
    (folder / name).mkdir()
    return at_bench(folder / name, running_backend.url, token=add_device(url, name), clock=clock)


async def test_a79_a_kiosk_sends_the_last_choice_and_another_one_shows_it(
    running_backend, url, tmp_path
):
    async with bench(url, running_backend, tmp_path, "one") as one:
        await one.connect()
        await keep_filters(one.station, KEPT)  # of nobody
        assert (await one.sign_in(*ANA)).filters is None
        many = [SavedFilters(campus=f"Campus {n}") for n in range(20)]
        await asyncio.gather(*(keep_filters(one.station, each) for each in [*many, KEPT]))
        one.desk.sign_out()
        assert (await one.sign_in(*BO)).filters is None
        await keep_filters(one.station, OTHER)
    async with bench(url, running_backend, tmp_path, "two") as two:
        await two.connect()
        assert (await two.sign_in(*ANA)).filters == KEPT
        assert (await two.sign_in(*BO)).filters == OTHER
