"""The image without Docker: the wheel in a folder beside app.py, as the Dockerfile lays it out, and another user."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.cron_daemon import CronDaemon, cannot_run

ROOT = Path(__file__).parents[2]
NOBODY = 65534


@pytest.fixture(scope="session")
def image(tmp_path_factory):
    """Folder laid out as /app of the image."""
    folder = tmp_path_factory.mktemp("image")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wheel = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *wheel], check=True, capture_output=True)
    app = folder / "app"
    install = ["install", "--no-deps", "--no-index", "--target", str(app), *map(str, folder.glob("*.whl"))]
    subprocess.run([*pip, *install], check=True, capture_output=True)
    shutil.copy(ROOT / "app.py", app)
    shutil.copytree(ROOT / ".streamlit", app / ".streamlit", ignore=shutil.ignore_patterns("secrets.toml"))
    (app / "deploy").mkdir()
    for name in ("entrypoint.sh", "next_time.py"):
        shutil.copy(ROOT / "deploy" / name, app / "deploy")
    open_to_all(folder)
    return app


@pytest.fixture
def other_user():
    """Words before a command that start it as another user, where this one may: nobody, who may read but not write."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return ()
    # An interpreter may stand below a home folder that is its owner's alone.
    reading = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    return ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *reading)


def open_to_all(folder: Path) -> None:
    """Let another user come to a folder of pytest's, which only its own may enter."""
    for one in folder.parents:
        if one.owner() == folder.owner() and one != Path("/") and "pytest" in str(one):
            one.chmod(0o755)
    folder.chmod(0o755)


@pytest.fixture(scope="session", autouse=True)
def cron(request, tmp_path_factory):
    """Debian's cron with the documented line, started first and looked at last: it may idle for a minute."""
    wanted = any(item.path.name == "test_cron.py" for item in request.session.items)
    if not wanted or cannot_run():
        yield None
        return
    daemon = CronDaemon(tmp_path_factory.mktemp("cron"))
    with daemon.running():
        yield daemon
