"""What a code means on this campus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.devices import cards
from kiosk_app.devices.cards import BadRules, BookingPass, Card, CardRules, Unknown, meaning

ZEROS_AND_CHECK_DIGIT = CardRules(formula=r"0*(?P<id>\d{7})\d")


@pytest.mark.parametrize(
    ("code", "rules", "student"),
    [
        ("2604817", CardRules(), "2604817"),
        ("qx4417", CardRules(), "QX4417"),
        ("000026048179", ZEROS_AND_CHECK_DIGIT, "2604817"),
        (";2604817?", CardRules(), "2604817"),
        ("%RAMAN^PRIYA?;2604817?+7?", CardRules(), "2604817"),
        ("%RAMAN?;2604817?", CardRules(), "2604817"),
        (
            "%B59^RAMAN/P?;5900000026048179=2712?",
            CardRules(formula=r"59\d{2}0*(?P<id>\d{7})\d=\d+"),
            "2604817",
        ),
    ],
)
def test_the_formula_finds_the_student(code, rules, student):
    assert meaning(code, rules) == Card(student)


@pytest.mark.parametrize("code", ["12", "%RAMAN^PRIYA?", "BEGIN:VEVENT", "BK-2027-1", "&é\"'("])
def test_what_is_no_card_is_said_to_be_none(code):
    assert meaning(code, CardRules()) == Unknown()


@pytest.mark.parametrize("code", ["BK-20270304-7K2QZD", "bk-20270304-7k2qzd"])
def test_a_slip_opens_a_booking(code):
    assert meaning(code, CardRules()) == BookingPass("BK-20270304-7K2QZD")


@pytest.mark.parametrize(
    ("rules", "named"),
    [
        (CardRules(formula="("), "formula"),
        (CardRules(formula=r"\d+"), "formula"),
        (CardRules(characters="z-a"), "characters"),
        (CardRules(minimum=0), "minimum"),
        (CardRules(gap_ms=0), "gap_ms"),
        (CardRules(gap_ms=2_000), "gap_ms"),
    ],
)
def test_rules_that_cannot_work_are_named(rules, named):
    with pytest.raises(BadRules) as caught:
        cards.check(rules)
    assert caught.value.rule == named


def test_the_rules_one_begins_with_can_be_used():
    cards.check(CardRules())


@given(st.text())
def test_no_code_whatever_breaks_the_reading(code):
    assert isinstance(meaning(code, CardRules()), Card | BookingPass | Unknown)


@given(st.lists(st.text("0123456789=^/ABC", min_size=1), min_size=1, max_size=3))
def test_sentinels_never_remain(parts):
    code = "".join(f"{start}{part}?" for start, part in zip("%;+", parts, strict=False))
    assert cards.tracks(code) == tuple(parts)


def test_a_card_says_nothing_of_itself():
    assert "2604817" not in repr(Card("2604817"))
