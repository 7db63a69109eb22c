"""One test per code and per rule of A24-A39, B11-B16: what is refused, in which order, with what."""

from datetime import time, timedelta

import psycopg
import pytest

from kiosk_app.contract.problems import Code
from tests.helpers.backend import (
    Api,
    add_device,
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    query,
)
from tests.helpers.problem_documents import refused, refused_code

EXAMS = "/bookings/create"


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def contact(url):
    return add_student(url, discussion=5, cs=1)


@pytest.fixture
def session(url):
    return add_session(url)


class TestCreate:
    def test_without_tokens(self, api, url, session):
        contact = add_student(url, "DO4900", shared=5, sj=5)
        body = discussion_body(session, contact, student_id="DO4900")
        refused(api.create(body), Code.INSUFFICIENT_TOKENS)

    def test_full_in_the_words_of_each_system(self, api, url, contact):
        talk = add_session(url, capacity=0)
        exam = add_session(url, mock_type="Clinical Skills", capacity=0, start=time(9))
        refused(api.create(discussion_body(talk, contact)), Code.DISCUSSION_FULL)
        refused(api.create(exam_body(exam, contact), path=EXAMS), Code.EXAM_FULL)

    def test_a_second_discussion_that_day(self, api, url, contact, session):
        api.create(discussion_body(session, contact))
        other = add_session(url, start=time(18))
        refused(api.create(discussion_body(other, contact)), Code.DUPLICATE_BOOKING)

    def test_another_type_at_the_same_hour(self, api, url, contact, session):
        api.create(discussion_body(session, contact))
        exam = add_session(url, mock_type="Clinical Skills", start=time(15))
        refused(api.create(exam_body(exam, contact), path=EXAMS), Code.OVERLAPPING_BOOKING)

    def test_a_session_of_another_system(self, api, url, contact, session):
        exam = add_session(url, mock_type="Clinical Skills")
        refused(api.create(discussion_body(exam, contact)), Code.INVALID_MOCK_TYPE)
        refused(api.create(exam_body(session, contact), path=EXAMS), Code.INVALID_MOCK_TYPE)
        for word in ("Mock Discussion", "clinical skills", ""):
            body = exam_body(exam, contact, mock_type=word)
            refused(api.create(body, path=EXAMS), Code.INVALID_MOCK_TYPE)

    def test_unknown_session_and_unknown_student(self, api, contact, session):
        for ref in ("00000000-0000-4000-8000-000000000009", "12", "no id at all"):
            refused(api.create(discussion_body(ref, contact)), Code.SESSION_NOT_FOUND)
            refused(api.create(discussion_body(session, ref)), Code.CONTACT_NOT_FOUND)
        other = discussion_body(session, contact, student_id="QX4418")
        refused(api.create(other), Code.CONTACT_NOT_FOUND)

    def test_inactive_past_and_moved_sessions(self, api, url, contact):
        closed = add_session(url, is_active=False)
        refused(api.create(discussion_body(closed, contact)), Code.SESSION_CLOSED)
        yesterday = far_day(-2)
        past = add_session(url, day=yesterday)
        refused(api.create(discussion_body(past, contact, yesterday)), Code.SESSION_CLOSED)
        moved = add_session(url, day=far_day(40))
        refused(api.create(discussion_body(moved, contact, far_day(41))), Code.SESSION_MOVED)

    def test_another_e_mail(self, api, contact, session):
        body = discussion_body(session, contact, email="other@example.org")
        refused(api.create(body), Code.EMAIL_MISMATCH)
        same = discussion_body(session, contact, email="ANA@Example.org")
        assert api.create(same).status_code == 201

    @pytest.mark.parametrize(
        ("field", "bad", "good"),
        [
            ("name", "A", "Al"),
            ("name", "x" * 101, "x" * 100),
            ("topic_preference", "x" * 201, "x" * 200),
            ("topic_preference", 7, ""),
            ("student_id", "qx4417", "QX4417"),
            ("student_id", "QX_4417", "QX4417"),
            ("email", "ana", "ana@example.org"),
            ("exam_date", "4 March", None),
            ("exam_date", "2027-02-30", None),
            ("discussion_format", "virtual", "Virtual"),
            ("requested_at", "yesterday", None),
            ("mock_exam_id", 7, None),
        ],
    )
    def test_a24_fields_at_their_bounds(self, api, url, field, bad, good):
        body = discussion_body(add_session(url), add_student(url, discussion=1))
        refused(api.create(body | {field: bad}), Code.VALIDATION_ERROR, field)
        if good is not None:
            assert api.create(body | {field: good}).status_code == 201

    @pytest.mark.parametrize("field", ["mock_exam_id", "contact_id", "student_id", "name", "email"])
    def test_a_missing_field_is_named(self, api, contact, session, field):
        body = discussion_body(session, contact)
        del body[field]
        refused(api.create(body), Code.VALIDATION_ERROR, field)

    def test_a_key_too_long(self, api, contact, session):
        answer = api.create(discussion_body(session, contact), key="x" * 201)
        refused(answer, Code.VALIDATION_ERROR, "X-Idempotency-Key")

    def test_a18_the_text_itself_names_the_field(self, api, contact, session):
        """A client that knows the documented members alone reads no `fields`."""
        body = discussion_body(session, contact, name="A", email="none")
        assert "(name)" in refused(api.create(body), Code.VALIDATION_ERROR, "name")["error"]
        body = discussion_body(session, contact, email="none")
        assert "(email)" in refused(api.create(body), Code.VALIDATION_ERROR, "email")["detail"]
        nowhere = api.create(discussion_body("12", contact))
        assert "(" not in refused(nowhere, Code.SESSION_NOT_FOUND)["error"]

    def test_a27_the_first_reason_wins(self, api, url):
        """One request that breaks everything, repaired step by step, in the order of A27."""
        query(url, "SELECT 1")
        yesterday = far_day(-2)
        past = add_session(url, mock_type="Clinical Skills", day=yesterday, capacity=0)
        talk = add_session(url, capacity=0)
        taken = add_session(url, start=time(19))
        add_student(url, discussion=1)
        body = discussion_body("0", "0", yesterday, student_id="qx", email="other@example.org")
        steps = [
            ({}, Code.VALIDATION_ERROR),
            ({"student_id": "QX4417"}, Code.SESSION_NOT_FOUND),
            ({"mock_exam_id": past}, Code.INVALID_MOCK_TYPE),
            ({"mock_exam_id": add_session(url, day=yesterday)}, Code.SESSION_CLOSED),
            ({"mock_exam_id": talk}, Code.SESSION_MOVED),
            ({"exam_date": far_day().isoformat()}, Code.CONTACT_NOT_FOUND),
            ({"contact_id": _contact(url)}, Code.EMAIL_MISMATCH),
        ]
        for change, code in steps:
            body |= change
            assert refused_code(api.create(body)) == code
        body["email"] = "ana@example.org"
        assert api.create(body | {"mock_exam_id": taken}).status_code == 201
        assert refused_code(api.create(body)) == Code.DUPLICATE_BOOKING
        query(url, "UPDATE bookings SET is_active = 'Cancelled'")
        assert refused_code(api.create(body)) == Code.DISCUSSION_FULL
        query(url, "UPDATE mock_sessions SET capacity = 5 WHERE id = %s", talk)
        assert refused_code(api.create(body)) == Code.INSUFFICIENT_TOKENS

    def test_a_locked_session_says_when_to_try_again(self, api, url, contact, session):
        with psycopg.connect(url) as holder:
            holder.execute("SELECT 1 FROM mock_sessions FOR UPDATE")
            answer = api.create(discussion_body(session, contact), key="idem_disc_locked")
            refused(answer, Code.LOCK_FAILED)
            assert answer.headers["retry-after"] == "1"
        again = api.create(discussion_body(session, contact), key="idem_disc_locked")
        assert again.status_code == 201, "a refusal for want of a lock is not remembered"


