"""Limits, notice and cut-offs by type and role, and staff who set them aside (booking rules as data)."""

import asyncio
import json
from datetime import timedelta

import pytest

from kiosk_app.app.backend_rules import BadRules, read_booking_rules, read_shared_types
from kiosk_app.contract.sessions import EXAM_TYPES, MockType
from kiosk_app.contract.staff import Role
from kiosk_app.domain.rules import BookingRules, Limits, Rule
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_device,
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
    sign_in_staff,
)

LIMITS = Limits(per_day=2, per_week=3, of_type_per_week=1)
STRICT = Rule(limits=LIMITS, notice_min=120, advance_days=60, cancel_min=24 * 60)
RULES = BookingRules(
    {
        MockType.MOCK_DISCUSSION: {
            Role.STUDENT: STRICT,
            Role.FRONT_DESK: Rule(cancel_min=60),
        }
    }
)


@pytest.fixture
def backend(database_url):
    backend = RunningBackend(database_url, rules=RULES)
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def contact(backend):
    return add_student(backend.database, discussion=9, cs=9, sj=9)


@pytest.fixture
def kiosk(backend, contact):
    with Api(backend.url, add_device(backend.database)) as device:
        yield device


@pytest.fixture
def desk(backend):
    with sign_in_staff(backend, Role.FRONT_DESK) as staff:
        yield staff


def monday():
    """Return a Monday between the notice and the horizon."""
    day = far_day(14)
    return day + timedelta(days=-day.weekday() % 7)


def code(answer):
    return None if answer.status_code < 300 else (answer.status_code, answer.json()["code"])


def talk(backend, contact, day, **further):
    return discussion_body(add_session(backend.database, day=day, **further), contact, day)


def test_a_limit_counts_the_week_and_the_day(backend, contact, kiosk):
    first = monday()
    assert code(kiosk.create(talk(backend, contact, first))) is None
    sunday = talk(backend, contact, first + timedelta(days=6))
    assert code(kiosk.create(sunday)) == (400, "WEEKLY_LIMIT")
    assert code(kiosk.create(talk(backend, contact, first + timedelta(days=7)))) is None
    with kiosk.as_visitor() as visitor:
        made = visitor.http.get(f"/bookings/by-contact/{contact}").json()["data"]["bookings"]
        visitor.cancel(made[-1]["id"])
    assert code(kiosk.create(sunday)) is None, "what was cancelled does not count"


def test_a_day_counts_every_type(backend, contact, kiosk):
    day = monday()
    for n, kind in enumerate(("Clinical Skills", "Situational Judgment")):
        room = add_session(backend.database, day=day, mock_type=kind, hours=0.5)
        query(
            backend.database,
            "UPDATE mock_sessions SET starts_at = starts_at + %s * interval '1 h',"
            " ends_at = ends_at + %s * interval '1 h' WHERE id = %s",
            *(n + 1, n + 1, room),
        )
        body = discussion_body(room, contact, day, mock_type=kind)
        assert code(kiosk.create(body, path="/bookings/create")) is None
    assert code(kiosk.create(talk(backend, contact, day, hours=0.5))) == (400, "DAILY_LIMIT")


def test_two_kiosks_together_do_not_exceed_a_limit(backend, contact, kiosk):
    bodies = [talk(backend, contact, monday() + timedelta(days=n)) for n in range(5)]

    async def all_at_once():
        return await asyncio.gather(*(asyncio.to_thread(kiosk.create, body) for body in bodies))

    codes = [code(answer) for answer in asyncio.run(all_at_once())]
    assert codes.count(None) == 1
    assert set(codes) == {None, (400, "WEEKLY_LIMIT")}


def test_too_soon_and_too_far(backend, contact, kiosk, desk):
    soon = talk(backend, contact, far_day())
    query(
        backend.database,
        "UPDATE mock_sessions SET starts_at = now() + interval '1 h',"
        " ends_at = now() + interval '2 h', time_zone = 'UTC',"
        " exam_date = ((now() + interval '1 h') AT TIME ZONE 'UTC')::date",
    )
    day = query(backend.database, "SELECT exam_date FROM mock_sessions")[0][0]
    body = soon | {"exam_date": day.isoformat()}
    assert code(kiosk.create(body)) == (400, "NOTICE_TOO_SHORT")
    far = talk(backend, contact, far_day(62))
    assert code(kiosk.create(far)) == (400, "TOO_FAR_AHEAD")
    assert code(desk.create(far)) is None, "no such rule for the front desk"


