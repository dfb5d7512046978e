import pytest

from forecast.gate.jumps import jumps, unexplained
from forecast.gate.limits import Limits
from forecast.observations.store import Store
from forecast.reference import reference
from tests.gate.judged import published
from tests.weekly.compared_runs import LAST_THEN, THEN, Told, told

LIMITS = Limits.from_reference(reference())


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "data")
    store.add(told(last=LAST_THEN))
    return store


def found(store, tmp_path, model, **rise: float) -> list[str]:
    published(store, tmp_path / "models", THEN, compare_days=0)
    store.add(told(weeks=1, **rise))
    _, candidate = published(store, tmp_path / "models", model=model)
    return [one.says for one in jumps(candidate, LIMITS)]


def test_a_model_that_moves_the_forecast_by_more_than_half_its_range_is_refused(store, tmp_path):
    (says,) = found(store, tmp_path, Told(add=60))
    assert "Fit to leave, before the day's discharges at" in says
    assert "come from the model (code)" in says or "come from the model (forecasting method)" in says
    assert "and not from new figures, and" in says


def test_a_small_move_of_the_model_is_let_through(store, tmp_path):
    assert found(store, tmp_path, Told(add=20)) == []


def test_a_jump_that_new_figures_explain_is_let_through(store, tmp_path):
    assert found(store, tmp_path, Told(), RM1=80, RGP=80, RCX=80) == []


def test_a_first_run_has_nothing_to_jump_from(store, tmp_path):
    _, candidate = published(store, tmp_path / "models", THEN, compare_days=0)
    assert list(jumps(candidate, LIMITS)) == []


def test_what_the_model_moved_is_worked_by_hand(store, tmp_path):
    published(store, tmp_path / "models", THEN, compare_days=0)
    store.add(told(weeks=1, RM1=5))
    _, candidate = published(store, tmp_path / "models", model=Told(add=60))
    rows = unexplained(candidate.changes)
    at = rows[(rows["location"] == "RM1") & (rows["metric"] == "nctr_patients")].iloc[0]
    assert at["moved"] == pytest.approx(60, abs=0.5)
    assert at["now"] - at["before"] == pytest.approx(65, abs=0.5)
    assert at["high"] - at["low"] == pytest.approx(90, abs=1)  # the 5th to the 95th of 101 paths 1 apart
