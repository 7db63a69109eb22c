"""What tests of leases ask for again and again: callers, requests, and one exchange with a kiosk."""

import itertools

import msgspec

from kiosk_app.backend.core.callers import Caller
from kiosk_app.backend.core.leases import sync_leases
from kiosk_app.backend.core.policy import BookingRequest, Extras
from kiosk_app.backend.storage.rows import DeviceRow, StaffRow
from kiosk_app.contract.leases import LeasedSeat
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from tests.helpers.backend import add_device, far_day, query

_numbers = itertools.count(1)


def a_caller(url, profile="kiosk"):
    """Add a device and return it as it asks, without anybody in front of it."""
    name = f"Lease kiosk {next(_numbers)}"
    add_device(url, name, profile)
    ((identity,),) = query(url, "SELECT id FROM devices WHERE name = %s", name)
    return Caller(DeviceRow(id=identity, name=name, profile=profile))


def a_user(url, caller, role="admin"):
    """Add a user and return them as they ask at the device of `caller`."""
    email = f"user{next(_numbers)}@example.org"
    ((identity,),) = query(
        url,
        "INSERT INTO users (email, name, role, password_hash) VALUES (%s, 'Una', %s, 'x')"
        " RETURNING id",
        email,
        role,
    )
    user = msgspec.convert(
        {"id": identity, "email": email, "name": "Una", "role": Role(role)}, StaffRow
    )
    return msgspec.structs.replace(caller, user=user)


def a_request(
    session,
    contact,
    *,
    student="QX4417",
    email="ana@example.org",
    key="idem_disc_lease1",
    lease=None,
    day=None,
):
    """Return a create of a discussion, online or confirmed against a lease."""
    return BookingRequest(
        session=session,
        contact=contact,
        student_id=student,
        name="Ana Sol",
        email=email,
        exam_date=day or far_day(),
        mock_type=MockType.MOCK_DISCUSSION,
        extras=Extras(),
        key=key,
        lease=msgspec.convert(lease, LeasedSeat) if isinstance(lease, dict) else lease,
    )


async def exchange(core, caller, kiosk):
    """Let a kiosk ask and hear the answer."""
    answer = await sync_leases(core, caller, kiosk.message())
    kiosk.hear(answer)
    return answer


def counts(url, session):
    """Return (bookings, leased seats) as the session counts them; the rows must say the same."""
    ((booked, leased, rows),) = query(
        url,
        "SELECT total_bookings, leased_seats, (SELECT count(*) FROM lease_slots l"
        " WHERE l.session_id = m.id AND l.state = 'leased') FROM mock_sessions m WHERE id = %s",
        session,
    )
    assert leased == rows
    return booked, leased


async def lease_of(core, caller, kiosk, session, seats=3):
    """Let a kiosk wish for seats and return those it may confirm."""
    kiosk.wish(session, seats)
    await exchange(core, caller, kiosk)
    return kiosk.free(session)
