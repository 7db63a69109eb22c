"""What is painted: colours and shapes of the design, in every theme, with every word in full."""

import gettext
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.desktop.delegates.pills import PAD as PILL_PAD
from kiosk_app.desktop.delegates.pills import (
    Room,
    draw_pill,
    icon_size,
    paint_pill,
    pill_height,
    room_for,
)
from kiosk_app.desktop.delegates.session_row import PAD, RowLook, action_rect, paint_row
from kiosk_app.desktop.delegates.stamps import Board
from kiosk_app.desktop.models.offers import REFUSED, Offer, label, offer_of, spoken, why
from kiosk_app.desktop.models.sessions import Column
from kiosk_app.desktop.theme import speaking, theme
from kiosk_app.desktop.views.session_table import _LEAST_ACTION
from kiosk_app.domain.listing import SessionRow, Standing
from kiosk_app.i18n import texts
from kiosk_app.i18n.sessions import seats_long, seats_of, seats_short
from tests.helpers import november
from tests.helpers.contrast import ratio
from tests.helpers.staging import settle

TUESDAY = date(2026, 11, 24)
THEMES = ("light", "dark", "hc")
PILL = SessionRow(
    session_id="one",
    mock_type=MockType.CLINICAL_SKILLS,
    exam_date=TUESDAY,
    starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC),
    ends_at=datetime(2026, 11, 24, 17, tzinfo=UTC),
    time_zone="America/Toronto",
    location="Downtown – Room 204",
    campus="Downtown",
    room="Room 204",
    delivery_format=DeliveryFormat.IN_PERSON,
    capacity=26,
    left=12,
)


@pytest.fixture
def row(campus):
    key = november.session_id(TUESDAY, MockType.CLINICAL_SKILLS)
    return campus.reading.session(key, november.STUDENT)


def painted(row, room=Room.ALL, direction=Qt.LayoutDirection.LeftToRight, width=178):
    image = QImage(width, 34, QImage.Format.Format_ARGB32)
    image.fill(QColor("magenta"))
    painter = QPainter(image)
    paint_pill(painter, row, QRect(0, 0, width, 34), room, direction)
    painter.end()
    return image


def colours(image, box=None):
    box = box or image.rect()
    return {
        image.pixelColor(x, y).name()
        for x in range(box.left(), box.right() + 1)
        for y in range(box.top(), box.bottom() + 1)
    }


@pytest.mark.parametrize("name", THEMES)
def test_a_pill_stands_on_the_tint_of_its_kind(qapp, row, name):
    theme.apply(qapp, theme.Theme(name))
    assert painted(row).pixelColor(QPoint(120, 6)) == theme.current().color("csTint")


@pytest.mark.parametrize("name", THEMES)
def test_ones_own_pill_is_filled(qapp, row, name):
    theme.apply(qapp, theme.Theme(name))
    mine = painted(replace(row, standing=Standing.CONFIRMED))
    assert mine.pixelColor(QPoint(120, 6)) == theme.current().color("primary")


def test_few_seats_are_written_in_the_colour_of_warning(row):
    end = QRect(118, 0, 60, 34)
    warn = theme.current().color("warn").name()
    assert warn in colours(painted(replace(row, left=2)), end)
    assert warn not in colours(painted(row), end)


def test_a_full_pill_has_no_tint_and_in_high_contrast_a_dashed_edge(qapp, row):
    full = replace(row, left=0)
    assert painted(full).pixelColor(QPoint(100, 6)) == theme.current().color("surface")
    theme.apply(qapp, theme.Theme("hc"))
    top = [painted(full).pixelColor(QPoint(x, 0)).lightness() > 100 for x in range(20, 150)]
    assert 20 < top.count(True) < 110


def test_a_waiting_pill_has_a_dashed_edge(row):
    waiting = painted(replace(row, standing=Standing.QUEUED))
    primary = theme.current().color("primary")
    top = [waiting.pixelColor(QPoint(x, 1)) == primary for x in range(20, 150)]
    assert 20 < top.count(True) < 110


WAYS = (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft)


def on_surface(row, direction, paint, width=178):
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(theme.current().color("surface"))
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    paint(painter, row, QRect(9, 11, width, pill_height()), direction)
    painter.end()
    return image


def put_down(painter, row, box, direction):
    draw_pill(Board(painter, direction), row, box.getRect())


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("direction", WAYS)
def test_a_kept_picture_of_a_pill_is_the_pill(qapp, row, name, direction):
    theme.apply(qapp, theme.Theme(name))
    looks = [replace(row, standing=standing) for standing in Standing]
    looks += [replace(row, left=0), replace(row, left=2, waiting=1), replace(row, guaranteed=2)]
    for look in looks:
        room = room_for(178, look)
        whole = on_surface(
            look, direction, lambda p, r, box, way, n=room: paint_pill(p, r, box, n, way)
        )
        for _again in range(2):
            assert on_surface(look, direction, put_down) == whole


