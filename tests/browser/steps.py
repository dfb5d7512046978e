"""What every browser test does: wait until a page is drawn, download a file."""

from playwright.sync_api import expect


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
