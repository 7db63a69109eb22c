"""How mails look (CP15): one struct, so that another brand is another value and no other code."""

from functools import cache
from importlib.resources import files

from msgspec import Struct


class Brand(Struct, frozen=True, kw_only=True):
    """Name, colours, fonts and picture of every mail.

    `accent` never carries text: white on it has a contrast of 2.8, too little to read.
    """

    name: str = "Campus Kiosk"
    accent: str = "#FF6B35"
    ink: str = "#004E89"
    fonts: str = "Montserrat, Inter, 'Segoe UI', Helvetica, Arial, sans-serif"
    logo: bytes = b""


@cache
def house_brand() -> Brand:
    """Return the brand that comes with the product."""
    logo = files("kiosk_app.backend.outside.mail") / "logo.png"
    return Brand(logo=logo.read_bytes())
