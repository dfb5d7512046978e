from dataclasses import replace

import pytest

from forecast.job.journal import Attempt, add
from forecast.wording.gate_words import TO_DO

REFUSED = Attempt(
    "2025-01-16T23:30:00+00:00",
    "2025-01-16T23:33:00+00:00",
    "weekly",
    "refused",
    reasons=(f"Fit to leave: 60 trusts have figures, where 117 usually do{TO_DO}fetch it again", "and another"),
)


def banner(open_page) -> str:
    app = open_page("data")
    assert not app.exception
    found = [html.proto.body for html in app.html if 'class="ff-stale"' in html.proto.body]
    return found[0] if found else ""


def test_a_weekly_run_that_was_held_back_is_told_with_why_and_not_with_what_to_type(open_page, folders, silent_run):
    add(folders / "models", REFUSED)
    said = banner(open_page)
    assert "The weekly run of Thursday 16 January 2025 was held back" in said
    assert "Why: Fit to leave: 60 trusts have figures, where 117 usually do; and another." in said
    assert "fetch it again" not in said


def test_the_day_is_london_s(open_page, folders, silent_run):
    late = replace(REFUSED, started="2025-07-16T23:30:00+00:00", finished="2025-07-16T23:33:00+00:00")
    add(folders / "models", late)
    assert "The weekly run of Thursday 17 July 2025 was held back" in banner(open_page)


@pytest.mark.parametrize("outcome", ["published", "unchanged"])
def test_one_that_was_published_says_nothing(open_page, folders, run, outcome):
    add(folders / "models", REFUSED)
    add(folders / "models", replace(REFUSED, outcome=outcome))
    assert banner(open_page) == ""


def test_one_that_failed_says_failed_and_what_is_written_in_a_reason_is_no_html(open_page, folders, run):
    add(folders / "models", replace(REFUSED, outcome="failed", reasons=("<b>file</b> is cut short",)))
    said = banner(open_page)
    assert "failed" in said
    assert "&lt;b&gt;file&lt;/b&gt; is cut short" in said
