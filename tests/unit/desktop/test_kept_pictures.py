"""Icons that a start drew are there for the next one, and only as long as they are the same."""

import sys

import pytest
from PySide6.QtGui import QColor, QImage

from kiosk_app.desktop.theme import icons, kept_pictures, theme
from kiosk_app.desktop.theme.kept_pictures import FORMAT, KeptPictures

KEY = ("check", 1_700_000_000, "#16202a", 16, False)


def drawn(side=16):
    image = QImage(side, side, FORMAT)
    image.fill(QColor(10, 200, 30, 128))
    return image


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "bytecode" / "pictures"


def started(path, key=KEY, picture=None):
    """A start that has drawn one picture."""
    kept = KeptPictures(path)
    kept.note(key, picture or drawn())
    kept.keep()
    return kept


def test_the_next_start_finds_the_same_picture(path):
    started(path)
    assert KeptPictures(path).find(KEY) == drawn()


@pytest.mark.parametrize(
    "other",
    [
        ("list", *KEY[1:]),
        (KEY[0], KEY[1] + 1, *KEY[2:]),
        (*KEY[:2], "#ffffff", *KEY[3:]),
        (*KEY[:3], 32, KEY[4]),
        (*KEY[:4], True),
    ],
    ids=["name", "age", "colour", "side", "mirrored"],
)
def test_whatever_makes_it_another_picture_is_drawn(path, other):
    started(path)
    assert KeptPictures(path).find(other) is None


def test_what_was_found_is_kept_on_and_what_nobody_asked_for_is_not(path):
    other = ("list", *KEY[1:])
    started(path)
    again = KeptPictures(path)
    again.find(KEY)
    again.note(other, drawn())
    again.keep()
    third = KeptPictures(path)
    assert third.find(KEY) == third.find(other) == drawn()
    started(path, other)
    assert KeptPictures(path).find(KEY) is None


def test_only_a_start_is_remembered(path):
    kept = started(path)
    kept.note(("list", *KEY[1:]), drawn())
    kept.keep()
    assert KeptPictures(path).find(("list", *KEY[1:])) is None


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"x" + b, lambda _: b"", len])
def test_a_damaged_file_is_no_file(path, damage):
    started(path)
    whole = path.read_bytes()
    broken = damage(whole)
    path.write_bytes(broken if isinstance(broken, bytes) else whole[: broken // 2])
    assert KeptPictures(path).find(KEY) is None


def test_a_folder_that_takes_nothing_costs_only_time(path):
    path.parent.write_bytes(b"no folder")
    started(path)
    assert KeptPictures(path).find(KEY) is None


def test_who_wants_no_bytecode_gets_no_pictures(path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    started(path)
    assert not path.exists()


def test_every_icon_looks_as_drawn_when_it_comes_from_the_file(qapp, path, monkeypatch):
    theme.prepare(qapp, theme.Theme("light", "kiosk"))
    names = sorted(one.stem for one in icons.bundled("resources", "icons").glob("*.svg"))
    render = icons._render.__wrapped__

    def pictures():
        return [
            render(name, "#16202a", 16, ratio, mirrored).toImage()
            for name in names
            for ratio, mirrored in ((1.0, False), (1.5, True))
        ]

    monkeypatch.setattr(icons, "OF_THE_START", KeptPictures(path))
    first = pictures()
    icons.OF_THE_START.keep()
    monkeypatch.setattr(icons, "OF_THE_START", KeptPictures(path))
    monkeypatch.setattr(icons, "_draw", None)
    assert pictures() == first
    assert not any(one.isNull() for one in first)


def test_the_pictures_lie_beside_the_bytecode():
    assert kept_pictures.OF_THE_START.path.parent.name == "__pycache__"
