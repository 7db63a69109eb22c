"""Sessions that staff make, change and call off (0.7, A71, A77)."""

import asyncio
import concurrent.futures
from datetime import date, time, timedelta

import pytest

from kiosk_app.backend.core.parts import utc_now
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import read_instant
from tests.helpers.backend import (
    RunningBackend,
    add_session,
    far_day,
    query,
    sign_in_staff,
)
from tests.helpers.planning import (
    book,
    change,
    code,
    done,
    everything,
    instants,
    look,
    person,
    wish,
)
from tests.helpers.waiting import see_to_all

MEETING = "https://meet.example.org/k7-q2"
PLANNED = {"mock_type": "Mock Discussion", "capacity": 4, "location": "Online"}
WHY = {"reason": "the instructor is ill"}


@pytest.fixture
def desk(running_backend):
    with sign_in_staff(running_backend, Role.FRONT_DESK) as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


def call_off(desk, session, *, preview=False):
    path = f"/admin/sessions/{session}/cancellation"
    return desk.http.post(path, json=WHY, params={"preview": preview})


def new_session(**changes):
    body = {"mock_type": "Mini-mock", "capacity": 8, "location": "Downtown – Room 1"}
    return body | instants(far_day()) | changes


class TestMaking:
    def test_it_is_there_at_once_for_everybody(self, desk, url):
        body = new_session(topics=["Mixed"], title="Evening", delivery_format="Hybrid")
        made = done(desk.http.post("/admin/sessions", json=body), 201)["session"]
        assert (made["version"], made["booked"], made["series_id"]) == (1, 0, None)
        assert made["exam_date"] == far_day().isoformat()
        assert look(desk, made["session_id"]) == made
        (shown,) = done(desk.exams(mock_type="Mini-mock"))
        assert (shown["mock_exam_id"], shown["topics"]) == (made["session_id"], ["Mixed"])
        fed = desk.changes().json()["sessions"]
        assert [one["session_id"] for one in fed] == [made["session_id"]]
        rows = query(
            url,
            "SELECT action, entity_id, after ->> 'capacity' FROM audit_log"
            " WHERE entity = 'session'",
        )
        assert rows == [("session.created", made["session_id"], "8")]

    def test_its_date_is_its_own_zones(self, desk):
        late = instants(far_day(), time(23), hours=1, zone="America/Vancouver")
        body = new_session(time_zone="America/Vancouver", **late)
        made = done(desk.http.post("/admin/sessions", json=body), 201)["session"]
        assert made["exam_date"] == far_day().isoformat()

    @pytest.mark.parametrize(
        ("fields", "code_"),
        [
            (instants(date(2020, 1, 6)), "SESSION_IN_PAST"),
            ({"ends_at": "2020-01-06T19:00:00.000Z"}, "VALIDATION_ERROR"),
            (instants(far_day(), hours=25), "VALIDATION_ERROR"),
            (instants(date(9999, 12, 30)), "VALIDATION_ERROR"),
            ({"time_zone": "Mars/Base"}, "VALIDATION_ERROR"),
            ({"time_zone": "../../etc/passwd"}, "VALIDATION_ERROR"),
            ({"capacity": -1}, "VALIDATION_ERROR"),
            ({"location": "  "}, "VALIDATION_ERROR"),
            ({"delivery_format": "virtual"}, "VALIDATION_ERROR"),
        ],
    )
    def test_what_is_no_session(self, desk, url, fields, code_):
        answer = desk.http.post("/admin/sessions", json=new_session(**fields))
        assert code(answer) == (400, code_)
        assert query(url, "SELECT 1 FROM mock_sessions") == []

    def test_the_same_again_is_refused(self, desk):
        done(desk.http.post("/admin/sessions", json=new_session()), 201)
        again = desk.http.post("/admin/sessions", json=new_session(capacity=9))
        assert code(again) == (409, "SESSION_EXISTS")

    def test_on_a_closed_day_the_answer_says_so(self, desk, url):
        query(
            url,
            "INSERT INTO closures (first_day, last_day, location, name) VALUES"
            " (%s, %s, 'downtown', 'Paint'), (%s, %s, 'North Campus', 'Other')",
            *(far_day(), far_day()) * 2,
        )
        made = done(desk.http.post("/admin/sessions", json=new_session()), 201)
        assert made["impact"]["closure"] == "Paint"


