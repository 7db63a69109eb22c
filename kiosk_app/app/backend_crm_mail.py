"""`kiosk-backend crm mail-token`: a setting for the CRM's mail service, ready to be used (A73).

A password that is told once goes into a file for its owner alone, and nowhere else.
"""

import asyncio
import os
from pathlib import Path

from kiosk_app.app.backend_crm import BadCrmSetting, read_crm_settings
from kiosk_app.app.backend_mail_flags import CRM_MAIL_VARIABLE
from kiosk_app.backend.outside.crm.hubspot_mail import SmtpToken, obtain_token
from kiosk_app.backend.outside.mail.crm_service import HOST, HOST_EU, submission_url


def write_mail_token(file: Path, reset: str | None, *, eu: bool) -> str:
    """Have the CRM make a token, or a new password for one, and write the setting; return the id.

    The file is made before the CRM is asked: where it cannot be, no password ends and no token is
    made in vain.

    Args:
        file: where the setting goes; must not be there yet.
        reset: id of the token that gets a new password.
        eu: the account is one of those that the CRM hosts in the EU.

    Raises:
        BadCrmSetting: no CRM is set up.
        CrmError: the CRM gave none; the text says why.
        OSError: the file is there already, or cannot be written.
    """
    hubspot = read_crm_settings(os.environ).hubspot
    if hubspot is None:
        raise BadCrmSetting("no CRM is set up; see docs/crm.md")
    door = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(door, "w", encoding="ascii") as out:
            token = asyncio.run(obtain_token(hubspot, reset))
            out.write(_setting(token, HOST_EU if eu else HOST))
    except BaseException:
        file.unlink()
        raise
    return token.id


def _setting(token: SmtpToken, host: str) -> str:
    """Return the lines of a file of environment variables."""
    return (
        f"# SMTP token of the CRM, made {token.made_on or 'at a time it did not tell'};"
        " the CRM deletes it after twelve months.\n"
        f"{CRM_MAIL_VARIABLE}={submission_url(host, token.id, token.password)}\n"
    )
