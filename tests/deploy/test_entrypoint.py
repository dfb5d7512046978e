"""What a container does, without Docker: the image's own script on the wheel laid out as in the image."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.deploy.conftest import NOBODY, open_to_all
from tests.made_runs import make_run


class Container:
    """A process of the entrypoint in a volume of its own."""

    def __init__(self, image: Path, volume: Path, user: tuple[str, ...]) -> None:
        self.image, self.volume, self.user = image, volume, user
        self.started: list[subprocess.Popen[str]] = []
        self.environment = {
            "PATH": f"{volume / 'stub'}:{image / 'bin'}:{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": str(image),
            "HOME": str(volume),
            "FORECAST_DATA": str(volume / "data"),
            "FORECAST_MODELS": str(volume / "models"),
            "FORECAST_DEMO": "no",
        }

    def start(self, *words: str, **environment: str) -> subprocess.Popen[str]:
        script = str(self.image / "deploy" / "entrypoint.sh")
        process = subprocess.Popen(
            [*self.user, script, *words],
            env=self.environment | environment,
            cwd="/",
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.started.append(process)
        return process

    def program(self, name: str, text: str) -> str:
        """Lay a program of that name before all others."""
        path = self.volume / "stub" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        path.parent.chmod(0o755)
        return str(path)

    @property
    def exits(self) -> list[int]:
        path = self.volume / "models" / "weekly-exits.jsonl"
        return [json.loads(line)["exit"] for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def container(image, tmp_path, other_user):
    volume = tmp_path / "volume"
    volume.mkdir()
    open_to_all(volume)
    made = Container(image, volume, other_user)
    if other_user:
        os.chown(volume, NOBODY, NOBODY)
    yield made
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def until(what, seconds=60.0):
    """Wait for something to be so."""
    for _ in range(int(seconds / 0.1)):
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come about in time")


def stopped(process):
    """Exit code once it has ended; after ten seconds Docker would kill it."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_the_app_answers_its_health_check_as_another_user_and_stops_when_asked(container, tmp_path):
    make_run(container.volume / "models")
    for path in (container.volume / "models").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    port = free_port()
    process = container.start("serve", FORECAST_PORT=str(port))

    def answered():
        assert process.poll() is None, process.stdout.read()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=4) as answer:
                return answer.read()
        except OSError:
            return b""

    assert until(answered) == b"ok"
    if container.user:
        assert f"Uid:\t{NOBODY}\t" in Path(f"/proc/{process.pid}/status").read_text()
    stopped(process)


def test_the_weekly_job_is_tried_again_after_a_refusal_and_waits_a_week_after_a_success(container):
    job = container.program("job", 'echo worked; [ -e "$HOME/second" ] || { touch "$HOME/second"; exit 1; }')
    process = container.start("weekly", FORECAST_JOB=job, FORECAST_RETRY="1")
    until(lambda: container.exits == [1, 0])
    said = ""
    while said.count("begins in ") < 2:
        said += until(process.stdout.readline)
    assert stopped(process) == 0
    assert "the next weekly job begins in 1 seconds" in said
    seconds = int(said.rpartition("begins in ")[2].split()[0])
    assert 1 < seconds <= 7 * 86400 + 3600
    assert said.count("worked") == 2


def test_a_job_made_within_the_week_is_not_made_again_when_the_container_begins_anew(container):
    job = container.program("job", "echo worked")
    (container.volume / "models").mkdir()
    (container.volume / "models" / "weekly-exits.jsonl").write_text('{"ended": "2026-01-01T00:00:00Z", "exit": 0}\n')
    if container.user:
        os.chown(container.volume / "models", NOBODY, -1)
    process = container.start("weekly", FORECAST_JOB=job)
    line = until(process.stdout.readline)
    assert "the next weekly job begins in" in line
    assert stopped(process) == 0
    assert container.exits == [0]


def test_a_job_that_was_ended_or_failed_is_made_again_when_the_container_begins_anew(container):
    job = container.program("job", "echo worked")
    models = container.volume / "models"
    models.mkdir()
    exits = models / "weekly-exits.jsonl"
    exits.write_text('{"ended": "2026-01-01T00:00:00Z", "exit": 143}\n')
    if container.user:
        for path in (models, exits):
            os.chown(path, NOBODY, -1)
    process = container.start("weekly", FORECAST_JOB=job)
    until(lambda: container.exits == [143, 0])
    assert stopped(process) == 0


def test_a_signal_reaches_the_job_and_ends_the_wait(container):
    ready, heard = container.volume / "ready", container.volume / "heard"
    job = container.program("job", f'trap "touch {heard}; kill \\$!; exit 9" TERM; sleep 60 & touch {ready}; wait')
    process = container.start("weekly", FORECAST_JOB=job)
    until(ready.exists)
    assert stopped(process) == 0
    assert heard.exists()
    assert container.exits == [9]


def test_once_ends_with_the_job_s_own_exit_code(container):
    process = container.start("once", FORECAST_JOB=container.program("job", "exit 3"))
    assert process.wait(timeout=20) == 3
    assert container.exits == [3]


def test_an_empty_volume_shows_a_simulated_england_and_the_job_waits_for_it(container):
    container.program("forecast", 'echo "asked: $*" >> "$HOME/asked"; touch "$FORECAST_MODELS/latest"')
    container.program("python", 'echo "in $(pwd): $*"')
    process = container.start("serve", FORECAST_DEMO="yes")
    assert process.wait(timeout=20) == 0
    assert until(lambda: (container.volume / "asked").exists())
    assert (container.volume / "asked").read_text() == "asked: app --prepare-only\n"
    assert f"in {container.image}: -m streamlit run app.py --server.address 127.0.0.1" in process.stdout.read()


def test_the_job_waits_for_the_app_s_first_run(container):
    job = container.program("job", "echo worked")
    container.program("sleep", '[ "$1" = 5 ] && touch "$FORECAST_MODELS/latest" "$HOME/waited"; exec /bin/sleep 0.2')
    process = container.start("weekly", FORECAST_JOB=job, FORECAST_DEMO="yes")
    until(lambda: container.exits)
    assert (container.volume / "waited").exists()
    assert stopped(process) == 0


def test_any_other_command_is_run_as_it_is(container):
    process = container.start("echo", "a", "b")
    assert process.wait(timeout=20) == 0
    assert process.stdout.read() == "a b\n"


def test_a_volume_that_may_not_be_written_is_named_with_the_remedy(container):
    shut = container.volume / "shut"
    shut.mkdir(mode=0o555)
    process = container.start("weekly", FORECAST_MODELS=str(shut / "models"))
    assert process.wait(timeout=20) == 2
    assert f"{shut / 'models'} cannot be written by" in process.stdout.read()
