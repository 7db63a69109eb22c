"""What a screen reads: server rows with this device's own requests laid over them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk_app.cache.reads import _FEW
from kiosk_app.contract.bookings import BookingState
from kiosk_app.contract.credits import Balances
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.sessions import DeliveryFormat, MockType
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.listing import DaySessions, SessionFilter, SessionOrder, Standing
from kiosk_app.sync.reading import Reading
from tests.helpers.files import HERE, fill, opened, reads
from tests.helpers.samples import NOW, STUDENT, booking_record, new_request, session_facts

ALL = SessionFilter()
MARCH = (date(2027, 3, 1), date(2027, 3, 31))


def test_is_what_the_window_expects(reading):
    seam: Reading = reading
    assert seam.synced_at() is None


def test_days_are_inclusive_and_sorted_by_start(files, reading):
    late = session_facts("late", hour=18)
    early = session_facts("early", hour=9)
    fill(
        files,
        late,
        early,
        session_facts("first", day=MARCH[0]),
        session_facts("last", day=MARCH[1]),
        session_facts("out", day=date(2027, 4, 1)),
        session_facts("closed", is_active=False),
    )
    rows = reading.days(*MARCH, ALL)
    assert [row.session_id for row in rows] == ["first", "early", "late", "last"]
    assert (rows[1].campus, rows[1].room, rows[1].left) == ("North Campus", "Room 2", 11)
    assert rows[1].starts_at.isoformat() == "2027-03-04T14:00:00+00:00"


@given(
    days=st.lists(st.tuples(st.integers(1, 6), st.integers(8, 20), st.booleans()), max_size=14),
    room=st.integers(1, 4),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_month_counts_all_and_shows_the_first_of_each_day(files, reading, days, room):
    today = date(2027, 3, 3)
    now = datetime(2027, 3, 3, 17, tzinfo=UTC)
    made = [
        session_facts(f"s{n:02}", day=date(2027, 3, day), hour=hour, is_active=active)
        for n, (day, hour, active) in enumerate(days)
    ]
    fill(files, *made)
    expected = {}
    for row in reading.days(*MARCH, ALL):
        if row.exam_date != today or row.starts_at > now:
            expected.setdefault(row.exam_date, []).append(row)
    shown = reading.month(*MARCH, ALL, today=today, now=now, room=room)
    assert shown == {
        day: DaySessions(len(rows), tuple(rows[:room]) if day >= today else ())
        for day, rows in expected.items()
    }


def test_a_month_leaves_out_nothing_of_ones_own(files, reading):
    day = NOW.date() + timedelta(days=1)
    sessions = [session_facts(f"s{hour}", day=day, hour=hour) for hour in range(8, 16)]
    fill(files, *sessions)
    files.mirror.set_balances(STUDENT, Balances(), NOW)
    files.mirror.set_bookings(STUDENT, [booking_record(sessions[-1], id="b1")], NOW)
    shown = reading.month(day, day, ALL, STUDENT, today=NOW.date(), now=NOW, room=2)[day]
    assert shown.count == len(sessions)
    assert [row.session_id for row in shown.rows] == ["s8", "s9", "s15"]
    assert shown.rows[-1].standing is Standing.CONFIRMED


def test_what_has_started_can_be_left_out(files, reading):
    day = NOW.date()
    fill(files, session_facts("begun", day=day, hour=9), session_facts("next", day=day, hour=11))
    wanted = SessionFilter(first_day=day, starts_after=NOW)
    assert [row.session_id for row in reading.days(day, day, wanted)] == ["next"]
    assert reading.count(wanted) == 1


def of_every_kind(count):
    """Return sessions that share days, hours, kinds, places, formats and free seats with others."""
    return [
        session_facts(
            f"s{n:02}",
            day=date(2027, 3, 1 + n % 5),
            hour=8 + n % 7,
            total_bookings=n % 4,
            mock_type=list(MockType)[n % 4],
            location=f"Campus {n % 3} – Room {n % 2}",
            delivery_format=list(DeliveryFormat)[n % 3],
        )
        for n in range(count)
    ]


_COLUMN = {
    SessionOrder.DATE: lambda row: row.exam_date,
    SessionOrder.TIME: lambda row: row.starts_at.time(),
    SessionOrder.TYPE: lambda row: row.mock_type.value,
    SessionOrder.LOCATION: lambda row: row.location,
    SessionOrder.FORMAT: lambda row: row.delivery_format.value,
    SessionOrder.SEATS: lambda row: row.left,
}


@pytest.mark.parametrize("order", list(SessionOrder))
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("waiting", [False, True])
def test_every_column_sorts_both_ways_and_pages_join_up(files, reading, order, descending, waiting):
    sessions = of_every_kind(23)
    fill(files, *sessions)
    if waiting:
        files.queue.save(new_request(sessions[3]), NOW)
    pages = [
        reading.page(ALL, order, descending=descending, offset=offset, limit=5)
        for offset in range(0, 25, 5)
    ]
    rows = [row for page in pages for row in page]
    expected = sorted(rows, key=lambda r: (r.starts_at, r.session_id))
    expected = sorted(expected, key=_COLUMN[order], reverse=descending)
    assert len(rows) == 23
    assert rows == expected


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (SessionFilter(), {"a", "b", "c"}),
        (
            SessionFilter(mock_types=frozenset({MockType.MINI_MOCK, MockType.CLINICAL_SKILLS})),
            {"b"},
        ),
        (SessionFilter(campus="Online"), {"c"}),
        (SessionFilter(formats=frozenset({DeliveryFormat.VIRTUAL})), {"c"}),
        (SessionFilter(formats=frozenset(DeliveryFormat), campus="Online"), {"c"}),
        (SessionFilter(with_seats=True), {"b", "c"}),
        (SessionFilter(instructor="Élodie Roy"), {"b"}),
        (SessionFilter(instructor="Elodie"), set()),
        (SessionFilter(topic="Ethics"), {"a"}),
        (SessionFilter(topic="Ethics", instructor="Élodie Roy"), set()),
        (SessionFilter(topic='"%'), set()),
        (SessionFilter(first_day=date(2027, 3, 5)), {"b", "c"}),
        (SessionFilter(last_day=date(2027, 3, 5)), {"a", "b"}),
        (SessionFilter(search="ELODIE"), {"b"}),
        (SessionFilter(search="room ethics"), {"a"}),
        (SessionFilter(search="100%"), {"c"}),
        (SessionFilter(search="1__%"), set()),
        (SessionFilter(search="'; DROP TABLE sessions"), set()),
    ],
)
def test_a_filter_narrows_list_and_count_alike(files, reading, wanted, found):
    fill(
        files,
        session_facts("a", topics=["Ethics"], total_bookings=16),
        session_facts(
            "b", day=date(2027, 3, 5), mock_type=MockType.MINI_MOCK, instructor_name="Élodie Roy"
        ),
        session_facts(
            "c",
            day=date(2027, 3, 6),
            location="Online",
            title="100% remote",
            delivery_format=DeliveryFormat.VIRTUAL,
        ),
    )
    rows = reading.page(wanted, SessionOrder.DATE, descending=False, offset=0, limit=50)
    assert {row.session_id for row in rows} == found
    assert reading.count(wanted) == len(found)
    assert {row.session_id for row in reading.days(*MARCH, wanted)} == found


@given(
    words=st.sampled_from(["room", "ethics", "mini", "nothing like it"]),
    order=st.sampled_from(list(SessionOrder)),
    descending=st.booleans(),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_search_finds_the_same_however_much_it_finds(files, reading, words, order, descending):
    many = [
        session_facts(f"s{n:04}", day=date(2027, 3, 1 + n % 28), hour=8 + n % 9)
        for n in range(_FEW + 50)
    ]
    rare = session_facts("rare", mock_type=MockType.MINI_MOCK, topics=["Ethics"])
    if reading.session("rare") is None:
        fill(files, *many, rare)
    everything = reading.page(ALL, order, descending=descending, offset=0, limit=10_000)
    wanted = SessionFilter(search=words)
    found = reading.page(wanted, order, descending=descending, offset=0, limit=10_000)
    kept = {row.session_id for row in found}
    assert found == [row for row in everything if row.session_id in kept]
    assert reading.count(wanted) == len(found)
    assert ("rare" in kept) == (words != "nothing like it")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_what_has_not_begun_is_listed_wherever_in_the_world_it_is(files, reading, zone):
    starts = datetime(2027, 3, 2, 0, 30, tzinfo=UTC)
    day = starts.astimezone(ZoneInfo(zone)).date()
    facts = session_facts("far", day=day)
    begins, ends = (wire_instant(starts + timedelta(hours=n)) for n in (0, 2))
    fill(files, replace(facts, time_zone=zone, starts_at=begins, ends_at=ends))
    wanted = SessionFilter(starts_after=starts - timedelta(minutes=1))
    assert reading.count(wanted) == 1
    rows = reading.page(wanted, SessionOrder.DATE, descending=False, offset=0, limit=5)
    assert [row.session_id for row in rows] == ["far"]


def test_campuses_are_those_of_sessions_to_come(files, reading):
    fill(
        files,
        session_facts(location="Zoo – 1"),
        session_facts(location="École – 1"),
        session_facts(location="Zoo – 2"),
        session_facts(location="Past – 1", day=date(2027, 2, 1)),
        session_facts(location="Closed – 1", is_active=False),
    )
    assert reading.campuses() == ["École", "Zoo"]


def test_own_waiting_requests_lower_the_seats_and_colour_the_row(files, reading):
    facts = session_facts("s", capacity=5, total_bookings=0)
    fill(files, facts)
    request = files.queue.save(new_request(facts), NOW)
    row = reading.session("s", STUDENT)
    assert (row.left, row.waiting, row.standing) == (4, 1, Standing.QUEUED)
    assert reading.session("s").standing is Standing.NONE
    files.queue.sending(request, NOW)
    assert reading.session("s", STUDENT).standing is Standing.SENDING


def test_a_confirmed_seat_never_comes_back_before_the_server_counts_it(files, reading):
    """Monotonic: 5, then 4 pending, 4 confirmed, and 4 when the server's own number arrives."""
    facts = session_facts("s", capacity=5, total_bookings=0)
    fill(files, facts)
    request = files.queue.save(new_request(facts), NOW)
    request = files.queue.sending(request, NOW)
    files.queue.confirm(request, NOW + timedelta(seconds=1), '{"booking_code": "BK-1"}', "b1")
    row = reading.session("s", STUDENT)
    assert (row.left, row.waiting, row.standing) == (4, 0, Standing.CONFIRMED)
    booked = session_facts("s", capacity=5, total_bookings=1)
    files.mirror.apply([booked], [], HERE, NOW + timedelta(seconds=2))
    assert reading.session("s").left == 4


