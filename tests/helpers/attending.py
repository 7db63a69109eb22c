"""What staff must settle, made for tests: on the server's list, and in the outbox of a device."""

from datetime import timedelta
from uuid import uuid4

from kiosk_app.app import secrets, settings
from kiosk_app.app.profile import Profile
from kiosk_app.cache.files import QUEUE, connect
from kiosk_app.contract.attention import Alternative, AttentionKind, Letter, Way
from kiosk_app.contract.help import HelpContact, StaffHelp, Trouble
from kiosk_app.contract.leases import SlotRef
from kiosk_app.contract.sessions import MockType
from kiosk_app.contract.staff import Role
from kiosk_app.contract.wire import wire_instant
from kiosk_app.domain.attention import Choice, Item, OwnKind, OwnWay
from kiosk_app.domain.outbox import Entry, Rung
from tests.helpers import november
from tests.helpers.backend import add_session, add_student, add_user, far_day, query

STAFF = "sam@staff.example"
STUDENT, EMAIL = "QX4417", "ana@example.org"


def add_staff(url, role=Role.FRONT_DESK, email=STAFF):
    """Add a staff user who signs in with PASSWORD."""
    return add_user(url, role, email)


def broken_promise(url, *, day=30, student=STUDENT, email=EMAIL, key="idem_disc_lease1", **tokens):
    """Let a guaranteed seat be called off; return the item's id and the nearest other session."""
    lost = add_session(url, day=far_day(day), is_active=False)
    other = add_session(url, day=far_day(day + 1))
    contact = add_student(url, student, email=email, **({"discussion": 1} | tokens))
    ((item,),) = query(
        url,
        "INSERT INTO attention (kind, dedupe_key, contact_id, session_id, details) VALUES"
        " ('rehouse', 'rehouse:' || %s, %s, %s, '{\"code\": \"SESSION_CLOSED\"}') RETURNING id",
        key,
        contact,
        lost,
    )
    return str(item), str(other)


def owed_token(url, student="RB2001", email="rob@example.org"):
    """Let a seat be given whose token had been spent; return the item's id."""
    contact = add_student(url, student, email=email)
    session = add_session(url, day=far_day(40))
    ((item,),) = query(
        url,
        "INSERT INTO attention (kind, dedupe_key, contact_id, session_id, details) VALUES"
        " ('debt', 'debt:' || %s, %s, %s,"
        ' \'{"credit_field": "mock_discussion_token"}\') RETURNING id',
        student,
        contact,
        session,
    )
    return str(item)


def silent_device(url, name="Kiosk 7", slots=(1, 2, 3)):
    """Let a device hold seats and never be heard of again; return session and device."""
    session = add_session(url, day=far_day(5), capacity=20)
    ((device,),) = query(
        url,
        "INSERT INTO devices (token_hash, name, profile) VALUES (sha256(%s::bytea), %s, 'kiosk')"
        " RETURNING id",
        name,
        name,
    )
    for slot in slots:
        query(
            url,
            "INSERT INTO lease_slots (session_id, slot, generation, device_id, installation_id,"
            " grant_id, granted_at, renewed_at) VALUES (%s, %s, 1, %s, gen_random_uuid(),"
            " gen_random_uuid(), now() - interval '3 days', now() - interval '2 days')",
            session,
            slot,
            device,
        )
    return session, str(device)


def touch(profile, statement, *values):
    """Change the outbox of a profile behind its program's back."""
    connection = connect(profile / QUEUE, Profile(profile).keys().queue, durable=True)
    connection.execute(statement, values)
    connection.close()


def enrolled(folder, url, token, name, profile):
    """Make a folder the profile of a device that is known to the server already."""
    Profile(folder).make()
    known = settings.Settings(
        profile_id=uuid4().hex,
        base_url=url,
        device_id=str(uuid4()),
        name=name,
        profile=profile,
        location=None,
        time_zone="America/Toronto",
        secrets="file",
    )
    secrets.store("file", folder, known.profile_id).save(secrets.fresh(token))
    settings.write(folder, known)


def own_item(kind=OwnKind.REFUSED, ref="r-1", **more):
    """Return an item of this device, as the window is told of it."""
    ways = {
        OwnKind.REFUSED: (OwnWay.WRITE, OwnWay.TOLD, OwnWay.RETRY),
        OwnKind.PROMISE_REFUSED: (OwnWay.WRITE, OwnWay.TOLD, OwnWay.RETRY),
        OwnKind.QUARANTINED: (OwnWay.RETRY, OwnWay.EXPORT, OwnWay.DISCARD),
        OwnKind.UNANSWERED: (OwnWay.RETRY, OwnWay.DISCARD),
    }[kind]
    values = {
        "ref": ref,
        "kind": kind,
        "at": november.NOW - timedelta(minutes=34),
        "choices": tuple(
            Choice(way=w, mails=w is OwnWay.WRITE, elsewhere=w is OwnWay.EXPORT) for w in ways
        ),
        "code": "DISCUSSION_FULL",
        "student": november.STUDENT,
        "number": "Q-7K2Q-M4D",
        **_about(),
    }
    return Item(**values | more)


