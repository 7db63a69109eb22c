"""Moving a booking to another session: one step, the same booking, nothing lost on the way."""

from datetime import time, timedelta

import pytest

from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Limits, Rule
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
    sign_in_staff,
)
from tests.helpers.moving import DAY, LATER, booked, code, entries, move, seats, talk


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def contact(url):
    return add_student(url, discussion=2, cs=2, shared=1)


@pytest.fixture
def visitor(api, contact):
    with api.as_visitor() as visit:
        yield visit


PAID = [("mock_discussion_token", -1, "booking")]


def test_a_move_keeps_the_booking_and_its_token(api, visitor, url, contact):
    made, old = booked(api, url, contact)
    new = talk(url, location="North – Room 2")
    before = visitor.http.get(f"/bookings/{made}").json()["data"]
    assert before["can_move"]
    answer = move(visitor, made, new, topic_preference="Ethics")
    data = answer.json()["data"]
    assert answer.status_code == 200
    assert {name: data["booking"][name] for name in ("id", "booking_code", "created_at")} == {
        name: before[name] for name in ("id", "booking_code", "created_at")
    }
    assert (data["booking"]["mock_exam_id"], data["left"]["mock_exam_id"]) == (new, old)
    assert data["booking"]["location"] == "North – Room 2"
    assert data["booking"]["topic_preference"] == "Ethics"
    assert data["booking"]["exam_date"] == LATER.isoformat()
    assert data["booking"]["booking_id"] != before["booking_id"], "it names the day"
    assert (data["tokens"]["returned"], data["tokens"]["spent"]) == (None, None)
    assert data["tokens"]["balances"]["mock_discussion_token"] == 1
    assert seats(url, old, new) == [0, 1]
    assert entries(url) == PAID, "the same token pays"
    assert visitor.http.get(f"/bookings/{made}").json()["data"] == data["booking"]


def test_what_was_chosen_stays_unless_it_is_chosen_anew(api, visitor, url, contact):
    body = discussion_body(talk(url, DAY), contact, DAY, topic_preference="Ethics")
    made = api.create(body | {"discussion_format": "Hybrid"}).json()["data"]["id"]
    booking = move(visitor, made, talk(url)).json()["data"]["booking"]
    assert (booking["discussion_format"], booking["topic_preference"]) == ("Hybrid", "Ethics")
    booking = move(visitor, made, talk(url, far_day(50)), "idem_move_2", topic_preference="")
    assert booking.json()["data"]["booking"]["topic_preference"] == ""


def test_another_kind_gives_one_token_back_and_takes_another(api, visitor, url, contact):
    made, _ = booked(api, url, contact)
    exam = talk(url, mock_type="Clinical Skills")
    data = move(visitor, made, exam, dominant_hand="left").json()["data"]
    assert data["tokens"] == {
        "returned": "mock_discussion_token",
        "spent": "cs_credits",
        "balances": {
            "sj_credits": 0,
            "cs_credits": 1,
            "sjmini_credits": 0,
            "shared_mock_credits": 1,
            "mock_discussion_token": 2,
        },
    }
    booking = data["booking"]
    assert booking["token_used"] == "Clinical Skills Token"
    assert (booking["discussion_format"], booking["dominant_hand"]) == (None, "left")
    assert move(visitor, made, talk(url, far_day(50)), "idem_move_2").json()["data"]["tokens"][
        "spent"
    ] == ("mock_discussion_token")
    cancelled = visitor.cancel(made).json()["data"]
    assert cancelled["token_refunded"] == {"field": "mock_discussion_token", "new_balance": 2}
    assert sum(amount for _, amount, _ in entries(url)) == 0


def test_a_shared_token_that_goes_on_paying_is_not_moved_about(api, url):
    contact = add_student(url, shared=1)
    exam = talk(url, DAY, mock_type="Clinical Skills")
    made = api.create(exam_body(exam, contact, DAY), path="/bookings/create").json()["data"]["id"]
    with api.as_visitor() as visitor:
        data = move(visitor, made, talk(url, mock_type="Mini-mock")).json()["data"]
        assert (data["tokens"]["returned"], data["tokens"]["spent"]) == (None, None)
        assert entries(url) == [("shared_mock_credits", -1, "booking")]
        refused = move(visitor, made, talk(url), "idem_move_2")
        assert code(refused) == (400, "INSUFFICIENT_TOKENS"), "no discussion is paid with it (F17)"


