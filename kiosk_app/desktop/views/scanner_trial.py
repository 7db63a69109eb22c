"""What the scanner types and what this kiosk makes of it, scan by scan, for staff (K4).

While it is open every burst of keys ends here: no field sees it and nobody is signed in. What was
scanned goes when the dialog does, or after a while without a scan.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.labels import Label
from kiosk_app.desktop.widgets.notice import Notice
from kiosk_app.desktop.widgets.overlay import Dialog
from kiosk_app.desktop.widgets.paragraph import Paragraph
from kiosk_app.desktop.widgets.speech import announce
from kiosk_app.devices.cards import BookingPass, Card, CardRules, Unknown
from kiosk_app.devices.trial import PAUSE_MS, Finding, Trial, Verdict, pictured
from kiosk_app.i18n.texts import _

FORGET_MS = 60_000
"""Without a scan for this long the dialog goes, and what it shows with it."""
_SHOWN = 96
"""Keys of a scan that are shown; a card of three tracks has more than anybody reads."""
_KEY_EVENTS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})
_WALKING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Space})
"""Keys that, struck alone, are a person's at the buttons."""


class _Ear(QObject):
    """Takes the keys of a scan before anything else in the window sees them.

    Args:
        trial: tells whether a scan has begun.
        heard: gets a character and when it came, in milliseconds.
        parent: owner.
    """

    def __init__(self, trial: Trial, heard: Callable[[str, int], None], parent: QObject) -> None:
        super().__init__(parent)
        self._trial, self._heard = trial, heard

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Keep what types a character; a key that stands alone at a button is a person's."""
        if event.type() not in _KEY_EVENTS or not isinstance(event, QKeyEvent):
            return False
        enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        char = "\r" if enter else event.text()
        alone = not self._trial.listening and event.key() in _WALKING
        if not char or alone or event.key() == Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat():
            self._heard(char[0], event.timestamp())
        return True


