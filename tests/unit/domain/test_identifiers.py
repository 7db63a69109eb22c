"""Ids and keys (0.5, M13, M14, B10, A28)."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain import identifiers as ids
from kiosk_app.domain.identifiers import IdKind
from kiosk_app.domain.server_keys import bucket_key, new_booking_code


def test_readable_ids_are_the_documented_ones():
    day = date(2027, 3, 4)
    discussion = ids.readable_booking_id(MockType.MOCK_DISCUSSION, "QX4417", day)
    exam = ids.readable_booking_id(MockType.CLINICAL_SKILLS, "QX4417", day)
    assert discussion == "Mock Discussion-QX4417-March 4, 2027"
    assert exam == "Clinical Skills-QX4417-March 4, 2027"


@given(st.dates(date(2000, 1, 1)))
def test_booking_codes_have_the_documented_form(day):
    assert re.fullmatch(rf"BK-{day:%Y%m%d}-[A-Z0-9]{{6}}", new_booking_code(day))


@pytest.mark.parametrize(
    ("identifier", "kind"),
    [
        ("880412337", IdKind.CRM),
        ("0", IdKind.CRM),
        ("٣", IdKind.READABLE),
        ("BK-20270304-7K2QZD", IdKind.READABLE),
        ("Clinical Skills-QX4417-March 4, 2027", IdKind.READABLE),
        ("", IdKind.READABLE),
    ],
)
def test_the_form_of_an_identifier_tells_its_kind(identifier, kind):
    assert ids.id_kind(identifier) is kind


@given(st.uuids())
def test_a_uuid_is_one_in_either_case_and_with_a_digit_more_none(value):
    assert ids.id_kind(str(value)) is ids.id_kind(str(value).upper()) is IdKind.UUID
    assert ids.id_kind(f"{value}0") is IdKind.READABLE


BUCKET = datetime(2027, 3, 4, 12, 0, tzinfo=UTC)


def key(now: datetime, contact: str = "c") -> str:
    return bucket_key(
        "idem_disc_",
        contact_id=contact,
        mock_exam_id="m",
        exam_date="2027-03-04",
        mock_type="Mock Discussion",
        now=now,
    )


@given(st.integers(0, 299_999), st.integers(0, 299_999))
def test_one_bucket_gives_one_key_and_the_next_another(first, second):
    inside = key(BUCKET + timedelta(milliseconds=first))
    assert inside == key(BUCKET + timedelta(milliseconds=second))
    assert inside != key(BUCKET + timedelta(milliseconds=second + 300_000))
    assert inside != key(BUCKET, contact="d")
    assert inside.startswith("idem_disc_")
    assert len(inside) == len("idem_disc_") + 32


def test_client_keys_never_repeat():
    assert len({ids.new_client_key("idem_") for _ in range(1000)}) == 1000


@given(st.from_regex(r"\Aidem_[0-9a-f]{32}\Z"), st.integers(1, 30))
def test_follow_up_keys_count_from_two_and_stay_in_the_family(root, times):
    chain = [root]
    for _ in range(times):
        chain.append(ids.follow_up_key(chain[-1]))
    assert chain[1] == f"{root}-r2"
    assert chain[-1] == f"{root}-r{times + 1}"
    assert len(set(chain)) == len(chain)
