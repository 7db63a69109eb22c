"""A burst is a scan, a person's keys are the person's, whatever comes after what."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.devices.cards import CardRules
from kiosk_app.devices.scanner import LONGEST, Decoder, Scan

RULES = CardRules()
DIGITS = CardRules(characters="0-9")
GAP = RULES.gap_ms


class Typed:
    """A decoder, a clock, and what came out of it."""

    def __init__(self, rules=RULES):
        self.decoder, self.at = Decoder(rules), 1_000
        self.field, self.scans = "", []

    def key(self, char, after):
        self.at += after
        self.take(self.decoder.key(char, self.at, char))
        return self

    def take(self, decided):
        self.field += "".join(decided.released)
        if decided.scan:
            self.scans.append(decided.scan)

    def burst(self, text, gap=4, after=500):
        self.key(text[0], after)
        for char in text[1:]:
            self.key(char, gap)
        return self

    def pause(self, ms=1_000):
        self.at += ms
        self.field += "".join(self.decoder.quiet(self.at))
        return self

    @property
    def codes(self):
        return [scan.code for scan in self.scans if not scan.repeated]


def test_a_burst_is_a_code_and_reaches_no_field():
    typed = Typed().burst("2604817\r").pause()
    assert (typed.codes, typed.field) == (["2604817"], "")
    assert not typed.decoder.holding


def test_a_person_who_types_the_same_gets_every_key_and_the_enter():
    typed = Typed().burst("2604817\r", gap=GAP + 1).pause()
    assert (typed.codes, typed.field) == ([], "2604817\r")


def test_a_key_that_stands_alone_is_released_when_the_scanner_would_have_gone_on():
    typed = Typed().key("2", 500)
    assert typed.field == ""
    typed.pause(GAP)
    assert typed.field == ""
    typed.pause(1)
    assert typed.field == "2"


def test_fewer_keys_than_a_code_has_are_a_very_fast_person():
    assert Typed().burst("26048\r").pause().field == "26048\r"


def test_a_touch_releases_at_once():
    typed = Typed().burst("260")
    assert typed.decoder.release() == ("2", "6", "0")
    assert not typed.decoder.holding


def test_enter_alone_is_never_held():
    assert Typed().key("\r", 500).field == "\r"


@pytest.mark.parametrize("pause", [0, 1, 1_900])
def test_a_code_emitted_twice_is_told_once(pause):
    typed = Typed().burst("2604817\r").burst("2604817\r", after=pause)
    assert [scan.repeated for scan in typed.scans] == [False, True]
    assert typed.field == ""


def test_the_same_card_counts_again_later():
    assert Typed().burst("2604817\r").burst("2604817\r", after=2_500).codes == ["2604817"] * 2


def test_two_codes_that_echo_in_turn_are_told_once_each():
    typed = Typed()
    for code in ("1111111\r", "2222222\r") * 3:
        typed.burst(code, after=50)
    assert typed.codes == ["1111111", "2222222"]


def test_the_suffix_is_the_one_that_is_set():
    typed = Typed(CardRules(suffix="tab")).burst("2604817\t").burst("2604817\r", after=5_000)
    assert typed.pause().codes == ["2604817"]
    assert typed.field == "2604817\r"


def test_a_prefix_lets_every_other_key_pass_at_once():
    typed = Typed(CardRules(prefix="~#"))
    assert typed.key("2", 500).field == "2"
    typed.burst("~#12345678\r").pause()
    assert (typed.codes, typed.field) == (["12345678"], "2")


def test_half_a_prefix_is_typing():
    typed = Typed(CardRules(prefix="~#")).burst("~12345678\r").pause()
    assert (typed.codes, typed.field) == ([], "~12345678\r")


def test_a_prefix_begins_the_code_where_it_stands_last():
    typed = Typed(CardRules(prefix="~")).burst("~a~12345678\r").pause()
    assert (typed.codes, typed.field) == (["12345678"], "~a")


def test_a_machine_that_never_ends_is_no_scanner():
    text = "7" * (LONGEST + 10)
    assert Typed().burst(text).pause().field == text


def test_a_scan_says_nothing_of_the_card():
    assert "2604817" not in repr(Scan("2604817"))


slow = st.tuples(
    st.text(st.sampled_from("0123456789abQ@ \r\t;%?"), min_size=1, max_size=6),
    st.integers(GAP + 1, 400),
).map(lambda drawn: ("human", *drawn))
fast = st.tuples(
    st.text(st.sampled_from("0123456789abQ@ "), min_size=1, max_size=RULES.minimum - 1),
    st.integers(0, GAP),
    st.sampled_from(["", "\r", "\t"]),
).map(lambda drawn: ("human", drawn[0] + drawn[2], drawn[1]))
burst = st.tuples(
    st.text(st.sampled_from("0123456789;%?=AZ-"), min_size=RULES.minimum, max_size=40),
    st.integers(0, GAP),
).map(lambda drawn: ("scanner", *drawn))


@given(st.lists(st.one_of(slow, fast, burst), max_size=12))
@settings(max_examples=80, deadline=None)
def test_any_order_of_people_and_bursts_gives_exactly_the_codes_and_the_keys(units):
    typed, codes, keys = Typed(), [], ""
    for who, text, gap in units:
        typed.pause(3_000)
        if who == "scanner":
            codes.append(text)
            typed.burst(text + "\r", gap, after=100)
        else:
            keys += text
            typed.burst(text, gap, after=100)
    typed.pause()
    assert (typed.codes, typed.field) == (codes, keys)


@given(
    st.text("0123456789", min_size=6, max_size=20),
    st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abcQ@ é")), max_size=8),
    st.integers(0, 20),
)
@settings(max_examples=80, deadline=None)
def test_a_person_may_type_into_the_middle_of_a_burst(code, strays, gap):
    """Letters on a campus whose cards hold digits: even then nothing is lost and nothing mixed up."""
    typed, before = Typed(DIGITS), {}
    for place, char in strays:
        before[min(place, len(code))] = before.get(min(place, len(code)), "") + char
    for place, char in enumerate(code + "\r"):
        for stray in before.get(place, ""):
            typed.key(stray, 0)
        typed.key(char, gap)
    typed.pause()
    assert typed.codes == [code]
    assert typed.field == "".join(before[place] for place in sorted(before))


@given(st.text(st.sampled_from("~#0a@\r\t"), max_size=40), st.lists(st.integers(0, 80), min_size=1))
@settings(max_examples=80, deadline=None)
def test_no_key_is_lost_doubled_or_moved_when_there_is_no_code(text, gaps):
    typed = Typed(CardRules(prefix="~#", minimum=50))
    for place, char in enumerate(text):
        typed.key(char, gaps[place % len(gaps)])
    typed.pause()
    assert (typed.codes, typed.field) == ([], text)
