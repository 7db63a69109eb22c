"""Sample mails and what Hypothesis may put into them."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from kiosk_app.backend.outside.mail.brand import house_brand
from kiosk_app.backend.outside.mail.compose import LETTERS, Composer
from kiosk_app.backend.outside.mail.facts import (
    Booked,
    MailKind,
    Meeting,
    Offered,
    Person,
    Rejected,
)
from kiosk_app.backend.outside.mail.message import Message, Sender
from kiosk_app.contract.sessions import DeliveryFormat, MockType

SENDER = Sender("no-reply@campus.example.org", "Campus Kiosk")
AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
BOOKING = "6f1d9b4e-27c5-4b6e-9d0e-0c9d5a3d2f11"
ABOUT_BOOKINGS = list(LETTERS)

texts = st.text(max_size=60)
names = st.text(min_size=2, max_size=60)


def person(name: str = "Ana Sol", language: str = "en") -> Person:
    return Person(name=name, address="ana@example.org", language=language)


def meeting(
    starts_at: datetime = datetime(2027, 3, 4, 19, tzinfo=UTC),
    hours: float = 2,
    zone: str = "America/Toronto",
    location: str = "Downtown – Room 204",
) -> Meeting:
    return Meeting(
        mock_type=MockType.CLINICAL_SKILLS,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours),
        time_zone=zone,
        location=location,
        delivery_format=DeliveryFormat.IN_PERSON,
    )


def booked(**fields) -> Booked:
    given = {
        "booking": BOOKING,
        "code": "BK-20270304-7K2QZD",
        "person": person(),
        "meeting": meeting(),
        "token_used": "Clinical Skills Token",
        **fields,
    }
    return Booked(**given)


def rejected(**fields) -> Rejected:
    given = {
        "person": person(),
        "reason": "EXAM_FULL",
        "wanted": meeting(),
        "alternatives": (meeting(datetime(2027, 3, 5, 19, tzinfo=UTC)),),
        **fields,
    }
    return Rejected(**given)


def offered(**fields) -> Offered:
    given = {"person": person(), "meeting": meeting(), "until": AT, **fields}
    return Offered(**given)


def composer() -> Composer:
    return Composer(house_brand(), SENDER)


def every_mail(language: str = "en") -> list[Message]:
    """One mail of each kind."""
    someone = person(language=language)
    told = booked(person=someone, topic="Suturing", before=meeting(location="Old place"))
    mails = [composer().about_booking(f"key-{k}", k, told, AT) for k in ABOUT_BOOKINGS]
    return [
        *mails,
        composer().about_rejection("key-rejected", rejected(person=someone)),
        composer().about_offer("key-offer", offered(person=someone)),
        composer().about_offer("key-passed", offered(person=someone, reason="INSUFFICIENT_TOKENS")),
    ]


def message(key: str = "0b5c", **fields) -> Message:
    """A confirmation, with some of its fields replaced."""
    plain = composer().about_booking(key, MailKind.CONFIRM, booked(), AT)
    given = {name: getattr(plain, name) for name in Message.__struct_fields__}
    return Message(**{**given, **fields})
