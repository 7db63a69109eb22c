"""A seat that is held cannot be missed in *My bookings*, and is told of once."""

from kiosk_app.desktop.window import BOOK, BOOKINGS


def test_an_offer_is_in_sight_under_every_tab_and_once(screens, qtbot):
    screens.show("bookings-offer")
    window = screens.window
    bar, page = window._offer_bar, window.bookings
    assert bar.isVisible()
    assert not page.waits.isVisible()
    for tab, over in (("waiting", False), ("past", True), ("waiting", False), ("upcoming", True)):
        page.tabs.button(tab).click()
        assert bar.isVisible() is over, tab
        assert page.waits.isVisible() is not over
    page.tabs.button("waiting").click()
    window.show_page(BOOK)
    assert bar.isVisible()
    window.show_page(BOOKINGS)
    assert not bar.isVisible()
    (held, _waiting) = page.waits.list.items
    assert held.claim_button.isVisible()