def test_a_repeat_answers_what_was_done_and_does_nothing(api, visitor, url, contact):
    made, old = booked(api, url, contact)
    new = talk(url)
    first = move(visitor, made, new).json()
    again = move(visitor, made, new).json()
    assert again["data"].pop("idempotent_request") is True
    assert again["data"] == first["data"]
    assert seats(url, old, new) == [0, 1]
    assert code(move(visitor, made, talk(url))) == (409, "IDEMPOTENCY_KEY_REUSED")
    created = query(url, "SELECT idempotency_key FROM bookings")[0][0]
    reused = move(visitor, made, talk(url), created)
    assert code(reused) == (409, "IDEMPOTENCY_KEY_REUSED"), "a create has it (M5)"
    keyless = visitor.http.post(f"/bookings/{made}/reschedule", json={"session_id": new})
    assert code(keyless) == (400, "VALIDATION_ERROR")


def test_a_repeat_by_the_old_readable_id_is_answered_too(api, visitor, url, contact):
    """It names the day the booking has left; the key knows which one is meant."""
    made, _ = booked(api, url, contact)
    ref = visitor.http.get(f"/bookings/{made}").json()["data"]["booking_id"]
    new = talk(url)
    assert code(move(visitor, ref, new)) is None
    assert move(visitor, ref, new).json()["data"]["idempotent_request"] is True


def test_every_refusal_leaves_the_booking_where_it_is(api, visitor, url, contact):
    made, old = booked(api, url, contact)
    held = talk(url, LATER)
    assert code(api.create(discussion_body(held, contact, LATER))) is None
    before = query(url, "SELECT * FROM bookings ORDER BY id"), entries(url)
    gone = talk(url, far_day(50), is_active=False)
    full = talk(url, far_day(51), capacity=0)
    exam = talk(url, far_day(51), capacity=0, mock_type="Clinical Skills")
    early = time(8)
    clash = talk(url, LATER, mock_type="Clinical Skills")
    penniless = talk(url, far_day(52), mock_type="Situational Judgment")
    for session, told in (
        (old, (400, "SAME_SESSION")),
        ("00000000-0000-4000-8000-000000000000", (404, "SESSION_NOT_FOUND")),
        ("nonsense", (404, "SESSION_NOT_FOUND")),
        (gone, (400, "SESSION_CLOSED")),
        (talk(url, far_day(-3)), (400, "SESSION_CLOSED")),
        (full, (400, "DISCUSSION_FULL")),
        (exam, (400, "EXAM_FULL")),
        (talk(url, LATER, start=early), (400, "DUPLICATE_BOOKING")),
        (clash, (400, "OVERLAPPING_BOOKING")),
    ):
        assert code(move(visitor, made, session)) == told
    query(
        url,
        "INSERT INTO ledger (contact_id, credit_field, amount, kind) VALUES"
        " (%s, 'shared_mock_credits', -1, 'adjust')",
        contact,
    )
    assert code(move(visitor, made, penniless)) == (400, "INSUFFICIENT_TOKENS")
    assert before == (
        query(url, "SELECT * FROM bookings ORDER BY id"),
        entries(url),
    )


def test_the_own_booking_is_no_clash(api, visitor, url, contact):
    """Another session of that kind, day and hour: the seat it leaves is not in its way."""
    made, _ = booked(api, url, contact)
    assert code(move(visitor, made, talk(url, DAY, location="Elsewhere"))) is None


def test_what_is_over_cancelled_or_checked_in_stays(api, visitor, url, contact):
    made, _ = booked(api, url, contact)
    new = talk(url)
    query(url, "UPDATE bookings SET attendance = 'attended'")
    assert not visitor.http.get(f"/bookings/{made}").json()["data"]["can_move"]
    assert code(move(visitor, made, new)) == (409, "INVALID_STATE")
    query(url, "UPDATE bookings SET attendance = NULL")
    query(
        url,
        "UPDATE mock_sessions SET starts_at = now() - interval '1 min', ends_at = now()"
        " + interval '1 h' WHERE id <> %s",
        new,
    )
    assert code(move(visitor, made, new)) == (409, "INVALID_STATE")
    query(url, "UPDATE bookings SET is_active = 'Cancelled'")
    assert code(move(visitor, made, new)) == (409, "INVALID_STATE")


