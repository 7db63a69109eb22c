"""The topic a student would like to practise, with suggestions from the session (04a)."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kiosk_app.desktop.widgets.buttons import Button
from kiosk_app.desktop.widgets.fields import TextArea
from kiosk_app.desktop.widgets.flow import FlowLayout
from kiosk_app.i18n.texts import _

TOPIC_LIMIT = 200


class TopicField(QWidget):
    """A text of at most 200 characters, and chips that add a topic to it.

    Args:
        topics: what the session is about.
        parent: owner.
    """

    def __init__(self, topics: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = TextArea(TOPIC_LIMIT)
        self.area.edited.connect(self._edited)
        self._wrong = False
        self.chips = [self._chip(topic) for topic in topics]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.area)
        if self.chips:
            tray = QWidget()
            flow = FlowLayout(tray)
            for chip in self.chips:
                flow.addWidget(chip)
            policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            policy.setHeightForWidth(True)
            tray.setSizePolicy(policy)
            column.addWidget(tray)
        self.retranslate()

    def text(self) -> str:
        """Return what was typed."""
        return self.area.text()

    def check(self) -> str:
        """Mark the field when it is too long; return a sentence for the summary, or nothing."""
        self._wrong = self.area.over > 0
        if not self._wrong:
            self.area.clear_error()
            return ""
        self.area.set_error(self.area.over_text())
        return _("Shorten your topic.")

    def retranslate(self) -> None:
        """Write the texts anew; what was typed stays."""
        self.area.set_label(_("Topic you would like to practise (optional)"))
        for chip in self.chips:
            topic = str(chip.property("topic"))
            chip.setAccessibleName(_("Add the topic {topic}").format(topic=topic))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _chip(self, topic: str) -> Button:
        chip = Button(topic, icon="plus", size="small")
        chip.setProperty("topic", topic)
        chip.setProperty("shape", "pill")
        chip.clicked.connect(lambda: self._add(topic))
        return chip

    def _add(self, topic: str) -> None:
        before = self.area.text().rstrip()
        if topic not in before:
            self.area.set_text(f"{before}, {topic}" if before else topic)
        self.area.edit.setFocus()
        self.area.edit.moveCursor(self.area.edit.textCursor().MoveOperation.End)

    def _edited(self, _text: str) -> None:
        if self._wrong:
            self.check()
