from pathlib import Path

import pandas as pd
import pytest
from screen import text_of

from forecast.pages import shell
from forecast.pages.staleness import stale

ROOT = Path(__file__).parents[2]
AS_OF = pd.Timestamp("2025-01-09")


@pytest.mark.parametrize(("today", "old"), [("2025-01-09", False), ("2025-01-19", False), ("2025-01-20", True)])
def test_a_run_is_old_on_the_eleventh_day(today, old):
    assert bool(stale(AS_OF, pd.Timestamp(today), simulated=False)) is old


def test_an_old_run_is_told_with_its_age_both_days_and_the_remedy():
    said = stale(AS_OF, pd.Timestamp("2028-01-10"), simulated=False)
    assert said.startswith("These forecasts are 1,096 days old. ")
    for part in (
        "by Thursday 9 January 2025;",
        "today is Monday 10 January 2028.",
        "'forecast fetch'",
        "'forecast refit'",
    ):
        assert part in said


def test_a_simulated_run_never_grows_old():
    assert stale(AS_OF, pd.Timestamp("2030-01-01"), simulated=True) == ""


@pytest.mark.parametrize("page", ["this_week", "data"])
def test_a_page_of_an_old_real_run_says_so_before_its_title(open_page, silent_run, monkeypatch, page):
    monkeypatch.setattr(shell, "today", lambda: pd.Timestamp("2025-01-20"))
    app = open_page(page)
    assert not app.exception
    said = [html.proto.body for html in app.html]
    assert "These forecasts are 11 days old." in next(body for body in said if 'class="ff-stale"' in body)


def test_every_page_is_drawn_by_the_shell_which_says_it():
    for path in shell.PAGES:
        assert "shell.show(" in (ROOT / path).read_text(encoding="utf-8")


def test_a_run_of_these_days_and_a_simulated_one_have_no_such_banner(open_page, silent_run, monkeypatch):
    monkeypatch.setattr(shell, "today", lambda: pd.Timestamp("2025-01-19"))
    assert "days old" not in text_of(open_page("this_week"))


def test_a_simulated_run_looked_at_today_has_no_such_banner(open_page, run):
    assert 'class="ff-stale"' not in text_of(open_page("this_week"))
