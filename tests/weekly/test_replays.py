"""What a refit keeps of forecasts made again: whose they are, what they knew, and what came."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters import Ensemble, Persistence, Reconciled, SeasonalNaive
from forecast.forecasters.base import SAMPLES
from forecast.forecasters.record import LEVELS
from forecast.runs.track import REPLAY_COLUMNS
from forecast.weekly.replays import replays_of

CODES = ["RM1", "RGP", "RCX"]
COUNTIES = {"NORFOLK": CODES}
MODEL = Reconciled(Ensemble([Persistence(), SeasonalNaive()], memory=112, every=28), COUNTIES)


def panel(days: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    walk = np.rint(150 * np.exp(0.03 * rng.standard_normal((days, 3)).cumsum(axis=0)))
    return pd.DataFrame(walk, pd.date_range(end="2024-06-30", periods=days, name="date"), CODES)


def made(values: pd.DataFrame, usable: pd.DataFrame | None = None) -> pd.DataFrame:
    model = MODEL.fit(values)
    model.predict(28, samples=50, seed=1)
    known = values.assign(NORFOLK=values.sum(axis=1)) if usable is None else usable
    return replays_of(model, values, known, CODES, COUNTIES, 1)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return made(panel())


def test_the_forecast_its_members_and_the_baseline_are_kept_at_hospitals_and_county(rows):
    assert tuple(rows.columns) == REPLAY_COLUMNS
    assert set(rows["model"]) == {"forecast", "Persistence", "SeasonalNaive"}
    counts = rows.groupby(["model", "location"]).size()
    assert set(counts.index.get_level_values("location")) == {*CODES, "NORFOLK"}
    assert (counts == 2 * 42).all()  # the later half of four origins, six weeks each
    assert sorted(rows["origin"].unique()) == [pd.Timestamp("2024-05-05"), pd.Timestamp("2024-06-02")]


def test_quantiles_rise_and_each_row_is_about_the_day_it_says(rows):
    values = rows[[f"{level:g}" for level in LEVELS]].to_numpy()
    assert (np.diff(values, axis=1) >= 0).all()
    assert ((rows["date"] - rows["origin"]).dt.days == rows["horizon"]).all()


def test_the_baseline_is_persistence_from_the_values_up_to_the_origin(rows):
    values, origin = panel(), pd.Timestamp("2024-05-05")
    own = Persistence().fit(values.loc[:origin]).predict(42, CODES, SAMPLES, 1)
    expected = {code: own.paths[place] for place, code in enumerate(CODES)}
    expected["NORFOLK"] = own.paths.sum(axis=0)
    for code, paths in expected.items():
        found = rows[(rows["model"] == "Persistence") & (rows["location"] == code) & (rows["origin"] == origin)]
        assert found["0.95"].to_numpy() == pytest.approx(np.quantile(paths, 0.95, axis=0), abs=0.5)


def test_a_member_at_the_county_is_what_it_said_of_the_sum(rows):
    values, origin = panel().sum(axis=1).to_frame("NORFOLK"), pd.Timestamp("2024-06-02")
    alone = SeasonalNaive().fit(values).hindcast(pd.DatetimeIndex([origin]), 42, LEVELS)[0, 0]
    found = rows.query("model == 'SeasonalNaive' and location == 'NORFOLK' and origin == @origin")
    assert found["0.5"].to_numpy() == pytest.approx(alone[:, 4], rel=0.02)


def test_what_came_is_the_usable_value_and_nothing_beyond_the_last(rows):
    known = rows[rows["observed"].notna()]
    values = panel().assign(NORFOLK=panel().sum(axis=1))
    assert known["observed"].tolist() == [
        values.loc[day, code] for day, code in zip(known["date"], known["location"], strict=True)
    ]
    assert rows.loc[rows["date"] > "2024-06-30", "observed"].isna().all()


def test_a_flagged_value_is_not_what_came():
    usable = panel().assign(NORFOLK=panel().sum(axis=1))
    usable.loc["2024-06-10", ["RGP", "NORFOLK"]] = np.nan
    on_day = made(panel(), usable).query("date == @pd.Timestamp('2024-06-10')")
    assert set(on_day.loc[on_day["observed"].isna(), "location"]) == {"RGP", "NORFOLK"}


def test_the_baseline_and_the_members_know_nothing_of_what_came_later(rows):
    values = panel()
    values.loc["2024-06-03":] = np.rint(values.loc["2024-06-03":] * 1.3)
    other = made(values)
    kept = [name for name in REPLAY_COLUMNS if name != "observed"]
    for name in ("Persistence", "SeasonalNaive"):
        left, right = (frame.loc[frame["model"] == name, kept].reset_index(drop=True) for frame in (rows, other))
        pd.testing.assert_frame_equal(left, right)


def test_a_forecaster_without_a_record_gives_no_rows():
    model = Persistence().fit(panel())
    found = replays_of(model, panel(), panel(), CODES, COUNTIES, 1)
    assert found.empty
    assert tuple(found.columns) == REPLAY_COLUMNS
