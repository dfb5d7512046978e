"""Debian's cron, really running, with tables of its own that nobody else on the machine sees."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
CRON = shutil.which("cron", path="/usr/sbin:/usr/bin")
COMMON = Path("/etc/cron.d/norfolk-forecast-test")
PRIVATE = """
mount --bind "$0/spool" /var/spool/cron/crontabs && mount --bind "$0/cron.d" /etc/cron.d &&
mount --bind "$0/empty" /etc/crontab && mount -t tmpfs none /run && exec "$1" -f
"""


def cannot_run() -> str:
    """Say why cron cannot be run here; empty where it can."""
    if CRON is None:
        return "CRON IS NOT INSTALLED (apt-get install cron): the documented crontab line is not tested on this machine"
    if os.geteuid() != 0:
        return "CRON NEEDS ROOT: the documented crontab line is not tested on this machine"
    if not set_apart() and not os.environ.get("CI"):
        return "CRON CANNOT BE SET APART (unshare --mount): the documented crontab line is not tested on this machine"
    return ""


def set_apart() -> bool:
    """Whether a process may have mounts of its own; in some containers root may not."""
    tried = ["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/run"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


class CronDaemon:
    """The documented line with every minute in place of every week, twice: for a job that refuses and one that works.

    Parameters
    ----------
    folder
        Its spool, and the folder of the program with its virtual environment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.program = folder, folder / "norfolk-forecast"
        self.refused, self.worked = folder / "refused.log", folder / "worked.log"
        self.environment = folder / "environment"
        shutil.copytree(ROOT / "deploy", self.program / "deploy")
        (self.program / ".venv").symlink_to(Path(sys.executable).parent.parent)
        for name in ("spool", "cron.d"):
            (folder / name).mkdir()
        (folder / "empty").touch()
        table = folder / "spool" / "root"
        table.write_text(self._table())
        table.chmod(0o600)

    def _table(self) -> str:
        documented = (ROOT / "deploy" / "crontab").read_text(encoding="utf-8")
        lines = [line for line in documented.splitlines() if line and not line.startswith("#")]
        assert len(lines) == 2
        assert lines[0].startswith("FOLDER=")
        every_minute, weeks = re.subn(r"^0 11 \* \* 4 ", "* * * * * ", lines[1])
        assert weeks == 1
        return "\n".join(
            [
                f"FOLDER={self.program}",
                f"* * * * * env > {self.environment}",
                f"FORECAST_JOB_LOG={self.refused}",
                "FORECAST_JOB=forecast refit --scheduled --no-fetch",
                every_minute,
                f"FORECAST_JOB_LOG={self.worked}",
                "FORECAST_JOB=forecast demo",
                f"FORECAST_DATA={self.folder / 'elsewhere'}",
                every_minute,
                "",
            ]
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run the daemon; of what it started nothing is ended but itself."""
        private = set_apart()
        if not private:
            # On a machine that is there for this check alone; its tables name the user.
            COMMON.write_text(re.sub(r"(?m)^(\* \* \* \* \*) ", r"\1 root ", self._table()))
        own = ["unshare", "--mount", "sh", "-c", PRIVATE, str(self.folder), str(CRON)]
        process = subprocess.Popen(
            own if private else [str(CRON), "-f"],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=10)
            if not private:
                COMMON.unlink()
