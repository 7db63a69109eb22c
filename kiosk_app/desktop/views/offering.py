"""What a session offers whoever stands there, by what this device knows at this moment."""

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.models.offers import Offer, offer_of
from kiosk_app.desktop.opinion import Opinion
from kiosk_app.desktop.visit import Visit
from kiosk_app.domain.listing import SessionRow


def refusal_of(visit: Visit, row: SessionRow) -> Code | None:
    """Return why the rules say no; nobody's tokens are unknown, not used up."""
    return _known(visit, visit.opinion(row))


def offer_now(visit: Visit, row: SessionRow) -> Offer:
    """Return what the button of a session offers now."""
    opinion = visit.opinion(row)
    return offer_of(row, _known(visit, opinion), opinion.promise, _wait(visit, row))


def _known(visit: Visit, opinion: Opinion) -> Code | None:
    unknown = visit.student is None and opinion.refusal is Code.INSUFFICIENT_TOKENS
    return None if unknown else opinion.refusal


def _wait(visit: Visit, row: SessionRow) -> Offer | None:
    """Return what the waitlist of a session offers, while it can be asked."""
    if visit.seat_offered(row.session_id):
        return Offer.CLAIM
    if visit.online and visit.wait_for(row.session_id):
        return Offer.IN_LINE
    return Offer.WAIT if visit.may_wait(row, full=row.left <= 0) else None