@settings(max_examples=300)
@given(
    look=st.tuples(
        st.sampled_from(THEMES), st.sampled_from((1.0, 1.25, 1.5)), st.sampled_from(WAYS)
    ),
    width=st.integers(60, 190),
    language=st.sampled_from(("en", "fr", "ar")),
    standing=st.sampled_from(Standing),
    seats=st.tuples(st.integers(0, 26), st.integers(0, 3), st.integers(0, 3)),
    hour=st.integers(0, 23),
    kind=st.sampled_from(MockType),
)
def test_any_pill_put_together_of_its_pictures_is_the_pill(
    qapp, *, look, width, language, standing, seats, hour, kind
):
    name, scale, direction = look
    theme.prepare(qapp, theme.Theme(name, text_scale=scale))
    texts.use(language)
    starts = datetime(2026, 11, 24, hour, tzinfo=UTC)
    left, waiting, guaranteed = seats
    one = replace(
        PILL,
        mock_type=kind,
        standing=standing,
        starts_at=starts,
        left=left,
        waiting=waiting,
        guaranteed=guaranteed,
    )
    room = room_for(width, one)
    try:
        whole = on_surface(
            one, direction, lambda p, r, box, way: paint_pill(p, r, box, room, way), width
        )
        for _again in range(2):
            assert on_surface(one, direction, put_down, width) == whole
    finally:
        texts.use("en")


def test_a_pill_is_mirrored_right_to_left(row):
    image = painted(row, Room.MARKED)
    mirrored = painted(row, Room.MARKED, Qt.LayoutDirection.RightToLeft)
    mark = theme.current().color("okFill").name()
    start, end = QRect(0, 0, 30, 34), QRect(148, 0, 30, 34)
    assert mark in colours(image, end)
    assert mark in colours(mirrored, start)


def test_a_pill_says_less_the_slimmer_it_is():
    rooms = [room_for(width) for width in range(240, 30, -5)]
    assert rooms == sorted(rooms)
    assert (rooms[0], rooms[-1]) == (Room.ALL, Room.BARE)
    assert Room.MARKED in rooms


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_words_that_do_not_fit_give_way_to_the_mark(qapp, scale):
    """An early hour leaves room beside it, the longest hour none: words alone may then be too long."""
    theme.prepare(qapp, theme.Theme(text_scale=scale))
    early = replace(PILL, left=0, waiting=1, starts_at=datetime(2026, 11, 24, 14, tzinfo=UTC))
    for width in range(60, 260):
        if room_for(width, early) in {Room.ALL, Room.WORDS}:
            words = seats_short(0, 1)
            metrics = QFontMetrics(theme.current().font_for(words, "caption", 400))
            beside = width - 2 * (PILL_PAD - 2) - icon_size() - 4
            assert metrics.horizontalAdvance(words) <= beside
    assert {room_for(width) for width in range(60, 260)} >= {Room.WORDS, Room.MARKED}


def test_the_chosen_day_has_a_tinted_head_and_an_edge(view):
    """The pixel check of the design's proof sheet."""
    view.month.show_day(TUESDAY)
    image = view.month.table.viewport().grab().toImage()
    box = view.month.table.visualRect(view.month.model.index_of(TUESDAY))
    assert image.pixelColor(box.center().x(), box.top() + 8) == theme.current().color("primaryTint")
    assert image.pixelColor(box.left() + 1, box.center().y()) == theme.current().color("primary")
    other = view.month.table.visualRect(view.month.model.index_of(date(2026, 11, 25)))
    assert image.pixelColor(other.center().x(), other.top() + 8) == theme.current().color("surface")


def test_the_ring_shows_after_a_key_and_is_gone_after_a_touch(qtbot, view):
    table, ring = view.month.table, theme.current().color("focus")
    table.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(table, Qt.Key.Key_Right)
    box = table.visualRect(table.currentIndex())
    spot = (box.left() + 1, box.center().y())
    assert table.viewport().grab().toImage().pixelColor(*spot) == ring
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert table.viewport().grab().toImage().pixelColor(*spot) != ring


