import pytest

from tests.s3_server import serving


@pytest.fixture(scope="session")
def s3_server():
    with serving() as server:
        yield server


@pytest.fixture
def s3(s3_server):
    """Options for the server's buckets."""
    return s3_server[1]
