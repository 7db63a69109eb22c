"""Staff at a desk: who gets in, for how long, and what ends it (K26, K27, M16)."""

import asyncio
import concurrent.futures
import unicodedata

import argon2
import pytest
from msgspec.structs import replace

from kiosk_app.app.backend_contacts import read_contacts
from kiosk_app.backend.core.passwords import Cost, Passwords
from kiosk_app.contract.staff import Role
from tests.helpers.backend import (
    PASSWORD,
    Api,
    RunningBackend,
    add_device,
    add_student,
    add_user,
    query,
    sign_in_staff,
)
from tests.helpers.clocks import Clock

EMAIL = "sam@example.org"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def backend(database_url, clock):
    server = RunningBackend(database_url, clock=clock, ticks=clock.ticks)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(backend):
    """A desk, and one user who may sign in there."""
    add_user(backend.database, Role.FRONT_DESK, EMAIL)
    with Api(backend.url, add_device(backend.database, "Desk", "desk")) as one:
        yield one


def sign_in(desk, password=PASSWORD, email=EMAIL):
    return desk.http.post("/staff/sign-in", json={"email": email, "password": password})


def refresh(desk, token):
    return desk.http.post("/staff/refresh", json={"refresh_token": token})


def me(desk, token):
    return desk.http.get("/staff/me", headers={"X-Staff-Token": token})


def refused(answer):
    return answer.status_code, answer.json()["code"]


def log(backend):
    return [one for (one,) in query(backend.database, "SELECT action FROM audit_log ORDER BY id")]


def test_a_working_day(backend, desk, clock):
    signed = sign_in(desk)
    assert signed.status_code == 201, signed.text
    tokens = signed.json()
    assert tokens["user"]["role"] == "front_desk"
    for _ in range(71):
        assert me(desk, tokens["access_token"]).json()["email"] == EMAIL
        clock.forward(minutes=10)
        assert refused(me(desk, tokens["access_token"])) == (401, "STAFF_SIGNED_OUT")
        tokens = refresh(desk, tokens["refresh_token"]).json()
    assert tokens["refresh_expires_in"] == tokens["expires_in"] == 600
    clock.forward(minutes=10)
    assert refused(refresh(desk, tokens["refresh_token"])) == (401, "STAFF_SIGNED_OUT")
    assert log(backend) == ["staff.signed_in"], "an end by time is nobody's theft"


def test_nothing_that_opens_a_door_is_kept(backend, desk):
    tokens = sign_in(desk).json()
    kept = query(backend.database, "SELECT * FROM staff_sessions") + query(
        backend.database, "SELECT * FROM users"
    )
    text = repr(kept) + repr(query(backend.database, "SELECT * FROM audit_log"))
    for secret in (tokens["access_token"], tokens["refresh_token"], PASSWORD):
        assert secret not in text
    assert EMAIL not in repr(query(backend.database, "SELECT * FROM audit_log"))
    assert query(backend.database, "SELECT password_hash LIKE '$argon2id$%%' FROM users") == [
        (True,)
    ]


def test_every_mismatch_answers_alike(backend, desk):
    add_user(backend.database, Role.ADMIN, "gone@example.org", disabled_at="2026-01-01")
    wrong = [
        sign_in(desk, "not the password"),
        sign_in(desk, email="nobody@example.org"),
        sign_in(desk, email="gone@example.org"),
        sign_in(desk, "x" * 256),
    ]
    told = [{**answer.json(), "instance": ""} for answer in wrong]
    assert refused(wrong[0]) == (403, "SIGN_IN_REFUSED")
    assert all(one == told[0] for one in told)
    assert all(set(one.headers) == set(wrong[0].headers) for one in wrong)
    assert log(backend) == []


def test_an_address_and_a_password_are_the_same_from_every_keyboard(backend, desk):
    typed = "Grüße, ﬁne ①"
    hashed = argon2.PasswordHasher(1, 8, 1).hash(unicodedata.normalize("NFKC", typed))
    query(backend.database, "UPDATE users SET password_hash = %s", hashed)
    for password in (typed, unicodedata.normalize("NFD", typed), "Grüße, fine 1"):
        assert sign_in(desk, password, "SAM@Example.ORG").status_code == 201
    assert sign_in(desk, "grüße, fine 1").status_code == 403
    assert sign_in(desk, typed, "ｓａｍ@example.org").status_code == 201, "full width, NFKC"


def test_what_is_no_password_is_never_hashed(desk):
    for password in ("", "x" * 257, "x" * 60_000, None, 7, ["x"]):
        assert refused(sign_in(desk, password)) == (400, "VALIDATION_ERROR")


def test_hostile_addresses(desk):
    for email in ("", "sam", "a@b", "a b@example.org", f"{'a' * 300}@x.org", "\0@x.y"):
        assert sign_in(desk, email=email).status_code in {400, 403}


