"""How a backend sends mail: from flags and environment to the jobs of one process.

Flags win over the environment. A password belongs into the environment: every user of a machine can
read a command line.
"""

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from kiosk_app.app.backend_mail_flags import (
    CRM_MAIL_VARIABLE,
    FOLDER_VARIABLE,
    SENDER_VARIABLE,
    SMTP_VARIABLE,
)
from kiosk_app.app.backend_place import default_data_dir
from kiosk_app.backend.core.parts import utc_now
from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.jobs.runner import Runner
from kiosk_app.backend.jobs.schedule import all_jobs
from kiosk_app.backend.jobs.webhooks import Webhooks
from kiosk_app.backend.outside.crm.words import Crm
from kiosk_app.backend.outside.mail.brand import house_brand
from kiosk_app.backend.outside.mail.compose import Composer
from kiosk_app.backend.outside.mail.crm_service import read_submission_url
from kiosk_app.backend.outside.mail.folder import FolderMailer
from kiosk_app.backend.outside.mail.in_turn import InTurn
from kiosk_app.backend.outside.mail.mailer import Mailer, Way
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
    """How mail leaves; without a server it is written into the folder.

    `servers` are asked in turn, each under the name of its setting; there are two at most.
    """

    servers: dict[str, SmtpServer]
    sender: Sender
    folder: Path
    cron_secret: str | None

    def ways(self) -> list[Way]:
        """Return every way out, the first one first."""
        found: list[Way] = [SmtpMailer(server, self.sender) for server in self.servers.values()]
        return found or [FolderMailer(self.folder, self.sender)]

    def mailer(self) -> Mailer:
        """Return the way out, or two of them in turn."""
        ways = self.ways()
        return InTurn(*ways) if len(ways) > 1 else ways[0]


def with_mail_flags(options: Namespace, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment as the mail flags of a command change it.

    Raises:
        BadMailSetting: a flag holds a password, or no mail server.
    """
    told = dict(environment)
    if options.smtp_url:
        if _server(options.smtp_url).password:
            raise BadMailSetting(f"put the password into {SMTP_VARIABLE}, not on the command line")
        told[SMTP_VARIABLE] = options.smtp_url
    if options.mail_from:
        told[SENDER_VARIABLE] = options.mail_from
    folder = options.mail_dir or told.get(FOLDER_VARIABLE)
    told[FOLDER_VARIABLE] = str(
        folder or (options.data_dir or default_data_dir()).resolve() / "mail"
    )
    return told


def tell_workers(options: Namespace) -> None:
    """Put the flags where this process and its workers read them.

    Raises:
        BadMailSetting: what flags and environment say together does not work.
    """
    os.environ.update(with_mail_flags(options, os.environ))
    read_mail_settings(os.environ)


def read_mail_settings(environment: Mapping[str, str]) -> MailSettings:
    """Read the settings.

    Raises:
        BadMailSetting: one of them makes no sense.
    """
    servers = {
        name: _server(url, read)
        for name, read in ((SMTP_VARIABLE, read_smtp_url), (CRM_MAIL_VARIABLE, read_submission_url))
        if (url := environment.get(name, "").strip())
    }
    named = environment.get(SENDER_VARIABLE, "").strip()
    if not named and not all(server.on_this_machine for server in servers.values()):
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
        servers=servers,
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


def _server(url: str, read: Callable[[str], SmtpServer] = read_smtp_url) -> SmtpServer:
    try:
        return read(url)
    except BadSmtpUrl as fault:
        raise BadMailSetting(str(fault)) from fault
