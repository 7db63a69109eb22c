"""Every way out keeps one contract; SMTP is spoken with a real server over loopback."""

import asyncio
from email import message_from_bytes
from email.policy import default

import pytest

from kiosk_app.backend.outside.mail.folder import FolderMailer
from kiosk_app.backend.outside.mail.in_turn import InTurn
from kiosk_app.backend.outside.mail.mailer import MailLater, MailRefused, MailUnreachable
from kiosk_app.backend.outside.mail.smtp import (
    BadSmtpUrl,
    SmtpMailer,
    SmtpServer,
    read_smtp_url,
    without_addresses,
)
from tests.helpers import mails
from tests.helpers.hubspot_smtp import SmtpTokens, Submission, submission_server
from tests.helpers.smtp import Inbox, certificate, smtp_server


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


def smtp(port, scheme="smtp", *, tls=None, deadline=20.0, **sign_in):
    server = SmtpServer(scheme=scheme, host="127.0.0.1", port=port, **sign_in)
    return SmtpMailer(server, mails.SENDER, tls=tls, deadline=deadline)


class FolderBox:
    def __init__(self, folder):
        self.mailer = FolderMailer(folder, mails.SENDER)
        self.folder = folder

    @property
    def mails(self):
        return [
            message_from_bytes(file.read_bytes(), policy=default)
            for file in sorted(self.folder.glob("*.eml"))
        ]


class Both:
    def __init__(self, first, second):
        self.mailer = InTurn(first.mailer, second.mailer)
        self.boxes = first, second

    @property
    def mails(self):
        return [mail for box in self.boxes for mail in box.mails]


@pytest.fixture
def submission():
    return Submission(SmtpTokens())


@pytest.fixture
async def ways(tmp_path, inbox, submission, tls):
    """Every way out of its own."""
    server, client = tls
    async with smtp_server(inbox) as port, submission_server(submission, server) as crm:
        inbox.mailer = smtp(port)
        submission.mailer = SmtpMailer(crm, mails.SENDER, tls=client)
        yield {"folder": FolderBox(tmp_path / "mail"), "smtp": inbox, "crm": submission}


@pytest.fixture
async def gone():
    """A server that is away."""
    box = Inbox()
    async with smtp_server(box) as port:
        box.mailer = smtp(port)
    return box


@pytest.fixture(params=["folder", "smtp", "crm"])
def single(request, ways):
    return ways[request.param]


@pytest.fixture(params=["folder", "smtp", "crm", "in turn", "in turn, the first away"])
def way(request, ways, gone):
    if request.param == "in turn":
        return Both(ways["smtp"], ways["crm"])
    if request.param == "in turn, the first away":
        return Both(gone, ways["crm"])
    return ways[request.param]


async def test_a_mail_arrives_whole(way):
    await way.mailer.send(mails.message())
    [mail] = way.mails
    assert mail["To"] == "Ana Sol <ana@example.org>"
    assert mail["From"] == "Campus Kiosk <no-reply@campus.example.org>"
    assert mail["Message-ID"] == "<0b5c@campus.example.org>"
    assert "BK-20270304-7K2QZD" in mail.get_body(("plain",)).get_content()
    assert "BK-20270304-7K2QZD" in mail.get_body(("html",)).get_content()
    [calendar] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_filename() == "meeting.ics"
    assert calendar.get_payload(decode=True) == mails.message().calendar.content


async def test_names_of_any_script_arrive(way):
    await way.mailer.send(mails.message(name='Łukasz, "Ω" 李', subject="Réservé: été"))
    [mail] = way.mails
    assert mail["To"].addresses[0].display_name == 'Łukasz, "Ω" 李'
    assert mail["Subject"] == "Réservé: été"


@pytest.mark.parametrize(
    "address", ["", "ana", "ana@", "a b@example.org", "ana@example.org\r\nBcc: x@example.org"]
)
async def test_a_text_that_is_no_address_is_refused_for_good(way, address):
    with pytest.raises(MailRefused):
        await way.mailer.send(mails.message(address=address))
    assert way.mails == []


async def test_the_same_message_keeps_its_id(way):
    await way.mailer.send(mails.message())
    await way.mailer.send(mails.message())
    assert len({mail["Message-ID"] for mail in way.mails}) == 1


async def test_a_way_is_tried_without_a_mail(single):
    await single.mailer.check()
    assert single.mails == []


def test_it_says_where_mail_goes_without_the_password(tmp_path):
    assert str(tmp_path) in FolderMailer(tmp_path, mails.SENDER).about
    assert smtp(25, user="me", password="hush").about == "smtp://127.0.0.1:25"


async def test_files_are_for_their_owner_alone(tmp_path):
    box = FolderBox(tmp_path / "mail")
    await box.mailer.send(mails.message())
    [file] = box.folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert box.folder.stat().st_mode & 0o777 == 0o700


async def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path):
    (tmp_path / "mail").write_text("in the way")
    mailer = FolderMailer(tmp_path / "mail", mails.SENDER)
    with pytest.raises(MailUnreachable):
        await mailer.send(mails.message())
    with pytest.raises(MailUnreachable):
        await mailer.check()


