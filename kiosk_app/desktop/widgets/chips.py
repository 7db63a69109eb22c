"""Filter chips: pills of which one is on, in as many lines as the words need (design §3)."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from kiosk_app.desktop.widgets.choices import ChoiceGroup
from kiosk_app.desktop.widgets.flow import FlowLayout


class Chips(ChoiceGroup):
    """Arrows move inside the group, Space or a tap turns a chip on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("chip", follow=False, parent=parent)
        FlowLayout(self, spacing=12)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
