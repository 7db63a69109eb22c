"""Readers of single arguments; argparse turns their ValueError into *wrong use*."""

from datetime import date

from kiosk_app.contract.sessions import MockType


def mock_type(text: str) -> MockType:
    """Read a session type: `Mini-mock`, `mini-mock` or `clinical-skills`."""
    for kind in MockType:
        if text.casefold() in {kind.value.casefold(), kind.name.casefold().replace("_", "-")}:
            return kind
    raise ValueError(text)


def day(text: str) -> date:
    """Read a day: `2027-03-04`."""
    return date.fromisoformat(text)