async def test_a_look_at_a_folder_that_is_not_there_makes_none(tmp_path):
    await FolderMailer(tmp_path / "not" / "yet", mails.SENDER).check()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("verb", "answer", "fault"),
    [
        ("RCPT", "550 5.1.1 no such user ana@example.org", MailRefused),
        ("RCPT", "450 4.2.1 mailbox busy", MailLater),
        ("DATA", "554 5.7.1 spam", MailRefused),
        ("DATA", "451 4.3.0 try again", MailLater),
        ("MAIL", "553 5.7.1 sender not allowed", MailUnreachable),
        ("MAIL", "421 4.3.2 closing", MailUnreachable),
        ("MAIL", "552 5.3.4 message too big", MailRefused),
    ],
)
@pytest.mark.parametrize("kind", ["smtp", "crm"])
async def test_refused_for_good_or_for_now(ways, kind, verb, answer, fault):
    box = ways[kind]
    box.answers[verb] = [answer]
    with pytest.raises(fault) as caught:
        await box.mailer.send(mails.message())
    assert type(caught.value) is fault
    assert answer[:3] in str(caught.value)
    assert "example.org" not in str(caught.value)
    assert box.mails == []


async def test_no_server_is_tried_again(gone):
    with pytest.raises(MailUnreachable):
        await gone.mailer.send(mails.message())
    with pytest.raises(MailUnreachable):
        await gone.mailer.check()


@pytest.mark.parametrize("kind", ["smtp", "crm"])
async def test_a_check_finds_a_sender_that_is_refused(ways, kind):
    box = ways[kind]
    box.answers["MAIL"] = ["553 5.7.1 sender no-reply@campus.example.org not allowed"]
    with pytest.raises(MailUnreachable, match="553") as caught:
        await box.mailer.check()
    assert "example.org" not in str(caught.value)


async def test_a_silent_server_is_left_at_the_deadline(inbox):
    inbox.silent = True
    async with smtp_server(inbox) as port:
        with pytest.raises(MailUnreachable, match="no answer"):
            await smtp(port, deadline=0.3).send(mails.message())


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls", "smtp"])
async def test_tls(inbox, tls, scheme):
    server, client = tls
    offer = {"implicit": server} if scheme == "smtps" else {"starttls": server}
    inbox.password = "hush"
    async with smtp_server(inbox, auth=True, **offer) as port:
        mailer = smtp(port, scheme, tls=client, user="me", password="hush")
        await mailer.send(mails.message())
    assert inbox.users == ["me"]
    assert len(inbox.mails) == 1
    assert inbox.protected == [scheme != "smtps"]  # the server counts STARTTLS only


async def test_starttls_is_not_given_up_when_it_is_not_offered(inbox, tls):
    async with smtp_server(inbox) as port:
        with pytest.raises((MailRefused, MailUnreachable)):
            await smtp(port, "smtp+starttls", tls=tls[1]).send(mails.message())
    assert inbox.mails == []


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls", "smtp"])
async def test_an_unknown_certificate_ends_it(inbox, tls, scheme):
    offer = {"implicit": tls[0]} if scheme == "smtps" else {"starttls": tls[0]}
    async with smtp_server(inbox, **offer) as port:
        with pytest.raises(MailUnreachable):
            await smtp(port, scheme).send(mails.message())
    assert inbox.mails == []


async def test_a_wrong_password_is_the_settings_fault_not_the_mails(inbox):
    inbox.password = "hush"
    async with smtp_server(inbox, auth=True) as port:
        with pytest.raises(MailUnreachable):
            await smtp(port, user="me", password="wrong").send(mails.message())


def test_a_password_needs_tls_or_this_machine():
    assert read_smtp_url("smtp://me:hush@localhost").may_go_plain
    assert not read_smtp_url("smtp://me:hush@mail.example.org").may_go_plain
    assert read_smtp_url("smtp://mail.example.org").may_go_plain
    assert not read_smtp_url("smtps://me:hush@localhost").may_go_plain


def test_addresses_of_servers():
    server = read_smtp_url("smtp+starttls://me%40campus:p%3Ass@mail.example.org")
    assert (server.host, server.port) == ("mail.example.org", 587)
    assert (server.user, server.password) == ("me@campus", "p:ss")
    assert "p:ss" not in repr(server)
    assert read_smtp_url("smtps://mail.example.org").port == 465
    assert read_smtp_url("smtp://127.0.0.1:1025").port == 1025


@pytest.mark.parametrize(
    "text", ["mail.example.org", "http://x", "smtp://", "smtp://x:99999", "smtp://[x"]
)
def test_what_is_no_address_says_so_without_repeating_it(text):
    with pytest.raises(BadSmtpUrl) as caught:
        read_smtp_url(text)
    assert text not in str(caught.value)


def test_servers_words_lose_addresses():
    assert without_addresses("5.1.1\r\n<ana@example.org>: gone") == "5.1.1 … gone"


async def test_several_at_once(inbox):
    async with smtp_server(inbox) as port:
        mailer = smtp(port)
        await asyncio.gather(*(mailer.send(mails.message(key=f"k{n}")) for n in range(5)))
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 5
