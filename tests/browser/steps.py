"""What every browser test does: wait until a page is drawn, look what runs off the side, download a file."""

from playwright.sync_api import expect

OFF_THE_SIDE = """() => [...document.querySelectorAll('[data-testid=stMain] :is(p, h1, h2, td, th, label)')]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > window.innerWidth + 1)
    .map(e => e.textContent.slice(0, 40))"""


def settled(page):
    """The page once Streamlit has drawn all of it: until then what a choice replaced may still stand beside it."""
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(page.locator("[data-stale=true]")).to_have_count(0)
    return page


def download(page, name, to):
    """Click the one button of that name and keep what it gives."""
    button = settled(page).get_by_role("button", name=name)
    expect(button).to_have_count(1)
    with page.expect_download() as waiting:
        button.click()
    waiting.value.save_as(to)
    return waiting.value.suggested_filename


def drawn_within(page, charts, width):
    """Make the window so wide; its charts, once all are drawn there and neither they nor any text runs off the side.

    Not those that are folded away: they are drawn to the width of the window when they are opened.
    """
    page.set_viewport_size({"width": width, "height": 900})
    drawn = settled(page).locator("[data-testid=stVegaLiteChart] :is(svg, canvas)").locator("visible=true")
    expect(drawn).to_have_count(charts)
    page.wait_for_function(
        "wide => [...document.querySelectorAll('[data-testid=stVegaLiteChart] :is(svg, canvas)')]"
        ".filter(e => e.checkVisibility()).every(e => e.getBoundingClientRect().right <= wide + 1)",
        arg=width,
    )
    assert page.evaluate(OFF_THE_SIDE) == []
    return drawn
