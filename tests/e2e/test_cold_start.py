"""A kiosk that is switched on with no network: what it said of being ready was true (R10)."""

from kiosk_app.app.cold_start import rehearse
from kiosk_app.cache.files import MIRROR, QUEUE
from kiosk_app.domain.listing import SessionFilter, Standing
from kiosk_app.sync.events import LinkState
from tests.helpers.backend import query


def ready(booth):
    """Wait until the kiosk says until when it can do without the server."""
    booth.person.wait(lambda: booth.visit.link.ready_until is not None, "*ready for offline*")
    booth.person.wait(lambda: booth.visit.link.guaranteed > 0, "a seat that was lent")
    return booth


def test_switched_on_without_a_network_it_lists_and_guarantees(
    open_booth, backend, profile, add, student
):
    session = add(days=3, capacity=20)
    booth = open_booth(profile).arrive().sign_in(student)
    booth.sign_out()
    ready(booth).close()
    assert rehearse(profile) == ""
    backend.kill()
    try:
        cold = open_booth(profile)
        cold.wait_link(LinkState.OFFLINE)
        assert cold.visit.reading.count(SessionFilter(starts_after=cold.visit.now())) > 0
        assert ready(cold).visit.link.synced_at is not None
        cold.sign_in(student)
        assert cold.window.browse.isVisible()
        cold.book(session, Standing.GUARANTEED)
        assert (
            "wait here" in cold.window.frame.banner.text
            or "waits here" in cold.window.frame.banner.text
        )
        assert cold.visit.link.waiting == 1
    finally:
        backend.start()
    cold.visit.sync_now()
    cold.wait_standing(session, Standing.CONFIRMED)
    assert student.held() == (1, 1)
    live = "SELECT count(*) FROM bookings WHERE session_id = %s AND is_active = 'Active'"
    assert query(backend.database, live, session) == [(1,)]


def test_what_a_start_would_miss_is_named(open_booth, profile, session, student):
    open_booth(profile).arrive().close()
    assert rehearse(profile) == ""
    mirror = (profile / MIRROR).read_bytes()
    (profile / MIRROR).write_bytes(b"\0" * len(mirror))
    assert rehearse(profile) == "sessions"
    (profile / MIRROR).write_bytes(mirror)
    queue = (profile / QUEUE).read_bytes()
    (profile / QUEUE).write_bytes(b"x" * len(queue))
    assert rehearse(profile) == "queue"
    (profile / QUEUE).write_bytes(queue)
    assert rehearse(profile) == ""
    (profile / "secrets.json").unlink()
    assert rehearse(profile) == "keys"


def test_a_kiosk_that_would_not_start_does_not_call_itself_ready(open_booth, profile, add, student):
    add(days=3, capacity=20)
    booth = ready(open_booth(profile).arrive())
    kept = profile / "secrets.json"
    text = kept.read_bytes()
    kept.unlink()
    again = booth.program.engine.begun._work._rehearsing
    again._at = None
    booth.visit.sync_now()
    booth.person.wait(lambda: booth.visit.link.ready_until is None, "the promise to go")
    kept.write_bytes(text)
    kept.chmod(0o600)
    booth.visit.sync_now()
    ready(booth)
