"""The CRM's mail service, spoken to over loopback: what it wants, and how it says no (A73)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.outside.mail.crm_service import read_submission_url, submission_url
from kiosk_app.backend.outside.mail.mailer import MailRefused, MailUnreachable
from kiosk_app.backend.outside.mail.message import Sender
from kiosk_app.backend.outside.mail.smtp import BadSmtpUrl, SmtpMailer, SmtpServer
from tests.helpers import mails
from tests.helpers.hubspot_smtp import SmtpTokens, Submission, submission_server
from tests.helpers.smtp import certificate

words = st.text(st.characters(codec="utf-8"), min_size=1)


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def box():
    return Submission(SmtpTokens())


def changed(server, **fields):
    given = {name: getattr(server, name) for name in SmtpServer.__struct_fields__}
    return SmtpServer(**given | fields)


@pytest.fixture
async def service(box, tls):
    """How to sign in, and what builds a mailer that does."""
    async with submission_server(box, tls[0]) as server:

        def mailer(sender=mails.SENDER, **fields):
            return SmtpMailer(changed(server, **fields), sender, tls=tls[1])

        yield mailer


async def test_a_token_signs_in_under_tls_and_the_calendar_stays_in_the_mail(box, service):
    await service().send(mails.message())
    [mail] = box.mails
    assert (box.users, box.protected) == ([*box.tokens.tokens], [True])
    [calendar] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
    assert calendar.get_payload(decode=True) == mails.message().calendar.content


async def test_without_tls_no_password_leaves(box, service):
    with pytest.raises(MailUnreachable):
        await service(scheme="smtp+plain").send(mails.message())
    assert (box.users, box.mails) == ([], [])


async def test_without_a_sign_in_no_mail_is_taken(box, service):
    with pytest.raises(MailUnreachable, match="530"):
        await service(user=None, password=None).send(mails.message())
    assert box.mails == []


@pytest.mark.parametrize("verb", ["send", "check"])
@pytest.mark.parametrize("fields", [{"password": "wrong"}, {"user": "gone@1.smtp.hubspot.net"}])
async def test_a_token_that_is_wrong_or_gone_is_the_settings_fault(box, service, verb, fields):
    mailer = service(**fields)
    with pytest.raises(MailUnreachable, match="535") as caught:
        await (mailer.send(mails.message()) if verb == "send" else mailer.check())
    assert not any(word in str(caught.value) for word in ("wrong", "gone", "hubspot"))
    assert box.mails == []


@pytest.mark.parametrize("verb", ["send", "check"])
async def test_a_sender_of_another_domain_is_the_settings_fault(box, service, verb):
    mailer = service(Sender("kiosk@elsewhere.example", "Kiosk"))
    with pytest.raises(MailUnreachable, match="550") as caught:
        await (mailer.send(mails.message()) if verb == "send" else mailer.check())
    assert "elsewhere" not in str(caught.value)
    assert box.mails == []


async def test_a_mail_that_is_too_large_is_refused_alone(box, tls):
    async with submission_server(box, tls[0], largest=50_000) as server:
        mailer = SmtpMailer(server, mails.SENDER, tls=tls[1])
        with pytest.raises(MailRefused, match="552"):
            await mailer.send(mails.message(text="long " * 20_000))
        await mailer.send(mails.message(logo=b"small"))
    assert len(box.mails) == 1


@given(token=words, password=words)
def test_whatever_the_token_holds_the_setting_says_it(token, password):
    url = submission_url("smtp.hubapi.com", token, password)
    assert url.isascii()
    assert not set(url) & set(" \t\r\n'\"\\$#`")
    server = read_submission_url(url)
    assert (server.user, server.password) == (token, password)
    assert (server.scheme, server.host, server.port) == ("smtp+starttls", "smtp.hubapi.com", 587)


def test_tls_from_the_first_byte_may_be_asked_for():
    assert read_submission_url("smtps://id:hush@smtp-eu1.hubapi.com").port == 465


@pytest.mark.parametrize(
    "url",
    [
        "smtp://id:hush@smtp.hubapi.com",
        "smtp+plain://id:hush@smtp.hubapi.com",
        "https://id:hush@smtp.hubapi.com",
        "smtp+starttls://smtp.hubapi.com",
        "smtp+starttls://hush@smtp.hubapi.com",
        "smtp+starttls://:hush@smtp.hubapi.com",
    ],
)
def test_an_address_that_would_not_do_is_refused_and_not_repeated(url):
    with pytest.raises(BadSmtpUrl) as fault:
        read_submission_url(url)
    assert "hush" not in str(fault.value)