def test_each_role_has_its_own_cut_off_and_staff_say_why_they_set_it_aside(
    backend, contact, kiosk, desk
):
    made = kiosk.create(talk(backend, contact, far_day())).json()["data"]["id"]
    begin = "UPDATE mock_sessions SET starts_at = now() + %s, ends_at = now() + interval '9 h'"
    with kiosk.as_visitor() as visitor:
        assert visitor.http.get(f"/bookings/{made}").json()["data"]["can_cancel"]
        query(backend.database, begin, timedelta(minutes=30))
        assert not visitor.http.get(f"/bookings/{made}").json()["data"]["can_cancel"]
        assert code(visitor.cancel(made)) == (400, "CUTOFF_PASSED")
        why = {"reason": "ill"}
        assert code(visitor.cancel(made, override=why)) == (403, "INSUFFICIENT_PERMISSIONS")
    assert code(desk.http.delete(f"/bookings/{made}")) == (400, "CUTOFF_PASSED")
    blank = {"override": " "}
    assert code(desk.http.delete(f"/bookings/{made}", params=blank)) == (
        400,
        "OVERRIDE_REASON_REQUIRED",
    )
    assert code(desk.cancel(made, override={"reason": "doctor's note"})) is None
    assert query(
        backend.database,
        "SELECT reason, after ->> 'override' FROM audit_log WHERE action = 'booking.cancelled'",
    ) == [("doctor's note", "true")]


def test_staff_book_beyond_the_rules_with_a_reason(backend, contact, kiosk, desk):
    day = monday()
    assert code(kiosk.create(talk(backend, contact, day))) is None
    body = talk(backend, contact, day + timedelta(days=1)) | {"override": {"reason": "agreed"}}
    assert code(kiosk.create(body)) == (403, "INSUFFICIENT_PERMISSIONS")
    assert code(desk.create(body)) is None
    assert query(
        backend.database,
        "SELECT reason FROM audit_log WHERE action = 'booking.created' ORDER BY id",
    ) == [(None,), ("agreed",)]


def test_rules_are_read_from_a_file_and_nonsense_is_refused(tmp_path):
    path = tmp_path / "rules.json"
    told = {
        "Mock Discussion": {"student": {"limits": {"per_week": 2}, "cancel_min": 90, "move_min": 0}}
    }
    path.write_text(json.dumps(told))
    rules = read_booking_rules({"KIOSK_BOOKING_RULES": str(path)})
    rule = rules.of(MockType.MOCK_DISCUSSION, Role.DEVICE)
    assert (rule.limits.per_week, rule.cancel_min, rule.move_min) == (2, 90, 0)
    assert rules.of(MockType.CLINICAL_SKILLS, Role.STUDENT) == Rule()
    assert read_booking_rules({}) == BookingRules()
    for text in ("{", '{"Talk": {}}', '{"Mini-mock": {"mentor": {}}}', _unknown()):
        path.write_text(text)
        with pytest.raises(BadRules, match="KIOSK_BOOKING_RULES"):
            read_booking_rules({"KIOSK_BOOKING_RULES": str(path)})
    path.unlink()
    with pytest.raises(BadRules):
        read_booking_rules({"KIOSK_BOOKING_RULES": str(path)})


def _unknown():
    return json.dumps({"Mini-mock": {"student": {"per_month": 1}}})


def test_f17_a_campus_says_what_shared_tokens_pay_for(database_url):
    """The switch of M11: booking, token check, sign-in and waitlist go by it; the client is told."""
    exams = frozenset({MockType.SITUATIONAL_JUDGMENT, MockType.CLINICAL_SKILLS})
    contact = add_student(database_url, shared=2)
    backend = RunningBackend(database_url, shared_types=exams)
    backend.start()
    try:
        with Api(backend.url, add_device(database_url)) as api:
            assert api.visit().json()["balances"]["unshared"] == ["Mini-mock"]
            for kind, seats in (("Mini-mock", 0), ("Clinical Skills", 2)):
                asked = {"student_id": "QX4417", "email": "ana@example.org", "mock_type": kind}
                told = api.http.post("/mock-exams/validate-credits", json=asked).json()["data"]
                assert (told["eligible"], told["available_credits"]) == (seats > 0, seats)
                assert told["credit_breakdown"] == {"specific_credits": 0, "shared_credits": seats}
            mini = add_session(database_url, mock_type="Mini-mock")
            body = exam_body(mini, contact, mock_type="Mini-mock")
            refused = api.create(body, path="/bookings/create")
            assert refused.json()["code"] == "INSUFFICIENT_TOKENS"
            query(database_url, "UPDATE mock_sessions SET capacity = 0 WHERE id = %s", mini)
            with api.as_visitor() as visitor:
                joined = visitor.http.post(f"/sessions/{mini}/waitlist", json={})
                assert joined.json()["code"] == "INSUFFICIENT_TOKENS"
            skills = add_session(database_url, mock_type="Clinical Skills", day=far_day(31))
            made = api.create(exam_body(skills, contact, far_day(31)), path="/bookings/create")
            assert made.json()["data"]["token_details"]["credit_field"] == "shared_mock_credits"
    finally:
        backend.stop()


def test_f17_the_switch_names_exam_types():
    assert read_shared_types({}) == frozenset(EXAM_TYPES)
    assert read_shared_types({"KIOSK_SHARED_TOKENS": "none"}) == frozenset()
    listed = read_shared_types({"KIOSK_SHARED_TOKENS": "Clinical Skills, Mini-mock"})
    assert listed == {MockType.CLINICAL_SKILLS, MockType.MINI_MOCK}
    for wrong in ("Mock Discussion", "Exams"):
        with pytest.raises(BadRules, match=wrong):
            read_shared_types({"KIOSK_SHARED_TOKENS": wrong})
