"""Write docs/licences.md: every package that a server gets, its version and licence (``python deploy/licences.py``).

pip-licenses reads them from what is installed; which packages there are, and their versions, the lock says.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from deploy.runtime_lock import blocks, canonical, runtime, wanted  # noqa: E402

PAGE = ROOT / "docs" / "licences.md"
HEAD = """# Licences of what it rests on

This program is published under the MIT licence. A server gets the packages below, no others; none is under the GPL or
the AGPL, which would bind whoever passes the program on. Two are in part under the Mozilla Public Licence 2.0
(certifi, tqdm): it binds only changes to their own files. Compiled packages carry libraries of others, which their own
licence files name: numpy and scipy, for one, parts of GCC's runtime, under the GPL with the exception that lets any
program carry them. What only developers need (tests, this site) is not passed on and not listed.

Written by `python deploy/licences.py` from what the packages themselves say (pip-licenses); a test fails where it is
out of date, or where a licence is unknown or one of those.

| package | version | licence |
|---|---|---|
"""
ELSEWHERE = {
    "tzdata": "Apache-2.0",
    "colorama": "BSD-3-Clause",
}
"""Of packages that are installed on other systems only (Windows), as their own pages say."""
REFUSED = re.compile(r"\b(A?GPL|GNU (Affero )?General Public|SSPL|BUSL|UNKNOWN)\b", re.IGNORECASE)
LESSER = re.compile(r"\bLGPL|Lesser General Public", re.IGNORECASE)


def locked() -> dict[str, str]:
    """Return package -> its versions, of what a server gets."""
    lock, project = ((ROOT / name).read_text(encoding="utf-8") for name in ("requirements.lock", "pyproject.toml"))
    found: dict[str, list[str]] = {}
    for name, _, text in blocks(runtime(lock, wanted(project, ["s3"]))):
        version = re.search(r"==([^\s;]+)", text)
        found.setdefault(name, []).append(version[1] if version else "")
    return {name: ", ".join(versions) for name, versions in found.items()}


def licences(names: list[str]) -> dict[str, str]:
    """Return package -> licence, of what is installed here."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--packages", *names]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {canonical(one["Name"]): " ".join(one["License"].split()) for one in json.loads(told)}


def page() -> str:
    """Return the page as it should be."""
    versions = locked()
    known = ELSEWHERE | licences(sorted(versions))
    rows = [f"| {name} | {versions[name]} | {known.get(name, 'UNKNOWN')} |" for name in sorted(versions)]
    return HEAD + "\n".join(rows) + "\n"


def refused(text: str) -> list[str]:
    """Return the rows of a page whose licence is unknown, or binds whoever passes the program on."""
    rows = [row for row in text.splitlines() if row.startswith("| ") and not row.startswith("| package")]
    return [row for row in rows if REFUSED.search(LESSER.sub("lesser", row.rpartition(" | ")[2]))]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