def test_a_kiosk_signs_nobody_in(backend, desk):
    kiosk_token = add_device(backend.database)
    tokens = sign_in(desk).json()
    with Api(backend.url, kiosk_token) as kiosk:
        assert refused(sign_in(kiosk)) == (403, "INSUFFICIENT_PERMISSIONS")
        assert refused(me(kiosk, tokens["access_token"])) == (401, "STAFF_SIGNED_OUT")
        assert refused(refresh(kiosk, tokens["refresh_token"])) == (403, "INSUFFICIENT_PERMISSIONS")


def test_k27_the_sixth_wrong_try_has_to_wait(backend, desk, clock):
    add_user(backend.database, Role.ADMIN, "ada@example.org")
    for _ in range(5):
        assert refused(sign_in(desk, "wrong"))[1] == "SIGN_IN_REFUSED"
        clock.forward(minutes=1)
    stopped = sign_in(desk)
    assert refused(stopped) == (429, "TOO_MANY_ATTEMPTS")
    assert sign_in(desk, email="SAM@EXAMPLE.ORG").status_code == 429, "the same address"
    wait = int(stopped.headers["retry-after"])
    assert 595 <= wait <= 601, "until the first of the five is fifteen minutes old"
    assert sign_in(desk, email="ada@example.org").status_code == 201, "somebody else may"
    with Api(backend.url, add_device(backend.database, "Other", "desk")) as other:
        assert sign_in(other).status_code == 201, "another desk may"
    clock.forward(seconds=wait)
    assert sign_in(desk).status_code == 201


def test_a_desk_cannot_try_one_address_after_the_other(desk, clock):
    answers = [sign_in(desk, "wrong", f"user{n}@example.org").status_code for n in range(22)]
    assert answers == [403] * 20 + [429] * 2
    assert sign_in(desk).status_code == 429
    clock.forward(minutes=15, seconds=1)
    assert sign_in(desk).status_code == 201


def test_a_password_of_one_s_own_does_not_buy_further_tries(backend, desk):
    """Between guesses at others somebody signs in as themselves."""
    answers = []
    for n in range(24):
        answers.append(sign_in(desk, "wrong", f"user{n}@example.org").status_code)
        if answers[-1] == 403:
            assert sign_in(desk).status_code == (201 if n < 19 else 429)
    assert answers == [403] * 20 + [429] * 4


def test_tries_at_the_same_moment_do_not_slip_past(backend, desk):
    def try_one(_n):
        with Api(backend.url, desk.token) as one:
            return sign_in(one, "wrong").status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(try_one, range(16)))
    assert codes.count(403) <= 5
    assert set(codes) <= {403, 429}


def test_a_refresh_token_works_once_and_its_reuse_ends_the_sign_in(backend, desk):
    first = sign_in(desk).json()
    second = refresh(desk, first["refresh_token"]).json()
    assert me(desk, second["access_token"]).status_code == 200
    assert refused(refresh(desk, first["refresh_token"])) == (401, "STAFF_SIGNED_OUT")
    for token in (first["access_token"], second["access_token"]):
        assert refused(me(desk, token)) == (401, "STAFF_SIGNED_OUT")
    assert refresh(desk, second["refresh_token"]).status_code == 401
    assert log(backend) == ["staff.signed_in", "staff.token_reused"]
    assert sign_in(desk).status_code == 201, "a new sign-in is another family"


def test_of_many_refreshes_at_once_one_works_at_most_and_theft_is_seen(backend, desk):
    token = sign_in(desk).json()["refresh_token"]

    def try_one(_n):
        with Api(backend.url, desk.token) as one:
            return refresh(one, token)

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(try_one, range(6)))
    won = [one for one in answers if one.status_code == 201]
    assert len(won) == 1
    assert refused(me(desk, won[0].json()["access_token"])) == (401, "STAFF_SIGNED_OUT")
    assert log(backend).count("staff.token_reused") == 1


def test_a_token_of_another_desk_ends_the_sign_in(backend, desk):
    tokens = sign_in(desk).json()
    with Api(backend.url, add_device(backend.database, "Other", "desk")) as other:
        assert refused(me(other, tokens["access_token"])) == (401, "STAFF_SIGNED_OUT")
        assert me(desk, tokens["access_token"]).status_code == 200, "an access token alone is lost"
        assert refused(refresh(other, tokens["refresh_token"])) == (401, "STAFF_SIGNED_OUT")
    assert refused(me(desk, tokens["access_token"])) == (401, "STAFF_SIGNED_OUT")


