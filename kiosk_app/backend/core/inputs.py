"""Reading what a request says into values of the domain."""

from datetime import date, datetime

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.contract.problems import Code, FieldProblem
from kiosk_app.contract.wire import read_instant


def read_date(text: str, field: str) -> date:
    """Return a calendar date; 2027-02-30 has the right form and is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise invalid(field, "is not a date") from fault


def read_moment(text: str | None, field: str) -> datetime | None:
    """Return an optional instant."""
    if text is None:
        return None
    try:
        return read_instant(text)
    except ValueError as fault:
        raise invalid(field, "is not an instant") from fault


def invalid(field: str, message: str) -> Refusal:
    """Return the refusal that names one field."""
    return Refusal(Code.VALIDATION_ERROR, fields=[FieldProblem(field, message)])
