"""``forecast backfill`` and ``forecast status`` as they are typed."""

import json

import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.command import cli_backfill
from forecast.observations.store import Store
from forecast.runs import latest_run
from forecast.weekly.backfill import backfill
from tests.refitting import QUICK, Joint, observed


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """Type a command on a small store, with quick settings."""
    Store(tmp_path / "data").add(observed("nctr_patients", "2024-09-01", "2024-12-31"))

    def quick(store, models, days, **given):
        return backfill(store, models, days, settings=QUICK, forecaster=lambda _: Joint(), **given)

    monkeypatch.setattr(cli_backfill, "run_backfill", quick)
    where = ["--data", str(tmp_path / "data"), "--models", str(tmp_path / "models")]
    return lambda *words: CliRunner().invoke(app, [*words, *where])


def test_each_day_is_told_and_a_second_time_left_as_it_is(typed, tmp_path):
    first = typed("backfill", "--from", "2024-12-20", "--to", "2024-12-27")
    assert first.exit_code == 0, first.output
    assert "as of 20 December 2024: made 2024-12-20-" in first.output
    assert "2 days forecast with only what was public then, 0 there already, 0 not possible" in first.output
    again = typed("backfill", "--from", "2024-12-20", "--to", "2024-12-27", "--every", "7")
    assert "left as it is" in again.output
    assert "0 days forecast with only what was public then, 2 there already" in again.output
    run = latest_run(tmp_path / "models")
    assert (run.made, f"{run.as_of:%Y-%m-%d}") == ("backfill", "2024-12-27")
    assert run.made_at is not None
    shown = typed("status")
    assert shown.exit_code == 0, shown.output
    assert "too old to plan from" in shown.output  # by the clock of the machine
    assert "newest fit to leave, before the day's discharges: of 31 December 2024" in shown.output
    found = json.loads(typed("status", "--json").stdout)
    assert (found["state"], found["run"]["made"]) == ("stale", "backfill")


def test_without_a_single_run_it_is_refused_and_a_wrong_date_is_wrong_usage(typed):
    none = typed("backfill", "--from", "2024-08-01", "--to", "2024-08-08")
    assert none.exit_code == 1
    assert "cannot be forecast: " in none.output
    assert typed("backfill", "--from", "yesterday").exit_code == 2
    wrong = typed("backfill", "--from", "2024-12-27", "--to", "2024-12-20")
    assert wrong.exit_code == 2
    assert "give the earlier day first" in wrong.output
