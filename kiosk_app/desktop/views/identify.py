"""Who is this? Student ID and e-mail together, checked by the engine (01b, 01c).

A wrong pair gets one message, whichever of the two is wrong. What was typed stays until it is right,
until the visit ends, or until nobody has touched it for a while.
"""

from msgspec import Struct
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.contract.problems import Code
from kiosk_app.desktop.views.is_this_you import IsThisYou
from kiosk_app.desktop.views.sign_in_words import (
    MARKED,
    email_fault,
    refusal_text,
    student_id_fault,
)
from kiosk_app.desktop.visit import Visit
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.fields import Field
from kiosk_app.desktop.widgets.keyboard import ENTER_TEXT
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.scrolling import ScrollColumn
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.domain import sign_in
from kiosk_app.i18n.texts import _
from kiosk_app.sync.events import OFFLINE_UNKNOWN, VisitRefused

FORGET_MS = 60_000
"""What a person typed and left goes after this long without a key."""
PATIENCE_MS = 8_000
"""After this long without an answer the page says that it takes longer than usual."""
WIDE, LOW = 1000, 460
"""Pixels from which the words stand beside the fields, and below which everything closes up."""
_TEXT_WIDTH, _FORM_WIDTH = 544, 640


class _Shape(Struct, frozen=True):
    """How the page is laid out: words beside the fields, little height, a notice above them."""

    wide: bool
    low: bool
    crowded: bool


