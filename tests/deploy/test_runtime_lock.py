"""What of the lock a server gets."""

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from deploy.runtime_lock import blocks, canonical, runtime, wanted

ROOT = Path(__file__).parents[2]
LOCK, PROJECT = ((ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml"))


@pytest.fixture(scope="module")
def served():
    return {name for name, _, _ in blocks(runtime(LOCK, wanted(PROJECT)))}


def test_it_has_what_the_app_needs_and_nothing_of_the_developers(served):
    assert {"streamlit", "pandas", "prophet", "numpy", "starlette"} <= served
    assert not served & {"pytest", "playwright", "mypy", "moto", "bandit", "mkdocs", "distributed", "s3fs"}
    assert len(served) < 120


def test_everything_that_the_installed_packages_ask_for_is_in_it(served):
    """An independent way: what the packages themselves say that they need here."""
    asked, seen = set(wanted(PROJECT)), set()
    while asked - seen:
        name = (asked - seen).pop()
        seen.add(name)
        try:
            needs = map(Requirement, requires(name) or ())
        except PackageNotFoundError:
            continue
        asked |= {canonical(one.name) for one in needs if one.marker is None or one.marker.evaluate({"extra": ""})}
    assert asked <= served


def test_every_package_in_it_has_its_hashes(served):
    for _, _, text in blocks(runtime(LOCK, wanted(PROJECT, ["s3"]))):
        assert re.search(r"==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}", text)


def test_an_extra_brings_its_own():
    assert "s3fs" in {name for name, _, _ in blocks(runtime(LOCK, wanted(PROJECT, ["s3"])))}


def test_a_lock_that_lacks_a_package_is_told():
    with pytest.raises(ValueError, match="the lock lacks unheard-of: run make lock"):
        runtime(LOCK, {"unheard-of"})
