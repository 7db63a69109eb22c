"""Schemathesis over what staff may ask; see `test_schema.py`."""

from kiosk_app.contract.staff import Role
from tests.helpers.backend import sign_in_staff
from tests.helpers.schemathesis import STAFF_PATHS, run_schemathesis

STAFF_OPERATIONS = 47


def test_nor_does_one_of_staff(running_backend, tmp_path):
    """With every right there is; what the others may is in the matrix."""
    flags = ("--max-examples", "10", "--include-path-regex", STAFF_PATHS)
    with sign_in_staff(running_backend, Role.ADMIN) as admin:
        told = run_schemathesis(admin, tmp_path, *flags)
        assert f"Tested: {STAFF_OPERATIONS}" in told, told[-3000:]
        assert admin.http.get("/staff/me").status_code == 200, "nobody was signed out by chance"


def test_nor_does_one_of_instructors(running_backend, tmp_path):
    flags = ("--max-examples", "10", "--include-path-regex", "/instructor/|/attendance|no-shows")
    with sign_in_staff(running_backend, Role.INSTRUCTOR) as instructor:
        assert "Tested: 4" in run_schemathesis(instructor, tmp_path, *flags)
