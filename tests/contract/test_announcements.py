"""A76: one mail to many students: who gets it, how it reads, and that it is sent once."""

import concurrent.futures
import re
from email import message_from_bytes
from email.policy import default

import psycopg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.outside.mail.facts import Announcement
from kiosk_app.backend.outside.mail.message import as_email
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.staff import Role
from tests.helpers import mails
from tests.helpers.backend import (
    Api,
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
    sign_in_staff,
)

PATH = "/admin/bookings/email"
WORDS = {"subject": "Room change", "body": "Hello all,\n\nwe meet in <b>room 7</b>.\nBring a pen."}


@pytest.fixture
def admin(running_backend):
    with sign_in_staff(running_backend, Role.ADMIN) as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def codes(url, admin):
    """Ana holds two bookings, Bo one; Bo reads French."""
    talk, exam = add_session(url), add_session(url, mock_type="Clinical Skills", day=far_day(40))
    ana = add_student(url, "A1", email="ana@example.org", discussion=1, cs=1)
    bo = add_student(url, "B2", email="bo@example.org", name="Bo Fall", discussion=1, locale="fr")
    query(url, "UPDATE mail_outbox SET state = 'skipped'")
    made = []
    for make, session, contact, student, day, path in (
        (discussion_body, talk, ana, "A1", 30, "/mock-discussions/create-booking"),
        (exam_body, exam, ana, "A1", 40, "/bookings/create"),
        (discussion_body, talk, bo, "B2", 30, "/mock-discussions/create-booking"),
    ):
        email = f"{'ana' if student == 'A1' else 'bo'}@example.org"
        body = make(session, contact, far_day(day), student_id=student, email=email)
        made.append(admin.create(body, path=path).json()["data"]["booking_code"])
    return made


def send(admin, key="idem_mail_0001", *, preview=False, **body):
    headers = {"X-Idempotency-Key": key}
    params = {"preview": "true"} if preview else {}
    return admin.http.post(PATH, json=WORDS | body, headers=headers, params=params)


def waiting(url):
    """Return which students an announcement waits for."""
    return [
        student
        for (student,) in query(
            url,
            "SELECT c.student_id FROM mail_outbox o JOIN contacts c ON c.id = o.contact_id"
            " WHERE o.kind = 'announcement' ORDER BY 1",
        )
    ]


def told(answer):
    return answer.status_code, answer.json()["code"]


def test_each_student_is_written_to_once(admin, url, codes):
    answer = send(admin, bookings=[*codes, "BK-nobody"])
    assert answer.status_code == 200, answer.text
    assert (answer.json()["data"]["recipients"], answer.json()["data"]["unknown"]) == (
        2,
        ["BK-nobody"],
    )
    assert waiting(url) == ["A1", "B2"]
    rows = query(url, "SELECT after FROM audit_log WHERE action = 'mail.announced'")
    assert rows == [({"recipients": 2, "filters": None},)]


def test_a_filter_names_them_too(admin, url, codes):
    assert (
        send(admin, filter={"mock_type": "Clinical Skills", "q": "ana@"}).json()["data"][
            "recipients"
        ]
        == 1
    )
    assert waiting(url) == ["A1"]
    rows = query(url, "SELECT after -> 'filters' FROM audit_log WHERE action = 'mail.announced'")
    assert rows == [({"mock_type": "Clinical Skills", "q": True},)]


def test_any_kind_of_id_names_a_booking(admin, url, codes):
    ((number, readable),) = query(
        url, "SELECT id::text, booking_id FROM bookings WHERE booking_code = %s", codes[2]
    )
    query(url, "UPDATE bookings SET hubspot_id = '4711' WHERE booking_code = %s", codes[2])
    for n, ref in enumerate((number, number.upper(), readable, codes[2], "4711")):
        answer = send(admin, key=f"idem_mail_00{n:02}", bookings=[ref], preview=True).json()["data"]
        assert (answer["recipients"], answer["unknown"]) == (1, []), ref


def test_a_preview_writes_to_nobody(admin, url, codes):
    answer = send(admin, bookings=codes, preview=True).json()["data"]
    assert answer["first"]["student_id"] == "A1"
    assert answer["first"]["subject"] == "Room change"
    assert "we meet in <b>room 7</b>.\nBring a pen." in answer["first"]["text"]
    assert waiting(url) == []
    assert query(url, "SELECT 1 FROM announcements") == []
    assert send(admin, bookings=codes).json()["data"]["recipients"] == answer["recipients"] == 2


def test_the_same_key_writes_to_nobody_again(admin, url, codes):
    assert send(admin, bookings=codes).json()["data"]["repeated"] is False
    again = send(admin, bookings=codes).json()["data"]
    assert (again["repeated"], again["recipients"]) == (True, 2)
    assert told(send(admin, bookings=codes[:1])) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert told(send(admin, bookings=codes, subject="Other")) == (409, "IDEMPOTENCY_KEY_REUSED")
    assert waiting(url) == ["A1", "B2"]
    assert query(url, "SELECT count(*) FROM audit_log WHERE action = 'mail.announced'") == [(1,)]


def test_many_clicks_at_once_are_one(admin, url, codes):
    def click(_n):
        with Api(admin.root, admin.token, staff=admin.headers["X-Staff-Token"]) as one:
            return send(one, bookings=codes).status_code

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert set(pool.map(click, range(4))) <= {200, 503}
    assert waiting(url) == ["A1", "B2"]


