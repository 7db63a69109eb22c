"""Two ways out in turn: who is asked when, and whose word is final (A73)."""

import logging
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.backend.outside.mail.in_turn import REST_S, InTurn
from kiosk_app.backend.outside.mail.mailer import (
    MailFault,
    MailLater,
    MailRefused,
    MailUnreachable,
)
from kiosk_app.backend.outside.mail.smtp import SmtpMailer, SmtpServer
from tests.helpers import mails

TAKEN = None
OUTCOMES = st.sampled_from([TAKEN, MailRefused, MailLater, MailUnreachable])


class Scripted:
    """A way that answers as it is told."""

    def __init__(self, about, asked):
        self.about = about
        self.answers = deque()
        self._asked = asked

    async def send(self, message):
        self._asked.append(self.about)
        answer = self.answers.popleft()
        if answer is not TAKEN:
            raise answer(f"{self.about} says no")


class Pair:
    """Two ways in turn, and a clock."""

    def __init__(self):
        self.asked, self.now = [], 0.0
        self.first, self.second = Scripted("A", self.asked), Scripted("B", self.asked)
        self.mailer = InTurn(self.first, self.second, clock=lambda: self.now)

    async def send(self, first=TAKEN, second=TAKEN):
        """Send with these answers at hand; return whom it asked and what came of it."""
        self.first.answers, self.second.answers = deque([first]), deque([second])
        self.asked.clear()
        try:
            await self.mailer.send(mails.message())
        except MailFault as fault:
            return "".join(self.asked), fault
        return "".join(self.asked), TAKEN


@pytest.fixture
def pair():
    return Pair()


async def test_while_the_first_is_there_the_second_is_not_asked(pair):
    assert await pair.send() == ("A", TAKEN)
    for word in (MailRefused, MailLater):
        asked, fault = await pair.send(first=word)
        assert (asked, type(fault)) == ("A", word)


async def test_the_second_carries_while_the_first_is_away_and_the_first_comes_back(pair, caplog):
    caplog.set_level(logging.INFO)
    assert await pair.send(first=MailUnreachable) == ("AB", TAKEN)
    pair.now += REST_S - 1
    assert await pair.send(first=MailUnreachable) == ("B", TAKEN)
    pair.now += 1
    assert await pair.send(first=MailUnreachable) == ("AB", TAKEN)
    pair.now += REST_S
    assert await pair.send() == ("A", TAKEN)
    assert await pair.send() == ("A", TAKEN)
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert told == [
        ("WARNING", "mail leaves by the second way"),
        ("INFO", "mail leaves by the first way again"),
    ]


async def test_when_the_second_fails_meanwhile_the_first_is_asked_at_once(pair):
    await pair.send(first=MailUnreachable)
    assert await pair.send(second=MailUnreachable) == ("BA", TAKEN)
    assert await pair.send() == ("A", TAKEN)


async def test_a_refusal_of_the_second_is_not_the_last_word(pair):
    asked, fault = await pair.send(first=MailUnreachable, second=MailRefused)
    assert (asked, type(fault)) == ("AB", MailLater)
    assert "B says no" in str(fault)
    asked, fault = await pair.send(first=MailRefused, second=MailRefused)
    assert (asked, type(fault)) == ("BA", MailRefused)


async def test_both_away_is_said_with_both_reasons_and_nothing_secret():
    def away(port):
        server = SmtpServer(
            scheme="smtp", host="127.0.0.1", port=port, user="me@campus", password="hush"
        )
        return SmtpMailer(server, mails.SENDER)

    both = InTurn(away(1), away(2))
    assert both.about == "smtp://127.0.0.1:1, while that is away smtp://127.0.0.1:2"
    with pytest.raises(MailUnreachable) as caught:
        await both.send(mails.message())
    told = str(caught.value)
    assert "smtp://127.0.0.1:1: " in told
    assert "smtp://127.0.0.1:2: " in told
    assert not any(secret in told for secret in ("hush", "me@campus", "ana@", "no-reply"))


@given(st.lists(st.tuples(OUTCOMES, OUTCOMES, st.floats(0, 2 * REST_S)), max_size=20))
async def test_whatever_both_answer(steps):
    """Nobody is asked twice, no mail leaves twice, none is lost or held up by the second alone."""
    pair, away_at = Pair(), None
    for first, second, seconds in steps:
        asked, end = await pair.send(first, second)
        answers = {"A": first, "B": second}
        assert asked in {"A", "B", "AB", "BA"}
        assert sum(answers[one] is TAKEN for one in asked) == (end is TAKEN)
        if end is not TAKEN:
            assert not isinstance(end, MailRefused) or first is MailRefused
            assert not isinstance(end, MailUnreachable) or len(asked) == 2
        if asked[0] == "B":
            assert away_at is not None
            assert pair.now - away_at < REST_S
        if first is TAKEN and second in (MailUnreachable, MailRefused):
            assert end is TAKEN
        if second is TAKEN and first is MailUnreachable:
            assert end is TAKEN
        if "A" in asked and first is MailUnreachable:
            away_at = pair.now
        pair.now += seconds
