"""A card of the day: a long button squeezes no words, and nothing lies over anything."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QSize

from kiosk_app.desktop.delegates.card_face import SIDE_SLIM, face_of, least_width, placed
from kiosk_app.desktop.delegates.words import longest_word, width_of
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.desktop.theme.theme import current
from kiosk_app.desktop.views.session_card import SessionCard
from tests.helpers import november

DRAWN = 157


@pytest.fixture
def row(campus):
    key = november.session_id(november.TODAY.replace(day=24), november.CS)
    found = campus.reading.session(key, november.STUDENT)
    return replace(found, campus="Downtown", room="Room 12")


def made(qtbot, row, offer, width):
    card = SessionCard(row, offer)
    qtbot.addWidget(card)
    card.resize(width, card.heightForWidth(width))
    return card


@pytest.mark.parametrize("offer", [Offer.DAY_TAKEN, Offer.OVERLAPS, Offer.WAIT])
def test_a_long_button_breaks_no_place(qtbot, row, offer):
    """At the width of the day's panel, less its scroll bar."""
    card = made(qtbot, row, offer, 468)
    where = card._placed(468).lines[0]
    words = width_of(card.face.lines[0].text, "label") + current().px("label") + 10
    assert words <= where.width()
    assert where.height() < 2 * current().px("label")
    assert card.height() <= DRAWN + current().px("label") + 20


def test_a_short_button_keeps_the_card_as_low_as_drawn(qtbot, row):
    assert made(qtbot, row, Offer.BOOK, 468).height() <= DRAWN


@given(
    offer=st.sampled_from(list(Offer)),
    widths=st.tuples(st.integers(300, 900), st.integers(60, 220)),
    room=st.sampled_from(["1", "Room 12", "Simulation Room 1205", "Lecture hall " * 4]),
    slim=st.booleans(),
)
def test_nothing_on_a_card_lies_over_anything_else(campus, offer, widths, room, slim):
    width, button = widths
    key = november.session_id(november.TODAY.replace(day=24), november.CS)
    row = replace(campus.reading.session(key, november.STUDENT), campus="Downtown", room=room)
    face = face_of(row, offer)
    places = placed(face, width, QSize(button, 56), slim=slim)
    parts = [places.name, places.time, places.button, *places.lines]
    parts += [places.price] if face.cost else []
    for one, other in combinations(parts, 2):
        assert not one.intersects(other)
    assert all(0 <= part.left() <= part.right() < width for part in parts)
    assert all(part.bottom() < places.height for part in parts)


@given(
    offer=st.sampled_from(list(Offer)),
    widths=st.tuples(st.integers(60, 420), st.integers(0, 300)),
    room=st.sampled_from(["1", "Room 12", "Simulation Room 1205"]),
    slim=st.booleans(),
)
def test_no_word_is_cut_however_long_the_button_is(campus, offer, widths, room, slim):
    button, more = widths
    key = november.session_id(november.TODAY.replace(day=24), november.CS)
    row = replace(campus.reading.session(key, november.STUDENT), campus="Mississauga", room=room)
    face, size = face_of(row, offer), QSize(button, 56)
    least = least_width(face, size, slim=slim)
    places = placed(face, least + more, size, slim=slim)
    for line, at in zip(face.lines, places.lines, strict=True):
        beside = current().px("label") + 10
        assert longest_word(line.text, "label", line.weight) <= at.width() - beside
        assert not at.intersects(places.button)
    assert places.button.left() >= 0
    assert places.button.width() >= button


def test_a_button_longer_than_what_is_left_beside_the_place_asks_for_no_wider_card(row):
    face = face_of(replace(row, campus="Mississauga"), Offer.DAY_TAKEN)
    short, long = (least_width(face, QSize(width, 56), slim=True) for width in (80, 380))
    assert long == max(short, 380 + 2 * SIDE_SLIM)
