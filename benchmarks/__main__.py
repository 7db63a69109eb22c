"""`make bench`: measure every group, or those named, and write `build/bench.json`."""

import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks import (
    booking,
    browser,
    draining,
    events,
    gui,
    memory,
    pulling,
    queue,
    ready,
    start,
    views,
)
from benchmarks.measure import Figure

GROUPS: dict[str, Callable[[], list[Figure]]] = {
    "start": start.measure,
    "ready": ready.measure,
    "views": views.measure,
    "gui": gui.measure,
    "memory": memory.measure,
    "browser": browser.measure,
    "queue": lambda: [*queue.measure(), *draining.measure_drain()],
    "pull": pulling.measure_pull,
    "cache": pulling.measure_cache,
    "booking": booking.measure,
    "events": events.measure,
}
REPORT = Path("build/bench.json")


def table(figures: list[Figure]) -> str:
    """Return the figures as lines a person reads."""
    rows = [("group", "metric", "ratio", "spread", "goal", "floor")]
    for f in figures:
        sign = "≤" if f.better == "lower" else "≥"
        met = (f.ratio <= f.goal) if f.better == "lower" else (f.ratio >= f.goal)
        spread = f"{f.spread[0]:.2f}–{f.spread[1]:.2f}"
        goal = f"{sign} {f.goal:.2f} {'met' if met else 'missed'}"
        rows.append((f.group, f.metric, f"{f.ratio:.2f}", spread, goal, f.floor))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows
    )


def main(names: list[str]) -> int:
    """Run the groups and return 0; a figure never fails, an unknown name does."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"unknown group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
        return 2
    figures = [figure for name in names or list(GROUPS) for figure in GROUPS[name]()]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_bytes(msgspec.json.format(msgspec.json.encode(figures), indent=1))
    print(table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
