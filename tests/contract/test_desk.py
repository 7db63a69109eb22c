"""The front desk acts for students (K7, A38, A39, B15-B17)."""

import concurrent.futures

import pytest

from kiosk_app.backend.server.parts import Limits
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    Api,
    RunningBackend,
    add_session,
    add_student,
    discussion_body,
    exam_body,
    query,
    sign_in_staff,
)


@pytest.fixture
def desk(running_backend):
    with sign_in_staff(running_backend, Role.FRONT_DESK) as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


@pytest.fixture
def ana(url):
    return add_student(url, discussion=2, cs=1)


def found(desk, words, **params):
    answer = desk.http.get("/desk/students", params={"q": words, **params})
    assert answer.status_code == 200, answer.text
    return [one["student_id"] for one in answer.json()["students"]]


def give(desk, contact, amount, key="idem_desk_0001", reason="counter sale"):
    body = {"field": "cs_credits", "amount": amount, "reason": reason}
    headers = {"X-Idempotency-Key": key}
    return desk.http.post(f"/desk/students/{contact}/tokens", json=body, headers=headers)


class TestLookUp:
    def test_by_id_e_mail_name_and_booking(self, desk, url, ana):
        add_student(url, "DO4900", email="daniel_o@example.org", name="Daniel Okafor")
        made = desk.create(discussion_body(add_session(url), ana)).json()["data"]
        for words in ("qx4417", "QX44", "ANA@example.org", "ana@", "sol", "Ana S", " sol "):
            assert found(desk, words) == ["QX4417"], words
        assert found(desk, made["booking_code"].lower()) == ["QX4417"]
        assert found(desk, made["booking_id"]) == ["QX4417"]
        assert found(desk, "example.org") == [], "an e-mail is known by its start"
        assert found(desk, "an") == ["QX4417", "DO4900"]

    @pytest.mark.usefixtures("ana")
    def test_nothing_typed_is_a_pattern(self, desk):
        for words in ("%%", "__", "\\\\", "a%l", "'; DROP TABLE users; --", "%_"):
            assert found(desk, words) == [], words

    def test_too_little_too_much_or_no_text(self, desk):
        for words in ("", "a", " a", "x" * 101, "a\0b"):
            answer = desk.http.get("/desk/students", params={"q": words})
            assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR")

    def test_an_exact_hit_comes_first_and_pages_follow(self, desk, url):
        for n in range(12):
            add_student(url, f"AB{n}", email=f"ab{n}@example.org", name=f"Zed {n:02}")
        add_student(url, "AB", email="first@example.org", name="Zz")
        assert found(desk, "ab", page_size=5)[0] == "AB"
        pages = [found(desk, "ab", page_size=5, page=n) for n in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [5, 5, 3, 0]
        assert len({one for page in pages for one in page}) == 13

    def test_it_is_logged_without_what_was_typed(self, desk, url, ana):
        found(desk, "ana@example.org")
        found(desk, "nobody at all")
        desk.http.get(f"/desk/students/{ana}")
        rows = query(
            url,
            "SELECT action, actor_kind, subject_id::text, after FROM audit_log"
            " WHERE entity = 'student' ORDER BY id",
        )
        assert rows == [
            ("student.looked_up", "user", ana, {"found": 1, "page": 1}),
            ("student.looked_up", "user", None, {"found": 0, "page": 1}),
            ("student.read", "user", ana, None),
        ]

    def test_it_is_limited(self, database_url):
        backend = RunningBackend(database_url, limits=Limits(lookups=3))
        backend.start()
        try:
            with sign_in_staff(backend, Role.FRONT_DESK) as desk:
                asked = [desk.http.get("/desk/students", params={"q": "an"}) for _ in range(4)]
                assert [one.status_code for one in asked] == [200] * 3 + [429]
        finally:
            backend.stop()


class TestOnBehalf:
    def test_book_read_and_cancel_without_a_visit(self, desk, url, ana):
        made = desk.create(discussion_body(add_session(url), ana), key="idem_disc_0001")
        assert made.status_code == 201
        exam = exam_body(add_session(url, mock_type="Clinical Skills"), ana)
        assert desk.create(exam, path="/bookings/create").status_code in {201, 400}
        ref = made.json()["data"]["id"]
        assert desk.http.get(f"/bookings/{ref}").json()["data"]["id"] == ref
        listed = desk.http.get(f"/bookings/by-contact/{ana}").json()["data"]["bookings"]
        assert ref in [one["id"] for one in listed]
        assert desk.http.get(f"/desk/students/{ana}").json()["balances"] == {
            **dict.fromkeys(("sj_credits", "sjmini_credits", "shared_mock_credits"), 0),
            "cs_credits": 1,
            "mock_discussion_token": 1,
        }
        assert desk.cancel(ref, reason="asked at the desk").status_code == 200
        assert desk.http.delete(f"/bookings/{ref}").json()["idempotent"] is True

    def test_the_log_keeps_both_persons(self, desk, url, ana):
        ref = desk.create(discussion_body(add_session(url), ana)).json()["data"]["id"]
        desk.cancel(ref, reason="asked at the desk")
        (user,) = query(url, "SELECT id::text FROM users")[0]
        rows = query(
            url,
            "SELECT action, actor_kind, actor_id, subject_id::text, entity_id, reason,"
            " before ->> 'state', after ->> 'state', device_id IS NOT NULL, request_id IS NOT NULL"
            " FROM audit_log WHERE entity = 'booking' ORDER BY id",
        )
        both = ("user", user, ana, ref)
        assert rows == [
            ("booking.created", *both, None, None, "Active", True, True),
            ("booking.cancelled", *both, "asked at the desk", "Active", "Cancelled", True, True),
        ]

    def test_the_rules_are_the_students(self, desk, url, ana):
        body = discussion_body(add_session(url, capacity=1), ana)
        assert desk.create(body | {"email": "other@example.org"}).json()["code"] == "EMAIL_MISMATCH"
        assert desk.create(body, key="idem_disc_0001").status_code == 201
        assert desk.create(body, key="idem_disc_0002").json()["code"] == "DUPLICATE_BOOKING"

    def test_an_unknown_student_is_unknown(self, desk):
        answers = [
            desk.http.get("/bookings/by-contact/999"),
            desk.http.get("/desk/students/999"),
            give(desk, "nobody", 1),
        ]
        assert [one.json()["code"] for one in answers] == ["CONTACT_NOT_FOUND"] * 3

    def test_b17_one_bad_id_does_not_stop_the_others(self, desk, url):
        refs = []
        for n in range(3):
            contact = add_student(url, f"S{n}", email=f"s{n}@example.org", discussion=1)
            body = discussion_body(add_session(url), contact, student_id=f"S{n}")
            made = desk.create(body | {"email": f"s{n}@example.org"})
            refs.append(made.json()["data"]["booking_code"])
        refs.insert(1, "BK-20270304-NOBODY")
        batch = {"booking_ids": refs, "reason": "room flooded"}
        answer = desk.http.post("/bookings/batch-cancel", json=batch).json()["data"]
        assert [one["success"] for one in answer["results"]] == [True, False, True, True]
        assert answer["results"][1]["code"] == "BOOKING_NOT_FOUND"
        assert (answer["cancelled"], answer["failed"]) == (3, 1)
        again = desk.http.post("/bookings/batch-cancel", json=batch).json()["data"]
        assert (again["cancelled"], again["failed"]) == (3, 1), "safe to repeat"
        assert query(url, "SELECT count(*) FROM ledger WHERE kind = 'refund'") == [(3,)]

    def test_what_is_no_batch(self, desk):
        for ids in ([], ["x"] * 51, "x", [""], ["x" * 201], [7]):
            answer = desk.http.post("/bookings/batch-cancel", json={"booking_ids": ids})
            assert answer.json()["code"] == "VALIDATION_ERROR"

    def test_a_zero_byte_in_a_batch_is_an_unknown_booking(self, desk):
        batch = {"booking_ids": ["a\0b", "c"]}
        answer = desk.http.post("/bookings/batch-cancel", json=batch).json()["data"]
        assert [one["code"] for one in answer["results"]] == ["BOOKING_NOT_FOUND"] * 2


class TestTokens:
    def test_up_and_down_and_never_below_zero(self, desk, url, ana):
        assert give(desk, ana, 3).json()["balances"]["cs_credits"] == 4
        assert give(desk, ana, -4, "idem_desk_0002").json()["balances"]["cs_credits"] == 0
        refused = give(desk, ana, -1, "idem_desk_0003")
        assert (refused.status_code, refused.json()["code"]) == (409, "BALANCE_TOO_LOW")
        kinds = query(
            url, "SELECT kind, amount, note FROM ledger WHERE entry_key IS NOT NULL ORDER BY id"
        )
        assert kinds == [("grant", 3, "counter sale"), ("adjust", -4, "counter sale")]
        rows = query(
            url,
            "SELECT subject_id::text, reason, after FROM audit_log"
            " WHERE action = 'tokens.changed' ORDER BY id",
        )
        assert rows == [
            (ana, "counter sale", {"field": "cs_credits", "amount": 3}),
            (ana, "counter sale", {"field": "cs_credits", "amount": -4}),
        ]

    def test_a_second_click_gives_nothing_twice(self, desk, url, ana):
        other = add_student(url, "DO4900", email="daniel@example.org")
        assert give(desk, ana, -1).json()["repeated"] is False
        assert give(desk, ana, -1).json()["repeated"] is True
        for wrong in (give(desk, ana, -2), give(desk, other, -1), give(desk, ana, -1, reason="no")):
            assert wrong.status_code in {400, 409}
        assert query(url, "SELECT count(*) FROM ledger WHERE entry_key IS NOT NULL") == [(1,)]

    def test_many_clicks_at_once(self, desk, url, ana):
        def click(_n):
            with Api(desk.root, desk.token, staff=desk.headers["X-Staff-Token"]) as one:
                return give(one, ana, 1).status_code

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            assert list(pool.map(click, range(6))) == [201] * 6
        assert query(url, "SELECT count(*) FROM ledger WHERE entry_key IS NOT NULL") == [(1,)]
        assert query(url, "SELECT count(*) FROM audit_log WHERE action = 'tokens.changed'") == [
            (1,)
        ]

    def test_what_is_no_entry(self, desk, url, ana):
        headers = {"X-Idempotency-Key": "idem_desk_0001"}
        good = {"field": "cs_credits", "amount": 1, "reason": "counter sale"}
        for change in (
            {"amount": 0},
            {"amount": 1001},
            {"amount": -1001},
            {"amount": 1.5},
            {"field": "gold"},
            {"reason": ""},
            {"reason": "   "},
            {"reason": "x" * 201},
        ):
            path = f"/desk/students/{ana}/tokens"
            answer = desk.http.post(path, json=good | change, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "VALIDATION_ERROR"), change
        assert query(url, "SELECT 1 FROM ledger WHERE entry_key IS NOT NULL") == []

    def test_without_a_key_it_is_refused(self, desk, ana):
        body = {"field": "cs_credits", "amount": 1, "reason": "counter sale"}
        answer = desk.http.post(f"/desk/students/{ana}/tokens", json=body)
        assert answer.json()["code"] == "VALIDATION_ERROR"
