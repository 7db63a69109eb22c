"""Take the pictures of `docs/gallery`: the tour in English, and some of its steps in other looks.

    python packaging/gallery.py docs/gallery

Every picture is a step of `kiosk tour`, made smaller; the page beside them is written by hand.
"""

import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

LANDSCAPE, UPRIGHT = 720, 360
"""Pixels across, of a picture that is wider than high and of one that is not."""
MOST = 60 * 1024
"""Bytes of a picture."""
COLOURS = 256
"""Those of a picture that are kept: half for flat surfaces, half for what is rare."""
LOOKS: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "english": ([], ()),
    "french-dark-portrait": (
        ["--lang", "fr", "--theme", "dark", "--size", "1080x1920"],
        (
            *("attract", "is-this-you", "browse-calendar", "book-errors", "book-discussion"),
            *("confirmed", "my-bookings"),
        ),
    ),
    "arabic": (
        ["--lang", "ar"],
        *[
            (
                *("attract", "identify-keyboard", "browse-calendar", "browse-list"),
                *("book-exam", "confirmed", "offline-queued", "my-bookings"),
            )
        ],
    ),
    "high-contrast": (
        ["--theme", "hc"],
        ("attract", "browse-calendar", "browse-list", "offline-guaranteed"),
    ),
    "small": (
        ["--size", "1024x768"],
        ("identify-keyboard", "browse-calendar", "book-exam", "confirmed"),
    ),
    "large-on-small": (
        ["--size", "1024x768", "--text", "150"],
        ("attract", "identify-keyboard", "browse-list", "book-exam", "confirmed", "my-bookings"),
    ),
    "large-text": (
        ["--text", "150"],
        ("attract", "browse-calendar", "book-exam", "my-bookings"),
    ),
}
"""What to ask of the tour, and the steps to keep; none named are all."""


def main(folder: Path) -> int:
    """Take every look and return the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (asked, kept) in LOOKS.items():
        with tempfile.TemporaryDirectory(prefix="kiosk-gallery-") as home:
            command = [sys.executable, "-m", "kiosk_app", "tour", "--out", home, *asked]
            if subprocess.run(command, check=False).returncode:  # noqa: S603 - our own
                return 1
            for old in folder.glob(f"{name}-*.png"):
                old.unlink()
            for taken in sorted(Path(home).glob("*.png")):
                if not kept or taken.stem.partition("-")[2] in kept:
                    shrink(taken, folder / f"{name}-{taken.stem}.png")
    return 0


def shrink(taken: Path, made: Path) -> None:
    """Write a picture smaller, with a palette."""
    image = QImage(str(taken))
    width = LANDSCAPE if image.width() > image.height() else UPRIGHT
    image = image.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(image.constBits()).cast("I")
    times = Counter(pixels).most_common()
    colours = dict.fromkeys(colour for colour, _times in times[: COLOURS // 2])
    seen = set(map(_hue, colours))
    for colour, _times in times[COLOURS // 2 :]:
        if _hue(colour) not in seen and len(colours) < COLOURS:
            seen.add(_hue(colour))
            colours[colour] = None
    how = Qt.ImageConversionFlag.ThresholdDither | Qt.ImageConversionFlag.AvoidDither
    small = image.convertToFormat(QImage.Format.Format_Indexed8, list(colours), how)
    small.save(str(made), "PNG", 0)
    if made.stat().st_size > MOST:
        raise SystemExit(f"{made.name} has {made.stat().st_size} bytes")


def _hue(colour: int) -> int:
    """Return a colour without its finer shades."""
    return colour & 0xF8F8F8


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
