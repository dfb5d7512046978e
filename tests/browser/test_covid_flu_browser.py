"""Covid & flu in a browser: charts drawn and described, nothing off the side of a phone, a file that opens."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect
from steps import download, drawn_within, settled

pytestmark = pytest.mark.browser
CHARTS = 9


def test_every_chart_is_drawn_and_nothing_runs_off_the_side_of_a_desk_or_a_phone(page, wave_app):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{wave_app}/covid_flu?hospital=RGP")
    expect(page.get_by_label(re.compile("^Bar chart of days above"))).to_be_visible()
    for width in (1280, 320):
        drawn = drawn_within(page, CHARTS, width)
        assert all(chart.bounding_box()["height"] > 100 for chart in drawn.all())
    assert errors == []


def test_choices_go_into_the_address_and_the_chances_into_a_file(page, wave_app, tmp_path):
    page.goto(f"{wave_app}/covid_flu?hospital=RGP")
    expect(page.get_by_text(re.compile("^James Paget: .* flu patients"))).to_be_visible()
    settled(page).get_by_role("radio", name="Covid").click()
    expect(page.get_by_text(re.compile("^James Paget: .* Covid patients"))).to_be_visible()
    expect(page).to_have_url(re.compile("disease=covid"))
    name = download(page, "Download the chance of each week (CSV)", tmp_path / "weeks.csv")
    assert name == "simulated-peak-week-covid_beds_occupied-RGP-2025-01-09.csv"
    weeks = pd.read_csv(tmp_path / "weeks.csv")
    assert weeks["share"].sum() == pytest.approx(1, abs=0.02)
    assert set(weeks["place"]) == {"James Paget"}


def test_a_chart_that_is_folded_away_is_drawn_to_the_width_of_the_window_when_it_is_opened(page, wave_app):
    page.goto(f"{wave_app}/covid_flu?hospital=RGP")
    expect(page.get_by_label(re.compile("^Bar chart of days above"))).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    settled(page).locator("summary", has_text="How high, by the week of the peak").click()
    chart = page.get_by_label(re.compile("^Table of colours")).locator(":is(svg, canvas)")
    expect(chart).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('[aria-label^=\"Table of colours\"] :is(svg, canvas)')]"
        ".every(e => e.getBoundingClientRect().width > 200 && e.getBoundingClientRect().right <= 391)"
    )
