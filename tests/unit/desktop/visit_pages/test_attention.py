"""*Needs attention* and the line of what waits, with the hands of staff; the engine's part by hand."""

import subprocess
import sys
from datetime import timedelta

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from kiosk_app.desktop.widgets.drop_list import DropList
from kiosk_app.desktop.widgets.toast import Toast
from kiosk_app.desktop.window import ATTRACT, BOOK
from kiosk_app.domain.attention import OwnKind
from kiosk_app.i18n import texts
from kiosk_app.sync import intents
from kiosk_app.sync.events import (
    AttentionListed,
    Fault,
    FaultCleared,
    FaultRaised,
    ItemSettled,
    ItemSnoozed,
    ItemWoken,
    LettersRead,
    LinkState,
    VisitEnded,
)
from tests.helpers import november
from tests.helpers.attending import LETTER, own_item, promised, snoozed, stranded
from tests.helpers.staffed import click
from tests.helpers.staging import settle


class TestThePage:
    def test_staff_come_by_the_line_and_see_why_and_what_comes_of_each_way(self, desk):
        click(desk.bar.attention)
        assert desk.window.frame.page == "attention"
        assert desk.asked(intents.LookAtAttention)
        first, second = own_item(OwnKind.PROMISE_REFUSED), own_item(OwnKind.QUARANTINED, "r-2")
        desk.told(AttentionListed(own=(first, second)))
        page = desk.page
        assert page.count.text() == "2 open, the oldest 34\xa0min ago"
        assert page.panel.title.text() == "A guaranteed seat was refused"
        assert "filled" in page.panel.happened.text()
        assert page.panel.ways.value() == "write:", "the best way is chosen already"
        click(page.own.cards["r-2"])
        assert page.panel.title.text() == "A request cannot be sent"
        assert list(page.panel.ways.cards) == ["retry:", "discard:"]
        assert "kiosk outbox export" in page.panel.hints.text()
        click(page.panel.ways.cards["discard:"])
        assert page.panel.confirm.text() == "Give the request up"
        click(page.panel.confirm)
        assert desk.asked(intents.Settle) == [intents.Settle(ref="r-2", way="discard")]
        assert page.panel.confirm.busy
        click(page.panel.confirm)
        assert len(desk.asked(intents.Settle)) == 1

    def test_the_end_is_said_either_way(self, desk):
        desk.come().told(AttentionListed(own=(own_item(),)))
        click(desk.page.panel.confirm)
        desk.told(ItemSettled(ref="r-1", code="ATTENTION_OFFLINE"))
        assert desk.page.panel.problem.isVisible()
        assert "did not answer" in desk.page.panel.problem.text()
        assert not desk.page.panel.confirm.busy
        click(desk.page.panel.confirm)
        desk.told(ItemSettled(ref="r-1"))
        desk.told(AttentionListed())
        assert desk.page.empty.isVisible()
        assert not desk.page.panel.isVisible()
        assert desk.page._toast.text() == "The item is settled."

    def test_staff_sign_in_and_the_password_stays_nowhere(self, desk):
        desk.come()
        form = desk.page.form
        form.email.set_text(" sam@staff.example ")
        form.password.set_text("correct horse battery")
        QTest.keyClick(form.password.edit, Qt.Key.Key_Return)
        (asked,) = desk.asked(intents.StaffSignIn)
        assert (asked.email, asked.password) == ("sam@staff.example", "correct horse battery")
        assert "horse" not in repr(asked)
        assert form.password.text() == ""
        desk.told(AttentionListed(code="SIGN_IN_REFUSED"))
        assert "could not be signed in" in form.email.error
        desk.told(AttentionListed(server=(), as_of=desk.campus.now, user="Sam Desk"))
        assert not form.isVisible()
        assert desk.page.server_says.text().startswith("Signed in: Sam Desk")
        click(desk.page.back)
        assert desk.asked(intents.StaffSignOut), "the sign-in ends with the page"
        assert desk.window.frame.page == BOOK
        assert form.email.text() == ""

    def test_the_mail_is_read_before_it_goes_and_a_reason_is_wanted(self, desk):
        item = promised()
        desk.come().told(AttentionListed(server=(item,), as_of=desk.campus.now, user="Sam"))
        panel = desk.page.panel
        assert panel.confirm.text().startswith("Book Thu,\xa0Nov\xa026")
        assert not panel.mail.isVisible()
        click(panel.ways.cards["write_student:"])
        assert desk.asked(intents.ReadLetters) == [intents.ReadLetters(item.ref, "write_student")]
        desk.told(LettersRead(ref=item.ref, way="write_student", letters=(LETTER,)))
        assert panel.mail.isVisible()
        assert "no longer takes bookings" in panel._mail_text.text()
        click(panel.confirm)
        assert panel.note.error
        assert desk.asked(intents.Settle) == []
        panel.note.set_text("no answer by phone")
        click(panel.confirm)
        (asked,) = desk.asked(intents.Settle)
        assert (asked.way, asked.note) == ("write_student", "no answer by phone")

    def test_words_of_ones_own_are_read_in_the_mail_before_they_go(self, desk):
        item = promised()
        desk.come().told(AttentionListed(server=(item,), as_of=desk.campus.now, user="Sam"))
        panel = desk.page.panel
        click(panel.ways.cards["write_student:"])
        desk.told(LettersRead(ref=item.ref, way="write_student", letters=(LETTER,)))
        click(panel.ways.cards["call_student:"])
        assert not panel.words.isVisible(), "no mail goes"
        click(panel.ways.cards["write_student:"])
        assert panel.words.isVisible()
        QTest.keyClicks(panel.words.edit, "Call <b>us</b>")
        assert "The front desk adds: Call <b>us</b>" in panel._mail_text.text()
        panel.note.set_text("no answer by phone")
        click(panel.confirm)
        assert desk.asked(intents.Settle)[0].words == "Call <b>us</b>"
        desk.told(ItemSettled(ref=item.ref))
        assert panel.words.text() == ""

    def test_it_is_put_off_until_a_time_and_with_a_reason_and_undone(self, desk):
        item = promised()
        desk.come().told(AttentionListed(server=(item,), as_of=desk.campus.now, user="Sam"))
        page = desk.page
        click(page.panel.snooze)
        dialog = page.dialog
        assert list(dialog.times.cards) == ["hour", "opening", "chosen"]
        assert not dialog._pickers.isVisible()
        click(dialog.go_button)
        assert dialog.reason.error, "a reason is wanted"
        dialog.reason.set_text("the student calls back")
        click(dialog.go_button)
        (asked,) = desk.asked(intents.Snooze)
        until = desk.campus.now + timedelta(hours=1)
        assert asked == intents.Snooze(ref=item.ref, until=until, reason="the student calls back")
        desk.told(ItemSnoozed(ref=item.ref, until=until))
        desk.told(AttentionListed(server=(), snoozed=(snoozed(item),), user="Sam"))
        assert page.count.text() == "0 open"
        assert page.empty.isVisible()
        assert page._toast.text().startswith("Snoozed until ")
        click(page._toast._button)
        assert desk.asked(intents.Wake) == [intents.Wake(item.ref)]
        desk.told(ItemWoken(ref=item.ref))
        desk.told(AttentionListed(server=(item,), user="Sam"))
        assert page._toast.text() == "The item is on the list again."
        assert page.panel.item == item

    def test_a_time_of_ones_own_ends_before_the_session(self, desk):
        item = promised(starts_at=desk.campus.now + timedelta(minutes=50))
        desk.come().told(AttentionListed(server=(item,), as_of=desk.campus.now, user="Sam"))
        click(desk.page.panel.snooze)
        dialog = desk.page.dialog
        assert list(dialog.times.cards) == ["chosen"], "in an hour it has begun"
        assert dialog._pickers.isVisible()
        dialog.reason.set_text("the student calls back")
        assert desk.campus.now < dialog.until() <= desk.campus.now + timedelta(minutes=31)
        later = dialog._days[1].isoformat()
        click(dialog.day)
        click(dialog.window().findChild(DropList).buttons[later])
        click(dialog.go_button)
        assert "begins before that time" in dialog.problem.text()
        assert desk.asked(intents.Snooze) == []
        click(dialog.cancel_button)
        assert desk.page.panel.item == item

    def test_what_is_snoozed_says_until_when_and_by_whom_and_is_woken(self, desk):
        here, asleep = own_item(), snoozed(promised())
        desk.come().told(AttentionListed(own=(here,), server=(), snoozed=(asleep,), user="Sam"))
        page = desk.page
        assert page.count.text().startswith("1 open")
        assert page.panel.item == here
        click(page.snoozed.cards[asleep.ref])
        assert "by Sam Desk: the student calls back" in page.panel.asleep.text()
        assert page.own.value() is None
        click(page.panel.snooze)
        assert desk.asked(intents.Wake) == [intents.Wake(asleep.ref)]
        desk.told(ItemWoken(ref=asleep.ref, code="ATTENTION_OFFLINE"))
        assert "Still snoozed." in page.panel.problem.text()
        assert "did not answer" in page.panel.problem.text()

    def test_whoever_comes_next_cannot_undo(self, kiosk, qtbot):
        item = own_item()
        kiosk.come().told(AttentionListed(own=(item,)))
        kiosk.told(ItemSnoozed(ref=item.ref, until=kiosk.campus.now + timedelta(hours=1)))
        assert kiosk.page._toast.isVisible()
        kiosk.told(AttentionListed(own=(own_item(ref="r-2"),)))
        click(kiosk.page.panel.snooze)
        left = kiosk.page.dialog
        with qtbot.waitSignal(left.dismissed):
            kiosk.window.staff.leave()
        assert not kiosk.page._toast.isVisible()
        assert kiosk.page.dialog is None

    def test_what_cannot_be_put_off_says_why(self, kiosk):
        item = own_item()
        kiosk.come().told(AttentionListed(own=(item,)))
        kiosk.told(ItemSnoozed(ref=item.ref, code="SNOOZE_PAST_START"))
        assert "Not snoozed." in kiosk.page.panel.problem.text()

    def test_another_session_is_named_in_what_is_asked(self, desk):
        desk.come().told(AttentionListed(server=(promised(),), as_of=desk.campus.now, user="Sam"))
        panel = desk.page.panel
        click(panel.ways.cards["book_other:s-4"])
        panel.note.set_text("agreed by phone")
        click(panel.confirm)
        (asked,) = desk.asked(intents.Settle)
        assert (asked.way, asked.session_id) == ("book_other", "s-4")

    def test_seats_that_were_used_are_ticked(self, desk):
        item = stranded()
        desk.come().told(AttentionListed(server=(item,), as_of=desk.campus.now, user="Sam"))
        panel = desk.page.panel
        assert "kiosk outbox import" in panel.hints.text()
        click(panel.seats[2])
        panel.note.set_text("printed journal read")
        click(panel.confirm)
        assert desk.asked(intents.Settle)[0].used == (2,)

    def test_a_silent_server_leaves_what_it_said_with_its_age(self, desk):
        item, then = promised(), desk.campus.now
        desk.come()
        desk.campus.now += timedelta(minutes=7)
        desk.told(AttentionListed(server=(item,), as_of=then, user="Sam", code="ATTENTION_OFFLINE"))
        assert "Last heard 7\xa0min ago." in desk.page.server_says.text()
        assert item.ref in desk.page.server.cards

    def test_what_is_looked_at_stays_when_the_list_changes(self, desk):
        two = (own_item(), own_item(OwnKind.UNANSWERED, "r-2"))
        desk.come().told(AttentionListed(own=two))
        QTest.keyClick(desk.page.again, "j")
        settle()
        assert desk.page.panel.item.ref == "r-2"
        click(desk.page.panel.ways.cards["discard:"])
        desk.told(AttentionListed(own=(*two, own_item(ref="r-3"))))
        assert desk.page.panel.item.ref == "r-2"
        assert desk.page.panel.ways.value() == "discard:"
        QTest.keyClick(desk.page.again, "k")
        settle()
        assert desk.page.panel.item.ref == "r-1"

    def test_a_kiosk_takes_no_passwords(self, kiosk):
        kiosk.come().told(AttentionListed(own=(own_item(),)))
        assert not kiosk.page.form.isVisible()
        assert "A kiosk signs no staff in" in kiosk.page.server_says.text()

    def test_a_students_visit_ends_before_staff_see_anything(self, kiosk):
        kiosk.campus.sign_in()
        kiosk.come()
        assert kiosk.asked(intents.SignOut)
        kiosk.told(VisitEnded())
        assert kiosk.window.frame.page == "attention"
        click(kiosk.page.back)
        assert kiosk.window.frame.page == ATTRACT


