"""Pairs of measurements and what is kept of them."""

import statistics
from collections.abc import Callable
from typing import Literal

from msgspec import Struct

PAIRS = 5


class Figure(Struct, frozen=True, kw_only=True):
    """One row of `build/bench.json`.

    `ratio` is the median of product / floor over the pairs, `spread` its least and greatest.
    """

    group: str
    metric: str
    ratio: float
    spread: tuple[float, float]
    goal: float
    better: Literal["lower", "higher"]
    floor: str


def paired(
    group: str,
    metric: str,
    *,
    product: Callable[[], float],
    floor: Callable[[], float],
    floor_name: str,
    goal: float,
    better: Literal["lower", "higher"] = "lower",
    pairs: int = PAIRS,
) -> Figure:
    """Measure product and floor in turn, after one warm-up of each, and return their ratio."""
    product()
    floor()
    ratios = []
    for turn in range(pairs):
        if turn % 2:
            below, above = floor(), product()
        else:
            above, below = product(), floor()
        ratios.append(above / below)
    return figure(group, metric, ratios, goal=goal, floor=floor_name, better=better)


def figure(
    group: str,
    metric: str,
    ratios: list[float],
    *,
    goal: float,
    floor: str,
    better: Literal["lower", "higher"] = "lower",
) -> Figure:
    """Return the figure of these ratios of product to floor."""
    return Figure(
        group=group,
        metric=metric,
        ratio=round(statistics.median(ratios), 3),
        spread=(round(min(ratios), 3), round(max(ratios), 3)),
        goal=goal,
        better=better,
        floor=floor,
    )
