"""The on-screen keyboard: it types into whatever field has the focus, and never takes it.

It comes when a finger or the mouse enters a field and goes when a real key is pressed, when *Hide*
is touched, or when the focus leaves for something that is no field. While a finger is down nothing
moves; the keyboard waits for the release.
"""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kiosk_app.desktop.widgets import keys, speech
from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.input_watch import InputWatch
from kiosk_app.desktop.widgets.key_pad import KeyPad, spoken
from kiosk_app.desktop.widgets.labels import Panel
from kiosk_app.i18n import bidi, texts
from kiosk_app.i18n.texts import _

Editor = QLineEdit | QPlainTextEdit
MAX_WIDTH = 1680
_EDGE, _GAP = 24, 8
"""Pixels beside the keys, and between two endings."""
ENTER_TEXT = "enterText"
"""Property of a line: the word on the key that submits it; without one the key says Done."""
EVERYWHERE = ("gmail.com", "outlook.com")
"""E-mail domains that people have wherever a kiosk stands."""
MOST_ENDINGS = 3
"""No more are offered; where there is no room beside *Hide*, fewer."""
_ROWS = {"tall": 72, "low": 56}


def editor_of(widget: QObject | None) -> Editor | None:
    """Return the field a widget is (or is the inside of), if it can be written in."""
    if isinstance(widget, QWidget) and isinstance(widget.parent(), QPlainTextEdit):
        widget = widget.parent()
    if not isinstance(widget, (QLineEdit, QPlainTextEdit)):
        return None
    return None if widget.isReadOnly() or not widget.isEnabled() else widget


