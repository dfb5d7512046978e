import pytest

from forecast.sources.web import Web
from tests.http_server import Time, serving


@pytest.fixture
def site(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        yield served


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def web(time, site):
    with Web(pace=0, timeout=0.2, sleep=time.sleep, jitter=lambda: 0.5, clock=time.clock) as client:
        yield client