class TestChanging:
    def test_a_preview_writes_nothing_and_says_the_same(self, desk, url):
        session = add_session(url)
        book(desk, session, person(url))
        before = everything(url)
        move = instants(far_day(), time(18)) | {"location": "North Campus – Room 2"}
        told = done(change(desk, session, preview=True, **move))
        assert everything(url) == before
        made = done(change(desk, session, **move))
        assert told.pop("preview") is True
        assert made.pop("preview") is False
        assert told == made
        assert made["impact"] == {
            **dict.fromkeys(("leased", "waiting", "cancelled", "clashes"), 0),
            "booked": 1,
            "told": 1,
            "closure": None,
        }

    def test_everybody_booked_is_told_of_a_move_and_of_nothing_else(self, desk, url):
        session = add_session(url)
        book(desk, session, person(url))
        assert done(change(desk, session, title="New"))["impact"]["told"] == 0
        assert done(change(desk, session, location="Elsewhere"))["impact"]["told"] == 1
        kinds = [kind for (kind,) in query(url, "SELECT kind FROM mail_outbox ORDER BY seq")]
        assert kinds == ["confirm", "change"]

    def test_bookings_follow_to_another_day(self, desk, url):
        session, there = add_session(url), far_day(40)
        ref = book(desk, session, person(url))
        done(change(desk, session, **instants(there)))
        assert query(url, "SELECT exam_date FROM bookings WHERE id = %s", ref) == [(there,)]

    def test_but_not_where_a_student_has_that_kind_already(self, desk, url):
        session, there = add_session(url), far_day(40)
        other, ana = add_session(url, day=there, start=time(9)), person(url)
        book(desk, session, ana)
        book(desk, other, ana, day=there)
        before = everything(url)
        assert code(change(desk, session, **instants(there))) == (409, "STUDENT_CLASH")
        assert everything(url) == before

    def test_overlaps_are_counted_and_left_to_people(self, desk, url):
        session, ana = add_session(url), person(url, cs=1)
        exam = add_session(url, mock_type="Clinical Skills", start=time(18))
        book(desk, session, ana)
        body = wish(exam, ana)
        done(desk.create(body | {"mock_type": "Clinical Skills"}, path="/bookings/create"), 201)
        moved = done(change(desk, session, **instants(far_day(), time(19))))
        assert moved["impact"]["clashes"] == 1

    def test_two_who_read_the_same_version(self, desk, url):
        session = add_session(url)
        assert done(change(desk, session, version=1, capacity=11))["session"]["version"] == 2
        assert code(change(desk, session, version=1, capacity=12)) == (409, "SESSION_CHANGED")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = [
                pool.submit(change, desk, session, version=2, capacity=20 + n) for n in range(8)
            ]
            told = sorted(code(one.result()) for one in answers)
        assert told == [(200, None)] + [(409, "SESSION_CHANGED")] * 7

    def test_bookings_are_no_change_and_imports_are(self, desk, url):
        session = add_session(url)
        book(desk, session, person(url))
        assert look(desk, session)["version"] == 1
        query(url, "UPDATE mock_sessions SET location = 'X'")
        assert look(desk, session)["version"] == 2
        assert done(change(desk, session, location="X"))["session"]["version"] == 2

    def test_the_past_is_frozen(self, desk, url):
        session = add_session(url, day=date(2020, 1, 6))
        before = everything(url)
        for answer in (change(desk, session, capacity=30), call_off(desk, session)):
            assert code(answer) == (409, "SESSION_OVER")
        ahead = add_session(url)
        assert code(change(desk, ahead, **instants(date(2020, 1, 6)))) == (400, "SESSION_IN_PAST")
        assert len(everything(url)[0]) == len(before[0]) + 1

    def test_off_the_lists_bookings_stand(self, desk, url):
        session = add_session(url)
        book(desk, session, person(url))
        done(change(desk, session, is_active=False))
        assert done(desk.discussions()) == []
        assert query(url, "SELECT is_active FROM bookings") == [("Active",)]

    def test_nobody_knows_it(self, desk):
        nobody = "00000000-0000-4000-8000-000000000000"
        for answer in (
            desk.http.get(f"/admin/sessions/{nobody}"),
            change(desk, nobody, version=1, capacity=1),
            call_off(desk, nobody),
        ):
            assert code(answer) == (404, "SESSION_NOT_FOUND")