class TestRepeats:
    def test_a28_a_repeat_changes_nothing(self, api, url, contact, session):
        body = discussion_body(session, contact)
        first = api.create(body, key="idem_disc_repeat")
        query(url, "UPDATE mock_sessions SET location = 'Moved', capacity = 1")
        again = api.create(body, key="idem_disc_repeat", replay=True)
        assert (first.status_code, again.status_code) == (201, 200)
        repeated = again.json()["data"]
        assert repeated.pop("idempotent_request") is True
        assert repeated == first.json()["data"]
        assert query(url, "SELECT count(*) FROM ledger WHERE kind = 'booking'") == [(1,)]

    def test_a28_a_completed_booking_is_repeated_too(self, api, url, contact, session):
        body = discussion_body(session, contact)
        api.create(body, key="idem_disc_repeat")
        query(url, "UPDATE bookings SET is_active = 'Completed'")
        assert api.create(body, key="idem_disc_repeat").status_code == 200

    def test_a28_a_cancelled_key_books_anew_and_a_replay_of_it_does_not(
        self, api, url, contact, session
    ):
        body = discussion_body(session, contact)
        made = api.create(body, key="idem_disc_repeat").json()["data"]
        with api.as_visitor() as visitor:
            visitor.cancel(made["id"])
            refused(api.create(body, key="idem_disc_repeat", replay=True), Code.BOOKING_CANCELLED)
            second = api.create(body, key="idem_disc_repeat")
            assert second.status_code == 201
            assert second.json()["data"]["idempotency_key"] == "idem_disc_repeat-r2"
            again = api.create(body, key="idem_disc_repeat")
            assert again.status_code == 200, "the newest of the family counts"
            assert again.json()["data"]["id"] == second.json()["data"]["id"]
            assert api.create(body, key="idem_disc_repeat-r2").status_code == 200
            visitor.cancel(second.json()["data"]["id"])
        third = api.create(body, key="idem_disc_repeat")
        assert third.json()["data"]["idempotency_key"] == "idem_disc_repeat-r3"
        assert query(url, "SELECT count(*) FROM bookings WHERE is_active = 'Active'") == [(1,)]

    def test_the_same_key_for_something_else(self, api, url, contact, session):
        api.create(discussion_body(session, contact), key="idem_disc_repeat")
        other = add_session(url, day=far_day(50))
        body = discussion_body(other, contact, far_day(50))
        refused(api.create(body, key="idem_disc_repeat"), Code.IDEMPOTENCY_KEY_REUSED)
        changed = discussion_body(session, contact, topic_preference="else")
        refused(api.create(changed, key="idem_disc_repeat"), Code.IDEMPOTENCY_KEY_REUSED)

    def test_a29_without_a_key_the_server_makes_one(self, api, contact, session):
        body = discussion_body(session, contact)
        first = api.create(body)
        again = api.create(body | {"mock_exam_id": session.upper(), "topic_preference": "x"})
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["data"]["idempotency_key"].startswith("idem_disc_")
        assert again.json()["data"]["id"] == first.json()["data"]["id"]

    def test_m6_cancel_and_book_the_same_day_again(self, api, contact, session):
        body = discussion_body(session, contact)
        first = api.create(body, key="idem_disc_one").json()["data"]
        with api.as_visitor() as visitor:
            visitor.cancel(first["booking_id"])
        second = api.create(body, key="idem_disc_two").json()["data"]
        assert first["booking_id"] == second["booking_id"]
        assert first["id"] != second["id"]


