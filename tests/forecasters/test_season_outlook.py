"""The season outlook: the short range's own paths, and how they go on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import Forecaster, Persistence, PooledBoosting, SeasonOutlook
from forecast.forecasters.season_outlook import _daily_departures

SAMPLES = 400
KNOWN = 730
CODES = [f"R{k:02d}" for k in range(30)]


class Steady(Forecaster):
    """The last week again, each path shifted by one normal draw of a tenth and with the noise of the days."""

    def _learn(self) -> None:
        self.week = self.panel_.iloc[-7:].mean()

    def _draw(self, locations, horizon, samples, seed):
        drawn = []
        for code in locations:
            rng = self._stream(seed, code, "steady")
            level = 0.1 * rng.standard_normal((samples, 1)) + 0.05 * rng.standard_normal((samples, horizon))
            drawn.append(self.week[code] * np.exp(level))
        return drawn, {}


def world(days: int = KNOWN, pull: float = 0.03, common: float = 0.0, dip: float = 0.0, end="2023-11-01", seed=1):
    """Levels that return to 400 patients by a share ``pull`` a day, part of it ``common``, with a dip at Christmas."""
    rng = np.random.default_rng(seed)
    dates = pd.date_range(end=end, periods=days, name="date")
    shocks = np.sqrt(1 - common) * rng.standard_normal((days, len(CODES)))
    shocks += np.sqrt(common) * rng.standard_normal((days, 1))
    level = np.zeros((days, len(CODES)))
    for day in range(1, days):
        level[day] = (1 - pull) * level[day - 1] + 0.03 * shocks[day]
    near = np.maximum(0.0, 1 - np.abs(after_christmas(dates)) / 6)
    noise = 0.05 * rng.standard_normal(level.shape)
    values = 400 * np.exp(level + noise - dip * near[:, None])
    return pd.DataFrame(np.rint(values), index=dates, columns=CODES)


def after_christmas(dates: pd.DatetimeIndex) -> np.ndarray:
    christmas = pd.to_datetime(
        [f"{year - (month < 7)}-12-25" for year, month in zip(dates.year, dates.month, strict=True)]
    )
    return (dates - christmas).days.to_numpy()


def widths(paths: np.ndarray) -> np.ndarray:
    low, high = np.quantile(np.log(paths), [0.05, 0.95], axis=1)
    return (high - low).mean(axis=0)


@pytest.fixture(scope="module")
def fitted() -> SeasonOutlook:
    return SeasonOutlook(Steady()).fit(world(KNOWN))


@pytest.fixture(scope="module")
def ahead(fitted):
    return fitted.predict(210, samples=SAMPLES, seed=2)


def test_the_first_weeks_are_the_short_forecasters_own(fitted, ahead):
    short = Steady().fit(world(KNOWN))
    for horizon in (1, 10, 28):
        own = short.predict(horizon, samples=SAMPLES, seed=2).paths
        assert np.array_equal(fitted.predict(horizon, samples=SAMPLES, seed=2).paths, own)
    assert np.array_equal(ahead.paths[:, :, :28], short.predict(28, samples=SAMPLES, seed=2).paths)


def test_level_and_width_do_not_jump_at_the_hand_over(ahead):
    middle = np.log(np.median(ahead.paths, axis=1)).mean(axis=0)
    steps = np.abs(np.diff(middle))
    assert steps[27] < 1.5 * steps[list(range(15, 27)) + list(range(28, 40))].max()
    width = widths(ahead.paths)
    assert 0.93 < width[28] / width[27] < 1.1
    assert 0.93 < width[29] / width[27] < 1.15


def test_a_step_across_the_hand_over_is_like_any_other(ahead):
    change = np.diff(np.log(ahead.paths), axis=2)
    spread = change.std(axis=1).mean(axis=0)
    assert 0.85 < spread[27] / spread[15:27].mean() < 1.15
    assert 0.85 < spread[27] / spread[28:40].mean() < 1.15


def test_each_path_goes_on_from_its_own_level_and_forgets_it_slowly(ahead):
    paths = np.log(ahead.paths)
    last = paths[:, :, 21:28].mean(axis=2)

    def tie(first: int) -> float:
        later = paths[:, :, first : first + 7].mean(axis=2)
        return float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in zip(last, later, strict=True)]))

    assert tie(28) > 0.75
    assert tie(28) > tie(60) + 0.15
    assert abs(tie(180)) < 0.2


def test_the_range_holds_what_happens_and_stops_widening_where_levels_return():
    full = world(KNOWN + 210, seed=5)
    later = full.iloc[KNOWN:].to_numpy().T
    paths = SeasonOutlook(Steady()).fit(full.iloc[:KNOWN]).predict(210, samples=SAMPLES).paths
    low, quarter, three, high = np.quantile(paths[:, :, 28:], [0.05, 0.25, 0.75, 0.95], axis=1)
    assert 0.82 < ((later[:, 28:] >= low) & (later[:, 28:] <= high)).mean() < 0.97
    assert 0.38 < ((later[:, 28:] >= quarter) & (later[:, 28:] <= three)).mean() < 0.65
    assert widths(paths)[200:].mean() < 1.15 * widths(paths)[80:100].mean()


def test_the_range_goes_on_widening_where_levels_wander():
    wandering = SeasonOutlook(Steady()).fit(world(pull=0.0)).predict(210, CODES[:5], samples=SAMPLES)
    assert widths(wandering.paths)[200:].mean() > 1.3 * widths(wandering.paths)[60:80].mean()


def test_a_sum_is_less_sure_where_locations_have_moved_together():
    share = {}
    for common in (0.0, 0.7):
        paths = SeasonOutlook(Steady()).fit(world(common=common)).predict(150, CODES[:6], samples=SAMPLES).paths
        late = np.log(paths[:, :, 120:]).mean(axis=2)
        share[common] = late.mean(axis=0).std() / late.std(axis=1).mean()
    assert share[0.7] > 1.4 * share[0.0]
    assert share[0.0] > 1 / np.sqrt(6)


def test_the_christmas_dip_of_past_years_comes_again():
    outlook = SeasonOutlook(Steady(), handover=28).fit(world(dip=0.3, end="2023-11-01"))
    t = outlook.predict(100, samples=SAMPLES)
    middle = pd.Series(np.log(np.median(t.paths, axis=1)).mean(axis=0), index=t.dates)
    before, after = middle["2023-12-10":"2023-12-15"].mean(), middle["2024-01-10":"2024-01-20"].mean()
    assert 0.15 < before - middle["2023-12-25"] < 0.4
    assert abs(before - after) < 0.06


def test_without_a_winter_in_the_past_christmas_only_makes_it_less_sure():
    t = SeasonOutlook(Steady()).fit(world(days=300, end="2023-11-01")).predict(100, samples=SAMPLES)
    middle = pd.Series(np.log(np.median(t.paths, axis=1)).mean(axis=0), index=t.dates)
    width = pd.Series(widths(t.paths), index=t.dates)
    assert abs(middle["2023-12-25"] - middle["2023-12-10":"2023-12-15"].mean()) < 0.06
    assert width["2023-12-24":"2023-12-27"].mean() > 1.03 * width["2024-01-20":"2024-01-26"].mean()


def test_a_short_range_that_knows_no_christmas_does_not_lift_the_new_year():
    known = world(pull=0.01, dip=0.3, end="2023-11-28")
    t = SeasonOutlook(Persistence()).fit(known).predict(80, samples=SAMPLES)
    middle = pd.Series(np.log(np.median(t.paths, axis=1)).mean(axis=0), index=t.dates)
    level = np.log(known.iloc[-7:]).to_numpy().mean()
    assert abs(middle["2024-01-03":"2024-01-10"].mean() - level) < 0.06
    assert abs(middle["2023-12-27"] - middle["2023-12-26"]) < 0.06


def test_a_season_of_its_own_starts_at_the_hand_over_and_is_the_same_everywhere(fitted):
    curve, departures = fitted._seasons(28, 210, SAMPLES, seed=1)
    assert curve.shape == (210,)
    assert departures[:, 0].std() < 0.01
    assert departures[:, 100:].std() > 0.02


def test_the_last_days_departure_is_gone_within_days():
    departures = _daily_departures(np.array([0.4, -0.8]), 3, 0.0, 0.5, np.random.default_rng(1))
    assert departures == pytest.approx(np.array([[0.2, 0.1, 0.05], [-0.4, -0.2, -0.1]]))


def test_weekdays_keep_their_shape():
    panel = world()
    panel = panel.mul(np.where(panel.index.day_of_week < 5, 1.1, 0.8), axis=0).round()
    t = SeasonOutlook(Steady()).fit(panel).predict(210, CODES[:5], samples=SAMPLES)
    middle = np.median(t.paths, axis=1)[:, 140:]
    weekend = t.dates[140:].day_of_week >= 5
    assert 0.7 < middle[:, weekend].mean() / middle[:, ~weekend].mean() < 0.76


def test_weekly_panels_reach_thirty_weeks():
    panel = world().resample("W-MON").mean().round()
    t = SeasonOutlook(Persistence()).fit(panel).predict(30, samples=SAMPLES)
    assert t.paths.shape == (30, SAMPLES, 30)
    width = widths(t.paths)
    assert np.isfinite(width).all()
    assert 0.8 < width[4] / width[3] < 1.25
    assert np.array_equal(t.paths[:, :, :4], Persistence().fit(panel).predict(4, samples=SAMPLES).paths)


def test_a_new_location_has_its_own_level_and_what_all_have_in_common(fitted):
    panel = world()
    panel["NEW"] = (panel[CODES[0]] / 10).round().where(panel.index > panel.index[-11])
    t = SeasonOutlook(Steady()).fit(panel).predict(210, ["NEW"], samples=SAMPLES)
    late = t.paths[0, :, 150:]
    assert 0.6 < np.median(late) / panel["NEW"].mean() < 1.6
    assert np.quantile(late, 0.95) > 1.2 * np.quantile(late, 0.05)


def test_where_nothing_can_be_learned_the_short_range_goes_on_and_says_so():
    panel = world(60)[CODES[:1]]
    t = SeasonOutlook(Persistence()).fit(panel).predict(60, samples=SAMPLES)
    assert np.array_equal(t.paths, Persistence().fit(panel).predict(60, samples=SAMPLES).paths)
    assert "beyond 28 days as the short range (too little history at all places together)" in t.notes[CODES[0]]


def test_it_tells_whether_anything_is_carried_beyond_the_hand_over(fitted):
    assert fitted.cannot_carry() == ""
    assert "too little history" in SeasonOutlook(Persistence()).fit(world(60)[CODES[:1]]).cannot_carry()


def test_a_count_that_never_changed_is_left_to_the_short_range():
    panel = world(300).assign(SAME=12.0)
    t = SeasonOutlook(Persistence()).fit(panel).predict(60, ["SAME", CODES[0]], samples=20)
    assert (t.select(["SAME"]).paths == 12).all()
    assert "every value is 12" in t.notes["SAME"]
    assert CODES[0] not in t.notes


def test_beyond_the_hand_over_a_count_that_hardly_ever_changed_has_a_range_and_a_note():
    panel = world(300).assign(ONCE=0.0)
    panel.loc[panel.index[30], "ONCE"] = 1.0
    t = SeasonOutlook(Persistence()).fit(panel).predict(210, ["ONCE", CODES[0]], samples=SAMPLES)
    assert (np.ptp(t.paths[0, :, 28:], axis=0) > 0).all()
    assert t.paths[0].max() < 40
    assert "beyond 28 days nothing tells how far it may be off" in t.notes["ONCE"]
    assert CODES[0] not in t.notes


class Runaway(Steady):
    """The same, a thousand times higher."""

    def _draw(self, locations, horizon, samples, seed):
        drawn, notes = super()._draw(locations, horizon, samples, seed)
        return [1000 * own for own in drawn], notes


def test_an_old_slip_does_not_raise_what_may_be_beyond_the_hand_over():
    panel = world(300)
    highest = panel.iloc[:, 0].max()
    panel.iloc[100, 0] = 1e9
    paths = SeasonOutlook(Runaway()).fit(panel).predict(60, CODES[:1], samples=50).paths[0]
    assert paths[:, 28:].max() < 11 * highest


def test_paths_do_not_depend_on_who_else_is_asked_for_and_seeds_count(fitted, ahead):
    alone = fitted.predict(210, [CODES[3]], samples=SAMPLES, seed=2).paths[0]
    assert np.array_equal(alone, ahead.paths[3])
    assert not np.array_equal(fitted.predict(210, [CODES[3]], samples=SAMPLES, seed=3).paths[0, :, 28:], alone[:, 28:])


def test_a_slip_and_a_run_of_false_zeros_stay_within_reason():
    panel = world(400)
    panel.iloc[-1, 0] *= 10
    panel.iloc[200:230, 1] = 0
    paths = SeasonOutlook(Persistence()).fit(panel).predict(210, CODES[:2], samples=SAMPLES).paths
    assert np.isfinite(paths).all()
    assert (np.ptp(paths, axis=1) > 0).all()
    assert paths[:, :, 28:].max() <= 10 * panel.iloc[:, :2].max().max()


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"short": "Persistence"}, "short is 'Persistence'"),
        ({"short": Persistence(), "handover": 3}, "handover is 3.*at least 7"),
        ({"short": Persistence(), "longest": 0}, "longest is 0"),
        ({"short": Persistence(), "handover": True}, "handover is True"),
    ],
)
def test_settings_that_make_no_sense_are_refused(parameters, says):
    with pytest.raises(InputError, match=says):
        SeasonOutlook(**parameters).fit(world(60))


def test_hospitals_are_drawn_together_only_where_the_short_range_draws_them_so():
    assert not SeasonOutlook(Persistence()).joint
    assert SeasonOutlook(PooledBoosting()).joint
