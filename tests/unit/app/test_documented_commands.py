"""What the parsers know and what docs/commands.md says must be the same."""

import argparse
import contextlib
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.app import backend_cli, client_cli, client_parser

PAGE = Path(__file__).parents[3] / "docs" / "commands.md"


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> set[str]:
    """Return every full command below a parser."""
    found: set[str] = set()
    subparsers = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in subparsers:
        for name, inner in action.choices.items():
            found |= commands(inner, (*words, name))
    return found or {" ".join(words)}


def documented(program: str) -> set[str]:
    rows = re.findall(rf"^\| `({program} [^`]+)`", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {
        re.match(r"[a-z-]+(?: [a-z-]+)+?(?=$| [\[A-Z-]| [a-z]+\\)", row).group() for row in rows
    }


def test_every_command_of_the_kiosk_is_documented():
    assert documented("kiosk") == commands(client_parser.parser(), ("kiosk",))


def test_every_command_of_the_backend_is_documented():
    assert documented("kiosk-backend") == commands(backend_cli._parser(), ("kiosk-backend",))


WINDOW = st.lists(
    st.sampled_from(
        ["--profile", "/tmp/p", "--mode", "desk", "--verbose", "--link", "kiosk://x", "--heartbeat"]
    ),
    max_size=5,
)


@given(words=WINDOW)
def test_a_window_is_asked_for_in_the_same_words_on_the_short_way(words):
    """The window's start does not wait for the commands' parser, and must not read otherwise."""
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            expected = vars(client_parser.parser().parse_args(words))
        except SystemExit:
            with pytest.raises(SystemExit):
                client_cli._read(words)
            return
        assert vars(client_cli._read(words)) == expected