class TestTheLine:
    def test_what_waits_is_in_sight_and_its_age_lives(self, kiosk, qtbot):
        assert not kiosk.bar.isVisible()
        kiosk.waits(2, state=LinkState.ONLINE)
        assert kiosk.bar.isVisible()
        assert kiosk.bar.text() == (
            "2 requests of this device wait to be sent, the oldest saved 12\xa0min ago."
        )
        assert not kiosk.bar.attention.isVisible(), "at a kiosk the way is the PIN"
        kiosk.bar._tick.setInterval(1)
        kiosk.campus.now += timedelta(minutes=1)
        qtbot.waitUntil(lambda: "13\xa0min ago" in kiosk.bar.text())
        kiosk.waits(0)
        assert not kiosk.bar.isVisible()

    def test_without_a_line_the_banner_says_it_and_a_fault_leaves_it_to_the_line(self, kiosk):
        kiosk.waits(2)
        banner = kiosk.window.frame.banner
        assert "2 requests wait here, the oldest saved 12\xa0min ago." in banner.text
        assert not kiosk.bar.isVisible()
        kiosk.told(FaultRaised(fault=Fault.CLOCK_OFF))
        assert "wait here" not in banner.text
        assert "2 requests of this device wait" in kiosk.bar.text()
        assert kiosk.bar.isVisible()

    def test_what_is_just_being_sent_is_no_news_and_soon_is(self, kiosk, qtbot):
        kiosk.waits(1, minutes=0, state=LinkState.ONLINE)
        assert not kiosk.bar.isVisible()
        kiosk.bar._tick.setInterval(1)
        kiosk.campus.now += timedelta(seconds=16)
        qtbot.waitUntil(kiosk.bar.isVisible)

    def test_a_queue_that_is_stuck_is_a_warning_with_its_reason(self, kiosk):
        kiosk.waits(1, minutes=40, state=LinkState.ONLINE)
        assert kiosk.bar.property("banner") == ""
        kiosk.told(FaultRaised(fault=Fault.QUEUE_STUCK))
        assert kiosk.bar.property("banner") == "warn"
        assert "do not get through" in kiosk.bar.text()
        kiosk.told(FaultCleared(Fault.QUEUE_STUCK))
        assert kiosk.bar.property("banner") == ""

    def test_at_a_desk_it_is_always_there(self, desk):
        assert desk.bar.text() == "Nothing waits to be sent."
        assert desk.bar.attention.isVisible()

    def test_whoever_leaves_reads_what_of_theirs_waits_and_it_covers_nothing(self, kiosk, qtbot):
        leave_a_request(kiosk)
        assert "1 request of yours waits on this kiosk and will be sent." in kiosk.bar.text()
        assert kiosk.bar.isVisible() and kiosk.bar.property("banner") == "ok"
        page = kiosk.window.attract
        assert not placed(kiosk.bar).intersects(placed(page))
        assert not any(toast.isVisible() for toast in kiosk.window.findChildren(Toast))
        kiosk.bar._farewell.setInterval(1)
        kiosk.bar._farewell.start()
        qtbot.waitUntil(lambda: not kiosk.bar.isVisible())

    def test_whoever_leaves_is_spoken_to_in_their_own_language(self, kiosk):
        kiosk.campus.sign_in()
        kiosk.window.speak("ar")
        leave_a_request(kiosk)
        assert texts.language() == "en", "the kiosk speaks its own again"
        assert "1 request" not in kiosk.bar.text()
        assert kiosk.bar.text() == texts.catalogue("ar").ngettext(*FAREWELL, 1).format(n=1)
        assert kiosk.bar.isRightToLeft()
        kiosk.window.wake()
        assert not kiosk.bar.isRightToLeft()
        leave_a_request(kiosk)
        assert kiosk.bar.text().startswith("You are signed out."), "the next one did not change it"

    def test_the_next_person_does_not_read_what_the_last_one_asked_for(self, kiosk):
        leave_a_request(kiosk)
        kiosk.window.wake()
        assert "of yours" not in kiosk.bar.text()
        assert not kiosk.bar.isVisible()

    def test_whoever_has_nothing_waiting_hears_nothing(self, kiosk):
        kiosk.campus.sign_in()
        kiosk.told(VisitEnded())
        assert not kiosk.bar.isVisible()


FAREWELL = (
    "You are signed out. {n} request of yours waits on this kiosk and will be sent.",
    "You are signed out. {n} requests of yours wait on this kiosk and will be sent.",
)


def leave_a_request(kiosk):
    if kiosk.visit.student is None:
        kiosk.campus.sign_in()
    kiosk.campus.request(november.session_id(november.TODAY.replace(day=26), november.SJ))
    kiosk.visit.reading.refresh()
    kiosk.told(VisitEnded())


def placed(widget):
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def test_none_of_it_is_in_the_first_frame():
    late = (
        "kiosk_app.desktop.views.attention",
        "kiosk_app.desktop.views.unsent_bar",
        "kiosk_app.domain.attention",
        "kiosk_app.i18n.attention",
        "kiosk_app.contract.attention",
    )
    code = (
        "import kiosk_app.app.window, kiosk_app.desktop.views.attract, sys; "
        f"print([m for m in {late!r} if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
