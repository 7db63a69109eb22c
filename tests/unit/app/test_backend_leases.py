import pytest

from kiosk_app.app.backend_leases import BadLeaseSetting, read_lease_policy
from kiosk_app.domain.lease_policy import LeasePolicy


def test_unset_is_the_usual_policy():
    assert read_lease_policy({}) == LeasePolicy()


def test_every_number_can_be_set():
    told = read_lease_policy(
        {
            "KIOSK_LEASE_MOST": "5",
            "KIOSK_LEASE_SHARE": "0.5",
            "KIOSK_LEASE_CEILING": "0.1",
            "KIOSK_LEASE_HOURS": "1.5",
        }
    )
    assert told == LeasePolicy(
        most_per_device=5, share_of_pool=0.5, share_of_capacity=0.1, ttl_s=5400
    )


@pytest.mark.parametrize("value", ["-1", "many", "nan", "1000"])
def test_nonsense_is_said(value):
    with pytest.raises(BadLeaseSetting, match="KIOSK_LEASE_SHARE"):
        read_lease_policy({"KIOSK_LEASE_SHARE": value})
