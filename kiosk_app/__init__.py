"""Campus Kiosk: a booking client that keeps working offline, and the backend it talks to."""

__version__ = "0.1.0"
