"""Who guaranteed a seat is named where its request was taken over, in every language (R12)."""

import pytest

from kiosk_app.domain.attention import Choice, OwnKind, OwnWay
from kiosk_app.domain.outbox import Rung
from kiosk_app.i18n import attention, outbox, texts
from tests.helpers.attending import entry, own_item

HERE = {"en": "this device", "fr": "cet appareil"}


@pytest.fixture(params=HERE)
def here(request):
    texts.use(request.param)
    yield HERE[request.param]
    texts.use("en")


def said(origin):
    refused = own_item(OwnKind.PROMISE_REFUSED, origin=origin)
    return [outbox.meaning(entry(Rung.GUARANTEED, origin=origin)), attention.happened(refused)]


def test_what_was_made_here_is_said_to_be(here):
    assert all(here in text.lower() for text in said(None))


@pytest.mark.parametrize("origin", ["Library 2", ""])
def test_what_was_taken_over_is_never_said_to_be_this_device_s(here, origin):
    for text in said(origin):
        assert here not in text.lower()
        assert text.startswith(origin)


def test_a_seat_of_another_device_is_not_said_to_go_back(here):
    discard = Choice(way=OwnWay.DISCARD)
    told = {
        attention.consequence(own_item(OwnKind.QUARANTINED, origin=origin), discard)
        for origin in (None, "", "Library 2")
    }
    assert len(told) == 2
