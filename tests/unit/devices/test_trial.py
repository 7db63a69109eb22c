"""What the trial of a scanner tells: the same as the kiosk would do, and why it would do nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.devices.cards import BookingPass, Card, CardRules, Unknown
from kiosk_app.devices.scanner import LONGEST, Decoder
from kiosk_app.devices.trial import Trial, Verdict, pictured

RULES = CardRules()
FRAMED = CardRules(prefix="~!", suffix="tab", characters="0-9", minimum=7)


def scan(trial, text, gap=3, at=10_000):
    """Type a text, and return what is found when nothing more comes."""
    found = None
    for number, char in enumerate(text):
        found = trial.key(char, at + number * gap) or found
    return found or trial.over()


@pytest.mark.parametrize(
    ("rules", "text", "raw", "verdict", "read"),
    [
        (RULES, "2604817\r", "2604817<CR>", Verdict.READ, ("2604817", Card("2604817"))),
        (RULES, "%26 04817?\r", "%26<SP>04817?<CR>", Verdict.READ, ("%2604817?", Card("2604817"))),
        (RULES, "\x022604817\r", "<STX>2604817<CR>", Verdict.READ, ("2604817", Card("2604817"))),
        (FRAMED, "ABCDEFG\t", "ABCDEFG<TAB>", Verdict.FOREIGN, ("", None)),
        (RULES, "BEGIN:VEVENT\r", "BEGIN:VEVENT<CR>", Verdict.READ, ("BEGIN:VEVENT", Unknown())),
        (RULES, "2604817", "2604817", Verdict.NO_END, ("", None)),
        (RULES, "2604817\t", "2604817<TAB>", Verdict.OTHER_END, ("", None)),
        (RULES, "26\r", "26<CR>", Verdict.TOO_SHORT, ("", None)),
        (RULES, "\r", "<CR>", Verdict.TOO_SHORT, ("", None)),
        (FRAMED, "~!2604817\t", "~!2604817<TAB>", Verdict.READ, ("2604817", Card("2604817"))),
        (FRAMED, "2604817\t", "2604817<TAB>", Verdict.NO_PREFIX, ("", None)),
        (FRAMED, "~!26048\t", "~!26048<TAB>", Verdict.TOO_SHORT, ("", None)),
    ],
)
def test_findings(rules, text, raw, verdict, read):
    found = scan(Trial(rules), text)
    assert (found.raw, found.verdict) == (raw, verdict)
    assert (found.code, found.meaning) == read
    assert found.keys == len(text)


def test_every_control_character_can_be_seen():
    assert pictured("\0\x1b\x1f \x7f") == "<NUL><ESC><US><SP><DEL>"
    assert all(char not in pictured(char) for char in map(chr, (*range(33), 127)))


def test_a_slip_s_code():
    code = "BK-20261124-7K2QZD"
    assert scan(Trial(RULES), f"{code}\r").meaning == BookingPass(code)


def test_the_second_of_two_alike_is_told_as_dropped():
    trial = Trial(RULES)
    assert scan(trial, "2604817\r").verdict is Verdict.READ
    assert scan(trial, "2604817\r", at=10_500).verdict is Verdict.REPEATED
    assert scan(trial, "2604817\r", at=20_000).verdict is Verdict.READ


def test_a_scanner_that_is_too_slow_is_told_its_pause():
    found = scan(Trial(RULES), "2604817\r", gap=RULES.gap_ms + 5)
    assert (found.verdict, found.pause) == (Verdict.TOO_SLOW, RULES.gap_ms + 5)


def test_one_key_and_nothing_more_is_no_scan():
    trial = Trial(RULES)
    assert scan(trial, "2") is None
    assert not trial.listening


def test_a_burst_without_an_end_is_cut():
    trial = Trial(RULES)
    found = [trial.key("7", 10_000 + number) for number in range(LONGEST + 1)]
    assert found[-1].verdict is Verdict.NO_END
    assert not trial.listening


def test_nothing_of_a_card_is_in_what_a_log_would_hold():
    assert "2604817" not in repr(scan(Trial(RULES), "2604817\r"))


@given(
    st.sampled_from([RULES, FRAMED]),
    st.lists(st.tuples(st.sampled_from("~!0123456789A \x02\r\t"), st.integers(1, 60)), max_size=40),
)
def test_it_reads_exactly_what_the_kiosk_reads(rules, keys):
    trial, decoder, at = Trial(rules), Decoder(rules), 0
    for char, gap in keys:
        at += gap
        kiosk = decoder.key(char, at, None).scan
        found = trial.key(char, at)
        read = found is not None and found.verdict in {Verdict.READ, Verdict.REPEATED}
        assert read == (kiosk is not None)
        if kiosk is not None:
            assert (found.code, found.verdict is Verdict.REPEATED) == (
                pictured(kiosk.code),
                kiosk.repeated,
            )
