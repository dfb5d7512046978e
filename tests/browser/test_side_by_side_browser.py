"""Small charts in a browser: a hospital chosen by keyboard, one column on a phone."""

import re

import pytest
from playwright.sync_api import expect
from steps import settled

pytestmark = pytest.mark.browser
SMALL = "[class*=st-key-side_by_side] [data-testid=stVegaLiteChart]"


def test_a_hospital_is_chosen_by_keyboard_and_small_charts_stand_in_one_column_on_a_phone(page, address):
    page.goto(f"{address}/fit_to_leave")
    expect(page.get_by_text(re.compile("^Line chart of fit to leave.* Norfolk, three hospitals"))).to_be_visible()
    button = settled(page).get_by_role("button", name="Show James Paget", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("^Line chart of fit to leave.* James Paget"))).to_be_visible()
    expect(page).to_have_url(re.compile("hospital=RGP"))
    desk = [chart.bounding_box() for chart in settled(page).locator(SMALL).all()]
    assert len(desk) == 4
    assert len({round(box["y"]) for box in desk}) == 1
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(f"{SMALL} :is(svg, canvas)")).to_have_count(4)
    page.wait_for_function(
        "where => new Set([...document.querySelectorAll(where)].map(e => Math.round(e.getBoundingClientRect().x)))"
        ".size == 1",
        arg=SMALL,
    )
    phone = [chart.bounding_box() for chart in page.locator(SMALL).all()]
    assert [box["y"] for box in phone] == sorted(box["y"] for box in phone)
    assert all(box["x"] + box["width"] <= 390 for box in phone)
