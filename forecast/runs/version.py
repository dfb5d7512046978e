"""Which code made a run."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib import metadata
from pathlib import Path


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package and a hash of its source, so that a run says which code made it."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    try:
        version = metadata.version("norfolk-forecast")
    except metadata.PackageNotFoundError:
        version = "not installed"
    return f"{version}+{digest.hexdigest()[:8]}"
