"""A file whose name, sheets and cells hold HTML: shown as text, never as HTML, and nothing is fetched because of it."""

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect
from steps import settled

pytestmark = pytest.mark.browser
HTML = "<img src=x onerror=alert(1)>"
LINK = "[x](www.evil.org)"


@pytest.fixture
def harm(page):
    """What went wrong on the page: a dialog, an error, something fetched from elsewhere."""
    found = []
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("request", lambda one: found.append(one.url) if ":9/" in one.url or one.url.endswith("/x") else None)
    return found


def given(page, path):
    settled(page).locator("input[type=file]").set_input_files(path)


def nothing_rendered(page):
    assert settled(page).locator("[data-testid=stMain] :is(img, script, b b, .katex, a[href*=evil])").count() == 0


def test_html_in_names_of_files_sheets_and_cells_is_never_rendered(page, real_app, harm, tmp_path):
    page.goto(f"{real_app[0]}/data")
    expect(page.get_by_role("heading", name="Add figures from a file")).to_be_visible()
    table = tmp_path / f"{HTML}$x^2$ {LINK}.csv"
    rows = f"date,location,metric,value,source\n2025-01-04,RM1,nctr_patients,231,{HTML}\n"
    table.write_text(rows, encoding="utf-8")
    given(page, table)
    expect(page.get_by_text("_img src=x onerror=alert(1)_").first).to_be_visible()
    nothing_rendered(page)
    bad = tmp_path / "place.csv"
    bad.write_text(rows.replace("RM1", HTML).replace("231", "<b>many</b>"), encoding="utf-8")
    given(page, bad)
    expect(page.get_by_text("Nothing was stored. place.csv")).to_be_visible()
    nothing_rendered(page)
    book = Workbook()
    book.active.title = "<b>x<b> http---"
    book.active["A1"] = HTML
    book.save(tmp_path / "sheets.xlsx")
    given(page, tmp_path / "sheets.xlsx")
    expect(page.get_by_text("Nothing was stored. sheets.xlsx")).to_be_visible()
    nothing_rendered(page)
    assert harm == []