def test_students_move_their_own_and_the_front_desk_anybodys(
    api, visitor, url, contact, running_backend
):
    made, _ = booked(api, url, contact)
    new = talk(url)
    add_student(url, "BO9", email="bo@example.org")
    with api.as_visitor("BO9", "bo@example.org") as other:
        assert code(move(other, made, new)) == (403, "INSUFFICIENT_PERMISSIONS")
    assert code(move(api, made, new)) == (403, "INSUFFICIENT_PERMISSIONS"), "a device alone"
    assert code(move(visitor, "nobody's", new)) == (404, "BOOKING_NOT_FOUND")
    with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
        assert code(move(desk, made, new)) is None
    assert query(
        url,
        "SELECT actor_kind, reason, before ->> 'session' = after ->> 'session'"
        " FROM audit_log WHERE action = 'booking.moved'",
    ) == [("user", None, False)]


def test_the_freed_seat_goes_to_who_waits_for_it(api, visitor, url, contact):
    made, old = booked(api, url, contact, capacity=1)
    add_student(url, "BO9", email="bo@example.org", discussion=1)
    with api.as_visitor("BO9", "bo@example.org") as other:
        assert other.http.post(f"/sessions/{old}/waitlist", json={}).status_code == 201
    assert code(move(visitor, made, talk(url))) is None
    assert query(url, "SELECT held_seats FROM mock_sessions WHERE id = %s", old) == [(1,)]


class TestWithRules:
    RULES = BookingRules(
        {
            MockType.MOCK_DISCUSSION: {
                Role.STUDENT: Rule(
                    limits=Limits(per_week=1), advance_days=60, move_min=48 * 60, cancel_min=60
                ),
                Role.FRONT_DESK: Rule(move_min=60),
            }
        }
    )

    @pytest.fixture
    def running_backend(self, database_url):
        backend = RunningBackend(database_url, rules=self.RULES)
        backend.start()
        yield backend
        backend.stop()

    @pytest.fixture
    def api(self, running_backend):
        with Api(running_backend.url, add_device(running_backend.database)) as device:
            yield device

    def test_each_role_has_its_own_cut_off_and_staff_say_why_they_set_it_aside(
        self, api, visitor, url, contact, running_backend
    ):
        made, old = booked(api, url, contact)
        new = talk(url)
        begin = "UPDATE mock_sessions SET starts_at = now() + %s, ends_at = now() + interval '90 h' WHERE id = %s"
        query(url, begin, timedelta(hours=47), old)
        shown = visitor.http.get(f"/bookings/{made}").json()["data"]
        assert (shown["can_move"], shown["can_cancel"]) == (False, True)
        assert code(move(visitor, made, new)) == (400, "MOVE_CUTOFF_PASSED")
        why = {"reason": "ill"}
        assert code(move(visitor, made, new, override=why)) == (403, "INSUFFICIENT_PERMISSIONS")
        with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
            query(url, begin, timedelta(minutes=30), old)
            assert code(move(desk, made, new)) == (400, "MOVE_CUTOFF_PASSED")
            blank = move(desk, made, new, override={"reason": " "})
            assert code(blank) == (400, "OVERRIDE_REASON_REQUIRED")
            assert code(move(desk, made, new, override=why)) is None
        assert query(
            url,
            "SELECT reason, after ->> 'override' FROM audit_log WHERE action = 'booking.moved'",
        ) == [("ill", "true")]

    def test_a_limit_does_not_count_the_booking_that_moves(self, api, visitor, url, contact):
        monday = DAY + timedelta(days=-DAY.weekday() % 7)
        made, _ = booked(api, url, contact, monday)
        other = booked(api, url, contact, monday + timedelta(days=7))
        assert other
        assert code(move(visitor, made, talk(url, monday + timedelta(days=1)))) is None
        over = move(visitor, made, talk(url, monday + timedelta(days=9)), "idem_move_2")
        assert code(over) == (400, "WEEKLY_LIMIT")
        far = move(visitor, made, talk(url, far_day(62)), "idem_move_3")
        assert code(far) == (400, "TOO_FAR_AHEAD")
