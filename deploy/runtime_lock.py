"""The part of ``requirements.lock`` that a server needs: ``python runtime_lock.py [--extra s3] > runtime.lock``.

The lock holds, with hashes, also what developers need. It says of each package what asks for it ("via"); here stay the
packages that ``pyproject.toml`` asks for itself, and whatever they ask for in turn.
"""

from __future__ import annotations

import argparse
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
VIA = re.compile(r"^ +#(?: +via)? +(\S.*)$")


def blocks(lock: str) -> list[tuple[str, set[str], str]]:
    """Return name, what asks for it, and text of each pinned package; a name stands twice where markers part it."""
    found: list[tuple[str, set[str], str]] = []
    for text in re.split(r"(?m)^(?=[A-Za-z0-9])", lock):
        if name := NAME.match(text):
            asked = {canonical(match[1].split()[0]) for line in text.splitlines() if (match := VIA.match(line))}
            found.append((canonical(name[0]), asked, text))
    return found


def canonical(name: str) -> str:
    """Return a package's name as indexes compare it, without extras."""
    return re.sub(r"[-_.]+", "-", name.split("[")[0]).lower()


def wanted(pyproject: str, extras: Iterable[str] = ()) -> set[str]:
    """Return the names that a project asks for itself, and with its extras."""
    project = tomllib.loads(pyproject)["project"]
    asked = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    return {canonical(found[0]) for one in asked if (found := NAME.match(one))}


def runtime(lock: str, names: set[str]) -> str:
    """Return the blocks of these names and of everything that they ask for.

    Raises
    ------
    ValueError
        The lock lacks one of the names.
    """
    every = blocks(lock)
    if missing := names - {name for name, _, _ in every}:
        raise ValueError(f"the lock lacks {', '.join(sorted(missing))}: run make lock")
    kept = set(names)
    while more := {name for name, asked, _ in every if asked & kept} - kept:
        kept |= more
    return "".join(text for name, _, text in every if name in kept)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extra", action="append", default=[], help="an extra of the project")
    parser.add_argument("--only", action="append", default=[], help="a package, in place of what the project asks for")
    given, root = parser.parse_args(), Path(__file__).resolve().parent.parent
    asked = wanted((root / "pyproject.toml").read_text(encoding="utf-8"), given.extra)
    chosen = set(map(canonical, given.only)) or asked
    print(runtime((root / "requirements.lock").read_text(encoding="utf-8"), chosen), end="")
