"""A whole visit in the largest text on the smallest screen: at no step is a word cut or covered.

What stands on a screen by itself is looked at in every look elsewhere. Here things happen while it stands
there: lines come and go over it, bookings move, and a page is laid out while it decides what it shows.
"""

import subprocess
import sys

from tests.helpers.watched_tour import WRONG

PATIENCE = 600


def test_nothing_is_cut_or_covered_on_the_way_through_a_visit(tmp_path):
    words = ("--out", str(tmp_path / "tour"), "--size", "1024x768", "--text", "150")
    done = subprocess.run(
        [sys.executable, "-m", "tests.helpers.watched_tour", *words],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert str(tmp_path / "tour") in lines
    assert [line for line in lines if line.startswith(WRONG)] == []
