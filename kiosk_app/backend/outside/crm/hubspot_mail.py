"""Tokens for HubSpot's mail service (A73); what signs in with one is in `outside/mail`.

`POST /marketing/v3/transactional/smtp-tokens` makes one, with a campaign's name and whether people
who are written to become contacts; `POST …/smtp-tokens/{id}/password-reset` gives one a new password.
Only these two answers hold a password. Both need the scope `transactional-email`, which an account
has with the add-on of that name.
"""

from http import HTTPStatus
from urllib.parse import quote

from msgspec import Struct, field

from kiosk_app.backend.outside.crm.hubspot import HubSpotSettings
from kiosk_app.backend.outside.crm.hubspot_wire import Denied, Door, NoneFound
from kiosk_app.backend.outside.crm.words import Later, Refused

_PATH = "/marketing/v3/transactional/smtp-tokens"
_CAMPAIGN = "Campus Kiosk"
"""Under which name the account shows the mails and the token."""
_SENTENCES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the CRM does not know the token that is set for it",
    HTTPStatus.FORBIDDEN: "the CRM's token may not do this: it needs the scope transactional-email,"
    " and the account the transactional e-mail add-on",
    HTTPStatus.NOT_FOUND: "the CRM has no SMTP token of this id",
}


class SmtpToken(Struct, frozen=True):
    """What signs in at the mail service."""

    id: str
    password: str = ""
    created_at: str = field(default="", name="createdAt")

    def __repr__(self) -> str:
        """Return a text without the password."""
        return f"SmtpToken({self.id})"

    @property
    def made_on(self) -> str:
        """The day it was made, like 2027-03-04; empty when the CRM did not tell."""
        return self.created_at.partition("T")[0]


async def obtain_token(settings: HubSpotSettings, reset: str | None = None) -> SmtpToken:
    """Have a token made, or one's password replaced; the answer holds the password.

    The CRM makes no contacts of people who are written to: that is the sync's work.

    Args:
        settings: the CRM.
        reset: id of the token whose password is replaced.

    Raises:
        Later: quota, outage or no answer.
        Refused: the CRM's token is unknown or lacks a right, or there is no such SMTP token.
    """
    door = Door(settings.base, settings.token, settings.timeout)
    path = f"{_PATH}/{quote(reset, safe='')}/password-reset" if reset else _PATH
    wish = {} if reset else {"campaignName": _CAMPAIGN, "createContact": False}
    try:
        token = await door.post(path, wish, SmtpToken)
    except Refused as fault:
        raise Refused(f"{_reason(fault)} ({fault})") from None
    except Later as fault:
        why = f"the CRM gave no token now ({fault}); ask again in {fault.after:g} s"
        raise Later(why, fault.after) from None
    finally:
        await door.close()
    if not token.password:
        raise Refused("the CRM told no password")
    return token


def _reason(fault: Refused) -> str:
    if isinstance(fault, NoneFound):
        return _SENTENCES[HTTPStatus.NOT_FOUND]
    known = _SENTENCES.get(fault.status) if isinstance(fault, Denied) else None
    return known or "the CRM refused"
