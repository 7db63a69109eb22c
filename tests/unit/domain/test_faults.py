"""Numbers of faults, and which of them mean that a kiosk serves nobody."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_app.domain.faults import CODES, NO_SESSIONS, OTHER_CODE, number_of, out_of_order

faults = st.sets(st.sampled_from(sorted(CODES)))


def test_every_number_is_given_once():
    assert len(set(CODES.values())) == len(CODES)
    assert OTHER_CODE not in CODES.values()
    assert number_of("gremlins") == OTHER_CODE


@given(faults, st.none() | st.sampled_from(sorted(CODES)), st.booleans(), st.booleans())
def test_a_kiosk_serves_unless_it_has_a_reason_not_to(known, fatal, offline, cached):
    found = out_of_order(known, fatal, offline=offline, cached=cached)
    if fatal:
        assert found == fatal
    elif not offline:
        assert found == ("revoked" if "revoked" in known else None)
    elif found is None:
        assert cached and known.isdisjoint({"revoked", "clock_off"})
    else:
        assert found in known | {NO_SESSIONS}


def test_what_a_banner_can_say_closes_no_counter():
    known = {"storage_full", "queue_damaged", "queue_locked", "queue_stuck", "clock_off"}
    assert out_of_order(known, None, offline=False, cached=True) is None
