"""One app without a run, then with an old one, then with a broken one: each told in words, as a person would see it."""

import pytest
from conftest import served
from made_runs import make_run
from playwright.sync_api import expect
from steps import settled

pytestmark = pytest.mark.browser


def test_no_run_an_old_run_and_a_broken_run_are_told_in_words(browser, tmp_path):
    with served(tmp_path) as address:
        context = browser.new_context(locale="en-GB", base_url=address)
        context.set_default_timeout(20_000)
        page = context.new_page()

        page.goto("/track_record")
        expect(page.get_by_text("There is no forecast to show yet.")).to_be_visible(timeout=60_000)
        expect(page.get_by_text("forecast demo").first).to_be_visible()

        run = make_run(tmp_path / "models", simulated=False)
        page.goto("/data")
        old = page.get_by_role("alert").filter(has_text="days old")
        expect(old).to_be_visible()
        expect(old).to_contain_text("They use what was published by Thursday 9 January 2025; today is ")
        expect(old).to_contain_text("'forecast fetch' and then 'forecast refit'")
        expect(page.get_by_role("heading", name="Data", exact=True)).to_be_visible()

        (run.path / "outlook" / "nctr_patients.parquet").write_bytes(b"PAR1")
        page.goto("/fit_to_leave")
        broken = page.get_by_role("alert").filter(has_text="outlook/nctr_patients.parquet cannot be read")
        expect(broken).to_contain_text("run 'forecast refit' to make a new run")
        settled(page).get_by_role("link", name="This week", exact=True).last.click()
        expect(page.get_by_role("heading", name="This week", exact=True)).to_be_visible()
        expect(settled(page).get_by_text("This page cannot be shown")).to_have_count(0)

        (run.path / "manifest.json").write_text("{", encoding="utf-8")
        page.goto("/pressures")
        expect(page.get_by_role("alert").filter(has_text="its manifest cannot be read")).to_be_visible()
        expect(settled(page).get_by_role("link", name="Data", exact=True).last).to_be_visible()
        context.close()
