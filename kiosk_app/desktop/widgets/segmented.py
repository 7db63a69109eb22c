"""A segmented switch: two to four words side by side, one of them on (design §3)."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kiosk_app.desktop.widgets.buttons import ButtonSize
from kiosk_app.desktop.widgets.choices import ChoiceGroup


class Segmented(ChoiceGroup):
    """Choose with a tap or with Left and Right; an arrow chooses at once."""

    def __init__(self, size: ButtonSize = "small", parent: QWidget | None = None) -> None:
        super().__init__("segment", follow=True, size=size, parent=parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
