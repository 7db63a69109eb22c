"""A link names a screen of ours, or it is refused whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.links import (
    BadLink,
    Discussion,
    Discussions,
    ExamTypes,
    Mentor,
    MyBookings,
    parse,
)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("kiosk://book/exam-types", ExamTypes()),
        ("kiosk://book/discussions", Discussions()),
        ("kiosk://book/mock-discussion/880412337", Discussion("880412337")),
        ("kiosk://my-bookings", MyBookings()),
        ("kiosk://mentor/9f31c07b", Mentor(profile_id="9f31c07b")),
        (
            "kiosk://mentor/9f31?theme=dark&primaryColor=%230B4768&locale=fr&name=Ana+L%C3%A9a&email=a%40b.ca",
            Mentor(
                profile_id="9f31",
                theme="dark",
                primary_colour="#0B4768",
                locale="fr",
                name="Ana Léa",
                email="a@b.ca",
            ),
        ),
    ],
)
def test_our_own_addresses(text, link):
    assert parse(text) == link


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kiosk:",
        "kiosk://",
        "kiosk://book",
        "kiosk://book/exam-types/",
        "kiosk://book/exam-types?x=1",
        "kiosk://book/exam-types#x",
        "kiosk://book/mock-discussion/",
        "kiosk://book/mock-discussion/../my-bookings",
        "kiosk://book/mock-discussion/a%2Fb",
        "kiosk://my-bookings/BK-20270304-7K2QZD",
        "kiosk://admin",
        "https://book/exam-types",
        "kiosk://user@book/exam-types",
        "kiosk://book:1/exam-types",
        "kiosk://my-bookings\n",
        "kiosk://[book/exam-types",
        "kiosk://mentor/9f31?theme=pink",
        "kiosk://mentor/9f31?locale=de",
        "kiosk://mentor/9f31?primaryColor=red",
        "kiosk://mentor/9f31?theme=dark&theme=light",
        "kiosk://mentor/9f31?profile_id=other",
        "kiosk://mentor/9f31?token=x",
        "kiosk://mentor/9f31?name=a%00b",
        "kiosk://mentor/9f31?name=" + "a" * 201,
        "kiosk://mentor/9f31?name=" + "a" * 600,
        "kiosk://mentor/9f31?theme",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadLink) as caught:
        parse(text)
    assert not text or text not in str(caught.value)


@given(
    st.one_of(
        st.text(), st.text().map("kiosk://{}".format), st.text().map("kiosk://mentor/a?{}".format)
    )
)
def test_no_text_whatever_breaks_it(text):
    try:
        parse(text)
    except BadLink:
        return


def test_a_link_says_nothing_of_a_person():
    assert "Ana" not in repr(parse("kiosk://mentor/9f31?name=Ana"))
