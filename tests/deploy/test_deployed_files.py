"""Image, compose, units and snippets: what they name is there, and what the page shows is what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
SHOWN = {
    "deploy/crontab": "deploy/crontab",
    "deploy/systemd/forecast-weekly.service": "/etc/systemd/system/forecast-weekly.service",
    "deploy/systemd/forecast-weekly.timer": "/etc/systemd/system/forecast-weekly.timer",
    "deploy/systemd/forecast-app.service": "/etc/systemd/system/forecast-app.service",
    "deploy/github-actions.yml": ".github/workflows/weekly.yml",
}


def sent(path: str) -> bool:
    """Whether .dockerignore lets a file into the build: of the lines that fit it, the last decides."""
    kept = True
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!")
        parents = [str(one) for one in (Path(path), *Path(path).parents)]
        if line and not line.startswith("#") and any(fnmatch(one, pattern) for one in parents if one != "."):
            kept = line.startswith("!")
    return kept


def test_every_file_that_the_image_takes_is_there_and_is_sent_to_the_build():
    lines = re.findall(r"(?m)^COPY (?!--from)(?:--\S+ )*(.+) \S+$", DOCKERFILE)
    copied = [name for line in lines for name in line.split()]
    assert {"app.py", "forecast", "data/reference", "requirements.lock", "deploy/entrypoint.sh"} <= set(copied)
    for name in copied:
        path = ROOT / name
        assert path.exists(), name
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        wanted = [one for one in files if "__pycache__" not in one.parts and one.name != "secrets.toml"]
        assert all(sent(str(one.relative_to(ROOT))) for one in wanted), name


@pytest.mark.parametrize(
    "name", ["data/observations/1.parquet", ".streamlit/secrets.toml", "models/latest", ".git/config"]
)
def test_nothing_else_is_sent_to_the_build(name):
    assert not sent(name)


def test_the_image_runs_without_root_from_hashed_packages_and_says_whether_it_is_well():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"(?m)^USER forecast$", last)
    assert "--require-hashes" in DOCKERFILE
    assert not re.search(r"pip install(?!.*(--require-hashes|--no-index))", DOCKERFILE)
    assert "/_stcore/health" in last
    assert "chromium" not in DOCKERFILE
    assert 'ENTRYPOINT ["/app/deploy/entrypoint.sh"]' in last


def test_compose_is_the_app_and_the_job_on_one_volume_without_rights():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert {name: one["command"] for name, one in services.items()} == {"app": "serve", "weekly": "weekly"}
    assert list(compose["volumes"]) == ["forecast"]
    for one in services.values():
        assert one["volumes"] == ["forecast:/srv/forecast"]
        assert one["cap_drop"] == ["ALL"]
        assert one["read_only"]
    assert services["app"]["ports"] == ["127.0.0.1:8501:8501"]
    assert "VOLUME /srv/forecast" in DOCKERFILE


@pytest.mark.parametrize(("file", "title"), SHOWN.items())
def test_the_page_shows_the_file_that_is_there(file, title):
    shown = re.search(rf'title="{re.escape(title)}" }}\n(.*?)\n```', PAGE, re.DOTALL)
    assert shown
    assert shown[1] == (ROOT / file).read_text(encoding="utf-8").rstrip("\n")


def test_the_workflow_runs_the_job_and_keeps_what_is_stored_whatever_becomes_of_it():
    workflow = yaml.safe_load((ROOT / "deploy" / "github-actions.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["weekly"]["steps"]
    job = next(k for k, step in enumerate(steps) if "refit --scheduled" in step.get("run", ""))
    kept = next(step for step in steps[job + 1 :] if step.get("with", {}).get("name") == "store")
    # Not where what was stored could not be brought back: an empty store would take its place.
    assert kept["if"] == "always() && steps.store.outcome == 'success'"
    assert kept["with"]["include-hidden-files"] is True
    assert any(step.get("id") == "store" for step in steps[:job])
    assert kept["with"]["path"].split() == ["data", "!data/reference", "models"]


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="NO systemd-analyze: the units are not checked here"
)
def test_systemd_finds_no_fault_in_the_units(tmp_path):
    there = tmp_path / "norfolk-forecast"
    (there / ".venv" / "bin").mkdir(parents=True)
    (there / "docs").mkdir()
    shutil.copytree(ROOT / "deploy", there / "deploy")
    (there / ".venv" / "bin" / "python").write_text("#!/bin/sh\n")
    (there / ".venv" / "bin" / "python").chmod(0o755)
    units = []
    for unit in (ROOT / "deploy" / "systemd").iterdir():
        text = unit.read_text(encoding="utf-8").replace("/srv/norfolk-forecast", str(there))
        units.append(tmp_path / unit.name)
        units[-1].write_text(text)
    found = subprocess.run(["systemd-analyze", "verify", *map(str, units)], capture_output=True, text=True, check=False)
    ours = [line for line in found.stderr.splitlines() if "forecast-" in line]
    assert ours == []
    assert found.returncode == 0, found.stderr
