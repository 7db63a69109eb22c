"""Browsing over the real files of the cache, with the sample month in them."""

import pytest
from PySide6.QtCore import Qt

from kiosk_app.app.pages import LatePages
from kiosk_app.desktop.views.browse import BrowseView
from kiosk_app.sync.events import LinkState
from tests.helpers import november
from tests.helpers.browsing import Campus


@pytest.fixture
def campus(tmp_path):
    made = Campus(tmp_path)
    made.book(*november.BOOKED)
    yield made
    made.close()


@pytest.fixture
def open_view(qtbot):
    """Show a browse view as a person at the kiosk sees it."""

    def show(campus, *, size=(1920, 984), signed_in=True, link=LinkState.ONLINE, **more):
        campus.link(link)
        if signed_in:
            campus.sign_in()
        view = BrowseView(campus.visit, LatePages(), **more)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        view.activateWindow()
        for step in view.later():
            step()
        qtbot.waitUntil(lambda: view.isActiveWindow() and view.day.complete)
        return view

    return show


@pytest.fixture
def view(campus, open_view):
    return open_view(campus)


@pytest.fixture
def page(qtbot, view):
    qtbot.mouseClick(view.filters.mode.button("list"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.list_page.table.height() > 400)
    return view.list_page