class TestCallingOff:
    def test_everybody_is_refunded_once_and_told(self, desk, url):
        session = add_session(url)
        people = [person(url, n) for n in range(3)]
        for n, contact in enumerate(people):
            book(desk, session, contact, n)
        before = everything(url)
        told = done(call_off(desk, session, preview=True))
        assert everything(url) == before
        made = done(call_off(desk, session))
        assert told["impact"] == made["impact"]
        assert (made["impact"]["cancelled"], made["impact"]["told"]) == (3, 3)
        assert made["session"]["is_active"] is False
        again = done(call_off(desk, session))
        assert again["impact"]["cancelled"] == 0
        rows = query(url, "SELECT is_active, cancel_reason FROM bookings")
        assert rows == [("Cancelled", WHY["reason"])] * 3
        assert query(url, "SELECT total_bookings FROM mock_sessions") == [(0,)]
        sums = query(url, "SELECT sum(amount) FROM ledger GROUP BY contact_id")
        assert sums == [(3,)] * 3
        assert query(url, "SELECT count(*) FROM mail_outbox WHERE kind = 'cancel'") == [(3,)]
        log = query(
            url,
            "SELECT action, count(*) FROM audit_log WHERE action LIKE '%%off' OR"
            " action = 'booking.cancelled' GROUP BY 1 ORDER BY 1",
        )
        assert log == [("booking.cancelled", 3), ("session.called_off", 1)]

    def test_the_list_ends_and_leases_with_it(self, desk, url):
        session = add_session(url, capacity=1)
        book(desk, session, person(url))
        join = f"/sessions/{session}/waitlist"
        done(desk.http.post(join, json={"contact_id": person(url, 1)}), 201)
        query(url, "UPDATE mock_sessions SET capacity = 3")
        query(
            url,
            "INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id,"
            " grant_id, granted_at, renewed_at) SELECT %s, 2, nextval('lease_generations'), id,"
            " gen_random_uuid(), gen_random_uuid(), now(), now() FROM devices LIMIT 1",
            session,
        )
        made = done(call_off(desk, session))
        assert (made["impact"]["leased"], made["impact"]["waiting"]) == (1, 1)
        assert (made["session"]["leased"], made["session"]["held"]) == (0, 0)
        assert query(url, "SELECT state FROM lease_slots") == [("void",)]
        assert query(url, "SELECT state FROM waitlist_entries") == [("closed",)]
        asyncio.run(see_to_all(url))
        assert look(desk, session)["held"] == 0

    def test_while_it_runs_it_can_still_be_called_off(self, desk, url):
        session = add_session(url)
        ref = book(desk, session, person(url))
        query(
            url,
            "UPDATE mock_sessions SET starts_at = now() - interval '5 min',"
            " ends_at = now() + interval '1 h'",
        )
        assert done(call_off(desk, session))["impact"]["cancelled"] == 1
        assert query(url, "SELECT is_active FROM bookings WHERE id = %s", ref) == [("Cancelled",)]

    def test_people_who_book_meanwhile_are_met_or_refused(self, database_url):
        """Twelve people and one who calls off: at the end nobody has paid for nothing."""
        backend = RunningBackend(database_url)
        backend.start()
        try:
            with sign_in_staff(backend, Role.ADMIN) as admin:
                session = add_session(database_url, capacity=20)
                people = [person(database_url, n) for n in range(12)]

                def one(n):
                    return admin.create(wish(session, people[n], n)).status_code

                with concurrent.futures.ThreadPoolExecutor(13) as pool:
                    booked = [pool.submit(one, n) for n in range(12)]
                    ended = pool.submit(call_off, admin, session)
                    assert {job.result() for job in booked} <= {201, 400, 503}
                    first = ended.result()
                assert first.status_code in {200, 503}, first.text
                if first.status_code == 503:
                    done(call_off(admin, session))
                live = "SELECT count(*) FROM bookings WHERE is_active = 'Active'"
                assert query(database_url, live) == [(0,)]
                sums = query(database_url, "SELECT sum(amount) FROM ledger GROUP BY contact_id")
                assert sums == [(3,)] * 12
                assert look(admin, session)["booked"] == 0
        finally:
            backend.stop()


def test_a38_the_address_of_a_meeting_is_told_to_those_who_are_booked_when_it_begins(database_url):
    """From ten minutes before the start until the end, and never to a list of sessions (A81)."""
    moment = [utc_now()]
    backend = RunningBackend(database_url, clock=lambda: moment[0])
    backend.start()
    session = add_session(database_url)
    virtual, there = (person(database_url, n) for n in (1, 2))
    try:
        with sign_in_staff(backend, Role.FRONT_DESK) as desk:
            planned = done(change(desk, session, meeting_url=MEETING))["session"]
            assert planned["meeting_url"] == MEETING
            assert MEETING not in desk.discussions().text + desk.changes().text
            booking = book(desk, session, virtual, 1)
            body = wish(session, there, 2) | {"discussion_format": "In-Person"}
            other = done(desk.create(body), 201)["id"]
        starts, ends = (read_instant(planned[name]) for name in ("starts_at", "ends_at"))
        early, opens = starts - timedelta(minutes=10, seconds=1), starts - timedelta(minutes=10)
        told = []
        for moment[0] in (early, opens, ends):
            with sign_in_staff(backend, Role.FRONT_DESK) as desk:
                told += [_join_url(desk, booking), _join_url(desk, other)]
        assert told == [None, None, MEETING, None, None, None]
    finally:
        backend.stop()


def _join_url(desk, booking):
    return done(desk.http.get(f"/bookings/{booking}"))["join_url"]


def test_a_meeting_has_an_address_that_a_browser_may_open(desk):
    for wrong in ("http://meet.example.org", "javascript:alert(1)", "https://a b", ""):
        body = PLANNED | instants(far_day()) | {"meeting_url": wrong}
        assert code(desk.http.post("/admin/sessions", json=body)) == (400, "VALIDATION_ERROR")
    body = PLANNED | instants(far_day()) | {"meeting_url": MEETING}
    assert done(desk.http.post("/admin/sessions", json=body), 201)["session"]["meeting_url"]