def promised(ref="7a52f0a0-5f0c-4a54-9d8a-0c8f2b6f4c11", **more):
    """Return an item of the server: a guaranteed seat that was called off."""
    starts = november.NOW + timedelta(days=5)
    others = [
        Alternative(
            session_id=f"s-{n}",
            starts_at=wire_instant(starts + timedelta(days=n)),
            ends_at=wire_instant(starts + timedelta(days=n, hours=2)),
            time_zone=november.ZONE,
            location=place,
            left=left,
        )
        for n, place, left in ((1, "Downtown", 8), (4, "North York", 1))
    ]
    values = {
        "ref": ref,
        "kind": AttentionKind.REHOUSE,
        "at": november.NOW - timedelta(hours=1),
        "happened": "A seat was guaranteed with no network and cannot be had.",
        "choices": (
            *(Choice(way=Way.BOOK_OTHER, session=one) for one in others),
            Choice(way=Way.WRITE_STUDENT, mails=True),
            Choice(way=Way.CALL_STUDENT),
        ),
        "student": november.STUDENT,
        "device": "Kiosk 2",
        **_about(),
    }
    return Item(**values | more)


def stranded(ref="5d1f0c7e-7a52-4f0a-9d8a-0c8f2b6f4c12"):
    """Return an item of the server: seats on a device that is silent."""
    seats = tuple(SlotRef(session_id="s-9", slot=n, generation=1) for n in (1, 2, 3))
    return promised(
        ref,
        kind=AttentionKind.STRANDED,
        happened="A device can confirm nothing any more and has not said which seats it used.",
        student=None,
        device_id="d-7",
        seats=seats,
        choices=(Choice(way=Way.IMPORT_OUTBOX, elsewhere=True), Choice(way=Way.ATTEST)),
    )


def entry(rung=Rung.QUEUED, ref="r-1", minutes=12, **more):
    """Return a request of the outbox, as the window is told of it."""
    values = {
        "ref": ref,
        "number": "Q-7K2Q-M4D",
        "cancels": False,
        "rung": rung,
        "created_at": november.NOW - timedelta(minutes=minutes),
        "student": november.STUDENT,
        **_about(),
    }
    return Entry(**values | more)


def ladder():
    """Return a request on every rung, and a cancel."""
    in_a_while = november.NOW + timedelta(seconds=95)
    return (
        entry(Rung.SENDING, "r-7", 0, attempts=1),
        entry(ref="r-6", minutes=2, cancels=True, number="Q-9X4F-2HT"),
        entry(Rung.GUARANTEED, "r-5", 5, seat=3, code="LINK"),
        entry(Rung.UNKNOWN, "r-4", 9, attempts=3, code="LINK", next_at=in_a_while),
        entry(Rung.QUEUED, "r-3", 12, attempts=1, code="INTERNAL_ERROR", next_at=in_a_while),
        entry(Rung.ASIDE, "r-2", 95, attempts=2, code="POISON", needs=True),
        entry(Rung.REFUSED, "r-1", 34, attempts=1, code="DISCUSSION_FULL", needs=True),
    )


HELP = StaffHelp(
    troubles=[
        Trouble(
            code="PROPERTY_NOT_FOUND",
            title="A token field is missing in the CRM.",
            remedy="`kiosk-backend crm check --repair` makes it; `kiosk-backend doctor` says which.",
        ),
        Trouble(
            code="LOCK_FAILED",
            title="Too many people want the same seats at once.",
            remedy="Try again after a second. If it goes on, look at `kiosk_lock_failures_total` in"
            " `/metrics` and run `kiosk-backend doctor`: something holds the database up.",
        ),
        Trouble(
            code="WRONG_COUNTS",
            title="The number of seats looks wrong.",
            remedy="`kiosk-backend jobs run recount` counts again for all sessions.",
        ),
        Trouble(
            code="STALE_DATA",
            title="A list does not show what was just changed.",
            remedy="Refresh, or wait 5 minutes.",
        ),
    ],
    contacts=[
        HelpContact(kind="technical", reach="IT desk, extension 4100"),
        HelpContact(kind="wishes", reach="product@campus.example"),
    ],
)
"""What a server tells staff when something does not work."""

LETTER = Letter(
    language="en",
    subject="Your seat on November 25",
    text="Hello Priya,\n\nThe session you asked for no longer takes bookings. We are sorry.\n",
    with_words="Hello Priya,\n\nThe front desk adds: {words}\n\nWe are sorry.\n",
)


def _about():
    return {
        "mock_type": MockType.CLINICAL_SKILLS,
        "starts_at": november.NOW + timedelta(days=5),
        "time_zone": november.ZONE,
        "location": "Mississauga",
    }
