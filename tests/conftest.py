import pytest

ONE_PROCESS = {"browser", "real"}


def pytest_collection_modifyitems(items):
    """Keep a file in one process, and together the folders whose tests share what is dear to make."""
    for item in items:
        folder = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(folder if folder in ONE_PROCESS else str(item.path)))
