"""Mail when several processes send it, and when nobody asks for it."""

import asyncio
import os
import sys

from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    far_day,
    query,
)
from tests.helpers.backend_process import ProcessBackend
from tests.helpers.smtp import Inbox, smtp_server


async def test_processes_never_send_twice(database_url, tmp_path):
    """Two processes on thirty mails; every mail arrives once."""
    inbox = Inbox()
    with_mail = {"KIOSK_DATABASE_URL": database_url, "KIOSK_MAIL_DIR": str(tmp_path)}
    for number in range(30):
        add_student(database_url, f"ST{number}")
    query(
        database_url,
        "SELECT queue_mail('rejected', NULL, id, 'rejected:' || id, 0,"
        ' \'{"code": "EXAM_FULL", "session": "0"}\') FROM contacts',
    )
    command = (sys.executable, "-m", "kiosk_app.app.backend_cli", "jobs", "run", "mail")
    async with smtp_server(inbox) as port:
        environment = {**os.environ, **with_mail, "KIOSK_SMTP_URL": f"smtp://127.0.0.1:{port}"}
        running = [await asyncio.create_subprocess_exec(*command, env=environment) for _ in "ab"]
        assert await asyncio.gather(*(process.wait() for process in running)) == [0, 0]
    assert len(inbox.mails) == 30
    assert len({mail["Message-ID"] for mail in inbox.mails}) == 30


async def test_a_served_booking_is_confirmed_by_itself(database_url, tmp_path, monkeypatch):
    """The whole way: `serve`, a booking over HTTP, the bell, a mail; and a clean end."""
    inbox = Inbox()
    student = add_student(database_url, discussion=1)
    session = add_session(database_url, day=far_day())
    async with smtp_server(inbox) as port:
        monkeypatch.setenv("KIOSK_SMTP_URL", f"smtp://127.0.0.1:{port}")
        backend = ProcessBackend(database_url, tmp_path / "backend.log")
        await asyncio.to_thread(backend.start)

        def book():
            with Api(backend.url, add_device(database_url)) as api:
                return api.create(discussion_body(session, student)).status_code

        assert await asyncio.to_thread(book) == 201
        [mail] = await inbox.holds(1)
        assert await asyncio.to_thread(backend.stop) == 0
    assert mail["Subject"].startswith("Booked")
    assert "ana@example.org" not in (tmp_path / "backend.log").read_text()
