"""The address and the browser's Back and Forward: they always agree with what is on the screen."""

import re

import pytest
from playwright.sync_api import expect
from steps import settled

pytestmark = pytest.mark.browser
PAGET, QUEEN, REMAINING = "James Paget", "Queen Elizabeth King's Lynn", "Still in a bed at the end of the day"


def opened(page, path):
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return settled(page)


def chosen(page, name):
    settled(page).get_by_role("radio", name=name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()
    return settled(page)


def menu(page, name, path):
    settled(page).get_by_test_id("stTopNavLink").filter(has_text=name).click()
    page.wait_for_url(re.compile(path))
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    return settled(page)


def view(page):
    """Path and query of the address, and the hospital shown as chosen."""
    settled(page)
    return page.evaluate("location.pathname + location.search"), page.evaluate(
        "document.querySelector('[role=radio][aria-checked=true], input[type=radio]:checked')?.closest('label,button')"
        "?.textContent ?? ''"
    )


def steps(page):
    return page.evaluate("history.length")


def test_looking_around_adds_one_step_a_page_and_a_choice_one(page):
    opened(page, "/fit_to_leave")
    first = steps(page)
    chosen(page, PAGET)
    expect(page).to_have_url(re.compile(r"/fit_to_leave\?hospital=RGP$"))
    assert steps(page) == first + 1
    menu(page, "Covid & flu", r"/covid_flu\?hospital=RGP$")
    assert steps(page) == first + 2
    menu(page, "Data", r"/data\?hospital=RGP$")
    assert steps(page) == first + 3
