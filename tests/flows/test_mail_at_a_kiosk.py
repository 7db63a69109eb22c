"""A student has their pass mailed at a kiosk, against the real backend."""

import asyncio
from datetime import UTC, datetime

import pytest

from kiosk_app.sync.events import PassMailed, VisitEnded
from kiosk_app.sync.intents import MailPass
from kiosk_app.sync.mailing import mail_pass
from tests.helpers.backend import Api, add_device, add_student, query
from tests.helpers.device import TestClock, at_bench
from tests.helpers.lossy_line import LossyLine
from tests.helpers.moving import booked

STUDENT, EMAIL = "QX4417", "ana@example.org"


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def booking(running_backend, url):
    contact = add_student(url, discussion=1)
    with Api(running_backend.url, add_device(url)) as api:
        made, _ = booked(api, url, contact)
    sent(url)
    return made


def sent(url):
    query(url, "UPDATE mail_outbox SET state = 'sent', sent_at = now()")


def waiting(url):
    return query(url, "SELECT count(*) FROM mail_outbox WHERE state = 'waiting'")[0][0]


def bench(backend, url, tmp_path):
    clock = TestClock(datetime.now(UTC))
    return at_bench(tmp_path, backend.url, token=add_device(url, "Bench"), clock=clock)


async def at_work(device):
    await device.connect()
    await device.pull.sessions()
    await device.sign_in(STUDENT, EMAIL)


async def test_a_press_is_a_mail_and_says_to_whom(running_backend, url, booking, tmp_path):
    async with bench(running_backend, url, tmp_path) as device:
        await at_work(device)
        mailed = await mail(device, booking)
        assert (mailed.state, mailed.address) == ("queued", "a•••••@e•••••.org")
        assert device.told(PassMailed) == [mailed]
        assert (await mail(device, booking, "idem_mail_2")).state == "under_way"
        assert waiting(url) == 1
        refused = await mail(device, "BK-20270304-NOBODY")
        assert (refused.state, refused.code) == ("refused", "BOOKING_NOT_FOUND")
        device.desk.sign_out()
        assert (await mail(device, booking)).code == "UNAUTHORIZED"


async def test_an_answer_that_is_lost_is_asked_for_again(running_backend, url, booking, tmp_path):
    with LossyLine(int(running_backend.url.rpartition(":")[2])) as line:
        async with bench(line, url, tmp_path) as device:
            await at_work(device)
            line.hold_answers_to(b"idem_mail_1")
            asking = asyncio.create_task(mail(device, booking))
            await asyncio.to_thread(line.wait_held)
            line.drop_all()
            lost = await asking
            assert (lost.state, lost.code) == ("unknown", "MAIL_UNANSWERED")
            sent(url)
            line.hold_answers_to(b"")
            line.change()
            await device.connect()
            assert (await mail(device, booking)).state == "queued", "the same key, asked again"
            assert waiting(url) == 0, "and nothing is sent twice"
            line.change(refused=True)
            line.drop_all()
            await device.disconnect()
            assert (await mail(device, booking)).code == "MAIL_OFFLINE"


async def test_a_server_that_does_not_offer_it_is_not_asked(
    running_backend, url, booking, tmp_path
):
    async with bench(running_backend, url, tmp_path) as device:
        await at_work(device)
        device.station.capabilities.features.remove("mail")
        assert (await mail(device, booking)).code == "METHOD_NOT_ALLOWED"
        assert waiting(url) == 0


async def test_a_visit_that_lapsed_ends(running_backend, url, booking, tmp_path):
    async with bench(running_backend, url, tmp_path) as device:
        await at_work(device)
        device.station.visiting.token = "lapsed"
        assert (await mail(device, booking)).code == "TOKEN_EXPIRED"
        assert device.told(VisitEnded) == [VisitEnded(expired=True)]


def mail(device, ref, key="idem_mail_1"):
    return mail_pass(device.station, MailPass(ref, key))
