import os
import sys
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

ONE_PROCESS = {"browser": "browser", "real": "real", "deploy": "deploy", "security": "deploy"}
"""Folder -> the process that has its tests."""
LAST = "test_cron.py"
"""Looks at what cron did while the other tests of its process were running."""


def pytest_collection_modifyitems(items):
    """Keep a file in one process, and together the folders whose tests share what is dear to make."""
    for item in items:
        folder = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(ONE_PROCESS.get(folder, str(item.path))))
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.fixture(autouse=True, scope="session")
def no_wait_for_the_disk():
    """Flush nothing: what tests write need not outlive a power cut, and waiting for a busy disk takes minutes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def installed_packages_looked_through_once():
    """Once a process and not at every run of a page: Streamlit looks through all of them for components of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(autouse=True)
def own_main(monkeypatch):
    """Give a process its own ``__main__`` back: a page under test takes its place, and new processes start from it."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
