"""What is kept as a picture looks as if it had been painted, to the pixel, and takes no more than its room."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from kiosk_app.desktop.delegates import stamps
from kiosk_app.desktop.delegates.stamps import Board, Ink, Stamp, Stamps
from kiosk_app.desktop.delegates.words import width_of
from kiosk_app.desktop.theme import theme
from kiosk_app.i18n import texts
from tests.helpers.staging import settle

THEMES = ("light", "dark", "hc")
SAID = (
    "28",
    "1",
    "+3 more",
    "Sun Nov 29",
    "10:00 am",
    "Mock Discussion",
    "Éloquence · jour",
    "fjord",
)
INKS = (
    Ink("body", 600, "ink", "surface"),
    Ink("caption", 400, "onPrimaryTint", "primaryTint"),
    Ink("label", 600, "warn", "surface"),
    Ink("body", 500, "ink3", "surface2"),
)
MIDDLE = Qt.AlignmentFlag.AlignVCenter
SIDES = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter)
LTR = Qt.LayoutDirection.LeftToRight


def on_ground(role, paint, ratio=1.0):
    image = QImage(round(400 * ratio), round(120 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.current().color(role))
    painter = QPainter(image)
    paint(painter)
    painter.end()
    return image


def as_qt_writes(painter, box, text, flags, ink):
    painter.setFont(theme.current().font_for(text, ink.size, ink.weight))
    painter.setPen(theme.current().color(ink.tone))
    painter.drawText(box, flags | int(Qt.TextFlag.TextDontClip), text)


def same(box, text, flags, ink, ratio=1.0):
    plain = on_ground(ink.ground, lambda p: as_qt_writes(p, box, text, flags, ink), ratio)
    at = box.getRect()
    return all(
        on_ground(ink.ground, lambda p: Board(p, LTR).write(at, text, flags, ink), ratio) == plain
        for _again in range(2)
    )


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("name", THEMES)
def test_a_kept_line_stands_where_qt_writes_it(qapp, name, ratio):
    theme.apply(qapp, theme.Theme(name))
    for text in SAID:
        for ink in INKS:
            for side in SIDES:
                for box in (QRect(9, 7, 301, 61), QRect(14, 20, 300, 38)):
                    assert same(box, text, int(side | MIDDLE), ink, ratio), (text, ink, side, box)


@settings(max_examples=400)
@given(
    text=st.text(
        "abcdefghijklmnopqrstuvwxyzÀÉÎÕÜçß0123456789:+·’ ", min_size=1, max_size=18
    ).filter(str.strip),
    spare=st.integers(2, 60),
    height=st.integers(24, 80),
    side=st.sampled_from(SIDES),
    ink=st.sampled_from(INKS),
)
def test_any_line_that_fits_stands_where_qt_writes_it(qapp, *, text, spare, height, side, ink):
    text = text.strip()
    width = round(width_of(text, ink.size, ink.weight)) + spare
    assert same(QRect(8, 6, width, height), text, int(side | MIDDLE), ink)


def test_a_line_of_arabic_is_written_whole(qapp):
    texts.use("ar")
    try:
        assert same(QRect(8, 6, 200, 18), "مناقشة", int(SIDES[1] | MIDDLE), INKS[0])
    finally:
        texts.use("en")


def test_another_look_is_another_picture(qapp):
    box = (0, 0, 40, 40)

    def dab(role):
        return lambda painter, at: painter.fillRect(at, theme.current().color(role))

    def seen(look, role):
        image = on_ground("surface", lambda p: Board(p, LTR).stamp(box, look, dab(role), "surface"))
        return image.pixelColor(20, 20)

    warm, cold = seen(("dab", 1), "warn"), seen(("dab", 2), "primary")
    assert warm == theme.current().color("warn") != cold
    assert seen(("dab", 1), "primary") == warm  # it is not painted again
    theme.apply(qapp, theme.Theme("dark"))
    assert seen(("dab", 1), "primary") == theme.current().color("primary")


def test_the_oldest_pictures_go_where_there_is_no_room_for_all(qapp):
    stamps = Stamps(most=1_000)
    for number in range(30):
        stamps.keep(number, Stamp(QPixmap(10, 10)))
        assert stamps.pixels <= 1_000
    assert [number for number in range(30) if stamps.get(number)] == list(range(20, 30))


@pytest.fixture
def each_time(monkeypatch):
    """Let everything be painted each time, and nothing be kept."""

    def paint(board, box, _look, paint, _ground):
        paint(board.painter, QRect(*box))

    def put(board, box, text, flags, ink):
        stamps._write(board.painter, QRect(*box), text, flags, ink)

    def act():
        monkeypatch.setattr(Board, "stamp", paint)
        monkeypatch.setattr(Board, "write", put)

    return act


@pytest.fixture(params=[1920, 1024])
def parts(request, campus, open_view):
    """Return what is painted of a view of this width, month and a chosen row of the list."""
    view = open_view(campus, size=(request.param, 984))

    def show(mode):
        view.show_mode(mode)
        table = view.list_page.table if mode == "list" else view.month.table
        if mode == "list":
            table.selectRow(1)
        settle()
        return [table] if mode == "list" else [table, view.day]

    return show


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("mode", ["calendar", "list"])
def test_a_page_with_kept_pictures_is_the_page(qapp, parts, each_time, name, mode):
    theme.apply(qapp, theme.Theme(name))
    seen = parts(mode)
    kept = [part.grab().toImage() for _again in range(2) for part in seen]
    each_time()
    assert kept == [part.grab().toImage() for part in seen] * 2
