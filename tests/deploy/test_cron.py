"""The documented crontab line, run for real by Debian's cron; started with the first test here, looked at last."""

import json
import os
import time

import pytest

from tests.deploy.cron_daemon import cannot_run


@pytest.fixture(scope="module")
def ended(cron):
    """Daemon whose two jobs have ended once."""
    if why := cannot_run():
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    for _ in range(1500):
        if all(log.exists() and "ended, exit code" in log.read_text() for log in (cron.refused, cron.worked)):
            return cron
        time.sleep(0.1)
    pytest.fail("cron did not run the jobs in time")


def test_cron_gives_next_to_no_environment_and_the_job_works_all_the_same(ended):
    given = dict(line.split("=", 1) for line in ended.environment.read_text().splitlines())
    assert given["PATH"] == "/usr/bin:/bin"
    assert not set(given) - {"FOLDER", "HOME", "LANG", "LOGNAME", "OLDPWD", "PATH", "PWD", "SHELL", "SHLVL", "_"}
    assert "simulated England written" in ended.worked.read_text()
    assert "ended, exit code 0" in ended.worked.read_text()
    assert list((ended.folder / "elsewhere" / "twin").glob("observations/*"))


def test_a_job_that_publishes_nothing_leaves_its_reason_and_exit_code_in_the_log_and_the_journal(ended):
    said = ended.refused.read_text()
    assert "begins: forecast refit --scheduled --no-fetch" in said
    assert "nothing is stored; run 'forecast ingest PATH' or 'forecast demo' first" in said
    assert "ended, exit code 2" in said
    attempts = (ended.program / "models" / "journal.jsonl").read_text().splitlines()
    assert json.loads(attempts[0])["outcome"] == "failed"
