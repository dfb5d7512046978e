"""Links that lead out of the folder of pages: to the page that is made from the file, else to a copy of the file.

On a code host a page's link to ``../forecast/refit.py`` opens the file; on the site it opens the same text, built in.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
MADE = {
    "models/README.md": "reference/runs.md",
    "benchmarks/RESULTS.md": "reference/results.md",
    "CHANGELOG.md": "reference/changes.md",
}
COPIES = "source"
_LINK = re.compile(r"(?<=\]\()(?P<path>[^)\s#]+)(?P<part>#[^)\s]*)?(?=\))")
_HREF = re.compile(r'(?<=href=")(?P<path>[^"#]+)(?P<part>#[^"]*)?(?=")')
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead every link of a page to something that is part of the site."""
    fences = [(found.start(), found.end()) for found in _FENCE.finditer(markdown)]

    def led(found: re.Match[str]) -> str:
        return found[0] if _within(found.start(), fences) else _target(found, page, config, files)

    return _LINK.sub(led, markdown)


def on_page_content(html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """The same for notebooks, which come as HTML with the links as they stand in the text."""
    if not page.file.src_uri.startswith("notebooks/"):
        return html
    return _HREF.sub(lambda found: re.sub(r"\.md$|\.md(?=#)", ".html", _target(found, page, config, files)), html)


def _target(found: re.Match[str], page: Page, config: MkDocsConfig, files: Files) -> str:
    path, part = found["path"], found["part"] or ""
    if "://" in path or path.startswith(("/", "mailto:")):
        return found[0]
    here = posixpath.dirname(page.file.src_uri)
    inside = posixpath.normpath(posixpath.join("docs", here, path))
    target = inside.removeprefix("docs/")
    if target == inside:
        target = MADE.get(inside) or _copied(inside, config, files, page)
    return f"{posixpath.relpath(target, here or '.')}{part}"


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= place < last for first, last in spans)


def _copied(inside: str, config: MkDocsConfig, files: Files, page: Page) -> str:
    """Address on the site of the copy of a file, or of the list of a folder's files."""
    path = (ROOT / inside).resolve()
    if not path.is_relative_to(ROOT) or not path.exists():
        raise PluginError(f"{page.file.src_uri}: the link to {inside} leads to nothing; correct it")
    if path.is_dir():
        names = sorted(file.relative_to(ROOT).as_posix() for file in path.rglob("*") if _kept(file))
        address, content = f"{COPIES}/{inside}/files.txt", "\n".join(names).encode()
    else:
        address, content = f"{COPIES}/{inside}.txt", path.read_bytes()
    if files.get_file_from_path(address) is None:
        files.append(File.generated(config, address, content=content, inclusion=InclusionLevel.INCLUDED))
    return address


def _kept(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts
