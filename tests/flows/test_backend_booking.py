from tests.helpers.backend import Api, add_device, add_session, add_student, discussion_body


def test_a95_from_five_tokens_to_four(running_backend, api):
    """Five tokens and ten seats: book one; four tokens, nine seats."""
    database = running_backend.database
    contact = add_student(database, discussion=5)
    session = add_session(database, capacity=10)
    check = {"student_id": "QX4417", "email": "ana@example.org"}
    before = api.http.post("/mock-discussions/validate-credits", json=check).json()["data"]
    assert (before["eligible"], before["available_credits"]) == (True, 5)
    assert before["contact_id"] == contact
    (listed,) = api.discussions().json()["data"]
    assert (listed["mock_exam_id"], listed["available_slots"]) == (session, 10)
    made = api.create(discussion_body(session, contact), key="idem_disc_first")
    assert made.status_code == 201, made.text
    assert made.json()["data"]["token_details"]["tokens_remaining"] == 4
    (listed,) = api.discussions().json()["data"]
    assert (listed["available_slots"], listed["total_bookings"]) == (9, 1)
    after = api.http.post("/mock-discussions/validate-credits", json=check).json()["data"]
    assert (after["eligible"], after["available_credits"]) == (True, 4)


def test_the_same_over_a_process_that_is_stopped_and_started(backend_process):
    token = add_device(backend_process.database)
    with Api(backend_process.url, token) as device:
        assert device.changes().status_code == 200
    url = backend_process.url
    assert backend_process.stop() == 0
    backend_process.start()
    assert backend_process.url == url
    with Api(url, token) as device:
        assert device.changes().status_code == 200
