"""Filters that come back with their student: what is set becomes what is kept, and again (A79)."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from kiosk_app.contract.filters import SavedFilters
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.desktop.models.days import Days
from kiosk_app.desktop.views.filter_bar import FilterBar

if TYPE_CHECKING:
    from kiosk_app.desktop.views.list_page import ListPage
    from kiosk_app.desktop.views.more_filters import MoreFilters


def chosen(bar: FilterBar, page: "ListPage | None") -> SavedFilters:
    """Return what a person has set; a list that was never shown narrows by no days."""
    kind, form = bar.types.current, bar.formats.current
    preset, days = page.dates_chosen if page else ("all", Days())
    return SavedFilters(
        campus=bar.campus.current or None,
        mock_type=MockType(kind) if kind else None,
        delivery_format=DeliveryFormat(form) if form else None,
        instructor=bar.wanted.instructor,
        topic=bar.wanted.topic,
        seats="free" if bar.seats.isChecked() else "any",
        days=preset,
        first_day=days.first.isoformat() if days.first else None,
        last_day=days.last.isoformat() if days.last else None,
    )


def show(
    kept: SavedFilters,
    bar: FilterBar,
    page: Callable[[], "ListPage"],
    more: Callable[[], "MoreFilters"],
) -> None:
    """Set what was kept, without telling anybody; what is gone narrows nothing."""
    bar.set_filter(kept.campus, kept.mock_type)
    bar.formats.choose(kept.delivery_format.value if kept.delivery_format else "")
    bar.seats.setChecked(kept.seats == "free")
    if kept.instructor or kept.topic:
        more().choose(kept.instructor, kept.topic)
    if kept.days != "all":
        page().restore_dates(kept.days, Days(_day(kept.first_day), _day(kept.last_day)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
