"""What a person does on Data: read the calendar, follow a link, add a file after looking at it."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect
from steps import download, settled

from forecast.observations.store import Store

pytestmark = pytest.mark.browser
FILE = (
    "date,location,metric,value,source\n"
    "2025-01-06,RM1,nctr_patients,231,published 2025-01-16\n"
    "2024-12-03,RCX,nctr_patients,115,revised 2025-01-30\n"
)


@pytest.fixture
def data_page(browser, real_app):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=real_app[0])
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def opened(page, query=""):
    page.goto(f"/data{query}")
    expect(page.get_by_text("For analysts: run, settings and stored files")).to_be_visible()
    return settled(page)


def with_calendar(page):
    """The page once the calendar has been unfolded from the keyboard."""
    page.locator("summary").filter(has_text="Calendar, week by week").press("Enter")
    expect(page.locator(".ff-calendar")).to_be_visible()
    return page


def test_a_file_is_looked_at_first_and_stored_when_the_person_agrees(data_page, real_app, tmp_path):
    store = Store(real_app[1])
    before = len(store.vintages())
    path = tmp_path / "figures.csv"
    path.write_text(FILE, encoding="utf-8")
    page = opened(data_page)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("1 new, 1 changed, 0 stored already")).to_be_visible()
    expect(page.get_by_text("Nothing is stored yet.")).to_be_visible()
    expect(page.get_by_role("cell", name="115")).to_be_visible()
    assert len(store.vintages()) == before
    settled(page).get_by_role("button", name="Add these figures").click()
    expect(page.get_by_text("figures.csv: stored 1 new figure and 1 changed figure.")).to_be_visible()
    expect(page.get_by_text("forecast refit", exact=True)).to_be_visible()
    assert len(store.vintages()) == before + 1
    settled(page).locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("Everything in this file is stored already")).to_be_visible()
    expect(page.get_by_role("button", name="Add these figures")).to_have_count(0)


def test_a_bad_file_is_told_and_not_stored(data_page, real_app, tmp_path):
    before = len(Store(real_app[1]).vintages())
    path = tmp_path / "page.csv"
    path.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    page = opened(data_page)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text(re.compile(r"^Nothing was stored\. page\.csv: this is a web page"))).to_be_visible()
    assert len(Store(real_app[1]).vintages()) == before


def test_a_link_shows_the_same_view_to_somebody_else(data_page):
    page = opened(
        data_page, "?changed_at=RCX&changed_on=2024-12-03&flag_metric=flu_beds&flag_place=RGP&flag_window=120"
    )
    expect(page.get_by_text(re.compile(r"^First published as 100 on 12 December 2024, changed to 110"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Line chart of flu patients in hospital, James Paget"))).to_be_visible()
    expect(page).to_have_url(re.compile("changed_on=2024-12-03"))


def test_the_chart_of_flags_has_a_text_alternative_and_its_figures_a_file(data_page, tmp_path):
    page = opened(data_page)
    chart = page.get_by_label(re.compile(r"^Line chart of fit to leave.* 1 figure looked wrong")).first
    expect(chart).to_be_visible()
    assert chart.bounding_box()["height"] > 250
    assert download(page, "Download these values (CSV)", tmp_path / "flags.csv") == "flags-2025-01-09.csv"
    flags = pd.read_csv(tmp_path / "flags.csv")
    assert set(flags["figures"]) == {"real data"}
    assert flags[["date", "published", "what"]].to_numpy().tolist() == [
        ["2024-12-10", 0.0, "A zero between high values"]
    ]


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_calendar_and_a_preview_fit(data_page, tmp_path, width):
    data_page.set_viewport_size({"width": width, "height": 800})
    path = tmp_path / "a-file-with-a-rather-long-name-as-publications-have-them-2025-01.csv"
    path.write_text(FILE.replace("231", f"{width}").replace("115", f"{width + 1}"), encoding="utf-8")
    page = opened(data_page)
    with_calendar(page)
    expect(page.get_by_text("Came in part").first).to_be_visible()
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_role("button", name="Add these figures")).to_be_visible()
    wide = settled(page).evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] :is(p, h2, td, th, li, span, b, svg, button)')]
        .filter(e => e.checkVisibility() && !e.closest('thead') && !e.closest('[data-testid=stFileUploader]'))
        .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""
    )
    assert wide == []


def test_on_the_narrowest_phone_the_answers_come_first_and_the_rest_is_folded_away(data_page):
    data_page.set_viewport_size({"width": 320, "height": 700})
    page = opened(data_page)
    expect(page.locator(".ff-calendar")).to_be_hidden()
    long = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    assert long < 5000  # with all of it unfolded it is about twice as long


def test_out_of_season_weeks_take_no_room_on_a_phone(data_page):
    page = with_calendar(opened(data_page))
    expect(page.locator(".ff-off-season").first).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    expect(page.locator(".ff-off-season").first).to_be_hidden()
