"""docs/faults.md names every fault; that its tests exist is checked with the other pages."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
ROWS = [line.split("|") for line in PAGE.splitlines() if line.startswith("| F")]


def test_all_forty_two_are_there_in_order():
    assert [row[1].strip() for row in ROWS] == [f"F{number}" for number in range(1, 43)]


def test_every_fault_has_a_test_or_a_reason():
    for row in ROWS:
        assert "`test_" in row[4] or "not injected: " in row[4], row[1]
