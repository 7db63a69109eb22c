import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.outside.mail.brand import Brand, house_brand
from kiosk_app.backend.outside.mail.compose import TOKEN_TEXTS, Composer
from kiosk_app.backend.outside.mail.facts import MailKind
from kiosk_app.backend.outside.mail.message import (
    BadAddress,
    Sender,
    as_email,
    one_line,
    read_sender,
)
from kiosk_app.contract.problems import Code
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Rule
from kiosk_app.domain.tokens import TOKEN_LABEL
from kiosk_app.i18n import problems
from tests.helpers import mails


class Reader(HTMLParser):
    """Collects the tags and the text a mail reader would show."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_mail_carries_the_brand(language):
    for message in mails.every_mail(language):
        page = Reader(message.html)
        assert "#FF6B35" in message.html
        assert "#004E89" in message.html
        assert "Montserrat" in message.html
        [picture] = [attrs for tag, attrs in page.tags if tag == "img"]
        mail = as_email(message, mails.SENDER, mails.AT)
        ids = [part["Content-ID"] for part in mail.walk() if part["Content-ID"]]
        assert ids == [f"<{picture['src'].removeprefix('cid:')}>"]
        assert dict(page.tags)["html"]["lang"] == language
        assert mail["Content-Language"] == language


def test_another_brand_is_another_value():
    brand = Brand(name="North College", accent="#112233", ink="#445566", fonts="Inter", logo=b"x")
    message = Composer(brand, mails.SENDER).about_booking(
        "k", MailKind.CONFIRM, mails.booked(), mails.AT
    )
    assert "#112233" in message.html
    assert "#FF6B35" not in message.html
    assert 'alt="North College"' in message.html


@pytest.mark.parametrize("kind", mails.ABOUT_BOOKINGS)
def test_both_forms_say_what_when_where(kind):
    message = mails.composer().about_booking("k", kind, mails.booked(), mails.AT)
    for text in (message.text, Reader(message.html).text):
        assert "Clinical Skills" in text
        assert "Thursday, March 4, 2027" in text
        assert "2:00 pm – 4:00 pm EST (America/Toronto)" in text
        assert "Downtown – Room 204" in text
        assert "BK-20270304-7K2QZD" in text
        assert "Ana Sol" in text


def test_dates_follow_the_language():
    booked = mails.booked(person=mails.person(language="fr"))
    message = mails.composer().about_booking("k", MailKind.CONFIRM, booked, mails.AT)
    assert "jeudi 4 mars 2027" in message.text
    assert "14 h 00 – 16 h 00 HNE" in message.text


def test_a_confirmation_says_how_to_cancel():
    message = mails.composer().about_booking("k", MailKind.CONFIRM, mails.booked(), mails.AT)
    assert (
        "You can cancel until the session begins (Thu,\xa0Mar\xa04 · 2:00\xa0pm EST)"
        in message.text
    )


def test_a_change_shows_old_and_new():
    before = mails.meeting(datetime(2027, 3, 3, 14, tzinfo=UTC), location="North York – Room N120")
    booked = mails.booked(before=before, sequence=1)
    message = mails.composer().about_booking("k", MailKind.CHANGE, booked, mails.AT)
    assert "Before: Wednesday, March 3, 2027, 9:00 am – 11:00 am" in message.text
    assert "Place before: North York – Room N120" in message.text
    assert "Date: Thursday, March 4, 2027" in message.text
    assert b"SEQUENCE:1" in message.calendar.content


def test_a_move_shows_old_and_new_and_what_became_of_the_tokens():
    before = msgspec.structs.replace(
        mails.meeting(datetime(2027, 3, 3, 14, tzinfo=UTC)), mock_type=MockType.MOCK_DISCUSSION
    )
    booked = mails.booked(before=before, sequence=1, paid_before="Mock Discussion Token")
    message = mails.composer().about_booking("k", MailKind.CHANGE, booked, mails.AT)
    assert message.subject == "Moved: Clinical Skills, now Thu,\xa0Mar\xa04 · 2:00\xa0pm"
    for line in (
        "Session before: Mock Discussion",
        "Before: Wednesday, March 3, 2027, 9:00 am – 11:00 am",
        "Session: Clinical Skills",
        "Token returned: Mock Discussion Token",
        "Paid with: Clinical Skills Token",
    ):
        assert line in message.text
    assert message.calendar.method == "REQUEST"
    french = msgspec.structs.replace(booked, person=mails.person(language="fr"))
    words = mails.composer().about_booking("k", MailKind.CHANGE, french, mails.AT).text
    assert "Jeton rendu" in words
    same = msgspec.structs.replace(booked, paid_before=booked.token_used, before=mails.meeting())
    words = mails.composer().about_booking("k", MailKind.CHANGE, same, mails.AT).text
    assert "Token returned" not in words
    assert "Session before" not in words


LATE = BookingRules({MockType.CLINICAL_SKILLS: {Role.STUDENT: Rule(late_cancel_min=24 * 60)}})


def test_a_late_cancel_returns_no_token_and_every_mail_says_from_when():
    composer = Composer(house_brand(), mails.SENDER, LATE)
    made = composer.about_booking("k", MailKind.CONFIRM, mails.booked(), mails.AT)
    assert (
        "is returned if you do so before Wed,\xa0Mar\xa03 · 2:00\xa0pm EST, and not later"
        in made.text
    )
    lost = mails.booked(token_returned=False)
    message = composer.about_booking("k", MailKind.CANCEL, lost, mails.AT)
    assert "Token used: Clinical Skills Token" in message.text
    assert "too late for your token to be returned" in message.text
    assert "Token returned" not in message.text


def test_calendar_files_where_a_calendar_has_something_to_do():
    methods = {
        kind: mails.composer().about_booking("k", kind, mails.booked(), mails.AT).calendar
        for kind in mails.ABOUT_BOOKINGS
    }
    assert {kind: part and part.method for kind, part in methods.items()} == {
        MailKind.CONFIRM: "REQUEST",
        MailKind.CHANGE: "REQUEST",
        MailKind.CANCEL: "CANCEL",
        MailKind.REMINDER: None,
    }


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("code", Code)
def test_a_rejection_says_why_in_the_persons_language(code, language):
    rejected = mails.rejected(reason=code.value, person=mails.person(language=language))
    message = mails.composer().about_rejection("k", rejected)
    assert problems.sentence(code, language) in message.text


def test_a_rejection_offers_what_is_free():
    message = mails.composer().about_rejection("k", mails.rejected())
    assert "- Friday, March 5, 2027, 2:00 pm – 4:00 pm EST" in message.text
    bare = mails.composer().about_rejection("k", mails.rejected(alternatives=(), wanted=None))
    assert "free seats" not in bare.text


@given(mails.names, mails.texts, mails.texts)
def test_no_text_of_a_person_becomes_markup_or_a_header(name, topic, location):
    booked = mails.booked(
        person=mails.person(name), topic=topic, meeting=mails.meeting(location=location)
    )
    plain = mails.booked(topic="x")
    for kind in mails.ABOUT_BOOKINGS:
        message = mails.composer().about_booking("k", kind, booked, mails.AT)
        usual = mails.composer().about_booking("k", kind, plain, mails.AT)
        if topic:
            assert Reader(message.html).tags == Reader(usual.html).tags
        mail = message_from_bytes(
            as_email(message, mails.SENDER, mails.AT).as_bytes(), policy=default
        )
        assert mail.keys() == as_email(usual, mails.SENDER, mails.AT).keys()
        assert [a.addr_spec for a in mail["To"].addresses] == ["ana@example.org"]


@given(st.text())
def test_one_line_has_no_control_and_no_line_end(text):
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", one_line(text))


@given(st.text(), st.text())
def test_a_subject_of_any_text_stays_one_header(subject, name):
    mail = as_email(mails.message(subject=subject, name=name), mails.SENDER, mails.AT)
    assert message_from_bytes(mail.as_bytes(), policy=default).keys() == mail.keys()


def test_every_token_text_is_marked_for_translation():
    assert set(TOKEN_TEXTS) == set(TOKEN_LABEL.values())


def test_senders():
    assert read_sender("no-reply@example.org") == Sender("no-reply@example.org", "")
    assert read_sender('"The Desk" <desk@example.org>') == Sender("desk@example.org", "The Desk")
    for text in ("", "nobody", "a@", "x <y>", "a@b\nBcc: c@d"):
        with pytest.raises(BadAddress):
            read_sender(text)
