"""The language of the window: its words, its direction and its letters change together."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from kiosk_app.desktop.theme import fonts
from kiosk_app.desktop.theme.theme import current
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language


def begin(app: QApplication, language: Language) -> None:
    """Let everything that is built from now on speak a language and stand in its direction."""
    texts.use(language)
    mirrored = texts.right_to_left()
    if mirrored:
        fonts.load_arabic()
    current().fonts.clear()
    way = Qt.LayoutDirection
    app.setLayoutDirection(way.RightToLeft if mirrored else way.LeftToRight)


def speak(language: Language) -> None:
    """Switch the language; every widget writes itself anew and keeps what was typed."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and language != texts.language():
        begin(app, language)
        QCoreApplication.sendEvent(app, QEvent(QEvent.Type.LanguageChange))