def test_whom_it_may_not_reach(admin, url, codes):
    query(url, "UPDATE contacts SET email = 'no address' WHERE student_id = 'A1'")
    query(
        url,
        "UPDATE mail_outbox SET state = 'dead' WHERE contact_id ="
        " (SELECT id FROM contacts WHERE student_id = 'B2')",
    )
    answer = send(admin, bookings=codes).json()["data"]
    found = [(one["student_id"], one["reason"]) for one in answer["unreachable"]]
    assert found == [("A1", "bad_address"), ("B2", "mail_failed")]
    assert answer["recipients"] == 1
    assert waiting(url) == ["B2"]
    nobody = send(admin, key="idem_mail_0002", bookings=codes[:2])
    assert told(nobody) == (404, "BOOKING_NOT_FOUND")


def test_too_many_for_one_mail(admin, url, codes):
    query(
        url,
        "INSERT INTO contacts (student_id, email, name)"
        " SELECT 'M' || n, 'm' || n || '@example.org', 'M' FROM generate_series(1, 500) n",
    )
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            "INSERT INTO bookings (booking_id, booking_code, contact_id, session_id, mock_type,"
            " exam_date, student_id, name, email, credit_field, token_used, tokens_before,"
            " idempotency_key, key_root, request_hash, exam_details)"
            " SELECT 'x' || c.student_id, 'x' || c.student_id, c.id, b.session_id, b.mock_type,"
            " b.exam_date, c.student_id, c.name, c.email, b.credit_field, b.token_used, 1,"
            " 'x' || c.student_id, 'x' || c.student_id, 'x', b.exam_details"
            " FROM contacts c, (SELECT * FROM bookings LIMIT 1) b WHERE c.student_id LIKE 'M%'"
        )
    assert told(send(admin, filter={})) == (400, "TOO_MANY_RECIPIENTS")
    assert waiting(url) == []
    assert send(admin, filter={"q": "M4"}, preview=True).json()["data"]["recipients"] == 111


def test_what_is_no_announcement(admin, url, codes):
    for body in (
        {},
        {"bookings": codes, "filter": {}},
        {"bookings": []},
        {"bookings": ["x"] * 501},
        {"bookings": codes, "subject": ""},
        {"bookings": codes, "subject": " "},
        {"bookings": codes, "subject": "x\r\nBcc: eve@example.org"},
        {"bookings": codes, "subject": "x\nBcc: eve@example.org"},
        {"bookings": codes, "subject": "x\x85y"},
        {"bookings": codes, "subject": "x" * 151},
        {"bookings": codes, "body": " \n "},
        {"bookings": codes, "body": "a\0b"},
        {"bookings": codes, "body": "a\x1b[31m"},
        {"bookings": codes, "body": "x" * 5001},
        {"filter": {"q": "a"}},
        {"filter": {"date_from": "soon"}},
    ):
        assert told(send(admin, **body)) == (400, "VALIDATION_ERROR"), body
    no_key = admin.http.post(PATH, json=WORDS | {"bookings": codes})
    assert told(no_key) == (400, "VALIDATION_ERROR")
    assert waiting(url) == []


class Box:
    """Keeps what is sent."""

    def __init__(self):
        self.mails = []

    async def send(self, message):
        self.mails.append(message)


async def test_the_mails_themselves(admin, url, codes):
    assert send(admin, bookings=codes).status_code == 200
    query(url, "UPDATE mail_outbox SET state = 'skipped' WHERE kind <> 'announcement'")
    box = Box()
    async with Database(url) as db:
        await MailRoom(db, box, mails.composer(), utc_now, pause=0).run(utc_now())
    found = {one.address: one for one in box.mails}
    assert set(found) == {"ana@example.org", "bo@example.org"}
    ana, bo = found["ana@example.org"], found["bo@example.org"]
    assert ana.subject == bo.subject == "Room change"
    assert "Hello Ana Sol," in ana.text
    assert "Bonjour Bo Fall," in bo.text
    assert "we meet in &lt;b&gt;room 7&lt;/b&gt;.<br>" in ana.html
    assert "<b>" not in ana.html


@given(st.text(max_size=200), st.text(max_size=200))
@example("x\r\nBcc: eve@example.org", "--\r\n.\r\nMAIL FROM:<eve@example.org>")
@example("x\u2028Bcc: eve@example.org", "</p><script>alert(1)</script>")
def test_no_words_add_a_header_a_recipient_or_markup(subject, body):
    told_ = Announcement(mails.person(), subject, body)
    message = mails.composer().about_announcement("key", told_)
    plain = mails.composer().about_announcement("key", Announcement(mails.person(), "x", "y"))
    mail = message_from_bytes(as_email(message, mails.SENDER, mails.AT).as_bytes(), policy=default)
    usual = message_from_bytes(as_email(plain, mails.SENDER, mails.AT).as_bytes(), policy=default)
    assert mail.keys() == usual.keys()
    assert [one.addr_spec for one in mail["To"].addresses] == ["ana@example.org"]
    assert "\n" not in mail["Subject"]
    assert tags(message.html) <= tags(plain.html) | {"br"}


def tags(page):
    return set(re.findall(r"<\s*/?\s*(\w+)", page))
