"""What a person does: open the app, switch hospital, switch count, download, on a desk and on a phone."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect
from steps import download, settled

pytestmark = pytest.mark.browser
SIMULATED = "SIMULATED: these figures describe no real hospital"
PHONES = [{"width": 390, "height": 844}, {"width": 320, "height": 700}]


@pytest.fixture
def fit_to_leave(page):
    page.goto("/fit_to_leave")
    expect(page.get_by_role("heading", name="Fit to leave")).to_be_visible()
    settled(page)
    return page


def test_the_app_opens_on_this_week_and_leads_to_a_hospitals_chart(page):
    page.goto("/")
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Norfolk, three hospitals together: \d+ people fit to leave"))).to_be_visible()
    page.get_by_role("link", name="James Paget", exact=True).click()
    expect(page.get_by_text(re.compile(r"^James Paget: \d+ people fit to leave"))).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/fit_to_leave", "/covid_flu", "/pressures", "/data"])
def test_the_banner_of_a_simulated_run_is_visible_on_every_page(page, path):
    page.goto(path)
    expect(page.get_by_role("alert").filter(has_text=SIMULATED)).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text=SIMULATED)).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/", "/fit_to_leave", "/covid_flu", "/pressures", "/data"])
def test_the_banner_stays_in_sight_below_the_menu_and_hides_what_passes_under_it(page, path):
    page.goto(path)
    banner = page.get_by_role("alert").filter(has_text=SIMULATED)
    expect(banner).to_be_visible()
    expect(page.get_by_role("link", name="Data", exact=True).last).to_be_attached()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 500)")
    expect(banner).to_be_in_viewport(ratio=1)
    assert banner.bounding_box()["y"] >= page.get_by_test_id("stHeader").bounding_box()["height"] - 1
    colour = banner.evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour.startswith("rgb(")  # rgba would let the page show through


def test_the_tab_says_that_the_run_is_simulated(page):
    page.goto("/")
    expect(page).to_have_title(re.compile("^SIMULATED"))


def test_a_focused_link_has_an_outline_and_charts_offer_no_unlabelled_export(fit_to_leave):
    page = fit_to_leave
    expect(page.get_by_label(re.compile("^Line chart")).first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("Show data|Copy Vega-Lite spec"))).to_have_count(0)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
    assert width >= 3


def test_the_choice_of_hospital_survives_a_look_at_the_data(fit_to_leave):
    page = fit_to_leave
    page.get_by_role("radio", name="James Paget").click()
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave.* James Paget"))).to_be_visible()
    settled(page).get_by_role("link", name="Data", exact=True).last.click()
    expect(page.get_by_role("heading", name="Published figures that look wrong")).to_be_visible()
    page.get_by_role("link", name="Fit to leave", exact=True).last.click()
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave.* James Paget"))).to_be_visible()
    expect(page).to_have_url(re.compile("hospital=RGP"))


def test_switching_hospital_and_count_changes_the_chart_and_the_address(fit_to_leave):
    page = fit_to_leave
    page.get_by_role("radio", name="Queen Elizabeth King's Lynn").click()
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave, before .* Queen Elizabeth"))).to_be_visible()
    settled(page).get_by_role("radio", name="Still in a bed at the end of the day").click()
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave and still .* Queen Elizabeth"))).to_be_visible()
    expect(page).to_have_url(re.compile(r"hospital=RCX.*count=nctr_remaining|count=nctr_remaining.*hospital=RCX"))


def test_the_address_can_be_sent_to_someone_else(page):
    page.goto("/fit_to_leave?hospital=RGP&count=nctr_remaining")
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave and still .* James Paget"))).to_be_visible()


def test_the_chart_is_drawn_and_described(fit_to_leave):
    chart = fit_to_leave.get_by_label(re.compile(r"^Line chart of fit to leave.* 1 published value looks wrong"))
    expect(chart.first).to_be_visible()
    assert chart.first.bounding_box()["height"] > 300


def test_the_figures_can_be_downloaded_and_opened(fit_to_leave, tmp_path):
    page = fit_to_leave
    page.get_by_role("radio", name="James Paget").click()
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave.* James Paget"))).to_be_visible()
    name = download(page, "Download these figures (CSV)", tmp_path / "figures.csv")
    assert name == "simulated-nctr_patients-RGP-2025-01-09.csv"
    figures = pd.read_csv(tmp_path / "figures.csv")
    assert set(figures["place"]) == {"James Paget"}
    assert set(figures["figures"]) == {SIMULATED}
    assert set(figures["measure"]) == {"Fit to leave, before the day's discharges"}
    assert set(figures["unit"]) == {"patients"}
    ahead = figures[figures["kind"] == "forecast"]
    assert len(ahead) == 46  # 6 January to 20 February
    assert (ahead["likely_low"] <= ahead["likely_high"]).all()


def test_the_file_of_a_count_that_does_not_tell_who_waits_carries_the_caution(page, tmp_path):
    page.goto("/fit_to_leave?hospital=rm1&count=nctr_remaining")
    expect(page.get_by_text(re.compile(r"^Line chart of fit to leave and still"))).to_be_visible()
    download(page, "Download these figures (CSV)", tmp_path / "figures.csv")
    (caution,) = set(pd.read_csv(tmp_path / "figures.csv")["caution"])
    assert caution.startswith("Norfolk and Norwich: on")


@pytest.mark.parametrize("phone", PHONES)
@pytest.mark.parametrize("path", ["/", "/fit_to_leave", "/covid_flu", "/pressures", "/data"])
def test_on_a_phone_nothing_runs_off_the_side(page, path, phone):
    page.set_viewport_size(phone)
    page.goto(path)
    expect(page.get_by_role("alert").filter(has_text=SIMULATED)).to_be_visible()
    wide = settled(page).evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMain] :is(p, h1, h3, dd, dt, td, th, li, svg)')]
        .filter(e => e.checkVisibility() && !e.closest('thead'))
        .filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)
        .map(e => e.tagName + ' ' + e.textContent.slice(0, 40))"""
    )
    assert wide == []


def test_no_page_writes_an_error_to_the_console(page):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for path in ("/", "/fit_to_leave", "/covid_flu", "/data"):
        page.goto(path)
        expect(page.get_by_role("alert").filter(has_text=SIMULATED)).to_be_visible()
    assert errors == []
