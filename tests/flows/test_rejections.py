"""A device reports that a queued booking was refused; the student is written to, once (K15)."""

from datetime import time, timedelta

import pytest

from tests.helpers.backend import Api, add_session, add_student, discussion_body, far_day, query

DAY = far_day()


def report(api, session, **changes):
    body = {
        "idempotency_key": "idem_disc_gone",
        "student_id": "QX4417",
        "email": "ana@example.org",
        "mock_exam_id": session,
        "code": "DISCUSSION_FULL",
    }
    return api.http.post("/outbox/rejections", json=body | changes)


@pytest.fixture
def student(running_backend):
    return add_student(running_backend.database, discussion=3)


@pytest.fixture
def full(running_backend):
    return add_session(running_backend.database, day=DAY, capacity=1, total_bookings=1)


async def the_mail(post):
    await post.send()
    [mail] = post.inbox.mails
    return mail, mail.get_body(("plain",)).get_content()


async def test_reason_and_free_alternatives(api, post, running_backend, student, full):
    database = running_backend.database
    for days in (1, 2, 3, 4):
        add_session(database, day=DAY + timedelta(days=days), start=time(9 + days))
    add_session(database, day=DAY, start=time(8), capacity=1, total_bookings=1)
    add_session(database, day=DAY, start=time(7), mock_type="Mini-mock")
    add_session(database, day=DAY, start=time(6), is_active=False)
    taken = add_session(database, day=DAY + timedelta(days=1), start=time(18))
    body = discussion_body(taken, student, DAY + timedelta(days=1))
    assert api.create(body).status_code == 201
    answer = report(api, full)
    assert (answer.status_code, answer.json()) == (202, {"noted": True})
    await post.send()
    [mail] = [m for m in post.inbox.mails if m["Subject"].startswith("Not booked")]
    text = mail.get_body(("plain",)).get_content()
    assert "just filled up" in text
    offered = [line for line in text.splitlines() if line.startswith("- ")]
    assert [line.split(" EST")[0].split(" EDT")[0].rsplit(", ", 1)[1] for line in offered] == [
        "11:00 am – 1:00 pm",
        "12:00 pm – 2:00 pm",
        "1:00 pm – 3:00 pm",
    ]


async def test_one_mail_per_key(api, post, student, full):
    assert [report(api, full).status_code for _ in range(3)] == [202, 202, 202]
    assert post.rows() == [("rejected", "waiting")]
    report(api, full, idempotency_key="idem_disc_other")
    assert len(post.rows()) == 2


@pytest.mark.parametrize("who", [{"student_id": "NOBODY"}, {"email": "bo@example.org"}])
async def test_an_unknown_pair_answers_alike_and_writes_to_nobody(api, post, student, full, who):
    answer = report(api, full, **who)
    assert (answer.status_code, answer.json()) == (202, {"noted": True})
    assert post.rows() == []


async def test_only_the_address_on_record_is_written_to(api, post, student, full):
    report(api, full, email="ANA@example.org")
    await post.send()
    assert [e.rcpt_tos for e in post.inbox.envelopes] == [["ana@example.org"]]


async def test_what_was_booked_after_all_is_not_called_refused(api, post, running_backend, student):
    session = add_session(running_backend.database, day=DAY)
    assert api.create(discussion_body(session, student), key="idem_disc_gone").status_code == 201
    report(api, session)
    assert post.rows() == [("confirm", "waiting")]


@pytest.mark.parametrize("session", ["0", "8b0c9c52-1d84-4a10-8f0c-2f3df0f5a7a1", "nonsense"])
async def test_a_session_that_is_gone_is_left_out(api, post, student, session):
    assert report(api, session, code="SESSION_NOT_FOUND").status_code == 202
    mail, text = await the_mail(post)
    assert mail["Subject"] == "Not booked: your request"
    assert "does not exist any more" in text


async def test_the_students_language(api, post, full, running_backend):
    add_student(running_backend.database, locale="fr")
    report(api, full)
    mail, _ = await the_mail(post)
    assert mail["Content-Language"] == "fr"


@pytest.mark.parametrize("field", ["idempotency_key", "student_id", "email", "code"])
async def test_a_malformed_report_is_refused(api, full, field):
    answer = report(api, full, **{field: ""})
    assert answer.status_code == 400
    assert answer.json()["code"] == "VALIDATION_ERROR"


async def test_only_devices_report(running_backend, full):
    with Api(running_backend.url) as stranger:
        assert report(stranger, full).status_code == 401


def test_the_capability_is_named(api):
    assert "rejections" in api.http.get("/capabilities").json()["features"]


def test_no_address_is_stored_with_the_mail(api, running_backend, student, full):
    report(api, full)
    [(row,)] = query(running_backend.database, "SELECT mail_outbox::text FROM mail_outbox")
    assert "example.org" not in row
