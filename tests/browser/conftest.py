import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "pages"))

START_SECONDS = 60
NO_BROWSER = "no chromium on this machine: the app was NOT tried in a browser; install it (apt install chromium)"


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Address of the app, serving a simulated run with three past ones beside it."""
    from made_records import past_run
    from made_runs import make_run

    folder = tmp_path_factory.mktemp("served")
    for weeks in (12, 8, 5):
        past_run(folder / "models", weeks)
    make_run(folder / "models")
    with served(folder) as found:
        yield found


@contextmanager
def served(folder, *settings):
    """Serve the runs and observations of a folder on a free port, with further settings of Streamlit."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]
    command += ["--browser.gatherUsageStats=false", *settings]
    folders = {"FORECAST_MODELS": str(folder / "models"), "FORECAST_DATA": str(folder / "data")}
    with (folder / "log.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **folders}, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", server, folder / "log.txt")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium of this machine; the tests fail without one where CI is true, else they are skipped."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_BROWSER)
        pytest.skip(NO_BROWSER)
    from playwright.sync_api import expect, sync_playwright

    # On a busy machine the first page takes longer than the five seconds that an expectation waits by itself.
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def real_app(tmp_path_factory):
    """Address of the app serving a run on published figures, and the folder of its observations."""
    from made_runs import make_run
    from made_stores import fill

    folder = tmp_path_factory.mktemp("real")
    make_run(folder / "models", simulated=False)
    fill(folder / "data")
    with served(folder) as found:
        yield found, folder / "data"


@pytest.fixture(scope="session")
def wave_app(tmp_path_factory):
    """Address of the app serving a simulated run in the middle of a winter of flu and Covid."""
    from made_wave_runs import make_wave_run

    folder = tmp_path_factory.mktemp("waves")
    make_wave_run(folder / "models")
    with served(folder) as found:
        yield found


@pytest.fixture
def page(browser, address):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=address)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_for(url, server, log):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the app did not start: {log.read_text(encoding='utf-8')[-2000:]}")