def test_signing_out_ends_both_tokens_and_is_safe_to_repeat(backend, desk):
    tokens = sign_in(desk).json()
    other_sign_in = sign_in(desk).json()
    for token in (tokens["refresh_token"], tokens["refresh_token"], "nonsense"):
        answer = desk.http.post("/staff/sign-out", json={"refresh_token": token})
        assert (answer.status_code, answer.json()) == (200, {"signed_out": True})
    assert me(desk, tokens["access_token"]).status_code == 401
    assert refresh(desk, tokens["refresh_token"]).status_code == 401
    assert me(desk, other_sign_in["access_token"]).status_code == 200
    assert log(backend) == ["staff.signed_in"] * 2 + ["staff.signed_out"]


def test_nonsense_in_the_header(desk):
    for token in ("nonsense", "x" * 5000, "é".encode("latin-1").decode("latin-1")):
        headers = [(b"X-Staff-Token", token.encode("latin-1"))]
        assert refused(desk.http.get("/staff/me", headers=headers)) == (401, "STAFF_SIGNED_OUT")


def test_a_stale_token_does_not_stand_in_the_way_of_a_new_sign_in(backend, desk, clock):
    """A client that always sends what it has is not refused the way out of it."""
    tokens = sign_in(desk).json()
    clock.forward(minutes=11)
    with Api(backend.url, desk.token, "old visit", staff=tokens["access_token"]) as client:
        assert refresh(client, tokens["refresh_token"]).status_code == 201
        assert sign_in(client).status_code == 201


def test_a_clock_that_goes_back_revives_nothing_that_was_ended(desk, clock):
    first = sign_in(desk).json()
    clock.forward(minutes=5)
    refresh(desk, first["refresh_token"])
    clock.forward(hours=-2)
    assert refused(refresh(desk, first["refresh_token"])) == (401, "STAFF_SIGNED_OUT")
    assert me(desk, first["access_token"]).status_code == 401
    assert sign_in(desk).status_code == 201


def test_a_hash_of_other_cost_is_renewed_at_the_next_sign_in(backend, desk):
    before = query(backend.database, "SELECT password_hash FROM users")
    assert sign_in(desk).status_code == 201
    assert query(backend.database, "SELECT password_hash FROM users") == before
    dearer = Passwords(Cost(time=2, memory_kib=16, lanes=1))
    newer = RunningBackend(backend.database, passwords=dearer)
    newer.start()
    try:
        with Api(newer.url, desk.token) as there:
            assert sign_in(there).status_code == 201
            ((after,),) = query(backend.database, "SELECT password_hash FROM users")
            assert "m=16,t=2" in after
            assert sign_in(there).status_code == 201
            assert query(backend.database, "SELECT password_hash FROM users") == [(after,)]
    finally:
        newer.stop()


async def test_a_password_is_hashed_beside_the_loop():
    """Both ways of doing the work leave the loop free; nobody's password is never right."""
    passwords = Passwords(Cost(time=1, memory_kib=64, lanes=1))
    turns = 0

    async def turn():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    turning = asyncio.create_task(turn())
    known = await passwords.hash("long enough for anybody")
    during = turns
    assert await passwords.check(known, "long enough for anybody")
    assert not await passwords.check(None, "nobody has this password")
    turning.cancel()
    assert 0 < during < turns


def test_a_visit_and_a_staff_token_together_are_staff(backend, desk):
    contact = add_student(backend.database)
    visit = desk.visit().json()["visit_token"]
    add_student(backend.database, "DO4900", email="daniel@example.org")
    access = sign_in(desk).json()["access_token"]
    with Api(backend.url, desk.token, visit, staff=access) as both:
        assert both.http.get(f"/bookings/by-contact/{contact}").status_code == 200
        assert both.http.get("/desk/students", params={"q": "DO49"}).status_code == 200


def test_a101_staff_read_the_usual_problems_and_whom_to_ask_in_their_language(database_url):
    backend = RunningBackend(database_url)
    named = {"KIOSK_CONTACT_TECHNICAL": " IT  desk, 4711\n", "KIOSK_CONTACT_CRM": "", "HOME": "x"}
    backend._parts = replace(backend._parts, contacts=read_contacts(named))
    backend.start()
    try:
        with sign_in_staff(backend, Role.INSTRUCTOR) as user:
            told = {
                language: user.http.get("/staff/help", headers={"Accept-Language": language}).json()
                for language in ("en", "fr")
            }
    finally:
        backend.stop()
    codes = [one["code"] for one in told["en"]["troubles"]]
    assert codes == ["PROPERTY_NOT_FOUND", "LOCK_FAILED", "WRONG_COUNTS", "STALE_DATA"]
    assert told["en"]["contacts"] == [{"kind": "technical", "reach": "IT desk, 4711"}]
    for english, french in zip(told["en"]["troubles"], told["fr"]["troubles"], strict=True):
        assert english["title"] != french["title"]
        assert english["remedy"] != french["remedy"]
