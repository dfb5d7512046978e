import json
from datetime import UTC, datetime

import pytest

from forecast.errors import StoreError
from forecast.incoming.archive import CHANGED, INGESTED, MANIFEST, NEW, UNCHANGED, Archive
from forecast.sources.download import Validators

NOW = datetime(2025, 1, 9, 9, 45, tzinfo=UTC)
LATER = datetime(2025, 1, 16, 9, 45, tzinfo=UTC)
URL = "https://host/2025/01/Book.xlsx"


def link(url: str = URL) -> dict[str, str]:
    return {"url": url, "text": "Book 3 January 2025", "page": "https://host/page/", "dated": "2025-01-03"}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "raw"


@pytest.fixture
def archive(folder):
    return Archive(folder)


def keep(archive, content: str, url: str = URL, now: datetime = NOW, etag: str = ""):
    source = archive.partial("books", url)
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(content)
    return archive.keep("books", source, "Book.xlsx", link(url), now, Validators(etag))


def manifest(folder) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "books" / MANIFEST).read_text().splitlines()]


def files(folder) -> list[str]:
    return sorted(path.name for path in (folder / "books").glob("*.xlsx"))


def test_a_file_is_kept_with_where_it_came_from(archive, folder):
    state, kept = keep(archive, "one", etag='"1"')
    assert state == NEW
    assert archive.path("books", kept).read_text() == "one"
    (line,) = manifest(folder)
    assert line == {
        "url": URL,
        "text": "Book 3 January 2025",
        "page": "https://host/page/",
        "file": "Book.20250109-7692c3ad.xlsx",
        "sha256": "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        "bytes": 3,
        "retrieved": "2025-01-09T09:45:00+00:00",
        "etag": '"1"',
        "last_modified": "",
        "dated": "2025-01-03",
    }


def test_the_same_content_is_kept_once_and_another_is_another_file(archive, folder):
    keep(archive, "one")
    assert keep(archive, "one", now=LATER)[0] == UNCHANGED
    assert keep(archive, "one", url="https://host/2025/02/Book-1.xlsx")[0] == UNCHANGED
    assert len(files(folder)) == 1
    assert keep(archive, "two", now=LATER)[0] == CHANGED
    assert len(files(folder)) == 2
    again = Archive(folder)
    assert again.path("books", again.newest("books", URL)).read_text() == "two"


def test_what_the_server_now_says_of_the_same_content_is_noted(archive, folder):
    keep(archive, "one", etag='"1"')
    keep(archive, "one", etag='"2"')
    assert Archive(folder).newest("books", URL).validators == Validators('"2"')


def test_a_fetch_killed_before_the_manifest_was_told_finds_its_file_again(archive, folder):
    keep(archive, "one")
    (folder / "books" / MANIFEST).unlink()
    state, kept = keep(Archive(folder), "one", now=LATER)
    assert (state, kept.file) == (NEW, "Book.20250109-7692c3ad.xlsx")
    assert len(files(folder)) == 1


@pytest.mark.parametrize("damage", ['{"url": "https://h', "[]", '{"url": 1}', "\x00\x00"])
def test_a_damaged_line_is_put_aside_and_the_others_are_used(archive, folder, damage):
    keep(archive, "one")
    keep(archive, "two", url="https://host/other.xlsx")
    path = folder / "books" / MANIFEST
    first, second = path.read_text().splitlines()
    path.write_text(f"{first}\n{damage}\n{second}\n")
    again = Archive(folder)
    assert len(again.entries("books")) == 2
    assert "a line is damaged and put aside in manifest.set-aside" in again.problems[0]
    assert (folder / "books" / "manifest.set-aside").read_text() == f"{damage}\n"
    assert Archive(folder).entries("books") == again.entries("books")
    assert path.read_text() == f"{first}\n{second}\n"