class IdentifyView(QWidget):
    """The sign-in page.

    Args:
        visit: where the answer comes from.
        parent: owner.
    """

    look_around = Signal()
    """The person wants to see the sessions before they say who they are."""

    def __init__(self, visit: Visit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visit = visit
        self.own_domains: tuple[str, ...] = ()
        """E-mail domains of this campus, for the hint at a typo."""
        self._leads_on = False
        self._refusal: VisitRefused | None = None
        self._better: str | None = None
        self._slow = False
        self._by_card = False
        """Whether the student ID is the one a card said."""
        self._shape: _Shape | None = None
        self.heading = Label("", "h1", wrap=True)
        self.help = Paragraph("", "lead")
        self.around = Button("", "secondary", icon="calendar-days")
        self.notice = Notice("bad")
        self.student_id = Field("id-card")
        self.email = Field("mail")
        self.suggestion = Button("", "suggestion", icon="circle-alert", size="small")
        self.go = Button("", "primary", icon="arrow-right", size="large", trailing=True)
        self.notice.hide()
        self._patience = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._forget = QTimer(self, interval=FORGET_MS, singleShot=True)
        self._build()
        self._connect()
        self.retranslate()

    def wipe(self) -> None:
        """Forget everything typed and said here."""
        for field in (self.student_id, self.email):
            field.set_text("")
        self._by_card = False
        self._answered()
        self._clear_marks()
        self._forget.stop()

    def lead_on(self, *, leads: bool) -> None:
        """Say, for as long as it is so, that a link waits for whoever signs in."""
        if leads != self._leads_on:
            self._leads_on = leads
            self._write_help()
            if leads:
                announce(self.student_id.edit, self.help.text())

    def take_card(self, student_id: str) -> None:
        """Fill in what a card says; the e-mail is still the person's to prove (K4)."""
        if self.go.busy:
            return
        self.wipe()
        self.student_id.set_text(student_id)
        self._by_card = True
        self.student_id.set_valid(True)
        self.email.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.email.edit, _("Card read. Type your e-mail."))

    def explain(self, code: str) -> None:
        """Say why somebody stands here again, such as a visit that lapsed."""
        self._refused(VisitRefused(code=code))

    def retranslate(self) -> None:
        """Write the page in the language in use; what was typed stays."""
        self.heading.setText(_("Type your student ID"))
        self._write_help()
        self.around.setText(_("Look around first"))
        self.student_id.set_label(_("Student ID"))
        self.email.set_label(_("E-mail"))
        self.email.edit.setProperty(ENTER_TEXT, _("Continue"))
        self._show_go()
        for field in (self.student_id, self.email):
            if field.error:
                field.set_error(self._fault_of(field) or "")
        if self._refusal is not None:
            self._show_refusal(self._refusal)
        self._show_suggestion()

    def _write_help(self) -> None:
        rule = _(
            "We check your ID and e-mail together to make sure it is you. "
            "Nothing stays on this screen after you sign out."
        )
        led = _("Sign in first; then you get there.")
        self.help.setText(f"{led} {rule}" if self._leads_on else rule)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin in the first field."""
        super().showEvent(event)
        self.student_id.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side or under one another, and close up where the keyboard needs room."""
        super().resizeEvent(event)
        self._arrange()

    # building

    def _build(self) -> None:
        hints = Qt.InputMethodHint
        self.student_id.edit.setInputMethodHints(hints.ImhUppercaseOnly | hints.ImhNoPredictiveText)
        self.student_id.edit.setMaxLength(64)
        self.email.edit.setInputMethodHints(hints.ImhEmailCharactersOnly)
        self.email.edit.setMaxLength(254)
        # A tap on these leaves the focus, and with it the keyboard, where it is.
        for button in (self.go, self.suggestion, self.around):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.go.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._words, self._form, self._under_email = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._words.setSpacing(16)
        self._words.addWidget(self.heading)
        self._words.addWidget(self.help)
        self._words.addSpacing(8)
        self._words.addWidget(self.around, 0, Qt.AlignmentFlag.AlignLeft)
        self._under_email.setSpacing(0)
        self._under_email.addWidget(self.email)
        self._form.addWidget(self.student_id)
        self._form.addLayout(self._under_email)
        self._form.addWidget(self.go)
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides = [self._side(self._words, _TEXT_WIDTH), self._side(self._form, _FORM_WIDTH)]
        self._scroll = ScrollColumn(spacing=0)
        self._page = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._page.addStretch(1)
        self._page.addLayout(self._halves, 1000)
        self._page.addStretch(1)
        self._scroll.column.addLayout(self._page)
        self._scroll.column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)

    def _side(self, column: QVBoxLayout, width: int) -> QWidget:
        side = QWidget()
        side.setMaximumWidth(width)
        side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(1)
        side.setLayout(column)
        self._halves.addWidget(side, width)
        return side

    def _connect(self) -> None:
        self.go.clicked.connect(self._submit)
        self.around.clicked.connect(self.look_around)
        self.suggestion.clicked.connect(self._take_suggestion)
        self.student_id.edited.connect(lambda: self._edited(self.student_id))
        self.email.edited.connect(lambda: self._edited(self.email))
        self.student_id.edit.editingFinished.connect(self._left_student_id)
        self.email.edit.editingFinished.connect(self._left_email)
        self.student_id.edit.returnPressed.connect(self._next_or_submit)
        self.email.edit.returnPressed.connect(self._submit)
        self._patience.timeout.connect(self._say_slow)
        self._forget.timeout.connect(self.wipe)
        self._visit.began.connect(self.wipe)
        self._visit.ended.connect(self._ended)
        self._visit.refused.connect(self._refused)
        self._visit.asked.connect(self._ask)

    def _arrange(self) -> None:
        shape = _Shape(
            wide=self.width() >= max(WIDE, self.height()),
            low=self.height() < LOW,
            crowded=not self.notice.isHidden(),
        )
        if shape == self._shape:
            return
        self._shape = shape
        across = QBoxLayout.Direction.LeftToRight
        self._halves.setDirection(across if shape.wide else QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(112 if shape.wide else 32)
        self._sides[0].setMaximumWidth(_TEXT_WIDTH if shape.wide else _FORM_WIDTH)
        top, gap = (8, 8) if shape.low else (24, 16) if shape.crowded else (40, 24)
        self._scroll.column.setContentsMargins(32, top, 32, 0)
        self._form.setSpacing(gap)
        # Where there is no room above the fields, what they are told stands beside them.
        beside = shape.wide and shape.low
        for spare in (self.help, self.around):
            spare.setVisible(not (beside and shape.crowded))
        (self._words if beside else self._form).insertWidget(2 if beside else 0, self.notice)
        if beside:
            self._words.insertWidget(3, self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._under_email.addWidget(self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)

    # what is typed

    def _edited(self, field: Field) -> None:
        self._forget.start()
        if self._refusal is not None:
            self._clear_marks()
        field.clear_error()
        field.set_valid(False)
        if field is self.email:
            self._better = None
            self._show_suggestion()
        else:
            self._by_card = False

    def _clear_marks(self) -> None:
        """Take back what an answer said about both fields."""
        self._refusal = None
        self._better = None
        for field in (self.student_id, self.email):
            field.clear_error()
            field.set_valid(False)
        self.notice.hide()
        self._show_suggestion()
        self._arrange()

    def _left_student_id(self) -> None:
        self._judge(self.student_id)

    def _left_email(self) -> None:
        self._judge(self.email)
        self._better = sign_in.better_email(self.email.text(), self.own_domains)
        self._show_suggestion()

    def _judge(self, field: Field) -> None:
        """Say what is wrong with what was typed, once the person has left the field."""
        if field.text().strip() and field.error is None:
            fault = self._fault_of(field)
            field.set_valid(fault is None)
            if fault:
                field.set_error(fault)

    def _fault_of(self, field: Field) -> str | None:
        if field is self.student_id:
            return student_id_fault(field.text())
        return email_fault(field.text())

    def _show_suggestion(self) -> None:
        text = _("Did you mean {email}?").format(email=self._better) if self._better else ""
        self.suggestion.setText(text)
        self.suggestion.setAccessibleName(text)
        self.suggestion.setVisible(bool(text))

    def _take_suggestion(self) -> None:
        if self._better is not None:
            self.email.set_text(self._better)
            self.email.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _next_or_submit(self) -> None:
        if self.email.text():
            self._submit()
        else:
            self.email.edit.setFocus(Qt.FocusReason.TabFocusReason)

    # asking, and the answer

    def _submit(self) -> None:
        """Ask the engine, once, if both fields have the right shape (A65)."""
        if self.go.busy:
            return
        wrong = [f for f in (self.student_id, self.email) if self._mark(f)]
        if wrong:
            first = wrong[0]
            first.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(first.edit, first.error or "", assertive=True)
            return
        self._clear_marks()
        self._forget.stop()
        self._wait(waiting=True)
        announce(self.go, self.go.text())
        self._visit.identify(self.student_id.text(), self.email.text(), by_card=self._by_card)

    def _mark(self, field: Field) -> bool:
        fault = self._fault_of(field)
        if fault:
            field.set_error(fault)
        else:
            field.clear_error()
        return bool(fault)

    def _wait(self, *, waiting: bool) -> None:
        self._slow = False
        self.go.set_busy(waiting)
        for field in (self.student_id, self.email):
            field.set_read_only(waiting)
        if waiting:
            self._patience.start()
        else:
            self._patience.stop()
        self._show_go()

    def _answered(self) -> None:
        self._wait(waiting=False)

    def _say_slow(self) -> None:
        self._slow = True
        self._show_go()
        announce(self.go, self.go.text())

    def _show_go(self) -> None:
        if not self.go.busy:
            text = _("Continue")
        elif self._slow:
            text = _("Still checking, this takes longer than usual…")
        else:
            text = _("Checking…")
        self.go.setText(text)
        self.go.setAccessibleName(text)

    def _ask(self, letters: str) -> None:
        """Let whoever came with a card say that it is them, with nothing left on the page."""
        self.wipe()
        if self.window().findChild(IsThisYou) is None:
            IsThisYou(self._visit, letters, self.window()).open()

    def _ended(self, expired: bool) -> None:  # noqa: FBT001 - as the signal carries it
        """Forget the person; one whose visit lapsed reads why they stand here again."""
        self.wipe()
        if expired:
            self.explain(Code.TOKEN_EXPIRED)

    def _refused(self, refusal: VisitRefused) -> None:
        self._answered()
        self._clear_marks()
        self._forget.start()
        self._refusal = refusal
        if refusal.code in MARKED:
            self.student_id.set_error("")
            self.email.set_error("")
        self._better = sign_in.better_email(self.email.text(), self.own_domains)
        self._show_suggestion()
        self._show_refusal(refusal)
        announce(self.notice, self.notice.text(), assertive=True)

    def _show_refusal(self, refusal: VisitRefused) -> None:
        said = refusal_text(refusal)
        head, stop, rest = said.partition(". ")
        offline = refusal.code == OFFLINE_UNKNOWN
        self.notice.set_tone("warn" if offline else "bad", "cloud-off" if offline else None)
        self.notice.set_text(head + stop.strip(), rest)
        self.notice.show()
        self._arrange()
