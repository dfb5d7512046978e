"""Flats & beds in a browser: a plan changed by number and by date, nothing off the side, an Excel file that opens."""

import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect
from steps import download, drawn_within, settled

pytestmark = pytest.mark.browser
CHARTS = 7
FLATS = "Housing-with-care flats"


def test_charts_are_drawn_and_nothing_runs_off_the_side_of_a_desk_or_a_phone(page, address):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/flats_beds?flats=2025-01-01_44~2025-02-03_80")
    expect(page.get_by_text(re.compile("^With 44 flats Norfolk is "))).to_be_visible()
    for width in (1280, 320):
        drawn_within(page, CHARTS, width)
    assert errors == []


def test_a_plan_is_changed_by_number_and_by_date_and_taken_away_as_a_file(page, address, tmp_path):
    page.goto(f"{address}/flats_beds")
    expect(page.get_by_text(re.compile("^With 44 flats Norfolk is "))).to_be_visible()
    field = settled(page).get_by_role("spinbutton", name=FLATS, exact=True)
    field.fill("61")
    field.press("Enter")
    expect(page.get_by_text(re.compile("^With 61 flats Norfolk is "))).to_be_visible()
    expect(page).to_have_url(re.compile("flats=61"))
    settled(page).locator("summary", has_text="Places that open or close on a date").click()
    _type_places(page, "300")
    expect(page.get_by_text(re.compile("^With 300 flats Norfolk is unlikely to be short"))).to_be_visible()
    expect(field).to_have_value("300")
    name = download(page, "Download all of it (Excel)", tmp_path / "all.xlsx")
    assert name == "simulated-flats-and-beds-NORFOLK-2025-01-09.xlsx"
    book = load_workbook(tmp_path / "all.xlsx")
    assert book.sheetnames == ["Every day", "Who waits", "How long", "Cost", "Settings"]
    settings = {row[0]: row[2] for row in book["Settings"].iter_rows(values_only=True)}
    assert settings["flats"] == "300"


def _type_places(page, number):
    """Type a number of places into the first row of the first table of dates."""
    grid = page.get_by_role("region", name="Housing-with-care flats by date")
    expect(grid).to_be_visible()
    # The grid is drawn on a canvas a moment after it stands there: until then nothing answers a click.
    cell = page.locator("#portal input")
    for _ in range(10):
        grid.dblclick(position={"x": 0.75 * grid.bounding_box()["width"], "y": 52})
        page.wait_for_timeout(300)
        if cell.count():
            break
    cell.fill(number)
    cell.press("Enter")