def test_a_line_cut_short_by_a_killed_process_spoils_no_other(archive, folder):
    keep(archive, "one")
    path = folder / "books" / MANIFEST
    path.write_text(path.read_text().rstrip("\n"))
    again = Archive(folder)
    keep(again, "two", url="https://host/other.xlsx")
    assert len(Archive(folder).entries("books")) == 2
    assert again.problems == []


def test_a_manifest_names_no_file_outside_its_folder(archive, folder):
    keep(archive, "one")
    (folder.parent / "secret.xlsx").write_text("two")
    path = folder / "books" / MANIFEST
    path.write_text(path.read_text().replace("Book.20250109-7692c3ad.xlsx", "../../secret.xlsx"))
    assert Archive(folder).entries("books") == []


@pytest.mark.parametrize("harm", ["removed", "cut short"])
def test_a_file_that_was_removed_or_damaged_is_not_known_any_more(archive, folder, harm):
    _, kept = keep(archive, "one")
    path = archive.path("books", kept)
    path.unlink() if harm == "removed" else path.write_text("o")
    again = Archive(folder)
    assert again.newest("books", URL) is None
    keep(again, "one")
    assert path.read_text() == "one"


def test_files_wait_to_be_ingested_until_they_are_noted(archive, folder):
    paths = [
        archive.path("books", keep(archive, text, url=f"https://host/{number}.xlsx")[1])
        for number, text in enumerate(("one", "two", "six"))
    ]
    assert archive.pending("books", "program 1") == paths
    archive.note("books", paths[0], "program 1", "vintage 1")
    archive.note("books", paths[1], "program 1")
    again = Archive(folder)
    held = {"vintage 1"}
    assert again.pending("books", "program 1", held) == [paths[2]]
    # what one version does not read, the next may
    assert again.pending("books", "program 2", held) == [paths[1], paths[2]]
    # a store without that vintage: another one, or one that was damaged and healed
    assert again.pending("books", "program 1", {"vintage 9"}) == [paths[0], paths[2]]
    assert len((folder / "books" / INGESTED).read_text().splitlines()) == 2


def test_files_are_ingested_in_the_order_in_which_they_were_put_up(archive):
    """Of one month a re-issue, named like the first issue and more, comes after it."""
    urls = [f"https://host/{name}.xlsx" for name in ("2024/03/Book-1", "2024/03/Book", "2023/12/Zoo", "2024/03/Book-1")]
    kept = [keep(archive, f"{number}", url=url)[1] for number, url in enumerate(urls)]
    assert archive.pending("books", "program") == [archive.path("books", kept[n]) for n in (2, 1, 0, 3)]


@pytest.mark.parametrize("timed", [False, True])
def test_a_content_that_comes_back_is_ingested_again(archive, folder, timed):
    """As first published, changed, and as first published again: the last is what is known now."""

    def kept(content: str, day: int) -> str:
        source = archive.partial("books", URL)
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(f"{content} read on day {day}" if timed else content)
        now = datetime(2025, 1, day, tzinfo=UTC)
        state, line = archive.keep("books", source, "Book.xlsx", link(), now, Validators(), content if timed else "")
        states.append(state)
        return line.file

    states: list[str] = []
    first, second = kept("one", 9), kept("two", 16)
    for path in archive.pending("books", "program"):
        archive.note("books", path, "program", "vintage")
    assert archive.pending("books", "program", {"vintage"}) == []
    third = kept("one", 23)
    assert states == [NEW, CHANGED, CHANGED]
    waiting = [path.name for path in Archive(folder).pending("books", "program", {"vintage"})]
    assert second not in waiting
    assert waiting[-1] == third
    # what tells when it was retrieved is another file, since it counts from that day
    assert (third == first) is not timed


def test_two_fetches_do_not_work_on_one_archive(archive, folder):
    with archive.locked(), pytest.raises(StoreError, match="another fetch is at work"), Archive(folder).locked():
        pass


def test_an_archive_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "raw").write_text("a file")
    with pytest.raises(StoreError, match="raw: cannot be written"), Archive(tmp_path / "raw").locked():
        pass
