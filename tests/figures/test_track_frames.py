"""What the forecasts were worth: against hand-worked values and an independent scoring library."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scoringrules
from scipy.stats import norm

from forecast.figures import track_frames
from forecast.forecasters.record import LEVELS

ORIGIN = pd.Timestamp("2024-09-01")


def rows(middles, widths, came, model: str = "forecast", origins: int = 1, ahead: int = 1) -> pd.DataFrame:
    """Normal forecasts, one a day from ``ahead`` days on, each origin four weeks after the one before."""
    count = len(came)
    frames = []
    for k in range(origins):
        origin = ORIGIN + pd.Timedelta(days=28 * k)
        days = origin + pd.to_timedelta(np.arange(count) + ahead, unit="D")
        frame = pd.DataFrame({"model": model, "location": "RM1", "origin": origin, "date": days, "observed": came})
        for level in LEVELS:
            frame[f"{level:g}"] = np.asarray(middles) + np.asarray(widths) * norm.ppf(level)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def test_scores_agree_with_an_independent_library():
    rng = np.random.default_rng(5)
    came = 100 + 20 * rng.standard_normal(28)
    own, base = rows(np.full(28, 95.0), 15.0, came), rows(np.full(28, 110.0), 30.0, came, model="Persistence")
    found = track_frames.scores(pd.concat([base, own])).set_index("model")
    assert list(found.index) == ["forecast", "Persistence"]
    expected = {}
    for name, frame in (("forecast", own), ("Persistence", base)):
        losses = [2 * scoringrules.quantile_score(came, frame[f"{u:g}"].to_numpy(), u) for u in LEVELS]
        expected[name] = float(np.mean(losses))
        assert found.loc[name, "wis"] == pytest.approx(expected[name])
    assert found.loc["forecast", "relative_wis"] == pytest.approx(expected["forecast"] / expected["Persistence"])
    assert found.loc["forecast", "bias"] == pytest.approx(np.mean(95 - came))
    assert found.loc["forecast", "mae"] == pytest.approx(np.mean(np.abs(95 - came)))
    half = norm.ppf(0.75) * 15
    assert found.loc["forecast", "coverage_50"] == pytest.approx(np.mean(np.abs(came - 95) <= half))


def test_models_are_compared_on_what_all_of_them_forecast():
    came = np.full(20, 100.0)
    own, base = rows(came, 10.0, came), rows(came, 10.0, came, model="Persistence").iloc[:12]
    found = track_frames.scores(pd.concat([own, base]))
    assert list(found["n"]) == [12, 12]
    assert found["relative_wis"].tolist() == [1.0, 1.0]


def test_the_range_held_on_a_share_of_days_its_ends_included():
    frame = rows(np.full(28, 100.0), 10.0, np.r_[[100.0] * 20, [200.0] * 8], origins=3)
    ends = track_frames.ranges_of(frame)
    ends.loc[ends.index[0], "observed"] = ends["high"].iloc[0]
    found = track_frames.held(ends)
    assert found.share == pytest.approx(20 / 28)
    assert (found.days, found.forecasts) == (84, 3)
    assert found.first == ORIGIN + pd.Timedelta(days=1)
    assert found.last == ORIGIN + pd.Timedelta(days=84)


def test_days_beyond_four_weeks_and_before_the_last_26_do_not_count():
    inside, outside = np.full(28, 100.0), np.full(28, 500.0)
    near, far = rows(inside, 10.0, inside, origins=7), rows(inside, 10.0, outside, origins=7, ahead=29)
    old = rows(inside, 10.0, outside, origins=3)
    old[["origin", "date"]] -= pd.Timedelta(days=300)
    found = track_frames.held(track_frames.ranges_of(pd.concat([near, far, old])))
    assert found.share == 1.0
    assert found.days < 7 * 28


def test_a_short_record_says_nothing():
    came = np.full(28, 100.0)
    assert track_frames.held(track_frames.ranges_of(rows(came, 10.0, came, origins=2))) is None
    assert track_frames.held(track_frames.ranges_of(rows(came, 10.0, came).iloc[:0])) is None


def test_weeks_ahead_are_told_apart():
    came = np.r_[[100.0] * 7, [500.0] * 7, [100.0] * 3]
    found = track_frames.coverage_by_week(rows(np.full(17, 100.0), 10.0, came, origins=3))
    assert found.to_dict("list") == {"week": [1, 2, 3], "share": [1.0, 0.0, 1.0], "days": [21, 21, 9]}


def test_each_forecast_has_its_own_share_over_four_weeks():
    came = np.r_[[100.0] * 21, [500.0] * 7, [100.0] * 14]
    found = track_frames.coverage_by_origin(rows(np.full(42, 100.0), 10.0, came, origins=2))
    assert found["share"].tolist() == [0.75, 0.75]
    assert found["days"].tolist() == [28, 28]


def test_as_many_outcomes_lie_below_each_level_as_were_put_there():
    # One outcome in each hundredth of a normal forecast.
    came = 100 + 10 * norm.ppf((np.arange(200) + 0.5) / 200)
    frame = rows(np.full(200, 100.0), 10.0, came)
    frame["date"] = ORIGIN + pd.to_timedelta(np.arange(200) % 28 + 1, unit="D")
    found = track_frames.reliability(frame)
    assert found["share"].to_numpy() == pytest.approx(found["level"].to_numpy(), abs=1e-9)
    parts = track_frames.parts(frame)
    assert parts["share"].to_numpy() == pytest.approx([0.05, 0.2, 0.25, 0.25, 0.2, 0.05], abs=1e-9)
    assert parts["should"].to_numpy() == pytest.approx(parts["share"].to_numpy())


def test_an_outcome_equal_to_quantiles_is_spread_over_the_parts_that_meet_there():
    frame = rows([0.0], 0.0, [0.0])
    frame["0.95"], frame["0.975"] = 1.0, 2.0
    # Quantiles up to 0.9 are 0 and 0 came: it lies somewhere below 0.95, evenly.
    found = track_frames.reliability(frame).set_index("level")["share"]
    assert found[0.5] == pytest.approx(0.5 / 0.95)
    assert found[0.9] == pytest.approx(0.9 / 0.95)
    assert found[0.95] == 1.0


def test_forecasts_too_high_put_all_outcomes_below():
    frame = rows(np.full(28, 100.0), 10.0, np.full(28, 20.0))
    assert track_frames.reliability(frame)["share"].eq(1.0).all()
    assert track_frames.parts(frame)["share"].tolist() == [1.0, 0, 0, 0, 0, 0]


def test_one_forecast_is_listed_day_by_day_with_whether_it_held():
    frame = rows(np.full(3, 100.0), 10.0, [100.0, 300.0, np.nan])
    found = track_frames.one_forecast(frame, ORIGIN)
    assert found["held"].tolist() == [True, False, None]
    assert found["low"].tolist() == [84.0] * 3  # 100 - 16.4
    assert found["high"].tolist() == [116.0] * 3


def test_the_newest_forecast_mostly_known_is_opened_on():
    full, part = (
        rows(np.full(28, 1.0), 1.0, np.ones(28)),
        rows(np.full(28, 1.0), 1.0, np.r_[np.ones(5), np.full(23, np.nan)]),
    )
    part[["origin", "date"]] += pd.Timedelta(days=28)
    assert track_frames.newest_known(pd.concat([full, part])) == ORIGIN
    assert track_frames.newest_known(part) == ORIGIN + pd.Timedelta(days=28)
