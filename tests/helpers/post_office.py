"""A post office that sends what a test's database holds, when the test says so."""

from datetime import UTC, datetime

from kiosk_app.backend.jobs.mail import MailRoom
from kiosk_app.backend.jobs.reminders import Reminders
from kiosk_app.backend.outside.mail.brand import house_brand
from kiosk_app.backend.outside.mail.compose import Composer
from kiosk_app.backend.outside.mail.mailer import Mailer
from kiosk_app.backend.outside.mail.smtp import SmtpMailer, SmtpServer
from kiosk_app.backend.storage.database import Database
from tests.helpers import mails
from tests.helpers.backend import query
from tests.helpers.smtp import Inbox


class PostOffice:
    """Runs the mail jobs at a moment of the test's choosing, against a real mail server.

    Without a mailer of its own, mail goes to the server at the port.
    """

    def __init__(
        self, db: Database, url: str, inbox: Inbox, port: int, mailer: Mailer | None = None
    ) -> None:
        self.db, self.url, self.inbox, self.port = db, url, inbox, port
        self.mailer = mailer
        self.now: datetime | None = None

    def clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    def room(self, db: Database | None = None) -> MailRoom:
        server = SmtpServer(scheme="smtp", host="127.0.0.1", port=self.port)
        mailer = self.mailer or SmtpMailer(server, mails.SENDER)
        composer = Composer(house_brand(), mails.SENDER)
        return MailRoom(db or self.db, mailer, composer, self.clock, luck=lambda: 0.0, pause=0)

    async def send(self):
        """Send what is due and return the report."""
        return await self.room().run(self.clock())

    async def send_at(self, now: datetime):
        """Make the reminders of a moment, send what is due then, and return what arrived."""
        self.now = now
        before = len(self.inbox.mails)
        await Reminders(self.db).run(now)
        await self.send()
        return self.inbox.mails[before:]

    def rows(self, columns="kind, state"):
        return query(self.url, f"SELECT {columns} FROM mail_outbox ORDER BY seq")
