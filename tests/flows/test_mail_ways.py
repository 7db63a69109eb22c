"""A booking's mail when there are two ways out: a mail server, and the CRM's mail service (A73)."""

import asyncio
import json
import os
import socket
from contextlib import contextmanager

import pytest

from kiosk_app.app.backend_cli import main
from kiosk_app.app.backend_mail import read_mail_settings
from kiosk_app.backend.outside.mail.crm_service import submission_url
from kiosk_app.backend.outside.mail.in_turn import REST_S, InTurn
from kiosk_app.backend.outside.mail.mailer import MailUnreachable
from kiosk_app.backend.outside.mail.smtp import SmtpMailer, SmtpServer
from tests.helpers import mails
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
from tests.helpers.hubspot import TOKEN, running_hubspot
from tests.helpers.hubspot_smtp import SmtpTokens, Submission, submission_server
from tests.helpers.post_office import PostOffice
from tests.helpers.smtp import Inbox, certificate, smtp_server


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    return *certificate(folder), folder / "cert.pem"


@pytest.fixture
def box():
    return Submission(SmtpTokens())


@pytest.fixture
def backend(database_url, tmp_path):
    backend = ProcessBackend(database_url, tmp_path / "backend.log")
    yield backend
    backend.stop()


@contextmanager
def nobody_listens():
    """Keep a port at which nobody answers, until a server takes it."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def set_ways(monkeypatch, tls, *, first=None, crm=None):
    monkeypatch.setenv("KIOSK_MAIL_FROM", f"Campus Kiosk <{mails.SENDER.address}>")
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[2]))
    if first:
        monkeypatch.setenv("KIOSK_SMTP_URL", f"smtp://127.0.0.1:{first}")
    if crm:
        url = submission_url(f"127.0.0.1:{crm.port}", crm.user, crm.password)
        monkeypatch.setenv("KIOSK_CRM_MAIL_URL", url)


def calendar(mail):
    [part] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    return part.get_payload(decode=True).decode()


def book(api, database, student, number):
    """Book a session of its own."""
    day = far_day(30 + number)
    body = discussion_body(add_session(database, day=day), student, day)
    answer = api.create(body, key=f"idem_disc_{number}")
    assert answer.status_code == 201, answer.text


def book_at(backend, student, number=0):
    with Api(backend.url, add_device(backend.database)) as api:
        book(api, backend.database, student, number)


async def test_a_served_booking_leaves_once_by_the_second_way_and_by_the_first_when_it_is_back(
    backend, tmp_path, monkeypatch, tls, box
):
    """`serve` with both settings; a process that starts anew asks the first way first."""
    inbox = Inbox()
    student = add_student(backend.database, discussion=2)
    async with submission_server(box, tls[0]) as crm:
        with nobody_listens() as port:
            set_ways(monkeypatch, tls, first=port, crm=crm)
            await asyncio.to_thread(backend.start)
            await asyncio.to_thread(book_at, backend, student)
            [mail] = await box.holds(1)
            assert await asyncio.to_thread(backend.stop) == 0
        async with smtp_server(inbox, port=port):
            await asyncio.to_thread(backend.start)
            await asyncio.to_thread(book_at, backend, student, 1)
            await inbox.holds(1)
            assert await asyncio.to_thread(backend.stop) == 0
    assert mail["Subject"].startswith("Booked")
    assert "METHOD:REQUEST" in calendar(mail)
    assert (len(box.mails), len(inbox.mails)) == (1, 1)
    assert query(backend.database, "SELECT state, attempts FROM mail_outbox") == [("sent", 1)] * 2
    log = (tmp_path / "backend.log").read_text()
    assert "mail leaves by the second way" in log
    assert not any(secret in log for secret in ("ana@example.org", crm.password, crm.user))


async def test_the_first_way_is_used_again_after_its_rest(api, post, tls, box):
    now = 0.0
    student = add_student(post.url, discussion=3)

    async with submission_server(box, tls[0]) as crm:
        second = SmtpMailer(crm, mails.SENDER, tls=tls[1])
        with nobody_listens() as port:
            first = SmtpMailer(SmtpServer(scheme="smtp", host="127.0.0.1", port=port), mails.SENDER)
            mailer = InTurn(first, second, clock=lambda: now)
            office = PostOffice(post.db, post.url, post.inbox, port, mailer)

            async def book_and_send(number):
                book(api, post.url, student, number)
                return (await office.send()).problem

            assert not await book_and_send(0)
        async with smtp_server(post.inbox, port=port):
            assert not await book_and_send(1)
            assert (len(box.mails), len(post.inbox.mails)) == (2, 0)
            now += REST_S
            assert not await book_and_send(2)
    assert (len(box.mails), len(post.inbox.mails)) == (2, 1)
    assert "METHOD:REQUEST" in calendar(post.inbox.mails[0])


async def test_the_crm_alone_is_a_way_out(backend, monkeypatch, tls, box):
    student = add_student(backend.database, discussion=1)
    async with submission_server(box, tls[0]) as crm:
        set_ways(monkeypatch, tls, crm=crm)
        await asyncio.to_thread(backend.start)
        await asyncio.to_thread(book_at, backend, student)
        [mail] = await box.holds(1)
        assert await asyncio.to_thread(backend.stop) == 0
    assert "METHOD:REQUEST" in calendar(mail)
    assert box.users == [crm.user]


async def test_what_the_crm_gave_signs_in_until_its_password_is_replaced(
    tmp_path, monkeypatch, tls
):
    """The token made over HTTP, its setting from the file, a mail with it; then a new password."""

    def token(*words):
        assert main(["crm", "mail-token", *map(str, words)]) == 0
        [line] = [row for row in words[0].read_text().splitlines() if row.startswith("KIOSK_")]
        name, url = line.split("=", 1)
        return name, url

    with running_hubspot() as hubspot:
        monkeypatch.setenv("KIOSK_CRM_TOKEN", TOKEN)
        monkeypatch.setenv("KIOSK_CRM_URL", hubspot.url)
        name, old = await asyncio.to_thread(token, tmp_path / "old.env")
        box = Submission(hubspot.smtp_tokens)
        async with submission_server(box, tls[0]) as server:
            set_ways(monkeypatch, tls)
            [made] = hubspot.smtp_tokens.tokens

            async def send_with(url):
                here = url.replace("@smtp.hubapi.com", f"@127.0.0.1:{server.port}")
                settings = read_mail_settings(os.environ | {name: here})
                await settings.mailer().send(mails.message())

            await send_with(old)
            _, new = await asyncio.to_thread(token, tmp_path / "new.env", "--reset", made)
            with pytest.raises(MailUnreachable, match="535"):
                await send_with(old)
            await send_with(new)
    assert len(box.mails) == 2


# doctor


async def doctor(database_url, capsys):
    words = ["doctor", "--json", "--database", database_url]
    status = await asyncio.to_thread(main, words)
    printed = capsys.readouterr()
    checks = {one["name"]: one for one in json.loads(printed.out)["checks"]}
    return status, {name: one for name, one in checks.items() if name.startswith("mail")}, printed


async def test_doctor_tries_both_ways_and_sends_nothing(
    database_url, monkeypatch, tls, box, capsys
):
    inbox = Inbox()
    async with submission_server(box, tls[0]) as crm, smtp_server(inbox) as port:
        set_ways(monkeypatch, tls, first=port, crm=crm)
        status, checks, _ = await doctor(database_url, capsys)
        assert (status, [one["ok"] for one in checks.values()]) == (0, [True, True])
        box.tokens.reset(crm.user)
        status, checks, printed = await doctor(database_url, capsys)
    assert status == 1
    assert checks["mail"]["ok"]
    assert checks["mail second way"]["detail"].startswith(
        f"smtp+starttls://127.0.0.1:{crm.port}: 535"
    )
    assert not any(word in printed.out + printed.err for word in (crm.password, crm.user))
    assert (box.mails, inbox.mails) == ([], [])


async def test_doctor_names_a_server_that_is_away(database_url, monkeypatch, tls, capsys):
    with nobody_listens() as port:
        set_ways(monkeypatch, tls, first=port)
        status, checks, _ = await doctor(database_url, capsys)
    assert (status, list(checks), checks["mail"]["ok"]) == (1, ["mail"], False)


async def test_doctor_names_the_folder_where_no_server_is_set(database_url, capsys):
    status, checks, _ = await doctor(database_url, capsys)
    assert (status, list(checks)) == (0, ["mail"])
    assert checks["mail"]["detail"].startswith("files in ")
