import pytest

from tests.helpers.files import opened, reads


@pytest.fixture
def files(tmp_path):
    found = opened(tmp_path)
    yield found
    found.close()


@pytest.fixture
def reading(files, tmp_path):
    found = reads(tmp_path)
    yield found
    found.close()
