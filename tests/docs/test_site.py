"""The site builds without a warning, every link leads somewhere, and no page asks another machine for anything."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.links, self.loaded, self.pictures = set(), [], [], []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.ids |= {told[name] for name in ("id", "name") if told.get(name)}
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if tag == "link" and told.get("href"):
            self.loaded.append(told["href"])
        if told.get("src"):
            self.loaded.append(told["src"])
        if tag == "img":
            self.pictures.append(told.get("alt", ""))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    site = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "DOCS_EXECUTE": "false", "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
    return site


@pytest.fixture(scope="module")
def pages(built):
    found = {}
    for path in built.rglob("*.html"):
        tags = Tags()
        tags.feed(path.read_text(encoding="utf-8"))
        found[path] = tags
    return found


def test_every_link_leads_to_a_page_a_part_of_it_or_a_file(pages):
    wrong = []
    for page, tags in pages.items():
        if page.name == "404.html":
            continue
        for link in {*tags.links, *tags.loaded}:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            there = target.is_file() and (not parts.fragment or target not in pages or _has(pages[target], parts))
            wrong += [] if there else [f"{page.name}: {link}"]
    assert wrong == []


def _has(tags, parts):
    return parts.fragment.startswith("__") or unquote(parts.fragment) in tags.ids


def test_no_page_loads_anything_from_elsewhere(built, pages):
    assert {
        link for tags in pages.values() for link in tags.loaded if urlsplit(link).scheme not in ("", "data")
    } == set()
    styles = "".join(path.read_text(encoding="utf-8") for path in built.rglob("*.css"))
    assert re.findall(r"(?:url\(|@import\s)[\"']?https?:[^)\"']*", styles) == []


def test_every_picture_has_a_text(pages):
    assert [page.name for page, tags in pages.items() for text in tags.pictures if not text] == []


def test_the_search_finds_names_and_words(built):
    index = json.loads((built / "search" / "search_index.json").read_text(encoding="utf-8"))
    texts = "\n".join(f"{entry['title']} {entry['text']}" for entry in index["docs"])
    for word in (
        "probability_above",
        "pool_lags",
        "forecast refit",
        "share_waiting_for_social_care",
        "housing-with-care",
    ):
        assert word in texts


def test_the_reference_shows_functions_and_classes_and_no_module_of_the_same_name(built):
    for page in (built / "reference").glob("*.html"):
        assert "doc-symbol-module" not in page.read_text(encoding="utf-8"), page.name


def test_formulas_are_drawn_with_their_source_as_text(built):
    page = (built / "reference" / "forecasters.html").read_text(encoding="utf-8")
    assert 'class="formula" role="img" aria-label="' in page
    assert ":math:" not in page
    assert "arithmatex" not in page
