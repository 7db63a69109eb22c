"""How a backend sends mail: from flags and environment to the jobs of one process.

Flags win over the environment. A password belongs into the environment: every user of a machine can
read a command line.
"""

import os
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from kiosk_app.app.backend_mail_flags import FOLDER_VARIABLE, SENDER_VARIABLE, SMTP_VARIABLE
from kiosk_app.app.backend_place import default_data_dir
from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.jobs.runner import Runner
from kiosk_app.backend.jobs.schedule import all_jobs
from kiosk_app.backend.jobs.webhooks import Webhooks
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.outside.mail.brand import house_brand
from kiosk_app.backend.outside.mail.compose import Composer
from kiosk_app.backend.outside.mail.folder import FolderMailer
from kiosk_app.backend.outside.mail.mailer import Mailer
from kiosk_app.backend.outside.mail.message import BadAddress, Sender, read_sender
from kiosk_app.backend.outside.mail.smtp import (
    BadSmtpUrl,
    SmtpMailer,
    SmtpServer,
    read_smtp_url,
)
from kiosk_app.backend.outside.webhooks import Endpoint
from kiosk_app.backend.storage.database import Database
from kiosk_app.contract.sessions import MockType
from kiosk_app.domain.rules import NO_RULES, BookingRules
from kiosk_app.domain.tokens import SHARED_FALLBACK

CRON_VARIABLE = "KIOSK_CRON_SECRET"
DEFAULT_SENDER = "Campus Kiosk <no-reply@campus-kiosk.invalid>"
_SHORTEST_SECRET = 16


class BadMailSetting(ValueError):  # noqa: N818 - a fault of the settings
    """Mail cannot be sent as it was set; the text says what to change and repeats no password."""


class MailSettings(Struct, frozen=True, kw_only=True):
    """How mail leaves; without a server it is written into the folder."""

    server: SmtpServer | None
    sender: Sender
    folder: Path
    cron_secret: str | None

    def mailer(self) -> Mailer:
        """Return the way out."""
        if self.server:
            return SmtpMailer(self.server, self.sender)
        return FolderMailer(self.folder, self.sender)


def tell_workers(options: Namespace) -> None:
    """Put the flags where this process and its workers read them.

    Raises:
        BadMailSetting: what flags and environment say together does not work.
    """
    if options.smtp_url:
        if _server(options.smtp_url).password:
            raise BadMailSetting(f"put the password into {SMTP_VARIABLE}, not on the command line")
        os.environ[SMTP_VARIABLE] = options.smtp_url
    if options.mail_from:
        os.environ[SENDER_VARIABLE] = options.mail_from
    folder = options.mail_dir or os.environ.get(FOLDER_VARIABLE)
    os.environ[FOLDER_VARIABLE] = str(
        folder or (options.data_dir or default_data_dir()).resolve() / "mail"
    )
    read_mail_settings(os.environ)


def read_mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """Read the settings.

    Raises:
        BadMailSetting: one of them makes no sense.
    """
    url = environment.get(SMTP_VARIABLE, "").strip()
    named = environment.get(SENDER_VARIABLE, "").strip()
    server = _server(url) if url else None
    if server and not named and not server.on_this_machine:
        raise BadMailSetting(f"a mail server needs a sender: --mail-from or {SENDER_VARIABLE}")
    try:
        sender = read_sender(named or DEFAULT_SENDER)
    except BadAddress as fault:
        raise BadMailSetting("the sender is no mail address") from fault
    secret = environment.get(CRON_VARIABLE, "")
    if secret and len(secret) < _SHORTEST_SECRET:
        raise BadMailSetting(f"{CRON_VARIABLE} needs at least {_SHORTEST_SECRET} characters")
    folder = environment.get(FOLDER_VARIABLE)
    return MailSettings(
        server=server,
        sender=sender,
        folder=Path(folder) if folder else default_data_dir() / "mail",
        cron_secret=secret or None,
    )


def runner_for(
    db: Database,
    settings: MailSettings,
    url: str | None,
    crm: Crm | None = None,
    rules: BookingRules = NO_RULES,
    *,
    endpoint: Endpoint | None = None,
    shared: frozenset[MockType] = SHARED_FALLBACK,
) -> Runner:
    """Join the jobs of one process; with a `url` they also wake at the bell."""
    composer = Composer(house_brand(), settings.sender, rules)
    room = MailRoom(db, settings.mailer(), composer, utc_now)
    webhooks = Webhooks(db, endpoint, utc_now)
    return Runner(db, all_jobs(db, room, webhooks, crm, shared), utc_now, url)


def _server(url: str) -> SmtpServer:
    try:
        return read_smtp_url(url)
    except BadSmtpUrl as fault:
        raise BadMailSetting(str(fault)) from fault
