"""What a person does on Track record: pick a past run, see it against what came, take its figures away."""

import re

import pandas as pd
import pytest
from playwright.sync_api import expect
from steps import download, drawn_within, settled

pytestmark = pytest.mark.browser


def test_a_past_run_is_replayed_against_what_came(page, tmp_path):
    page.goto("/track_record?hospital=RGP")
    expect(page.get_by_text(re.compile("keeps no record of how it would have done before"))).to_be_visible()
    settled(page).get_by_role("radio", name="Past runs").click()
    expect(page.get_by_text(re.compile(r"^The likely range \(9 in 10\) held on \d+% of days"))).to_be_visible()
    chosen = settled(page).get_by_role("combobox", name=re.compile("Run as of"))
    chosen.click()
    page.get_by_role("option", name="Thursday 14 November 2024").click()
    finding = re.compile(r"^Chart of fit to leave.*James Paget: run as of 14 November 2024 against what came")
    expect(page.get_by_label(finding)).to_be_visible()
    expect(page).to_have_url(re.compile("date=2024-11-14"))
    name = download(page, "Download this forecast and what came (CSV)", tmp_path / "replay.csv")
    assert name == "simulated-replay-runs-2024-11-14-nctr_patients-RGP-2025-01-09.csv"
    table = pd.read_csv(tmp_path / "replay.csv", encoding="utf-8-sig")
    inside = table["came"].between(table["likely_low"], table["likely_high"])
    said = page.get_by_label(finding).get_attribute("aria-label")
    assert f"on {int((table['inside'] == 'yes').sum())} of {table['came'].notna().sum()} days known" in said
    assert (inside == (table["inside"] == "yes")).mean() > 0.9  # told by the range before rounding
    drawn_within(page, 6, 390)
    drawn_within(page, 6, 320)


def test_a_link_opens_the_same_past_run(page):
    page.goto("/track_record?hospital=RCX&record=runs&date=2024-10-17")
    expect(page.get_by_label(re.compile(r"^Chart of .* King's Lynn: run as of 17 October 2024"))).to_be_visible()
    settled(page)
    expect(page).to_have_url(re.compile("(?=.*hospital=RCX)(?=.*record=runs)(?=.*date=2024-10-17)"))