def test_my_bookings_are_the_servers_with_my_requests_laid_over(files, reading):
    sessions = {
        name: session_facts(name, day=date(2027, 3, day))
        for name, day in [
            ("kept", 4),
            ("leaving", 5),
            ("gone", 6),
            ("asked", 7),
            ("sent", 8),
            ("no", 9),
        ]
    }
    fill(files, *sessions.values())
    files.mirror.set_balances(STUDENT, Balances(), NOW)
    records = [
        booking_record(sessions["kept"], id="b-kept"),
        booking_record(sessions["leaving"], id="b-leaving"),
        booking_record(sessions["gone"], id="b-gone", is_active=BookingState.CANCELLED),
    ]
    files.mirror.set_bookings(STUDENT, records, NOW)
    queue = files.queue
    queue.save(
        new_request(
            sessions["leaving"], kind="cancel", booking_ref="b-leaving", idempotency_key=None
        ),
        NOW,
    )
    asked = queue.save(new_request(sessions["asked"]), NOW)
    sent = queue.sending(queue.save(new_request(sessions["sent"]), NOW), NOW)
    queue.confirm(sent, NOW + timedelta(seconds=5), '{"booking_code": "BK-9"}', "b-sent")
    refused = queue.sending(queue.save(new_request(sessions["no"]), NOW), NOW)
    queue.refuse(refused, NOW, "DISCUSSION_FULL")
    queue.save(new_request(sessions["asked"], student_ref="OTHER1"), NOW)
    shown = [(b.ref, b.standing, b.can_cancel) for b in reading.bookings(STUDENT)]
    assert shown == [
        ("b-kept", Standing.CONFIRMED, True),
        ("b-leaving", Standing.CANCELLING, False),
        ("b-gone", Standing.CANCELLED, True),
        (asked.id, Standing.QUEUED, True),
        ("b-sent", Standing.CONFIRMED, True),
        (refused.id, Standing.REFUSED, False),
    ]
    assert [b.code for b in reading.bookings(STUDENT)][3:5] == [asked.number, "BK-9"]
    assert reading.bookings(STUDENT)[-1].problem == "DISCUSSION_FULL"
    queue.see(STUDENT, NOW)
    assert refused.id not in [b.ref for b in reading.bookings(STUDENT)]