class TestCancel:
    def test_m12_the_token_goes_back_to_where_it_came_from(self, api, url):
        contact = add_student(url, sj=1, shared=1)
        days = (far_day(30), far_day(31))
        rooms = [add_session(url, mock_type="Situational Judgment", day=day) for day in days]
        for day, room in zip(days, rooms, strict=True):
            body = exam_body(room, contact, day, mock_type="Situational Judgment")
            assert api.create(body, path=EXAMS).status_code == 201
        with api.as_visitor() as visitor:
            listed = visitor.http.get(f"/bookings/by-contact/{contact}").json()["data"]["bookings"]
            paid = {one["token_used"]: one["id"] for one in listed}
            answer = visitor.cancel(paid["Shared Token"])
        refund = answer.json()["data"]["token_refunded"]
        assert refund == {"field": "shared_mock_credits", "new_balance": 1}

    def test_unknown_started_and_finished_bookings(self, api, url, contact, session):
        made = api.create(discussion_body(session, contact)).json()["data"]
        with api.as_visitor() as visitor:
            refused(visitor.cancel("BK-20270304-NOBODY"), Code.BOOKING_NOT_FOUND)
            refused(visitor.http.delete("/bookings/880412337"), Code.BOOKING_NOT_FOUND)
            begin = "UPDATE mock_sessions SET starts_at = now() + %s, ends_at = now() + '3 h'"
            query(url, begin, timedelta(hours=-1))
            refused(visitor.cancel(made["id"]), Code.SESSION_CLOSED)
            query(url, begin, timedelta(hours=1))
            query(url, "UPDATE bookings SET is_active = 'Completed'")
            refused(visitor.cancel(made["id"]), Code.INVALID_STATE)
            refused(visitor.cancel(made["id"], reason="x" * 201), Code.VALIDATION_ERROR, "reason")


