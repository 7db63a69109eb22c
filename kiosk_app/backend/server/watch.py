"""`/metrics`, for this machine or for who holds the token of the settings (K31)."""

import hmac
import logging
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from litestar.response import Response

from kiosk_app.backend.core.refusal import Refusal
from kiosk_app.backend.server.documents import refusals
from kiosk_app.backend.server.parts import Parts
from kiosk_app.backend.storage.backlog import backlog, queues
from kiosk_app.backend.storage.database import StorageError
from kiosk_app.backend.storage.tallies import read_tallies
from kiosk_app.contract import routes
from kiosk_app.contract.problems import Code

logger = logging.getLogger(__name__)

_MEDIA_TYPE = "text/plain"
_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""Headers of a proxy: behind one everybody seems to sit at this machine."""


@get(
    routes.METRICS,
    media_type=_MEDIA_TYPE,
    responses=refusals([Code.UNAUTHORIZED, Code.INTERNAL_ERROR]),
)
async def metrics(
    request: Request[Any, Any, Any], parts: NamedDependency[SkipValidation[Parts]]
) -> Response[str]:
    """Counts and times of this installation, as Prometheus reads them."""
    if not (_is_here(request) or _holds(request, parts.metrics_token)):
        raise Refusal(Code.UNAUTHORIZED)
    waiting, lines, tallies = None, None, None
    try:
        life = timedelta(seconds=parts.core.lease_policy.ttl_s)
        waiting = await backlog(parts.core.db, parts.core.clock(), life)
        lines = await queues(parts.core.db, parts.core.clock(), parts.rhythms)
        tallies = await read_tallies(parts.core.db)
    except StorageError as fault:
        logger.warning("the backlog cannot be read", extra={"fault": type(fault).__name__})
    text = parts.metrics.tell(waiting, lines, parts.core.crm.quota, tallies).decode()
    return Response(text, media_type=_MEDIA_TYPE, headers={"Content-Type": _CONTENT_TYPE})


def _is_here(request: Request[Any, Any, Any]) -> bool:
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback


def _holds(request: Request[Any, Any, Any], token: str | None) -> bool:
    """Compare without telling by time how much of the token was right."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(), token.encode())


HANDLERS = (metrics,)
