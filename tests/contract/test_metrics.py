"""`/metrics` (A100, C45, K31): what is counted, that it stays small, and who may read it."""

from datetime import time
from time import monotonic
from uuid import uuid4

import httpx
import msgspec
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kiosk_app.app.backend_watch import BadWatchSetting, read_metrics_token
from kiosk_app.backend.core.listing import Wanted, list_available
from kiosk_app.backend.discussions.policy import DISCUSSIONS
from kiosk_app.backend.outside.crm.hubspot import HubSpotCrm, HubSpotSettings
from kiosk_app.backend.outside.crm.words import Later
from kiosk_app.backend.server.application import create_app
from kiosk_app.contract.leases import LeaseAnswer
from kiosk_app.contract.problems import Code
from kiosk_app.contract.tallies import CRASHES, Page
from tests.helpers.backend import (
    add_session,
    add_student,
    discussion_body,
    exam_body,
    far_day,
    make_parts,
    query,
)
from tests.helpers.hubspot import TOKEN as HUBSPOT_TOKEN
from tests.helpers.hubspot import running_hubspot
from tests.helpers.lease_kiosk import LeaseKiosk

TOKEN = "a token of at least sixteen"


def read(text):
    """Return every sample as (name, labels) -> value."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def sample(told, name, **labels):
    return told.get((name, tuple(sorted(labels.items()))), 0)


def scrape(api):
    answer = httpx.get(f"{api.root}/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return read(answer.text)


def scrape_until(api, expected):
    """Scrape until the counts are there: a request is counted just after it is answered."""
    until = monotonic() + 20
    while True:
        told = scrape(api)
        found = {key: sample(told, key[0], **dict(key[1])) for key in expected}
        if found == expected or monotonic() > until:
            assert found == expected
            return told


def key(name, **labels):
    return name, tuple(sorted(labels.items()))


def bookings(system, outcome, code=""):
    return key("kiosk_bookings_total", system=system, outcome=outcome, code=code)


def test_bookings_are_counted_by_what_came_of_them(api, running_backend):
    url = running_backend.database
    contact = add_student(url, discussion=2)
    session, full = add_session(url), add_session(url, day=far_day(40), capacity=0)
    body = discussion_body(session, contact)
    assert api.create(body, key="idem_disc_metrics").status_code == 201
    for _ in range(2):
        assert api.create(body, key="idem_disc_metrics").status_code == 200
    assert api.create(discussion_body(full, contact, far_day(40))).status_code == 400
    exam = add_session(url, mock_type="Clinical Skills", start=time(9))
    assert api.create(exam_body(exam, contact), path="/bookings/create").status_code == 400
    with psycopg.connect(url) as holder:
        holder.execute("SELECT 1 FROM mock_sessions FOR UPDATE")
        other = add_student(url, "DO4900", email="daniel@example.org", discussion=1)
        blocked = discussion_body(session, other) | {
            "student_id": "DO4900",
            "email": "daniel@example.org",
        }
        assert api.create(blocked).status_code == 503
    told = scrape_until(
        api,
        {
            bookings("discussions", "created"): 1,
            bookings("discussions", "repeated"): 2,
            bookings("discussions", "refused", "DISCUSSION_FULL"): 1,
            bookings("discussions", "refused", "LOCK_FAILED"): 1,
            bookings("exams", "refused", "INSUFFICIENT_TOKENS"): 1,
            key("kiosk_lock_failures_total"): 1,
            key("kiosk_refusals_total", code="DISCUSSION_FULL"): 1,
            key(
                "kiosk_requests_total",
                route="/api/v1/mock-discussions/create-booking",
                method="POST",
                status="2xx",
            ): 3,
            key("kiosk_request_seconds_count", route="/api/v1/mock-discussions/create-booking"): 5,
        },
    )
    assert sample(told, "kiosk_mail_waiting") == 1, "the confirmation of the one booking"
    assert sample(told, "kiosk_database_up") == 1
    assert sample(told, "kiosk_feed_age_seconds") > 0
    assert sample(told, "kiosk_mail_oldest_seconds") > 0


def test_no_caller_makes_the_labels_grow_and_none_is_about_a_person(api, running_backend):
    url = running_backend.database
    contact = add_student(url, discussion=1)
    api.create(discussion_body(add_session(url), contact))
    with api.as_visitor() as visitor:
        for number in range(30):
            visitor.http.get(f"/bookings/BK-{number}")
            visitor.http.get(f"/nothing/{number}")
            visitor.http.request("PROPFIND", f"/nothing/{number}")
        token = visitor.headers["X-Visit-Token"]
    unknown = key("kiosk_requests_total", route="unknown", method="other", status="4xx")
    told = scrape_until(api, {unknown: 30})
    labels = {}
    for _, pairs in told:
        for name, value in pairs:
            labels.setdefault(name, set()).add(value)
    app = create_app(make_parts(url))
    assert labels["route"] <= {route.path_format for route in app.routes} | {"unknown"}
    assert labels["method"] <= {"GET", "POST", "DELETE", "other"}
    assert labels["status"] <= {"2xx", "4xx"}
    assert labels["code"] <= {code.value for code in Code} | {""}
    assert set(labels) <= {"route", "method", "status", "code", "system", "outcome", "le", "page"}
    text = httpx.get(f"{api.root}/metrics").text
    for secret in ("QX4417", "ana@", "Ana", contact, token, api.token, "BK-"):
        assert secret not in text


def test_what_waits_and_what_is_dead(api, running_backend):
    url = running_backend.database
    contact = add_student(url, discussion=1)
    api.create(discussion_body(add_session(url), contact))
    query(url, "UPDATE mail_outbox SET state = 'dead'")
    query(url, "INSERT INTO crm_queue (entity, entity_id) VALUES ('booking', gen_random_uuid())")
    told = scrape(api)
    assert sample(told, "kiosk_mail_waiting") == 0
    assert sample(told, "kiosk_mail_dead") == 1
    assert sample(told, "kiosk_crm_waiting") == 1


@pytest.fixture(scope="module")
def unopened(postgres):
    """The application without its database, with a token for its figures."""
    parts = make_parts(postgres.emptied())
    return create_app(msgspec.structs.replace(parts, metrics_token=TOKEN))


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("203.0.113.9", {}, 401),
        ("no address", {}, 401),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 401),
        ("127.0.0.1", {"forwarded": "for=203.0.113.9"}, 401),
        ("203.0.113.9", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("203.0.113.9", {"authorization": f"Bearer {TOKEN}x"}, 401),
        ("203.0.113.9", {"authorization": TOKEN}, 401),
        ("203.0.113.9", {"authorization": b"Bearer \xff\xfe"}, 401),
    ],
)
async def test_for_this_machine_or_with_the_token(unopened, client, headers, status):
    """That the database is away is told, too."""
    line = httpx.ASGITransport(unopened, client=(client, 4711))
    async with httpx.AsyncClient(transport=line, base_url="http://backend") as http:
        answer = await http.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 200:
        assert sample(read(answer.text), "kiosk_database_up") == 0
        assert "kiosk_mail_waiting" not in answer.text
    else:
        assert answer.json()["code"] == "UNAUTHORIZED"


async def test_where_no_token_is_set_none_opens(database_url):
    without = create_app(make_parts(database_url))
    line = httpx.ASGITransport(without, client=("203.0.113.9", 4711))
    async with httpx.AsyncClient(transport=line, base_url="http://backend") as http:
        given = {"authorization": "Bearer "}
        assert (await http.get("/metrics", headers=given)).status_code == 401


def test_seats_that_were_lent_and_what_became_of_them(api, running_backend):
    url, kiosk = running_backend.database, LeaseKiosk()
    session = add_session(url, capacity=20)
    kiosk.wish(session, 3)
    answer = api.http.post("/leases/sync", json=msgspec.to_builtins(kiosk.message()))
    kiosk.hear(msgspec.json.decode(answer.content, type=LeaseAnswer))
    contact, lease = add_student(url, discussion=1), kiosk.confirm(kiosk.free()[0])
    body = discussion_body(session, contact, lease=msgspec.to_builtins(lease))
    assert api.create(body, key="idem_disc_lent").status_code == 201
    told = scrape(api)
    series = ("granted_total", "used_total", "held", "stranded")
    assert [sample(told, f"kiosk_leases_{one}") for one in series] == [3, 1, 2, 0]
    assert sample(told, "kiosk_alarms") == 0
    query(url, "UPDATE devices SET revoked_at = now()")
    query(url, "INSERT INTO attention (kind, dedupe_key) VALUES ('clone_alarm', 'clone_alarm:x')")
    told = scrape(api)
    assert sample(told, "kiosk_leases_stranded") == 2
    assert sample(told, "kiosk_alarms") == 1


def test_a100_crashes_and_openings_of_pages_that_devices_tell_of(api, running_backend):
    none = scrape(api)
    assert sample(none, "kiosk_client_crashes_total") == 0
    assert {
        one: sample(none, "kiosk_page_openings_total", page=one) for one in Page
    } == dict.fromkeys(Page, 0)
    kiosk, run = LeaseKiosk(), str(uuid4())
    counts = {CRASHES: 2, Page.BOOK: 7, "no page": 1}
    tallies = [{"what": what, "run": run, "times": times} for what, times in counts.items()]
    body = msgspec.to_builtins(kiosk.message()) | {"tallies": tallies}
    for _ in range(2):
        assert api.http.post("/leases/sync", json=body).status_code == 200
    told = scrape(api)
    assert sample(told, "kiosk_client_crashes_total") == 2
    pages = {
        dict(labels)["page"]: value
        for (name, labels), value in told.items()
        if name == "kiosk_page_openings_total"
    }
    assert pages == dict.fromkeys(Page, 0) | {Page.BOOK: 7}
    too_many = body | {"tallies": tallies * 20}
    assert api.http.post("/leases/sync", json=too_many).status_code == 400
    for value in (-1, 1 << 40):
        bad = body | {"tallies": [tallies[0] | {"times": value}]}
        assert api.http.post("/leases/sync", json=bad).status_code == 400


async def test_what_is_left_of_the_crm_s_quota(database_url):
    with running_hubspot() as there:
        there.quota, there.policy = 0, "TEN_SECONDLY_ROLLING"
        crm = HubSpotCrm(HubSpotSettings(token=HUBSPOT_TOKEN, base=there.url))
        app = create_app(make_parts(database_url, crm=crm))
        line = httpx.ASGITransport(app, client=("127.0.0.1", 4711))
        async with httpx.AsyncClient(transport=line, base_url="http://backend") as http:
            assert "kiosk_crm_quota" not in (await http.get("/metrics")).text
            with pytest.raises(Later):
                await crm.read_contacts(["1"])
            told = read((await http.get("/metrics")).text)
        await crm.close()
    assert sample(told, "kiosk_crm_quota") == 250_000
    assert sample(told, "kiosk_crm_quota_left") == 200_000
    assert sample(told, "kiosk_crm_calls_total") == 1


async def test_a91_a_listing_takes_as_many_statements_for_twenty_as_for_one(core, database_url):
    """A13, as the counter that `/metrics` shows tells it."""
    taken = []
    for sessions in (1, 20):
        for n in range(sessions):
            add_session(database_url, day=far_day(30 + n))
        before = core.db.statements
        assert await list_available(core, DISCUSSIONS, Wanted(realtime=True))
        taken.append(core.db.statements - before)
    assert taken == [1, 1]


def test_a91_statements_and_calls_are_counted(api, running_backend):
    first = sample(scrape(api), "kiosk_statements_total")
    api.discussions(realtime="true")
    told = scrape(api)
    assert sample(told, "kiosk_statements_total") > first
    assert ("kiosk_crm_calls_total", ()) in told


def test_a_short_token_is_no_secret():
    assert read_metrics_token({}) is None
    assert read_metrics_token({"KIOSK_METRICS_TOKEN": TOKEN}) == TOKEN
    with pytest.raises(BadWatchSetting, match="16"):
        read_metrics_token({"KIOSK_METRICS_TOKEN": "short"})
