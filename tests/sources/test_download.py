import io
import zipfile

import pytest

from forecast.errors import FetchError
from forecast.sources.download import Validators, download, file_name
from tests.http_server import empty, half, status, web_page

PATH = "/uploads/2024/04/Book.xlsx"


def book(text: str = "one") -> bytes:
    """Something that is a whole zip file, as a workbook is."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo("xl/workbook.xml"), text * 2000)
    return content.getvalue()


@pytest.fixture
def partial(tmp_path):
    return tmp_path / ".partial" / "x"


def test_a_file_arrives_whole_and_the_second_time_is_unchanged(site, web, partial):
    url = site.put(PATH, book())
    said = download(web, url, partial)
    assert partial.read_bytes() == book()
    assert [path.name for path in partial.parent.iterdir()] == ["x"]
    assert download(web, url, partial, said) is None


def test_changed_content_arrives_though_the_old_one_is_known(site, web, partial):
    url = site.put(PATH, book())
    said = download(web, url, partial)
    site.put(PATH, book("two"))
    assert download(web, url, partial, said) not in (None, said)
    assert partial.read_bytes() == book("two")


def test_half_a_file_is_taken_up_where_it_broke_off(site, web, partial):
    url = site.put(PATH, book())
    site.first(PATH, half(PATH))
    download(web, url, partial)
    assert partial.read_bytes() == book()
    assert site.requests[1][1]["Range"] == f"bytes={len(book()) // 2}-"


def test_a_rest_that_is_not_all_of_the_rest_is_noticed_in_a_table_too(site, web, partial):
    path = "/uploads/2024/04/table.csv"
    body = b"region,code\n" + b"East of England,Y61\n" * 50
    url = site.put(path, body)
    half_of_it = len(body) // 2
    less = status(206, body[half_of_it:-5], Content_Range=f"bytes {half_of_it}-{len(body) - 1}/{len(body)}")
    site.first(path, half(path), less)
    download(web, url, partial)
    assert partial.read_bytes() == body


def test_what_a_killed_fetch_left_is_taken_up_by_the_next(site, web, partial):
    url = site.put(PATH, book())
    site.first(PATH, *[half(PATH)] + [status(503)] * 4)
    with pytest.raises(FetchError):
        download(web, url, partial)
    assert partial.read_bytes() == book()[: len(book()) // 2]
    download(web, url, partial)
    assert partial.read_bytes() == book()
    assert "Range" in site.requests[-1][1]


@pytest.mark.parametrize("kind", ["no ranges", "another content", "no validator"])
def test_where_it_cannot_be_resumed_all_of_it_is_fetched(site, web, partial, kind):
    url = site.put(PATH, book(), ranges=kind != "no ranges", etag=kind != "no validator")
    site.first(PATH, *[half(PATH)] + [status(503)] * 4)
    with pytest.raises(FetchError):
        download(web, url, partial)
    if kind == "another content":
        site.put(PATH, book("two"))
    download(web, url, partial)
    assert partial.read_bytes() == site.files[PATH][0]


def test_a_part_longer_than_the_file_is_thrown_away(site, web, partial):
    url = site.put(PATH, book())
    site.first(PATH, *[half(PATH)] + [status(503)] * 4)
    with pytest.raises(FetchError):
        download(web, url, partial)
    partial.write_bytes(book() + b"more")
    download(web, url, partial)
    assert partial.read_bytes() == book()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web_page, "a web page instead of the file 3 times; .*download it in a browser"),
        (empty, "an empty file 3 times"),
        (status(200, book()[:-100]), "only the beginning of the workbook 3 times"),
        (status(304), "called unchanged, but it was never fetched 3 times"),
        (status(200, b"region,code\n"), "something else than a workbook"),
    ],
)
def test_what_is_not_the_file_is_refused_with_the_remedy(site, web, partial, answer, said):
    site.put(PATH, book())
    site.first(PATH, *[answer] * 3)
    with pytest.raises(FetchError, match=said):
        download(web, site.base + PATH, partial)
    assert not partial.exists()


def test_a_web_page_once_is_no_reason_to_give_up(site, web, partial):
    url = site.put(PATH, book())
    site.first(PATH, web_page)
    download(web, url, partial)
    assert partial.read_bytes() == book()


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_is_too_long_is_not_kept(site, web, partial, told):
    url = site.put(PATH, book())
    if not told:
        site.first(PATH, lambda handler: handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + book()))
    with pytest.raises(FetchError, match="longer than 0 MB"):
        download(web, url, partial, limit=len(book()) - 1)
    assert not partial.exists()


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://host/2024/04/Web-File-Timeseries-UEC-Daily-SitRep.xlsx", "Web-File-Timeseries-UEC-Daily-SitRep.xlsx"),
        ("https://host/a/..%2F..%2Fetc%2Fpasswd.csv", "passwd.csv"),
        ("https://host/a/..%5C..%5Cboot.xls?x=/../y.csv", "boot.xls"),
        ("https://host/.hidden.xlsx", "hidden.xlsx"),
        ("https://host/a%00b%0A%20(1).XLSX", "a-b-(1).XLSX".replace("XLSX", "xlsx")),
        ("https://host/" + "x" * 300 + ".csv", "x" * 100 + ".csv"),
        ("https://host/.csv", "csv"),
        ("https://host/run.exe", "run"),
    ],
)
def test_no_name_of_a_server_leads_out_of_a_folder(url, name):
    assert file_name(url) == name


def test_a_weak_validator_tells_of_a_change_but_is_nothing_to_resume_by():
    weak = Validators('W/"1"', "Thu, 09 Jan 2025 09:30:00 GMT")
    assert weak.conditions()["If-None-Match"] == 'W/"1"'
    assert weak.unmistakable == "Thu, 09 Jan 2025 09:30:00 GMT"
