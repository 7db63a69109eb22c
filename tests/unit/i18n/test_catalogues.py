"""What every catalogue keeps of the English texts: their placeholders, and marks in pairs."""

import string

import pytest
from babel.messages.pofile import read_po

from kiosk_app.bundled import bundled
from kiosk_app.i18n import bidi, texts

COUNTED = {"n", "left"}
"""Placeholders of a number, which the words for one and two may say themselves."""
OF_THE_SERVER = {"booking", "campus", "email", "file", "name", "room", "topic", "zone"}
"""Placeholders of names and codes in Latin letters."""


def messages(language):
    path = bundled("translations") / language / "LC_MESSAGES" / "kiosk.po"
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", sorted(set(texts.LANGUAGES) - {"en"}))
def test_a_translation_fills_the_same_placeholders(language):
    wrong = []
    for message in messages(language):
        plural = not isinstance(message.id, str)
        wanted = placeholders(message.id[1] if plural else message.id)
        for text in message.string if plural else (message.string,):
            missing = wanted - placeholders(text)
            extra = placeholders(text) - wanted
            if extra or missing - (COUNTED if plural else set()):
                wrong.append(text)
    assert wrong == []


def test_six_forms_of_arabic_are_chosen_by_their_numbers():
    arabic = texts.catalogue("ar")
    said = [
        arabic.ngettext("{n} session", "{n} sessions", n).format(n=n)
        for n in (0, 1, 2, 3, 11, 100, 103, 111)
    ]
    assert said == [
        *("لا جلسات", "جلسة واحدة", "جلستان", "3 جلسات", "11 جلسة", "100 جلسة"),
        *("103 جلسات", "111 جلسة"),
    ]


def test_names_and_codes_are_kept_apart_in_arabic():
    bare = []
    for message in messages("ar"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert text.count(bidi.FIRST) == text.count(bidi.END), text
            bare += [
                text
                for name in placeholders(text) & OF_THE_SERVER
                if f"{bidi.FIRST}{{{name}}}{bidi.END}" not in text
            ]
    assert bare == []


def test_a_server_answers_in_languages_it_has_whole():
    assert set(texts.WHOLE) < set(texts.LANGUAGES)
    assert not set(texts.WHOLE) & texts.UNREAD
