"""Fewer seats than are taken: refused, or one by one as they come free (A77)."""

import asyncio
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_app.contract.leases import LeaseAnswer
from kiosk_app.contract.staff import Role
from tests.helpers.backend import add_session, query, sign_in_staff
from tests.helpers.lease_kiosk import LeaseKiosk
from tests.helpers.planning import NUMBERS, book, change, code, done, look, person, wish
from tests.helpers.waiting import see_to_all

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def desk(running_backend):
    with sign_in_staff(running_backend, Role.FRONT_DESK) as one:
        yield one


@pytest.fixture
def url(running_backend):
    return running_backend.database


def test_below_what_is_taken_it_is_refused_with_the_smallest_number(desk, url):
    session = add_session(url, capacity=10, leased_seats=2, held_seats=1)
    book(desk, session, person(url))
    answer = change(desk, session, capacity=3)
    assert code(answer) == (409, "CAPACITY_TAKEN")
    assert answer.json()["smallest"] == 4
    assert done(change(desk, session, capacity=4))["session"]["capacity"] == 4


def test_it_falls_as_seats_come_free(desk, url):
    session = add_session(url, capacity=5)
    refs = [book(desk, session, person(url, n), n) for n in range(4)]
    told = done(change(desk, session, capacity=2, when="as_seats_free"))["session"]
    assert (told["capacity"], told["target_capacity"]) == (4, 2)
    seen = []
    for ref in refs:
        done(desk.cancel(ref))
        now = look(desk, session)
        seen.append((now["capacity"], now["target_capacity"], now["booked"]))
    assert seen == [(3, 2, 3), (2, None, 2), (2, None, 1), (2, None, 0)]


def test_more_seats_end_what_was_to_fall(desk, url):
    session = add_session(url, capacity=5)
    refs = [book(desk, session, person(url, n), n) for n in range(3)]
    done(change(desk, session, capacity=1, when="as_seats_free"))
    assert done(change(desk, session, capacity=6))["session"]["target_capacity"] is None
    done(desk.cancel(refs[0]))
    assert look(desk, session)["capacity"] == 6


def test_an_import_ends_it_too(desk, url):
    session = add_session(url, capacity=5)
    book(desk, session, person(url))
    done(change(desk, session, capacity=0, when="as_seats_free"))
    query(url, "UPDATE mock_sessions SET capacity = 7")
    now = look(desk, session)
    assert (now["capacity"], now["target_capacity"]) == (7, None)


def test_what_is_to_go_is_offered_to_nobody(desk, url):
    session = add_session(url, capacity=2)
    refs = [book(desk, session, person(url, n), n) for n in range(2)]
    waiting = person(url, 9)
    path = f"/sessions/{session}/waitlist"
    done(desk.http.post(path, json={"contact_id": waiting}), 201)
    done(change(desk, session, capacity=1, when="as_seats_free"))
    done(desk.cancel(refs[0]))
    asyncio.run(see_to_all(url))
    assert look(desk, session)["capacity"] == 1
    assert query(url, "SELECT state FROM waitlist_entries") == [("waiting",)]
    done(desk.cancel(refs[1]))
    asyncio.run(see_to_all(url))
    assert query(url, "SELECT state FROM waitlist_entries") == [("offered",)]


def test_a_seat_that_a_device_promised_is_kept(desk, api, url):
    session, kiosk = add_session(url, capacity=20), LeaseKiosk()
    kiosk.wish(session, 2)
    answer = api.http.post(
        "/leases/sync", content=msgspec.json.encode(kiosk.message()), headers=JSON
    )
    kiosk.hear(msgspec.json.decode(answer.content, type=LeaseAnswer))
    done(change(desk, session, capacity=0, when="as_seats_free"))
    lease = msgspec.to_builtins(kiosk.confirm(kiosk.free()[0]))
    done(api.create(wish(session, person(url)) | {"lease": lease}, "idem_disc_lease1"), 201)
    now = look(desk, session)
    assert (now["capacity"], now["booked"], now["leased"]) == (2, 1, 1)


def test_a_seat_that_was_offered_is_kept(desk, url):
    session, ana = add_session(url, capacity=1, held_seats=1), person(url)
    (entry,) = query(
        url,
        "INSERT INTO waitlist_entries (session_id, contact_id, joined_at, state, offered_at,"
        " expires_at) VALUES (%s, %s, now(), 'offered', now(), now() + interval '1 h')"
        " RETURNING id",
        *(session, ana),
    )[0]
    done(change(desk, session, capacity=0, when="as_seats_free"))
    claim = desk.http.post(f"/sessions/{session}/waitlist/{entry}/claim", json={})
    assert claim.status_code == 201, claim.text
    now = look(desk, session)
    assert (now["capacity"], now["booked"], now["held"]) == (1, 1, 0)


def test_an_offer_that_lapses_meanwhile_is_not_made_again(desk, url):
    session = add_session(url, capacity=1, held_seats=1)
    for n in range(2):
        query(
            url,
            "INSERT INTO waitlist_entries (session_id, contact_id, joined_at, state,"
            " offered_at, expires_at) VALUES (%s, %s, now(), %s, %s, %s)",
            *(
                session,
                person(url, n),
                *(
                    ("waiting", None, None)
                    if n
                    else ("offered", date(2020, 1, 1), date(2020, 1, 2))
                ),
            ),
        )
    done(change(desk, session, capacity=0, when="as_seats_free"))
    asyncio.run(see_to_all(url))
    states = query(url, "SELECT state FROM waitlist_entries ORDER BY seq")
    assert states == [("lapsed",), ("waiting",)]
    now = look(desk, session)
    assert (now["capacity"], now["held"], now["target_capacity"]) == (0, 0, None)


@settings(max_examples=12)
@given(
    st.lists(
        st.tuples(st.sampled_from(["book", "cancel", "cut", "grow"]), st.integers(0, 4)),
        max_size=8,
    )
)
def test_it_is_never_below_what_is_taken_and_never_rises_by_itself(desk, url, steps):
    session = add_session(url, capacity=4)
    first = next(NUMBERS)
    people = [person(url, first + n) for n in range(5)]
    held, wanted = {}, 4
    for what, n in steps:
        if what == "book" and n not in held:
            answer = desk.create(wish(session, people[n], first + n))
            if answer.status_code == 201:
                held[n] = answer.json()["data"]["id"]
            else:
                assert code(answer) == (400, "DISCUSSION_FULL")
                assert len(held) >= wanted
        elif what == "cancel" and n in held:
            done(desk.cancel(held.pop(n)))
        elif what in {"cut", "grow"}:
            wanted = n if what == "cut" else n + 4
            done(change(desk, session, capacity=wanted, when="as_seats_free"))
        now = look(desk, session)
        assert now["booked"] == len(held)
        assert now["capacity"] == max(wanted, len(held))
        assert now["target_capacity"] == (wanted if wanted < len(held) else None)
