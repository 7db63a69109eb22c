"""What the log is asked about the planning of sessions: (route, call, action, kind of actor, subject)."""

from tests.helpers.backend import add_session


def planning_cases(url, http):
    """The same for sessions that staff make, change and call off."""
    hours = {"starts_at": "2099-06-01T14:00:00.000Z", "ends_at": "2099-06-01T16:00:00.000Z"}
    new = {"mock_type": "Mini-mock", "capacity": 8, "location": "Downtown", **hours}
    yield (
        ("POST", "/admin/sessions"),
        lambda: http.post("/admin/sessions", json=new),
        *("session.created", "user", False),
    )
    one = f"/admin/sessions/{add_session(url)}"
    change = {"version": 1, "capacity": 30}
    yield (
        ("PATCH", "/admin/sessions/{session}"),
        lambda: http.patch(one, json=change),
        *("session.changed", "user", False),
    )
    path = "/admin/sessions/{session}/cancellation"
    other = path.format(session=add_session(url))
    yield (
        ("POST", path),
        lambda: http.post(other, json={"reason": "instructor is ill"}),
        *("session.called_off", "user", False),
    )


def series_cases(http):
    """The same for series and closures; what each session of a series has is its own row."""
    root = "/admin/session-series"
    plan = {"mock_type": "Mini-mock", "pattern": "weekly", "count": 1, "capacity": 8}
    plan |= {
        "starts": "09:00",
        "ends": "10:00",
        "start_date": "2099-07-01",
        "location": "North",
    }
    series = http.post(root, json=plan).json()["data"]["series_id"]
    other = plan | {"location": "South"}
    yield (
        ("POST", root),
        lambda: http.post(root, json=other),
        *("series.created", "user", False),
    )
    one, every = f"{root}/{series}", {"scope": "all"}
    change = every | {"changes": {"capacity": 9}}
    yield (
        ("PATCH", f"{root}/{{series}}"),
        lambda: http.patch(one, json=change),
        *("session.changed", "user", False),
    )
    end = every | {"reason": "the room is flooded"}
    yield (
        ("POST", f"{root}/{{series}}/cancellation"),
        lambda: http.post(f"{one}/cancellation", json=end),
        *("session.called_off", "user", False),
    )
    days = {"first_day": "2099-12-25", "last_day": "2099-12-26", "name": "Christmas"}
    yield (
        ("POST", "/admin/closures"),
        lambda: http.post("/admin/closures", json=days),
        *("closure.created", "user", False),
    )
    made = http.post("/admin/closures", json=days).json()["data"]["closure"]["closure_id"]
    yield (
        ("DELETE", "/admin/closures/{closure}"),
        lambda: http.delete(f"/admin/closures/{made}"),
        *("closure.removed", "user", False),
    )
