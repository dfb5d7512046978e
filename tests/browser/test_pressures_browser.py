"""Pressures in a browser: pictures on cards, a card's link to the large chart, nothing off the side of a phone."""

import re

import pytest
from playwright.sync_api import expect
from steps import OFF_THE_SIDE, settled

pytestmark = pytest.mark.browser


def test_a_card_shows_its_picture_and_leads_to_the_large_chart(page, address):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/pressures")
    picture = page.get_by_role("img", name=re.compile("^Small chart of staff absent, all reasons, James Paget"))
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.complete && e.naturalWidth > 0")
    page.set_viewport_size({"width": 320, "height": 900})
    assert settled(page).evaluate(OFF_THE_SIDE) == []
    assert picture.bounding_box()["x"] + picture.bounding_box()["width"] <= 320
    page.get_by_role("link", name="Chart and figures of James Paget").click()
    expect(page.get_by_text(re.compile("^Line chart of staff absent, all reasons, James Paget"))).to_be_visible()
    expect(page).to_have_url(re.compile("measure=staff_absent_total.*hospital=RGP"))
    assert errors == []
