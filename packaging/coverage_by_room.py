"""Print line coverage of the rooms that must not lose anything, and fail when one falls short.

Reads `build/coverage.json`, which the test run writes; the tests of the screens are not counted.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

REPORT = Path("build/coverage.json")
WANTED = {"domain": 85.0, "backend/core": 85.0, "sync": 85.0, "cache": 85.0}
"""Percent of lines, by room."""


def room_of(path: str) -> str:
    """Return the room of a file; the backend's rooms are told apart."""
    parts = Path(path).parts
    inside = parts[parts.index("kiosk_app") + 1 :]
    depth = 2 if inside[0] == "backend" else 1
    return "/".join(inside[:depth]) if len(inside) > depth else inside[0]


def main() -> int:
    """Print the table and return 1 when a room is below what it promises."""
    lines, covered = defaultdict[str, int](int), defaultdict[str, int](int)
    for path, entry in json.loads(REPORT.read_text("utf-8"))["files"].items():
        lines[room_of(path)] += entry["summary"]["num_statements"]
        covered[room_of(path)] += entry["summary"]["covered_lines"]
    short = 0
    for room, wanted in WANTED.items():
        percent = 100 * covered[room] / lines[room] if lines[room] else 0.0
        below = percent < wanted
        short += below
        verdict = "  TOO LOW" if below else ""
        print(f"{room:22}{lines[room]:6} lines {percent:6.1f} %  at least {wanted:.0f}{verdict}")
    return int(short > 0)


if __name__ == "__main__":
    sys.exit(main())
