"""What the pages claim is there, and their code runs."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs"
TICKED = re.compile(r"^\| ✔ \|.*$", re.MULTILINE)


def written(name):
    return (PAGES / name).read_text(encoding="utf-8")


def links(text):
    return [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def test_every_ticked_point_of_the_checklist_links_to_something_that_is_there():
    ticked = TICKED.findall(written("rap.md"))
    assert len(ticked) > 10
    for row in ticked:
        assert links(row) or "this site" in row, row
    missing = [link for link in links(written("rap.md")) if not (PAGES / link).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["add-a-forecaster.md", "add-a-source.md"])
def test_the_code_of_a_how_to_runs_as_it_stands(name, tmp_path):
    blocks = re.findall(r"^```python\n(.*?)^```", written(name), re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 3
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_version_stands_in_one_place_and_is_semantic():
    version = metadata.version("norfolk-forecast")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "forecast").rglob("*.py"))
    assert f'"{version}"' not in sources


def test_the_model_card_says_what_the_results_say():
    results = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    figures = re.findall(r"\b\d\.\d{3}\b", written("model-card.md"))
    assert len(figures) > 15
    assert [figure for figure in figures if figure not in results] == []
