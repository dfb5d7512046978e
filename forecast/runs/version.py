"""Which code made a run."""

from __future__ import annotations

import ast
import hashlib
import platform
import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import metadata
from pathlib import Path

_PACKAGE = "norfolk-forecast"
SHOWING = (
    *("pages", "charts", "figures", "wording", "reading", "takeaway", "command", "incoming"),
    *("gate", "job", "watching", "doctor"),
    *("access.py", "briefing.py", "cli.py", "export.py"),
)
"""Parts of the package that no forecast depends on: they show or judge what a run holds, or bring files to the
store."""


SHOWN_WITH = (
    *("altair", "authlib", "gptables", "httpx", "openpyxl", "python-pptx", "rich", "streamlit", "typer"),
    "vl-convert-python",
)
"""Libraries that only these parts use."""


@lru_cache(maxsize=1)
def model_version() -> str:
    """Hash of what forecasts depend on: the source but for what shows them, and the versions of the libraries.

    So that a new word on a page is no new model; see ``code_version`` for which code made a run.
    """
    return hash_of_model(Path(__file__).resolve().parents[1], [platform.python_version(), *_libraries()])


def hash_of_model(root: Path, versions: Sequence[str]) -> str:
    """Hash of the source below a folder but for ``SHOWING``, and of the versions of what it is built on."""
    digest = hashlib.sha256("\n".join(versions).encode())
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0] not in SHOWING:
            digest.update(name.as_posix().encode())
            digest.update(_told(path).encode())
    return digest.hexdigest()[:12]


class _Silent(ast.NodeTransformer):
    """Takes out the strings that stand alone: docstrings, and what is said of a constant."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else node


def _told(path: Path) -> str:
    """What a module does: its source without comments and docstrings, which no forecast depends on."""
    return ast.dump(_Silent().visit(ast.parse(path.read_bytes())))


def _libraries() -> list[str]:
    """Names and versions of what forecasts are built on and is installed."""
    try:
        wanted = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for line in wanted:
        name = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        if name in SHOWN_WITH:
            continue
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return sorted(found)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Version of the package and a hash of its source, so that a run says which code made it."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    try:
        version = metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        version = "not installed"
    return f"{version}+{digest.hexdigest()[:8]}"