class Keyboard(Panel):
    """The tray along the bottom.

    Args:
        watch: where input is told of.
        parent: owner.
    """

    shown_changed = Signal()
    """The keyboard came or went; whoever lays out the page makes room."""

    def __init__(self, watch: InputWatch, parent: QWidget | None = None) -> None:
        super().__init__("tray", parent)
        speech.give_role(self, "Grouping")
        self.pad = KeyPad()
        self.chips: list[Button] = []
        """E-mail endings, offered while an e-mail is typed."""
        self._endings = QHBoxLayout()
        self.hide_button = Button("", "quiet", icon="keyboard-off", size="small")
        self._target: Editor | None = None
        self._language: keys.KeyboardLanguage = "fr" if texts.language() == "fr" else "en"
        self._symbols = self._shift = self._locked = False
        self._touch, self._sent_away, self._pressing = True, False, False
        self._enabled = True
        self._build()
        self.pad.struck.connect(self._struck)
        self.hide_button.clicked.connect(self.send_away)
        watch.key_pressed.connect(self._physical_key)
        watch.pointer_pressed.connect(self._pointer_down)
        watch.pointer_released.connect(self._pointer_up)
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - widgets cannot be made without one
        app.focusChanged.connect(self._focus_changed)

    @property
    def target(self) -> Editor | None:
        """The field that is written in."""
        return self._target

    def set_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Come when a field is touched, or never (where a real keyboard stands)."""
        self._enabled = enabled
        self._settle()

    def offer_domains(self, own: tuple[str, ...]) -> None:
        """Offer the e-mail domains of this place before those that many people have."""
        for chip in self.chips:
            self._endings.removeWidget(chip)
            chip.deleteLater()
        offered = dict.fromkeys((*own, *EVERYWHERE))
        self.chips = [self._chip(f"@{domain}") for domain in list(offered)[:MOST_ENDINGS]]
        for chip in self.chips:
            self._endings.addWidget(chip)
        self._show_endings()

    def set_low(self, low: bool) -> None:  # noqa: FBT001 - a state, set by its name
        """Take less height on a low screen; keys stay 56 px."""
        self.pad.set_row_height(_ROWS["low" if low else "tall"])
        edge = 8 if low else 16
        self._column.setContentsMargins(0, edge, 0, edge if low else 24)
        self._column.setSpacing(8 if low else 14)

    def look(self) -> None:
        """Serve the field that has the focus already, where one was touched before this was made."""
        self._look_at_focus()

    def send_away(self) -> None:
        """Go until a field is touched again."""
        self._sent_away = True
        self._settle()

    def retranslate(self) -> None:
        """Name the keys in the language in use and take its letters."""
        self._language = "fr" if texts.language() == "fr" else "en"
        self.hide_button.setText(_("Hide keyboard"))
        for chip in self.chips:
            chip.setText(bidi.forward(chip.accessibleName()))
        self.setAccessibleName(_("On-screen keyboard"))
        if not self.isHidden():
            self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language, and take other sizes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.StyleChange:
            QTimer.singleShot(0, self, self._show_endings)  # once chips wear the new size, too

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer as many endings as there is room for."""
        super().resizeEvent(event)
        self._show_endings()

    def minimumSizeHint(self) -> QSize:
        """Never force the window wider: endings give way."""
        return QSize(0, super().minimumSizeHint().height())

    def _build(self) -> None:
        self._middle = QWidget()
        top = QHBoxLayout()
        top.setSpacing(_GAP)
        self._endings.setSpacing(_GAP)
        top.addLayout(self._endings)
        top.addStretch()
        top.addWidget(self.hide_button)
        inner = QVBoxLayout(self._middle)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(top)
        inner.addWidget(self.pad)
        self._column = inner
        outer = QHBoxLayout(self)
        outer.setContentsMargins(_EDGE, 0, _EDGE, 0)
        self._middle.setMaximumWidth(MAX_WIDTH)
        outer.addStretch(1)
        outer.addWidget(self._middle, 1000)
        outer.addStretch(1)
        self.hide_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.set_low(low=False)
        self.hide()
        self.offer_domains(())
        self.retranslate()

    def _chip(self, domain: str) -> Button:
        chip = Button(bidi.forward(domain), "pill", size="small")
        chip.setAccessibleName(domain)
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chip.clicked.connect(lambda: self._complete(domain))
        return chip

    # when it comes and goes

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Wait until Qt has told of the press that moved the focus, then decide."""
        if new is not None and new.window() is self.window():
            QTimer.singleShot(0, self, self._look_at_focus)

    def _look_at_focus(self) -> None:
        here = QApplication.focusWidget()
        target = editor_of(here)
        if here is None or target is self._target:
            return
        self._target, self._sent_away = target, False
        if target is not None:
            self._locked = bool(target.inputMethodHints() & Qt.InputMethodHint.ImhUppercaseOnly)
            self._shift = self._symbols = False
            if not self.isHidden():
                self._show_page()
        self._settle()

    def _physical_key(self, _widget: object, _event: QKeyEvent) -> None:
        self._touch = False
        self._settle()

    def _pointer_down(self, widget: QWidget) -> None:
        if self.isAncestorOf(widget):
            return
        self._pressing = True
        self._touch = True
        if editor_of(widget) is not None:
            self._sent_away = False

    def _pointer_up(self) -> None:
        self._pressing = False
        QTimer.singleShot(0, self, self._settle)

    def _settle(self) -> None:
        """Come or go, unless a finger is down."""
        alive = self._target is not None and isValid(self._target)
        wanted = self._enabled and alive and self._touch and not self._sent_away
        if self._pressing or wanted != self.isHidden():
            return
        if wanted:
            self._show_page()
        self.setVisible(wanted)
        self.shown_changed.emit()

    # what is on the keys

    def _show_page(self) -> None:
        page = keys.SYMBOL_PAGE if self._symbols else keys.PAGES[self._language]
        self.pad.show_page(page)
        self._show_faces()

    def _show_faces(self) -> None:
        upper = self._shift or self._locked
        for key in self.pad.shown():
            key.set_face(*self._face(key.key, upper=upper))
        self.pad.key(keys.SHIFT).set_on(upper)
        self.pad.key(keys.SYMBOLS).set_on(self._symbols)
        self._show_endings()

    def _show_endings(self) -> None:
        hints = self._target.inputMethodHints() if self._target else Qt.InputMethodHint(0)
        wanted = bool(hints & Qt.InputMethodHint.ImhEmailCharactersOnly)
        across = (self.parentWidget() or self).width() - 2 * _EDGE
        room = min(MAX_WIDTH, across) - self.hide_button.sizeHint().width()
        for chip in self.chips:
            room -= chip.sizeHint().width() + _GAP
            chip.setVisible(wanted and room >= 0)

    def _face(self, key: str, *, upper: bool) -> tuple[str, str]:
        other = "EN" if self._language == "fr" else "FR"
        faces = {
            keys.BACKSPACE: ("", _("Backspace")),
            keys.SHIFT: ("", _("Shift, on") if upper else _("Shift")),
            keys.SYMBOLS: ("abc", _("Letters")) if self._symbols else ("#+=", _("Symbols")),
            keys.LANGUAGE: (other, _("French letters") if other == "FR" else _("English letters")),
            keys.SPACE: (_("space"), _("Space")),
            keys.LEFT: ("", _("Move left")),
            keys.RIGHT: ("", _("Move right")),
            keys.ENTER: (self._enter_text(), self._enter_text()),
        }
        if key in faces:
            return faces[key]
        shifted = upper and len(key) == 1
        return (key.upper() if shifted else key), spoken(key, shifted=shifted)

    def _enter_text(self) -> str:
        if self._next_editor() is not None:
            return _("Next")
        word = self._target.property(ENTER_TEXT) if self._target else None
        return str(word) if word else _("Done")

    def _next_editor(self) -> Editor | None:
        """Return the field after this one on the page, or None for the last."""
        if self._target is None:
            return None
        step = self._target.nextInFocusChain()
        while step is not None and step is not self._target and not step.isWindow():
            found = editor_of(step)
            tabbed = step.focusPolicy() & Qt.FocusPolicy.TabFocus
            if found is not None and found is step and tabbed and step.isVisible():
                return found
            step = step.nextInFocusChain()
        return None

    # what they do

    def _struck(self, key: str) -> None:
        if key == keys.SHIFT:
            self._turn_shift()
        elif key == keys.SYMBOLS:
            self._symbols = not self._symbols
            self._show_page()
        elif key == keys.LANGUAGE:
            self._language = "en" if self._language == "fr" else "fr"
            self._symbols = False
            self._show_page()
        elif self._target is not None and isValid(self._target):
            self._type_key(self._target, key)

    def _turn_shift(self) -> None:
        """One touch is for one letter, the second holds, the third lets go."""
        self._shift, self._locked = not (self._shift or self._locked), self._shift
        self._show_faces()

    def _type_key(self, target: Editor, key: str) -> None:
        moves = {
            keys.BACKSPACE: Qt.Key.Key_Backspace,
            keys.LEFT: Qt.Key.Key_Left,
            keys.RIGHT: Qt.Key.Key_Right,
        }
        if key in moves:
            self._send(target, moves[key])
        elif key == keys.ENTER:
            self._enter(target)
        else:
            self._type(target, " " if key == keys.SPACE else key)

    def _type(self, target: Editor, text: str) -> None:
        upper = (self._shift or self._locked) and len(text) == 1
        for letter in text.upper() if upper else text:
            self._send(target, Qt.Key(ord(letter.upper())), letter)
        if self._shift:
            self._shift = False
            self._show_faces()

    def _enter(self, target: Editor) -> None:
        """Go to the next field; the last one is submitted."""
        if (following := self._next_editor()) is not None:
            following.setFocus(Qt.FocusReason.TabFocusReason)
            return
        if isinstance(target, QLineEdit):
            self._send(target, Qt.Key.Key_Return, "\r")
        if not target.property(ENTER_TEXT):
            self.send_away()

    def _complete(self, domain: str) -> None:
        """Write the end of an e-mail in place of what stands from the @ on."""
        target = self._target
        if not isinstance(target, QLineEdit) or not isValid(target):
            return
        self._send(target, Qt.Key.Key_End)
        at = target.text().find("@")
        for _letter in target.text()[at:] if at >= 0 and domain.startswith("@") else "":
            self._send(target, Qt.Key.Key_Backspace)
        for letter in domain:
            self._send(target, Qt.Key(ord(letter.upper())), letter)

    def _send(self, target: Editor, key: Qt.Key, text: str = "") -> None:
        """Type for real, so that validators, undo and signals work as with any keyboard."""
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            press = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text)
            QApplication.sendEvent(target, press)
