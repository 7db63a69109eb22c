import pytest


@pytest.fixture(autouse=True)
def _home_of_the_test(tmp_path, monkeypatch):
    """No command of a test may find, or make, a profile of the person who runs the tests."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    yield
    assert not (tmp_path / "home").exists()
