"""What a session offers whoever stands there, by what this device knows at this moment."""

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.models.offers import Offer, offer_of
from kiosk_app.desktop.visit import Visit
from kiosk_app.domain.listing import SessionRow


def refusal_of(visit: Visit, row: SessionRow) -> Code | None:
    """Return why the rules say no; nobody's tokens are unknown, not used up."""
    refusal = visit.opinion(row).refusal
    unknown = visit.student is None and refusal is Code.INSUFFICIENT_TOKENS
    return None if unknown else refusal


def offer_now(visit: Visit, row: SessionRow) -> Offer:
    """Return what the button of a session offers now."""
    return offer_of(row, refusal_of(visit, row), visit.opinion(row).promise, _wait(visit, row))


def _wait(visit: Visit, row: SessionRow) -> Offer | None:
    """Return what the waitlist of a session offers, while it can be asked."""
    if visit.seat_offered(row.session_id):
        return Offer.CLAIM
    if visit.online and visit.wait_for(row.session_id):
        return Offer.IN_LINE
    return Offer.WAIT if visit.may_wait(row, full=row.left <= 0) else None
