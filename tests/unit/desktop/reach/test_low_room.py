"""The page of calendar and list as a whole: whatever comes over its body, all of it is reached."""

from itertools import permutations

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kiosk_app.desktop.comfort import Needs
from kiosk_app.desktop.widgets.frame import _PageHost
from kiosk_app.desktop.widgets.low_room import LowRoom
from kiosk_app.desktop.window import BOOK, BOOKINGS
from kiosk_app.sync.events import BalancesChanged, LinkState
from tests.helpers import november
from tests.helpers.browsing import PURSE
from tests.helpers.screens import Screens
from tests.helpers.staging import on_screen, settle

NONE_LEFT = replace(PURSE, mock_discussion_token=0)


def lose_the_network(screens):
    screens.campus.link(LinkState.OFFLINE)


def spend_a_token(screens):
    screens.campus.visit.handle(BalancesChanged(balances=NONE_LEFT, as_of=november.NOW))


def go_on_a_month(screens):
    screens.window.browse.month._on.click()


def look_at_bookings(screens):
    screens.window.show_page(BOOKINGS)


@pytest.mark.parametrize(("size", "text"), [((1280, 800), 100), ((1920, 1080), 150)])
@pytest.mark.parametrize(
    "happenings",
    list(permutations([lose_the_network, spend_a_token, go_on_a_month, look_at_bookings])),
)
def test_it_never_hangs_under_the_edge_and_its_body_is_never_crushed(
    campus, qtbot, size, text, happenings
):
    screens = Screens(campus, qtbot, size)
    screens.window.comfort.adopt(Needs(still=True, size=text))
    screens.show("calendar")
    for happening in happenings:
        happening(screens)
        screens.rest()
    screens.window.show_page(BOOK)
    screens.rest()
    page, host = screens.window.browse, screens.window.frame._host
    assert page.height() <= host.height()
    assert page._pages.height() >= page._room._least()


def test_a_body_that_needs_more_than_its_least_does_not_push_the_page_under_the_edge(qtbot):
    host, page, head, body = _PageHost(), QWidget(), QWidget(), QWidget()
    column = QVBoxLayout(page)
    column.addWidget(head)
    column.addWidget(body, 1)
    room = LowRoom(page, body, lambda: 200)
    host.stack.addWidget(page)
    on_screen(qtbot, host, 600, 700)
    body.setMinimumHeight(300)
    head.setFixedHeight(500)  # a line came
    settle()
    assert page.height() == host.height() == 700
    assert room._area.verticalScrollBar().maximum() > 0
    assert body.height() >= 200
