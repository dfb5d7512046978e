import os
import sys
from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

ONE_PROCESS = {"browser": "browser", "real": "real", "deploy": "deploy", "security": "deploy"}
"""Folder whose tests share what is dear to make -> the process that has them."""
LAST = "test_cron.py"
"""Looks at what cron did while the other tests of its folder were running."""


def pytest_collection_modifyitems(items):
    """Put the test that others must have come before at the end."""
    items.sort(key=lambda item: item.path.name == LAST)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep a file, and some folders, in one process, in the order in which they were found."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.split("::")[0]
            return ONE_PROCESS.get(file.split("/")[-2], file)

    return Together(config, log)


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
