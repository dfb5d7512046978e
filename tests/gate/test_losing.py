import pandas as pd
import pytest

from forecast.gate.limits import Limits
from forecast.gate.losing import both, losing
from forecast.observations.store import Store
from forecast.reference import reference
from forecast.runs.diary import past_runs
from tests.gate.judged import published
from tests.weekly.compared_runs import Told, told

LIMITS = Limits.from_reference(reference())
DAYS = ["2024-11-28", "2024-12-05", "2024-12-12", "2024-12-19", "2024-12-27"]
NOW, LAST = "2025-01-16", "2025-01-12"


@pytest.fixture(scope="module")
def past(tmp_path_factory):
    """Five weekly runs of a good model."""
    folder = tmp_path_factory.mktemp("losing")
    store = Store(folder / "data")
    store.add(told(last=LAST, weeks=16))
    for day in DAYS:
        published(store, folder / "models", day, compare_days=0)
    return store, folder / "models"


def found(past, tmp_path, model, days=DAYS) -> list[tuple[bool, str]]:
    store, models = past
    _, candidate = published(store, tmp_path / "models", NOW, model, compare_days=0)
    runs = [run for run in past_runs(models, candidate.today.day, False) if f"{run.as_of:%Y-%m-%d}" in days]
    return [(one.refuses, one.says) for one in losing(candidate, runs, LIMITS)]


def test_a_model_that_is_clearly_worse_on_past_weeks_is_refused_with_by_how_much(past, tmp_path):
    ((refuses, says),) = found(past, tmp_path, Told(add=25))
    assert refuses
    assert says.startswith("Fit to leave, before the day's discharges: on the last 5 past runs the new model")
    assert "further off than what was published. To do: install the earlier version, or --force REASON" in says


def test_the_same_model_is_not_tried_again(past, tmp_path, monkeypatch):
    monkeypatch.setattr("forecast.gate.losing.both", lambda *_: pytest.fail("forecast again"))
    assert found(past, tmp_path, Told()) == []


def test_a_model_as_good_as_before_is_let_through(past, tmp_path):
    assert found(past, tmp_path, Told(days=14)) == []


def test_with_too_few_past_runs_it_is_said_and_let_through(past, tmp_path):
    ((refuses, says),) = found(past, tmp_path, Told(add=25), DAYS[-2:])
    assert not refuses
    assert "there are 2 past runs, of which 4 are needed" in says


def test_what_is_compared_is_what_both_said_of_days_that_have_come(past, tmp_path):
    store, models = past
    _, candidate = published(store, tmp_path / "models", NOW, Told(add=25), compare_days=0)
    rows = both(candidate, "nctr_patients", past_runs(models, candidate.today.day, False))
    assert rows["date"].max() == pd.Timestamp(LAST)
    assert (rows["date"] > rows["origin"]).all()
    middles = rows.pivot_table(index=["location", "origin", "date"], columns="model", values="0.5")
    assert (middles["new"] - middles["published"]).loc["RM1"].round().unique() == [25]
    assert (middles["new"] - middles["published"]).loc["NORFOLK"].round().unique() == [75]
