"""What a pass says, already in the language of the screen."""

from typing import Literal

from msgspec import Struct

from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.listing import Standing


class Step(Struct, frozen=True):
    """One station of a waiting request."""

    state: Literal["done", "next", "later", "failed"]
    icon: str
    title: str
    help: str


class PassText(Struct, frozen=True, kw_only=True):
    """Everything a pass says, already in the language of the screen."""

    mock_type: MockType
    standing: Standing
    title: str = ""
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """Pairs of label and value: date, time, place, tokens."""
    code_label: str = ""
    code: str = ""
    person_label: str = ""
    person: str = ""
    qr: str | None = None
    """What the QR code holds; None shows `steps` instead."""
    qr_title: str = ""
    qr_help: str = ""
    steps: tuple[Step, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether there is a seat; otherwise the edge is dashed."""
        return self.standing in {Standing.CONFIRMED, Standing.GUARANTEED, Standing.COMPLETED}