class Longer(gettext.NullTranslations):
    """Every text half as long again, as the longest of French."""

    def gettext(self, message):
        extra = max(1, len(message) * 2 // 5)
        return f"{message} " + "é" * min(extra, 9) + (" é" * max(0, extra - 9))

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def words(request, monkeypatch):
    if request.param:
        monkeypatch.setattr(texts._Current, "texts", Longer())


def cut(widget):
    """Say whether a label or button has less room than its text needs."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    return widget.sizeHint().width() > widget.width() + 1


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("mode", ["calendar", "list"])
@pytest.mark.parametrize(
    ("size", "words"),
    [
        ((1920, 984), True),
        ((1080, 1696), True),
        ((1280, 704), True),
        ((1280, 704), False),
        ((700, 1200), False),
    ],
    indirect=["words"],
)
def test_no_word_is_cut(qtbot, campus, open_view, size, mode):
    view = open_view(campus, size=size)
    view.month.show_day(TUESDAY)
    view.show_mode(mode)
    qtbot.waitUntil(lambda: (view.width(), view.height()) == size)
    settle()  # the cards near those in sight have come
    seen = [w for w in view.findChildren(QLabel) if w.isVisible() and w.text()]
    seen += [w for w in view.findChildren(QPushButton) if w.isVisible()]
    assert len(seen) > 20
    assert [w.text() for w in seen if cut(w)] == []
    inside = view.rect()
    outside = [w for w in seen if not inside.contains(w.mapTo(view, QPoint(w.width() // 2, 0)))]
    assert [w.text() for w in outside if not _scrolls(w)] == []


def _scrolls(widget):
    parent = widget.parentWidget()
    while parent and parent.objectName() != "qt_scrollarea_viewport":
        parent = parent.parentWidget()
    return parent is not None


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_theme_and_text_size_change_while_the_page_is_open(qtbot, qapp, view, name, scale):
    view.show_mode("list")
    theme.apply(qapp, theme.Theme(name, "kiosk", scale))
    view.show_mode("calendar")
    image = view.month.grab().toImage()
    assert image.pixelColor(40, 40).name() in {
        theme.current().color(role).name() for role in ("surface", "ink")
    }
    QApplication.sendEvent(view, QEvent(QEvent.Type.StyleChange))


@pytest.mark.parametrize(
    ("standing", "left", "promise", "offer"),
    [
        (Standing.NONE, 4, "booked", Offer.BOOK),
        (Standing.NONE, 4, "queued", Offer.REQUEST),
        (Standing.NONE, 0, "guaranteed", Offer.GUARANTEED),
        (Standing.CONFIRMED, 4, "queued", Offer.BOOKED),
        (Standing.GUARANTEED, 4, "queued", Offer.BOOKED),
        (Standing.UNKNOWN, 4, "booked", Offer.WAITING),
        (Standing.QUEUED, 0, "booked", Offer.WAITING),
        (Standing.CANCELLING, 0, "booked", Offer.CANCELLING),
    ],
)
def test_what_a_button_offers(row, standing, left, promise, offer):
    assert offer_of(replace(row, standing=standing, left=left), None, promise) is offer


@pytest.mark.parametrize(
    ("left", "waiting", "short", "of", "long"),
    [
        (8, 0, "8 left", "8 of 12 left", "8 of 12 seats left"),
        (4, 1, "4 left (1 waiting)", "4 of 12 left (1 waiting)", "4 of 12 seats left (1 waiting)"),
        (0, 0, "Full", "No seats left", "No seats left"),
        (0, 1, "0 left (1 waiting)", "0 of 12 left (1 waiting)", "0 of 12 seats left (1 waiting)"),
    ],
)
def test_seats_in_words(left, waiting, short, of, long):
    assert seats_short(left, waiting) == short
    assert seats_of(left, 12, waiting) == of
    assert seats_long(left, 12, waiting) == long


def test_browsing_imports_nothing_that_delays_the_first_frame():
    program = "import sys, kiosk_app.desktop.views.browse; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    slow = {"asyncio", "httpx", "sqlite_utils", "keyring", "icalendar", "segno"}
    assert not slow & set(done.stdout.split())


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5])
def test_why_a_row_offers_nothing_fits_the_narrowest_column(qapp, language, scale):
    theme.apply(qapp, theme.Theme("light", "kiosk", scale))
    speaking.speak(language)
    for offer in REFUSED:
        for words in (label(offer), why()):
            wide = QFontMetrics(theme.current().font("label", 600)).horizontalAdvance(words)
            assert wide <= round(_LEAST_ACTION * scale) - PAD, words


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("chosen", [False, True])
@pytest.mark.parametrize("offer", sorted(REFUSED))
def test_a_reason_and_the_way_to_more_are_read_on_their_ground(qapp, row, name, chosen, offer):
    theme.apply(qapp, theme.Theme(name))
    box = QRect(0, 0, 285, 77)
    image = QImage(box.size(), QImage.Format.Format_ARGB32)
    look = RowLook(chosen=chosen, pressed=False)
    painter = QPainter(image)
    direction = Qt.LayoutDirection.LeftToRight
    paint_row(Board(painter, direction), row, offer, {Column.ACTION: box}, look)
    painter.end()
    ground = theme.current().color("primaryTint" if chosen else "surface")
    assert image.pixelColor(2, 2) == ground
    at = action_rect(box, offer, direction, narrow=False)
    half = at.height() // 2
    for part in (at.adjusted(0, 0, 0, -half), at.adjusted(0, half, 0, 0)):
        best = max(ratio(QColor(one), ground) for one in colours(image, part))
        assert best >= 4.5
    assert why() in spoken(offer, row)
