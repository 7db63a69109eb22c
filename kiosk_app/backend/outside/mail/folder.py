"""Mail without a server: each message becomes a file that a mail program opens.

The default, so that a fresh installation and the demo show every mail and bother nobody. The files
hold names and addresses; the folder is readable by its owner alone.
"""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kiosk_app.backend.outside.mail.mailer import MailRefused, MailUnreachable
from kiosk_app.backend.outside.mail.message import BadAddress, Message, Sender, as_email


def _now() -> datetime:
    return datetime.now(UTC)


class FolderMailer:
    """Writes `.eml` files; sending one message twice leaves one file.

    Args:
        folder: made when missing.
        sender: who mails come from.
        now: the clock for their dates.
    """

    def __init__(self, folder: Path, sender: Sender, *, now: Callable[[], datetime] = _now) -> None:
        self._folder = folder
        self._sender = sender
        self._now = now

    @property
    def about(self) -> str:
        """Where mail goes."""
        return f"files in {self._folder} (no mail server is set)"

    async def send(self, message: Message) -> None:
        """Write one file.

        Raises:
            MailRefused: the address is none.
            MailUnreachable: the file cannot be written.
        """
        try:
            content = as_email(message, self._sender, self._now()).as_bytes()
        except BadAddress as fault:
            raise MailRefused(str(fault)) from fault
        try:
            await asyncio.to_thread(self._write, message.key, content)
        except OSError as fault:
            raise MailUnreachable(f"cannot write: {fault.strerror}") from fault

    async def check(self) -> None:
        """See whether files can be written; none is, and no folder is made.

        Raises:
            MailUnreachable: they cannot.
        """
        there = next(at for at in (self._folder, *self._folder.parents) if at.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            raise MailUnreachable("cannot write there")

    def _write(self, key: str, content: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft, done = self._folder / f".{key}.part", self._folder / f"{key}.eml"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        draft.replace(done)
