"""Sessions and series that staff plan, message by message, against a real server."""

from datetime import date

from kiosk_app.contract.staff import Role
from tests.helpers.backend import add_session, add_student, discussion_body, sign_in_staff
from tests.helpers.golden import check_golden

DAY = date(2099, 3, 4)
TALK = "00000000-0000-4000-8000-000000000001"
ANA = "00000000-0000-4000-8000-00000000000a"


def test_staff_plan_sessions(running_backend):
    url = running_backend.database
    text = {"title": "Mock discussion", "instructor_name": "Dr. Ruth Feldman", "topics": ["Mixed"]}
    add_session(url, id=TALK, day=DAY, capacity=16, location="North Campus – Room 2", **text)
    add_student(url, id=ANA, discussion=4)
    with sign_in_staff(running_backend, Role.FRONT_DESK) as desk:
        desk.create(discussion_body(TALK, ANA, DAY), key="idem_disc_golden")
        path = f"/admin/sessions/{TALK}"
        check_golden("admin-session", desk.http.get(path))
        full = {"version": 1, "capacity": 0}
        check_golden("admin-session-taken", desk.http.patch(path, json=full))
        fall = full | {"when": "as_seats_free"}
        check_golden("admin-session-fall", desk.http.patch(path, json=fall))
        check_golden("admin-session-stale", desk.http.patch(path, json=fall))
        why = {"reason": "the instructor is ill"}
        asked = desk.http.post(f"{path}/cancellation?preview=true", json=why)
        check_golden("admin-session-call-off-preview", asked)
        check_golden("admin-session-call-off", desk.http.post(f"{path}/cancellation", json=why))
        new = {
            "mock_type": "Mini-mock",
            "starts_at": "2099-03-05T15:00:00.000Z",
            "ends_at": "2099-03-05T16:30:00.000Z",
            "capacity": 8,
            "location": "North Campus – Room 2",
            "instructor_name": "Dr. Ruth Feldman",
        }
        check_golden("admin-session-create", desk.http.post("/admin/sessions", json=new))
        check_golden("admin-session-exists", desk.http.post("/admin/sessions", json=new))


def test_an_admin_plans_a_series(running_backend):
    root = "/admin/session-series"
    with sign_in_staff(running_backend, Role.ADMIN) as admin:
        days = {"first_day": "2099-03-09", "last_day": "2099-03-13", "name": "Reading week"}
        answer = admin.http.post("/admin/closures?preview=true", json=days)
        check_golden("admin-closure-preview", answer)
        answer = admin.http.post("/admin/closures", json=days)
        check_golden("admin-closure", answer)
        closure = f"/admin/closures/{answer.json()['data']['closure']['closure_id']}"
        check_golden("admin-closures", admin.http.get("/admin/closures"))
        new = {
            "mock_type": "Mock Discussion",
            "pattern": "weekly",
            "start_date": "2099-03-04",
            "count": 3,
            "starts": "18:00",
            "ends": "20:00",
            "capacity": 6,
            "location": "North Campus – Room 2",
        }
        check_golden("admin-series-preview", admin.http.post(f"{root}?preview=true", json=new))
        answer = admin.http.post(root, json=new)
        check_golden("admin-series-create", answer)
        check_golden("admin-series-empty", admin.http.post(root, json=new))
        path = f"{root}/{answer.json()['data']['series_id']}"
        later = {
            "scope": "following",
            "from_session": answer.json()["data"]["dates"][2]["session_id"],
            "changes": {"starts": "17:30"},
        }
        check_golden("admin-series-split", admin.http.patch(path, json=later))
        end = {"scope": "all", "reason": "the room is flooded"}
        answer = admin.http.post(f"{path}/cancellation", json=end)
        check_golden("admin-series-call-off", answer)
        check_golden("admin-series", admin.http.get(path))
        check_golden("admin-closure-remove", admin.http.delete(closure))
