"""A staff user at the real window of a desk: signs in, settles an item, signs out; nothing stays."""

from email import message_from_bytes
from email.policy import default

import pytest
from PySide6.QtCore import Qt

from kiosk_app.app.enrolment import enrol
from tests.helpers.attending import STAFF, add_staff, broken_promise
from tests.helpers.backend import PASSWORD, enrol_code, query

STUDENT, EMAIL = "RB3003", "rob.three@example.org"
NOTE = "no answer by phone"


@pytest.fixture
def item(backend):
    """A guaranteed seat that was called off; its student does not know yet."""
    add_staff(backend.database)
    ref, other = broken_promise(backend.database, student=STUDENT, email=EMAIL)
    yield ref
    query(backend.database, "UPDATE mock_sessions SET is_active = false WHERE id = %s", other)


@pytest.fixture
def desk(open_booth, backend, item, tmp_path):
    folder = tmp_path / "desk"
    code = enrol_code(backend.database, "Front desk", "desk")
    enrol(folder, backend.url, code, allow_file_secrets=True)
    return open_booth(folder, "desk").arrive()


def at_needs_attention(desk):
    desk.person.tap(desk.window.staff.bar.attention)
    desk.person.wait(lambda: desk.window.frame.page == "attention", "the page of staff")
    return desk.window.staff.page


def sign_in(desk, page, password):
    for field, text in ((page.form.email, STAFF), (page.form.password, password)):
        desk.person.tap(field.edit)
        desk.person.clear(field.edit)
        desk.person.type_into(field.edit, text)
    desk.person.press(Qt.Key.Key_Return)


def mails_to(backend, address):
    """Return the mails to somebody that the backend has put into its folder."""
    files = backend.mails.glob("*.eml")
    found = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    return [mail for mail in found if address in str(mail["To"])]


def test_an_item_is_settled_its_student_written_to_and_nothing_of_it_stays(
    desk, backend, item, capfd
):
    page = at_needs_attention(desk)
    sign_in(desk, page, "not the password")
    desk.person.wait(lambda: bool(page.form.email.error), "a sentence about the sign-in")
    sign_in(desk, page, PASSWORD)
    desk.person.wait(lambda: item in page.server.cards, "the item of the server")
    assert desk.holding(PASSWORD) == {}
    desk.person.tap(page.server.cards[item])
    panel = page.panel
    desk.person.tap(panel.ways.cards["write_student:"])
    desk.person.wait(panel.mail.isVisible, "the mail that will go")
    shown = panel._mail_text.text()
    desk.person.tap(panel.note.edit)
    desk.person.type_into(panel.note.edit, NOTE)
    desk.person.tap(panel.confirm)
    desk.person.wait(lambda: item not in page.server.cards, "the item gone")
    desk.person.wait(lambda: bool(mails_to(backend, EMAIL)), "the mail in the sink")
    (mail,) = mails_to(backend, EMAIL)
    body = mail.get_body(("plain",)).get_content()
    assert shown.splitlines()[0] in body, "what was shown is what went"
    logged = (
        "SELECT u.email FROM audit_log a JOIN users u ON u.id::text = a.actor_id::text"
        " WHERE a.reason = %s"
    )
    assert set(query(backend.database, logged, NOTE)) == {(STAFF,)}
    desk.person.tap(page.sign_out)
    desk.person.wait(page.form.isVisible, "nobody signed in")
    assert desk.holding(STAFF, "Sam Desk", STUDENT, NOTE, PASSWORD) == {}
    live = "SELECT count(*) FROM staff_sessions WHERE revoked_at IS NULL"
    desk.person.wait(lambda: query(backend.database, live) == [(0,)], "the end of the sign-in")
    assert desk.close()
    said = "".join(capfd.readouterr())
    assert not any(word in said for word in (PASSWORD, STAFF, STUDENT, EMAIL))
    for file in desk.profile.rglob("*"):
        if file.is_file():
            kept = file.read_bytes()
            assert not any(word.encode() in kept for word in (PASSWORD, STAFF, STUDENT)), file
