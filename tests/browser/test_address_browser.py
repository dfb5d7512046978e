"""The address and the browser's Back and Forward: they always agree with what is on the screen."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect
from steps import settled

pytestmark = pytest.mark.browser
PAGET, REMAINING = "James Paget", "Still in a bed at the end of the day"
COUNTY = "Norfolk, three hospitals together"
FLATS = "Housing-with-care flats"
ANSWERED = """new Promise(done => {
    const app = document.querySelector('[data-testid=stApp]');
    let asked = false;
    new MutationObserver(() => {
        const idle = app.dataset.testScriptState === 'notRunning';
        if (asked && idle) done(true);
        asked ||= !idle;
    }).observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
})"""


def opened(page, path):
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return settled(page)


def chosen(page, name):
    settled(page).get_by_role("radio", name=name).click()
    expect(page.get_by_role("radio", name=name)).to_be_checked()


def menu(page, name):
    settled(page).get_by_test_id("stTopNavLink").filter(has_text=name).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def at(page, path, hospital=None):
    """Check that the address ends so, to the last letter, and which hospital the page shows as chosen."""
    expect(page).to_have_url(re.compile(re.escape(path) + "$"))
    if hospital:
        expect(page.get_by_role("radio", name=hospital)).to_be_checked()
    settled(page)
    assert page.evaluate("location.pathname + location.search") == path
    if hospital:
        expect(page.get_by_role("radio", name=hospital)).to_be_checked()


def stepped(page, go):
    """Go a step of the browser's history and wait until the app has answered it, not only until it has been asked.

    A second step before that can cut off what lies ahead: the page that Streamlit then names is taken for a new step.
    """
    page.evaluate(f"() => {{ window.answered = {ANSWERED}; }}")
    go()
    page.evaluate("window.answered")
    settled(page)


def steps(page):
    return page.evaluate("history.length")


def test_a_page_and_a_choice_are_one_step_each_and_back_and_forward_show_every_view_again(page):
    opened(page, "/fit_to_leave")
    at(page, "/fit_to_leave", COUNTY)
    first = steps(page)
    chosen(page, PAGET)
    at(page, "/fit_to_leave?hospital=RGP", PAGET)
    chosen(page, REMAINING)
    at(page, "/fit_to_leave?hospital=RGP&count=nctr_remaining", PAGET)
    menu(page, "Covid & flu")
    at(page, "/covid_flu?hospital=RGP&count=nctr_remaining", PAGET)
    chosen(page, COUNTY)
    at(page, "/covid_flu?count=nctr_remaining", COUNTY)
    menu(page, "Data")
    at(page, "/data?count=nctr_remaining")
    assert steps(page) == first + 5
    views = [
        ("/fit_to_leave", COUNTY),
        ("/fit_to_leave?hospital=RGP", PAGET),
        ("/fit_to_leave?hospital=RGP&count=nctr_remaining", PAGET),
        ("/covid_flu?hospital=RGP&count=nctr_remaining", PAGET),
        ("/covid_flu?count=nctr_remaining", COUNTY),
        ("/data?count=nctr_remaining", None),
    ]
    for view in views[-2::-1]:
        stepped(page, page.go_back)
        at(page, *view)
    for view in views[1:]:
        stepped(page, page.go_forward)
        at(page, *view)
    stepped(page, lambda: page.evaluate("history.go(-4)"))
    at(page, *views[1])
    expect(page.get_by_role("radio", name="Before the day's discharges")).to_be_checked()
    assert steps(page) == first + 5


def test_a_plan_is_one_step_a_change_and_goes_along_to_other_pages_and_back(page):
    opened(page, "/flats_beds")
    first = steps(page)
    field = page.get_by_role("spinbutton", name=FLATS, exact=True)
    for number in ("61", "80"):
        settled(page)
        field.fill(number)
        field.press("Enter")
        at(page, f"/flats_beds?flats={number}")
    menu(page, "Fit to leave")
    at(page, "/fit_to_leave?flats=80", COUNTY)
    assert steps(page) == first + 3
    for path, flats in (("?flats=80", "80"), ("?flats=61", "61"), ("", "44")):
        stepped(page, page.go_back)
        at(page, f"/flats_beds{path}")
        expect(field).to_have_value(flats)
    stepped(page, page.go_forward)
    at(page, "/flats_beds?flats=61")
    expect(field).to_have_value("61")
    settled(page).get_by_role("button", name="Back to as now").click()
    at(page, "/flats_beds")
    expect(field).to_have_value("44")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/pressures?group=place&measure=staff_absent_total&hospital=RGP", "James Paget: "),
        ("/fit_to_leave?hospital=rgp&baseline=yes&history=all", "James Paget: "),
        ("/flats_beds?hospital=RGP&flats=2025-01-01_44~2025-02-03_80&longest-wait=3", "longer than 3 days"),
        ("/data?flag_metric=flu_beds&flag_place=RM1", "Norfolk and Norwich"),
    ],
)
def test_a_link_opens_the_same_view_and_stands_in_the_address_as_it_was_sent(page, path, shown):
    opened(page, path)
    expect(page.get_by_test_id("stMain").get_by_text(shown).first).to_be_visible()
    assert page.evaluate("location.pathname + location.search") == path
    assert page.get_by_text("The address asks for").count() == 0


def test_what_an_address_asks_for_and_is_not_there_is_told_and_goes_with_the_next_choice(page):
    opened(page, "/fit_to_leave?hospital=XYZ&count=nctr_remaining")
    expect(page.get_by_text("The address asks for hospital 'XYZ', which this forecast does not have.")).to_be_visible()
    at(page, "/fit_to_leave?hospital=XYZ&count=nctr_remaining", COUNTY)
    chosen(page, "Compare with no change")
    at(page, "/fit_to_leave?count=nctr_remaining&baseline=yes", COUNTY)
    expect(page.get_by_text("The address asks for")).to_have_count(0)
    chosen(page, PAGET)
    at(page, "/fit_to_leave?count=nctr_remaining&baseline=yes&hospital=RGP", PAGET)
    expect(page.get_by_text("The address asks for")).to_have_count(0)


ODD = {
    "markup": "<img src=x onerror=alert(1)><script>1</script>![x](http://127.0.0.1:9/x.png)"
    "www.evil.org $x^2$名\u202e\0",
    "long": "x" * 20_000,
}


@pytest.mark.parametrize("kind", ODD)
def test_odd_values_in_an_address_are_shown_as_text_or_cut_short_and_do_no_harm(page, kind):
    asked, harm = [], []
    page.on("dialog", lambda dialog: (harm.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: harm.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    value = quote(ODD[kind])
    opened(page, f"/fit_to_leave?hospital={value}&hospital={value}&count={value}&nobody%5Bknows%5D={value[:500]}")
    told = page.get_by_text(re.compile("^The address asks for (hospital|count) "))
    expect(told).to_have_count(2)
    assert max(map(len, told.all_inner_texts())) < 600
    assert page.locator("[data-testid=stMain] :is(img, script, a[href*=evil], .katex)").count() == 0
    assert harm == []
    assert not [url for url in asked if url.startswith("http://127.0.0.1:9/")]
    chosen(page, PAGET)
    expect(page).to_have_url(re.compile("hospital=RGP"))
    assert page.get_by_text("The address asks for").count() == 0
