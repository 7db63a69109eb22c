"""The screens of staff in the real window: what needs attention, help, the outbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from kiosk_app.domain.attention import OwnKind
from kiosk_app.sync.events import (
    AttentionListed,
    HelpRead,
    LettersRead,
    LinkState,
    OutboxExported,
    OutboxListed,
    RequestTried,
)
from tests.helpers import november
from tests.helpers.attending import HELP, LETTER, ladder, own_item, promised, snoozed, stranded
from tests.helpers.browsing import Campus

EXPORT = "/home/front-desk/Downloads/outbox-20261120-143200.kiosk"
PASSPHRASE = "7K2Q-M4D9-XT3H-QWPR-2H9F-VB6N"


class StaffScreens:
    """The ways to what staff see; `tests.helpers.screens` has the window and the students' ways."""

    campus: Campus
    window: Any
    sign_out: Callable[[], None]

    def _attention(self, *items: object) -> None:
        self.sign_out()
        self.campus.link(LinkState.ONLINE)
        self.window.staff.come()
        own = (own_item(OwnKind.PROMISE_REFUSED), own_item(OwnKind.QUARANTINED, "r-2"))
        self.campus.visit.handle(
            AttentionListed(own=own, server=items, as_of=november.NOW, user="Sam Desk")
        )

    def _promised(self) -> None:
        item = promised()
        self._attention(item, stranded())
        self.window.staff.page.server.cards[item.ref].click()
        self.window.staff.page.panel.ways.cards["write_student:"].click()
        self.campus.visit.handle(LettersRead(ref=item.ref, way="write_student", letters=(LETTER,)))

    def _stranded(self) -> None:
        item = stranded()
        self._attention(item)
        self.window.staff.page.server.cards[item.ref].click()

    def _asleep(self) -> None:
        self._attention(promised())
        asleep = snoozed(own_item(OwnKind.REFUSED, "r-3"))
        self.campus.visit.handle(
            AttentionListed(
                own=(own_item(OwnKind.PROMISE_REFUSED),),
                server=(promised(),),
                snoozed=(asleep,),
                as_of=november.NOW,
                user="Sam Desk",
            )
        )
        self.window.staff.page.snoozed.cards["r-3"].click()

    def _snoozing(self) -> None:
        self._attention(promised())
        page = self.window.staff.page
        page.panel.snooze.click()
        dialog = page.dialog
        dialog.times.cards["chosen"].click()
        dialog.day.choose((november.TODAY + timedelta(days=10)).isoformat())
        dialog.go_button.click()

    def _nothing_to_settle(self) -> None:
        self._attention()
        self.campus.visit.handle(AttentionListed())

    def _staff_help(self, **read: object) -> None:
        self._attention()
        self.window.staff.page.help.click()
        self.window.staff.help.forget()
        self.campus.visit.handle(HelpRead(**read))

    def _help_of_before(self) -> None:
        heard = november.NOW - timedelta(minutes=20)
        self._staff_help(help=HELP, as_of=heard, code="ATTENTION_OFFLINE")

    def _outbox(self, *entries: object) -> None:
        self._attention()
        self.window.staff.page.outbox.click()
        self.window.staff.outbox.forget()
        self.campus.visit.handle(OutboxListed(entries))

    def _tried(self) -> None:
        """A request that was sent at once, and got no answer."""
        self._outbox(*ladder()[4:])
        self.campus.visit.handle(RequestTried("r-3", "NOT_SENT"))

    def _exported(self) -> None:
        self._outbox(*ladder())
        told = OutboxExported(path=EXPORT, passphrase=PASSPHRASE, requests=7)
        self.campus.visit.handle(told)

    staff_ways: ClassVar[dict[str, Callable[[Any], None]]] = {
        "attention": _attention,
        "attention-mail": _promised,
        "attention-seats": _stranded,
        "attention-none": _nothing_to_settle,
        "attention-snoozed": _asleep,
        "attention-snooze": _snoozing,
        "staff-help": lambda self: self._staff_help(help=HELP, as_of=november.NOW),
        "staff-help-before": _help_of_before,
        "staff-help-away": lambda self: self._staff_help(code="ATTENTION_OFFLINE"),
        "staff-help-signed-out": lambda self: self._staff_help(code="STAFF_SIGNED_OUT"),
        "outbox": lambda self: self._outbox(*ladder()),
        "outbox-none": _outbox,
        "outbox-tried": _tried,
        "outbox-exported": _exported,
    }
