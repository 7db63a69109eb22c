"""How many seats devices get to promise offline, as an operator sets it."""

from collections.abc import Mapping

from kiosk_app.domain.lease_policy import LeasePolicy

MOST_VARIABLE = "KIOSK_LEASE_MOST"
SHARE_VARIABLE = "KIOSK_LEASE_SHARE"
CEILING_VARIABLE = "KIOSK_LEASE_CEILING"
HOURS_VARIABLE = "KIOSK_LEASE_HOURS"
_HOUR_S = 3600


class BadLeaseSetting(ValueError):  # noqa: N818 - a fault of the settings
    """Nothing can be leased as it was set; the text says what to change."""


def read_lease_policy(environment: Mapping[str, str]) -> LeasePolicy:
    """Read the settings; `KIOSK_LEASE_MOST=0` leases nothing.

    Raises:
        BadLeaseSetting: one of them makes no sense.
    """
    usual = LeasePolicy()
    hours = _number(environment, HOURS_VARIABLE, usual.ttl_s / _HOUR_S, 168)
    return LeasePolicy(
        most_per_device=int(_number(environment, MOST_VARIABLE, usual.most_per_device, 50)),
        share_of_pool=_number(environment, SHARE_VARIABLE, usual.share_of_pool, 1),
        share_of_capacity=_number(environment, CEILING_VARIABLE, usual.share_of_capacity, 1),
        ttl_s=round(hours * _HOUR_S),
    )


def _number(environment: Mapping[str, str], name: str, usual: float, most: float) -> float:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= most:
        raise BadLeaseSetting(f"{name} is a number from 0 to {most:g}")
    return value
