"""Where events of bookings go, as an operator sets it: from the environment, never from a flag."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from kiosk_app.backend.outside.webhooks import Endpoint

URL_VARIABLE = "KIOSK_WEBHOOK_URL"
SECRET_VARIABLE = "KIOSK_WEBHOOK_SECRET"  # noqa: S105 - the name of one
_SHORTEST_SECRET = 32
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class BadWebhookSetting(ValueError):  # noqa: N818 - a fault of the settings
    """Events cannot be sent as it was set; the text says what to change and repeats no secret."""


def read_webhook_endpoint(environment: Mapping[str, str]) -> Endpoint | None:
    """Read the settings; without an address no events are written.

    Raises:
        BadWebhookSetting: one of them makes no sense.
    """
    url = environment.get(URL_VARIABLE, "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    here = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or here):
        raise BadWebhookSetting(f"{URL_VARIABLE} must begin with https://")
    secret = environment.get(SECRET_VARIABLE, "").strip()
    if len(secret) < _SHORTEST_SECRET:
        raise BadWebhookSetting(f"{SECRET_VARIABLE} needs at least {_SHORTEST_SECRET} characters")
    return Endpoint(url=url, secret=secret.encode())