class ScannerTrial(Dialog):
    """Try the scanner.

    Args:
        host: the window to cover; its keys are listened to.
        rules: how this kiosk expects its scanner to type.
        forget_ms: how long what was scanned is shown; tests shorten it.
    """

    def __init__(self, host: QWidget, rules: CardRules, *, forget_ms: int = FORGET_MS) -> None:
        super().__init__(host, width=860)
        self._rules, self._trial = rules, Trial(rules)
        self._ear = _Ear(self._trial, self._hear, self)
        self._finding: Finding | None = None
        self.heading, self.text = Label("", "h1", wrap=True), Paragraph("", "lead")
        self.verdict = Notice("ok")
        self.facts = [(Label("", "second"), Label("", "strong", wrap=True)) for _fact in range(6)]
        self.hint = Paragraph("", "second")
        self.done = Button("", "primary", size="large")
        self._over = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._over.timeout.connect(lambda: self._take(self._trial.over()))
        self._forget = QTimer(self, interval=forget_ms, singleShot=True)
        self._forget.timeout.connect(self.dismiss)
        self._build()
        self.retranslate()
        host.windowHandle().installEventFilter(self._ear)
        self._forget.start()

    def first_field(self) -> QWidget:
        """Start on the way back."""
        return self.done

    def dismiss(self) -> None:
        """Go, and forget what was scanned."""
        self.window().windowHandle().removeEventFilter(self._ear)
        self._over.stop()
        self._finding = None
        self.retranslate()
        super().dismiss()

    def retranslate(self) -> None:
        """Write the texts anew."""
        title = _("Try the scanner")
        self.set_title(title)
        self.heading.setText(title)
        self.text.setText(_("Scan a card or a slip. Nothing is kept, and nobody is signed in."))
        self.hint.setText(
            _(
                "Change what is expected in a terminal: kiosk place scanner. It holds from the next start."
            )
        )
        self.done.setText(_("Done"))
        self._write()

    def _build(self) -> None:
        column = self.body.column
        column.setSpacing(16)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(self.facts):
            value.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(name, row, 0, top)
            grid.addWidget(value, row, 1, top)
        for label in (self.heading, self.text):
            column.addWidget(label)
        column.addWidget(self.verdict)
        column.addLayout(grid)
        column.addWidget(self.hint)
        self.add_action(self.done, self.cancel)

    def _hear(self, char: str, at: int) -> None:
        self._over.start()
        self._take(self._trial.key(char, at))

    def _take(self, finding: Finding | None) -> None:
        if finding is None:
            return
        self._over.stop()
        self._forget.start()
        self._finding = finding
        self._write()
        self.refit()
        announce(self.verdict, self.verdict.text(), assertive=True)

    def _write(self) -> None:
        found = self._finding
        self.verdict.setVisible(found is not None)
        if found is not None:
            good = found.verdict in {Verdict.READ, Verdict.REPEATED}
            understood = good and not isinstance(found.meaning, Unknown)
            self.verdict.set_tone(*(("ok", "circle-check") if understood else ("warn", "info")))
            self.verdict.set_text(_said(found, self._rules))
        for (name, value), (title, text) in zip(self.facts, self._told(found), strict=True):
            name.setText(title)
            value.setText(text)

    def _told(self, found: Finding | None) -> tuple[tuple[str, str], ...]:
        nothing = "–"
        prefix, end, pause = pictured(self._rules.prefix), nothing, nothing
        if found is not None:
            pause = _("{n} ms, {most} ms allowed").format(n=found.pause, most=self._rules.gap_ms)
            end = _key_name(found.end)
        wanted = _key_name(self._rules.suffix_char)
        if self._rules.prefix and found is not None:
            prefix = _("{prefix}, found") if found.prefix else _("{prefix}, not found")
            prefix = prefix.format(prefix=pictured(self._rules.prefix))
        return (
            (_("What the scanner types"), _shortened(found.raw) if found else nothing),
            (_("Prefix"), prefix or _("none is expected")),
            (_("Ends with"), _("{key}, {wanted} is expected").format(key=end, wanted=wanted)),
            (_("Longest pause"), pause),
            (_("Code"), _shortened(found.code) if found and found.code else nothing),
            (_("Means"), _meaning_text(found) or nothing),
        )


def _shortened(text: str) -> str:
    """Return the beginning of a scan, with places where a line may end."""
    groups = (text[at : min(at + 8, _SHOWN)] for at in range(0, min(len(text), _SHOWN), 8))
    return "\u200b".join(groups) + ("…" if len(text) > _SHOWN else "")


def _key_name(end: str) -> str:
    return {"\r": _("Enter"), "\t": _("Tab")}.get(end, _("nothing"))


def _meaning_text(found: Finding | None) -> str:
    match found.meaning if found else None:
        case Card(student_id):
            return _("Student ID: {id}").format(id=student_id)
        case BookingPass(code):
            return _("Booking: {code}").format(code=code)
        case Unknown():
            return _("no student ID and no booking")
    return ""


def _said(found: Finding, rules: CardRules) -> str:
    """Return in one sentence what became of a scan, and what to change."""
    if found.verdict is Verdict.READ and isinstance(found.meaning, Unknown):
        return _("Read, but this is no card of this campus. Look at the formula.")
    said = {
        Verdict.READ: _("Read and understood."),
        Verdict.REPEATED: _("The same code again: dropped, as it is at the sign-in."),
        Verdict.NO_END: _("Nothing ended the scan. Let the scanner send {key} at the end."),
        Verdict.OTHER_END: _("The scan ended with another key. This kiosk waits for {key}."),
        Verdict.TOO_SLOW: _(
            "The keys come too slowly, so they count as typed. Allow a longer gap."
        ),
        Verdict.FOREIGN: _("There are signs in it that no code has here. Look at the characters."),
        Verdict.NO_PREFIX: _("The prefix is missing."),
        Verdict.TOO_SHORT: _("Too short. The least number of signs of a code is {n}."),
    }[found.verdict]
    return said.format(key=_key_name(rules.suffix_char), n=rules.minimum)
