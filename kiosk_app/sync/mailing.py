"""Having the confirmation of a booking mailed once more, while the server can be asked (A73).

Never queued: the first confirmation goes by itself when a booking is made, whoever made it and when.
"""

from typing import Literal

from kiosk_app.contract.problems import Code
from kiosk_app.gateway.outcomes import Accepted
from kiosk_app.sync.events import MAIL_OFFLINE, MAIL_UNANSWERED, PassMailed
from kiosk_app.sync.intents import MailPass
from kiosk_app.sync.moving import failed
from kiosk_app.sync.station import Station

FEATURE = "mail"


async def mail_pass(station: Station, asked: MailPass) -> PassMailed:
    """Ask for the mail, and return and publish what the server said."""
    settled = await _mail(station, asked)
    station.publish(settled)
    return settled


async def _mail(station: Station, asked: MailPass) -> PassMailed:
    visiting = station.visiting
    if visiting is None:
        return _no(asked, Code.UNAUTHORIZED)
    if not station.link.worth_asking or visiting.token is None:
        return _no(asked, MAIL_OFFLINE)
    if not station.offers(FEATURE):
        return _no(asked, Code.METHOD_NOT_ALLOWED)
    call = station.gateway.mail_booking(asked.ref, asked.key, visit=visiting.token)
    outcome = await station.ask(call)
    if isinstance(outcome, Accepted):
        mailed = outcome.value
        return PassMailed(ref=asked.ref, state=mailed.state, address=mailed.address)
    code = failed(station, outcome, offline=MAIL_OFFLINE, unanswered=MAIL_UNANSWERED)
    state: Literal["unknown", "refused"] = "unknown" if code == MAIL_UNANSWERED else "refused"
    return PassMailed(ref=asked.ref, state=state, code=code)


def _no(asked: MailPass, code: str) -> PassMailed:
    return PassMailed(ref=asked.ref, state="refused", code=code)
