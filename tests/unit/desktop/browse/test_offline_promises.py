"""Offline every session says before the tap what will happen: a shield, or an hourglass (06a)."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from kiosk_app.contract.credits import Balances
from kiosk_app.contract.leases import SlotRef
from kiosk_app.desktop.models.offers import Offer
from kiosk_app.domain.listing import SessionFilter
from kiosk_app.sync import events
from kiosk_app.sync.events import LinkState
from tests.helpers import november

LATE = 10**15


@pytest.fixture
def held(campus):
    """Lend this kiosk two seats of every session of the chosen day."""
    day = november.NOW.date()
    rows = campus.reading.days(day, day.replace(day=28), SessionFilter(starts_after=november.NOW))
    refs = [
        SlotRef(session_id=row.session_id, slot=n, generation=1)
        for row in rows[::2]
        for n in (1, 2)
    ]
    campus.files.queue.slots.add("g", refs, LATE, 1)
    return {ref.session_id for ref in refs}


def shown(campus, held):
    return [campus.visit.opinion(row).promise for row in _rows(campus) if row.session_id in held]


def _rows(campus):
    day = november.NOW.date()
    return campus.visit.reading.days(day, day.replace(day=28), SessionFilter())


def test_a_session_says_before_the_tap_what_it_will_be(campus, open_view, held):
    view = open_view(campus, link=LinkState.OFFLINE)
    offers = {key: card.offer for key, card in view.day.cards.items()}
    assert Offer.GUARANTEED in offers.values()
    for key, offer in offers.items():
        assert offer is not Offer.BOOK
        assert (offer is Offer.GUARANTEED) <= (key in held)
    if folder := os.environ.get("KIOSK_TEST_PICTURES"):
        view.grab().save(str(Path(folder) / "offline-browse.png"))


def test_online_nothing_speaks_of_seats_held(campus, open_view, held):
    view = open_view(campus)
    assert all(row.guaranteed == 0 for row in _rows(campus))
    campus.link(LinkState.OFFLINE)
    assert {row.session_id for row in _rows(campus) if row.guaranteed} == held
    assert Offer.GUARANTEED in {card.offer for card in view.day.cards.values()}


def test_without_a_token_nothing_is_promised(campus, held):
    campus.link(LinkState.OFFLINE)
    campus.sign_in(Balances())
    assert set(shown(campus, held)) == {"queued"}


def test_the_shield_is_explained_on_the_same_line(view, campus):
    legend = view.month.legend
    before = legend.heightForWidth(1352)
    legend.show_shield(shown=True)
    assert "Guaranteed offline" in legend.accessibleName()
    assert legend.heightForWidth(1352) == before


def test_another_try_at_a_server_that_is_away_reads_nothing_anew(view, campus, monkeypatch):
    read, reading = [], campus.reading.month
    monkeypatch.setattr(
        campus.reading, "month", lambda *asked, **more: read.append(1) or reading(*asked, **more)
    )
    away = events.LinkChanged(state=LinkState.OFFLINE, synced_at=campus.now)
    campus.visit.handle(away)
    assert read
    read.clear()
    for seconds in (1, 30):
        later = campus.now + timedelta(seconds=seconds)
        campus.visit.handle(replace(away, retry_at=later, waiting=seconds))
    assert not read
    campus.visit.handle(replace(away, guaranteed=1))
    assert read
