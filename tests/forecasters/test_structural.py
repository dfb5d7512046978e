"""What the members that follow one location's history do with a week, a slip, a break, Christmas; and their past."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import AutoRegression, ExponentialSmoothing, Persistence, ProphetModel, StructuralModel

MEMBERS = {"structural": StructuralModel(), "autoregression": AutoRegression(), "smoothing": ExponentialSmoothing()}
WEEK = np.array([1.2, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8])


@pytest.fixture(params=MEMBERS)
def member(request):
    return MEMBERS[request.param]


def history(days: int = 300, noise: float = 0.03, end: str = "2023-11-12", seed: int = 1, metric: str = "beds"):
    """RM1 about 200, a fifth more on Mondays, a fifth fewer on Sundays."""
    dates = pd.date_range(end=end, periods=days)
    values = 200 * WEEK[dates.day_of_week] * np.exp(np.random.default_rng(seed).normal(0, noise, days))
    panel = pd.DataFrame({"RM1": np.rint(values)}, index=dates)
    panel.attrs["metric"] = metric
    return panel


def middle(t) -> pd.Series:
    return pd.Series(np.median(t.paths[0], axis=0), index=t.dates)


def test_the_weekday_shape_is_learned(member):
    found = middle(member.fit(history()).predict(14, samples=400))
    assert found.to_numpy() == pytest.approx(200 * WEEK[found.index.day_of_week], rel=0.06)


def test_a_tenfold_slip_yesterday_changes_nothing_much(member):
    clean, slipped = history(), history()
    slipped.iloc[-1, 0] *= 10
    one, other = (member.fit(panel).predict(14, samples=400) for panel in (clean, slipped))
    assert middle(other).to_numpy() == pytest.approx(middle(one).to_numpy(), rel=0.06)
    assert np.ptp(np.quantile(other.paths[0], [0.05, 0.95], axis=1), axis=0).min() > 0
    assert other.dates[0] == pd.Timestamp("2023-11-13")


@pytest.mark.parametrize("zeros", [1, 5, 20])
def test_false_zeros_before_the_origin_are_no_forecast_of_zero(member, zeros):
    panel = history()
    panel.iloc[-zeros:, 0] = 0
    found = middle(member.fit(panel).predict(14, samples=400))
    assert found.to_numpy() == pytest.approx(200 * WEEK[found.index.day_of_week], rel=0.1)


def test_after_a_change_of_level_the_forecast_stays_on_the_new_one(member):
    panel = history()
    panel.iloc[-12:, 0] = np.rint(panel.iloc[-12:, 0] * 0.5)
    t = member.fit(panel).predict(28, samples=400)
    found = middle(t)
    assert found.to_numpy() == pytest.approx(100 * WEEK[found.index.day_of_week], rel=0.12)
    low, high = np.quantile(t.paths[0], [0.05, 0.95], axis=0)
    assert ((high - low) / found.to_numpy() < 0.6).all()


def test_christmas_is_foreseen_where_the_metric_is_known_to_fall_then(member):
    panel, other = (history(end="2023-12-17", metric=metric) for metric in ("nctr_patients", "beds"))
    with_dip, without = (middle(member.fit(one).predict(28, samples=400)) for one in (panel, other))
    ratio = with_dip / without
    assert ratio["2023-12-26"] < 0.75
    assert ratio["2023-12-20"] == pytest.approx(1, abs=0.03)
    assert ratio["2024-01-12"] == pytest.approx(1, abs=0.03)


@pytest.mark.parametrize("seed", [1])
def test_the_nine_in_ten_range_holds_nine_times_in_ten_on_a_series_like_its_own(member, seed):
    whole = history(460, noise=0.08, seed=seed)
    inside = []
    for origin in whole.index[[-120, -90, -60, -30]]:
        t = member.fit(whole.loc[:origin]).predict(28, samples=400)
        low, high = np.quantile(t.paths[0], [0.05, 0.95], axis=0)
        seen = whole["RM1"].reindex(t.dates).to_numpy()
        inside += list((seen >= low) & (seen <= high))
    assert np.mean(inside) == pytest.approx(0.9, abs=0.08)


def test_a_small_count_is_forecast_on_the_root_scale(member):
    panel = history(200)
    panel["RM1"] = np.random.default_rng(1).poisson(3, 200)
    t = member.fit(panel).predict(14, samples=400)
    assert t.notes == {}
    assert 1 <= middle(t).mean() <= 5
    assert t.paths.max() < 40


def test_a_hindcast_from_the_last_origin_is_the_forecast(member):
    panel = history()
    model = member.fit(panel)
    levels = [0.05, 0.5, 0.95]
    past = model.hindcast(panel.index[-1:], 14, levels)
    now = np.quantile(model.predict(14, samples=2000).paths[0], levels, axis=0).T
    assert past.shape == (1, 1, 14, 3)
    assert past[0, 0] == pytest.approx(now, rel=0.05)


def test_a_hindcast_knows_nothing_of_what_came_after_its_origin(member):
    panel = history()
    origins = panel.index[[-60, -30]]
    model = member.fit(panel)
    before = model.hindcast(origins, 7, [0.5])
    model.panel_ = model.panel_.copy()
    model.panel_.iloc[-29:] *= 3
    assert np.array_equal(model.hindcast(origins, 7, [0.5]), before)
    earlier = middle(member.fit(panel.loc[: origins[1]]).predict(7, samples=400)).to_numpy()
    assert before[0, 1, :, 0] == pytest.approx(earlier, rel=0.05)


def test_where_the_model_has_too_little_the_hindcast_is_that_of_the_baseline(member):
    panel = history(90)
    panel["NEW"] = panel["RM1"].where(panel.index > panel.index[-20])
    panel["EMPTY"] = np.nan
    origin = panel.index[9]
    found = member.fit(panel).hindcast(pd.DatetimeIndex([origin, panel.index[-1]]), 5, [0.1, 0.5, 0.9])
    base = Persistence().fit(panel.loc[:origin, ["RM1"]]).predict(5, samples=4000)
    expected = np.quantile(base.paths[0], [0.1, 0.5, 0.9], axis=0).T
    assert found[0, 0] == pytest.approx(expected, rel=0.1)
    assert np.isnan(found[1, 0]).all()
    assert np.isfinite(found[1, 1]).all()
    assert np.isnan(found[2]).all()


def test_a_hindcast_from_a_day_that_is_not_there_is_refused(member):
    model = member.fit(history(60))
    with pytest.raises(InputError, match="2020-01-01; give origins from 2023-09-14 to 2023-11-12"):
        model.hindcast(pd.DatetimeIndex(["2020-01-01"]), 5, [0.5])


@pytest.mark.parametrize("model", [StructuralModel(), ProphetModel(history=120)], ids=["structural", "prophet"])
def test_weekdays_that_never_have_a_value_are_forecast_like_the_others(model):
    panel = history(days=120, metric="nctr_patients")
    t = model.fit(panel[panel.index.day_of_week < 5]).predict(28, samples=200)
    assert t.notes == {}
    low, found, high = np.quantile(t.paths[0], [0.05, 0.5, 0.95], axis=0)
    unseen = t.dates.day_of_week >= 5
    assert found[unseen] == pytest.approx(205, rel=0.15)
    assert (high - low)[unseen].max() < 4 * (high - low)[~unseen].max()
    assert ((low > 100) & (high < 400)).all()