def test_a_confirmed_request_yields_to_the_servers_list(files, reading):
    facts = session_facts()
    fill(files, facts)
    files.mirror.set_balances(STUDENT, Balances(), NOW)
    sent = files.queue.sending(files.queue.save(new_request(facts), NOW), NOW)
    files.queue.confirm(sent, NOW, '{"booking_code": "BK-9"}', "b1")
    assert [b.ref for b in reading.bookings(STUDENT)] == ["b1"]
    later = NOW + timedelta(seconds=1)
    files.mirror.set_bookings(STUDENT, [booking_record(facts, id="b1")], later)
    assert [b.ref for b in reading.bookings(STUDENT)] == ["b1"]
    files.mirror.set_bookings(STUDENT, [], later)
    assert reading.bookings(STUDENT) == []


@given(
    left=st.lists(st.integers(0, 2), min_size=1, max_size=6),
    waiting=st.sets(st.integers(0, 5)),
    lent=st.sets(st.integers(0, 5)),
    offline=st.booleans(),
)
@settings(max_examples=40)
def test_only_with_seats_is_what_the_rows_themselves_say(
    tmp_path_factory, left, waiting, lent, offline
):
    folder = tmp_path_factory.mktemp("seats")
    files = opened(folder)
    here = range(len(left))
    sessions = [session_facts(f"s{n}", hour=9 + n, total_bookings=16 - left[n]) for n in here]
    fill(files, *sessions)
    for n in waiting.intersection(here):
        files.queue.save(new_request(sessions[n], student_ref=f"S{n}"), NOW)
    for n in lent.intersection(here):
        slot = SlotRef(session_id=f"s{n}", slot=1, generation=1)
        files.queue.slots.add(f"g{n}", [slot], 10**12, 1_000_000)
    reading = reads(folder)
    reading.show_leased(shown=offline)
    free = {row.session_id for row in reading.days(*MARCH, ALL) if row.left + row.guaranteed > 0}
    wanted = SessionFilter(with_seats=True)
    assert {row.session_id for row in reading.days(*MARCH, wanted)} == free
    assert reading.count(wanted) == len(free)
    reading.close()
    files.close()


@given(
    order=st.sampled_from(list(SessionOrder)),
    descending=st.booleans(),
    campus=st.sampled_from([None, "Campus 1", "Campus 2", "Nowhere"]),
    after=st.sampled_from([None, 0, 11, 29]),
    offset=st.integers(0, 45),
    limit=st.integers(1, 20),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_window_of_the_list_is_a_part_of_the_whole_in_order(
    files, reading, *, order, descending, campus, after, offset, limit
):
    if reading.session("s00") is None:
        fill(files, *of_every_kind(40))
    all_ = reading.days(*MARCH, ALL)
    since = None if after is None else all_[after].starts_at
    fits = [row for row in all_ if campus in {None, row.campus}]
    fits = [row for row in fits if since is None or row.starts_at > since]
    fits.sort(key=lambda row: (row.starts_at, row.session_id))
    fits.sort(key=_COLUMN[order], reverse=descending)
    wanted = SessionFilter(campus=campus, starts_after=since)
    found = reading.page(wanted, order, descending=descending, offset=offset, limit=limit)
    assert found == fits[offset : offset + limit]
