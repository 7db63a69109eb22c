"""Text of more than one line: how far its lines stand apart, on which side, and what is set lighter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from kiosk_app.desktop.theme import fonts, theme
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.paragraph import Paragraph

LONG = "Nothing stays on this screen after somebody has signed out of it"
ARABIC = "لا يبقى شيء على هذه الشاشة بعد تسجيل خروجك منها ولا يراه أحد بعدك"
WIDTH = 300


@pytest.fixture
def window(qtbot):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk"))
    made = QWidget()
    made.setAutoFillBackground(True)
    made.resize(WIDTH, 1000)
    QVBoxLayout(made).setContentsMargins(0, 0, 0, 0)
    qtbot.addWidget(made)
    return made


def shown(window, label):
    column = window.layout()
    column.addWidget(label)
    column.addStretch(1)
    window.show()
    QApplication.processEvents()
    return label


def ink(label):
    """Return which pixels of a label are not of its ground, as rows of columns."""
    image = label.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ground = image.pixel(0, 0)
    return [
        {x for x in range(image.width()) if image.pixel(x, y) != ground}
        for y in range(image.height())
    ]


def natural(label):
    """Return the pixels from line to line of the letters themselves."""
    layout = QTextLayout("x", label.font())
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return line.height()


def lines(label):
    """Return the first row of each run of rows with ink."""
    rows = [bool(row) for row in ink(label)]
    return [y for y, here in enumerate(rows) if here and not (y and rows[y - 1])]


def test_lines_stand_1_4_of_the_letters_apart(window):
    label = shown(window, Paragraph("xxxx\nxxxx\nxxxx", "lead"))
    first, second, third = lines(label)
    assert second - first == third - second == round(label.font().pixelSize() * 1.4)


@pytest.mark.parametrize(("height", "scale"), [(800, 1.0), (1000, 1.25)])
def test_a_low_window_keeps_them_as_close_as_the_letters_allow(window, height, scale):
    look = theme.Theme("light", "kiosk", text_scale=scale)
    theme.apply(QApplication.instance(), look)
    window.resize(WIDTH, height)
    label = shown(window, Paragraph("xxxx\nxxxx", "lead"))
    first, second = lines(label)
    assert second - first == natural(label)


def test_only_a_line_of_higher_letters_is_higher(window):
    fonts.load_arabic()
    window.resize(WIDTH, 800)
    label = shown(window, Paragraph(f"xxxx\n{ARABIC[:8]}\nxxxx\nxxxx", "lead"))
    assert label.height() > 4 * natural(label)  # Arabic is
    third, fourth = lines(label)[-2:]
    assert fourth - third == natural(label)


def test_where_a_layout_gives_less_they_come_closer_and_none_is_cut(window):
    label = shown(window, Paragraph("xxxx\nxxxx", "lead"))
    label.setFixedHeight(2 * natural(label))
    QApplication.processEvents()
    first, second = lines(label)
    assert second - first == natural(label)


def change(label, what, value):
    """Do what may change the height of a label."""
    if what == "window":
        label.window().resize(WIDTH, value)
    elif what == "role":
        label.set_role(value)
    else:
        label.setText(value)


def heights(label):
    """Return what a label answers, and answers again."""
    return [label.heightForWidth(width) for width in (120, WIDTH, 640, WIDTH)]


@given(
    st.lists(
        st.sampled_from(
            [("window", 800), ("window", 1000), ("role", "lead"), ("role", "h1")]
            + [("text", text) for text in ("", "xxxx", LONG, ARABIC, "xxxx\nxxxx\nxxxx")]
        ),
        max_size=6,
    )
)
def test_it_always_answers_as_one_that_was_never_asked(changes):
    theme.apply(QApplication.instance(), theme.Theme("light", "kiosk"))
    windows = [QWidget() for _label in range(2)]
    asked, fresh = (Paragraph(LONG, "lead", parent=window) for window in windows)
    for label in (asked, fresh):
        label.window().resize(WIDTH, 1000)
        label.ensurePolished()  # as once shown: from here on a role changes the font
    for one in changes:
        heights(asked)
        change(asked, *one)
    for one in changes:
        change(fresh, *one)
    assert heights(asked) == heights(fresh)


def test_what_did_not_change_is_measured_once(window, monkeypatch):
    measured = []

    def height(label, width):
        measured.append(width)
        return QLabel.heightForWidth(label, width)

    label = shown(window, Paragraph(LONG, "lead"))
    monkeypatch.setattr(Label, "heightForWidth", height, raising=False)
    label.setText(ARABIC)
    assert label.heightForWidth(WIDTH) == label.heightForWidth(WIDTH)
    assert measured == [WIDTH]


def test_one_line_is_painted_as_every_label(window):
    paragraph, plain = Paragraph("Nothing stays", "lead"), Label("Nothing stays", "lead", wrap=True)
    assert ink(shown(window, paragraph)) == ink(shown(window, plain))


@pytest.mark.parametrize(
    ("text", "direction", "side"),
    [
        (LONG, Qt.LayoutDirection.LeftToRight, min),
        (ARABIC, Qt.LayoutDirection.RightToLeft, max),
    ],
)
def test_every_line_begins_on_the_side_of_the_language(window, text, direction, side):
    window.setLayoutDirection(direction)
    rows = ink(shown(window, Paragraph(text, "lead")))
    starts = lines(window.findChild(Paragraph))
    assert len(starts) > 1
    edge = side(0, WIDTH - 1)
    blocks = [set().union(*rows[a:b]) for a, b in zip(starts, [*starts[1:], None], strict=True)]
    whole = [block for block in blocks if len(block) > WIDTH // 6]  # no dot over a letter alone
    assert all(abs(side(block) - edge) <= 4 for block in whole)


def test_what_is_said_by_the_way_is_set_lighter(window):
    title = "Topic"
    aside = shown(window, Paragraph(f"{title} (optional)", "label", aside=True))
    bold = shown(window, Paragraph(f"{title} (optional)", "label"))
    split = aside.fontMetrics().horizontalAdvance(title)
    before = [{x for row in ink(label) for x in row if x < split} for label in (aside, bold)]
    after = [sum(len(row) for row in ink(label)) for label in (aside, bold)]
    assert before[0] == before[1]
    assert after[0] < after[1]
