"""Every page for everybody: axe-core, words and a table for each chart, the keyboard, a narrow window, no motion."""

import re
from pathlib import Path

import pytest
from looked_over import CHARTS, CUT_OFF, MOVING, SIDEWAYS, all_drawn, grave, opened, tabbed
from playwright.sync_api import expect
from steps import settled

from forecast.pages import shell

pytestmark = pytest.mark.browser
PAGES = [Path(path).stem for path in shell.PAGES]
DESK, PHONE, ZOOMED = {"width": 1280, "height": 900}, {"width": 320, "height": 700}, {"width": 640, "height": 450}
"""Twice as large at 1280 wide is a window 640 wide."""
OF_SCREENS = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size", "aria-hidden-focus")
"""Rules of axe whose answer may differ with the width and the colours of the screen; the others were asked before."""
DARK = """() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor
    .match(/\\d+/g).slice(0, 3).every(part => part < 80)"""


@pytest.fixture(scope="module")
def window(browser):
    context = browser.new_context(viewport=DESK, locale="en-GB", color_scheme="light")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def at(window, address, wave_app):
    """Open a page of an app whose run has something to show there."""
    window.set_viewport_size(DESK)
    window.emulate_media(color_scheme="light", reduced_motion="no-preference")
    return lambda name: opened(window, f"{wave_app if name == 'covid_flu' else address}/{name}")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(at, name):
    page = at(name)
    assert page.evaluate("document.documentElement.lang").startswith("en")
    assert shell.PAGES[f"forecast/pages/{name}.py"] in page.title()
    found = {"axe": grave(page)}
    charts = page.evaluate(CHARTS)
    found["charts without figures in words"] = [c["text"] for c in charts if not re.search(r".{30}.*\d", c["text"])]
    found["charts without a table"] = [c["text"] for c in charts if not c["table"]]
    stops, found["controls that Tab does not reach"] = tabbed(page)
    found["stops out of order"] = [stop["name"] for stop in stops if stop["back"]]
    found["stops without a ring"] = [stop["name"] for stop in stops if not stop["ring"]]
    page.set_viewport_size(ZOOMED)
    found["at 200% zoom"] = [*all_drawn(page).evaluate(SIDEWAYS), *page.evaluate(CUT_OFF)]
    page.set_viewport_size(PHONE)
    found["320 wide"] = [*all_drawn(page).evaluate(SIDEWAYS), *page.evaluate(CUT_OFF)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.wait_for_function(DARK)
    found["axe, phone, dark"] = grave(all_drawn(page), OF_SCREENS)
    found["motion for whoever wants none"] = page.evaluate(MOVING)
    assert {what: said for what, said in found.items() if said} == {}


def test_a_page_is_worked_by_keyboard_alone(at):
    page = at("covid_flu")
    page.evaluate("document.querySelectorAll('details[open] > summary').forEach(one => one.click())")
    page.get_by_role("radio", name="Norfolk, three hospitals together").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("hospital=RM1"))
    settled(page).locator("summary", has_text="Figures behind these two charts").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name=re.compile("chance that flu peaks"))).to_be_visible()
    settled(page).get_by_role("combobox", name="Days with").focus()
    # The list closes where the page still scrolls to what has just taken the focus.
    page.wait_for_timeout(500)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.type("more than 10 ")
    expect(page.get_by_role("option", name="more than 10 patients")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("beds=10(&|$)"))
    settled(page).get_by_role("button", name="Download the chance of each week (CSV)").focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    page.get_by_role("link", name="Skip to main content").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("!!document.activeElement.closest('[data-testid=stMain]')")