class TestCredits:
    def test_a21_distinct_codes(self, api, url):
        add_student(url)
        path = "/mock-discussions/validate-credits"
        body = {"student_id": "QX4417", "email": "ana@example.org"}
        unknown = body | {"student_id": "no such_student"}
        refused(api.http.post(path, json=unknown), Code.STUDENT_NOT_FOUND)
        other = body | {"email": "other@example.org"}
        refused(api.http.post(path, json=other), Code.EMAIL_MISMATCH)
        for field in body:
            short = {key: value for key, value in body.items() if key != field}
            refused(api.http.post(path, json=short), Code.VALIDATION_ERROR, field)
        refused(api.http.post(path, json=body | {"email": "x"}), Code.VALIDATION_ERROR, "email")

    @pytest.mark.parametrize("own", [0, 1])
    @pytest.mark.parametrize("shared", [0, 1])
    def test_m11_own_then_shared(self, api, url, own, shared):
        add_student(url, discussion=own, sj=own, cs=own, mini=own, shared=shared)
        body = {"student_id": "QX4417", "email": "ana@example.org"}
        answer = api.http.post("/mock-discussions/validate-credits", json=body).json()["data"]
        assert (answer["eligible"], answer["available_credits"]) == (bool(own), own)
        assert ("error_message" in answer) is not bool(own)
        for mock_type in ("Situational Judgment", "Clinical Skills", "Mini-mock"):
            answer = api.http.post(
                "/mock-exams/validate-credits", json=body | {"mock_type": mock_type}
            ).json()["data"]
            assert (answer["eligible"], answer["available_credits"]) == (
                own + shared > 0,
                own + shared,
            )
            assert answer["credit_breakdown"] == {"specific_credits": own, "shared_credits": shared}
        unknown = body | {"mock_type": "Mock Discussion"}
        refused(api.http.post("/mock-exams/validate-credits", json=unknown), Code.INVALID_MOCK_TYPE)


def _contact(url):
    return str(query(url, "SELECT id FROM contacts")[0][0])


def test_another_student_of_the_same_device_is_not_the_owner(api, url):
    """Reading and cancelling is the owner's alone (A38); a stranger learns nothing."""
    ana = add_student(url, discussion=1)
    add_student(url, "DO4900", email="daniel@example.org", hubspot_id="77")
    made = api.create(discussion_body(add_session(url), ana)).json()["data"]
    with api.as_visitor("DO4900", "daniel@example.org") as daniel:
        for ref in (made["id"], made["booking_id"], made["booking_code"]):
            refused(daniel.http.get(f"/bookings/{ref}"), Code.INSUFFICIENT_PERMISSIONS)
            refused(daniel.http.delete(f"/bookings/{ref}"), Code.INSUFFICIENT_PERMISSIONS)
            refused(daniel.cancel(ref), Code.INSUFFICIENT_PERMISSIONS)
        for contact in (ana, "78", "00000000-0000-4000-8000-000000000009"):
            answer = daniel.http.get(f"/bookings/by-contact/{contact}")
            refused(answer, Code.INSUFFICIENT_PERMISSIONS)
        assert daniel.http.get("/bookings/by-contact/77").status_code == 200


def test_the_list_of_a_student_by_filter_and_page(api, url):
    contact = add_student(url, discussion=9, cs=9)
    days = [far_day(30 + n) for n in range(3)]
    for day in days:
        body = discussion_body(add_session(url, day=day), contact, day)
        assert api.create(body).status_code == 201
    exam = add_session(url, mock_type="Clinical Skills", day=far_day(60))
    api.create(exam_body(exam, contact, far_day(60)), path=EXAMS)
    with api.as_visitor() as visitor:
        path = f"/bookings/by-contact/{contact}"

        def dates(**params):
            answer = visitor.http.get(path, params=params)
            assert answer.status_code == 200, answer.text
            return [one["exam_date"] for one in answer.json()["data"]["bookings"]]

        assert dates(filter="upcoming") == sorted(dates())
        assert len(dates()) == 4
        first = visitor.http.get(path, params={"page_size": 3}).json()["data"]["pagination"]
        assert first == {"page": 1, "page_size": 3, "total": 4, "pages": 2}
        assert dates(page=2, page_size=3) == [days[0].isoformat()]
        (soonest,) = visitor.http.get(path, params={"filter": "upcoming", "page_size": 1}).json()[
            "data"
        ]["bookings"]
        visitor.cancel(soonest["id"])
        assert dates(filter="cancelled") == [days[0].isoformat()]
        earlier = timedelta(days=90)
        query(
            url,
            "UPDATE mock_sessions SET starts_at = starts_at - %s, ends_at = ends_at - %s"
            " WHERE exam_date = %s",
            earlier,
            earlier,
            days[1],
        )
        assert dates(filter="past") == [days[1].isoformat()]
        assert len(dates(filter="upcoming")) == 2
        for params in ({"filter": "some"}, {"page": 0}, {"page_size": 101}):
            answer = visitor.http.get(path, params=params)
            assert refused_code(answer) == Code.VALIDATION_ERROR


def test_revoked_and_unknown_devices(url, running_backend):
    token = add_device(url, "Lost kiosk")
    query(url, "UPDATE devices SET revoked_at = now()")
    for given in (token, "nonsense", ""):
        with Api(running_backend.url, given or None) as device:
            answer = device.http.get("/changes")
            refused(answer, Code.UNAUTHORIZED)
            assert answer.headers["www-authenticate"] == "Bearer"
