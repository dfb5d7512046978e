"""The long view of a wave: past seasons, coherent hospitals, and what it says when the data are bad."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import Forecaster, Persistence
from forecast.forecasters.season_curves import NO_NATION, SeasonCurves

SHARES = {"RM1": 0.02, "RGP": 0.008, "RCX": 0.01}
PEAKS = ("2018-01-05", "2019-01-20", "2020-01-02", "2021-01-25", "2022-01-10")
RATE = "flu_hosp_admission_rate_per_100k"


class Steady(Forecaster):
    """The last week's mean times a growth of its own for each path."""

    def _learn(self) -> None:
        self.week = self.panel_.iloc[-7:].mean()

    def _draw(self, locations, horizon, samples, seed):
        growth = self._stream(seed, "", "steady").standard_normal((samples, 1)) * 0.01
        return [np.nan_to_num(self.week[code]) * np.exp(growth * np.arange(1, horizon + 1)) for code in locations], {}


def height(peak: str, size: float, days: pd.DatetimeIndex) -> np.ndarray:
    at = np.abs((days - pd.Timestamp(peak)).days / 7)
    return size * np.exp(-0.45 * 1.5 * (np.sqrt(1 + (at / 1.5) ** 2) - 1))


def winter(origin: str, peak: str = "2023-01-08", size: float = 5000, seed: int = 1) -> pd.DataFrame:
    """Daily beds of a winter from November on: the nation and hospitals a week behind it."""
    days = pd.date_range("2022-11-01", "2023-05-31")
    rng = np.random.default_rng(seed)
    panel = pd.DataFrame({"ENG": height(peak, size, days) + 20}, index=days)
    later = (pd.Timestamp(peak) + pd.Timedelta(days=7)).isoformat()
    for code, share in SHARES.items():
        panel[code] = rng.poisson(share * (height(later, size, days) + 20))
    panel = panel.round().loc[:origin]
    panel.attrs["metric"] = "flu_beds"
    return panel


def rates(origin: str) -> dict[str, pd.DataFrame]:
    """Weekly national rates of five past seasons and the present one, peaking a week before the beds."""
    weeks = pd.date_range("2017-07-03", origin, freq="W-MON")
    values = sum(height(peak, size, weeks) for peak, size in zip(PEAKS, (5, 6, 4, 7, 5), strict=True))
    return {RATE: pd.DataFrame({"ENG": values + height("2023-01-01", 5, weeks) + 0.02}, index=weeks)}


def fitted(origin: str, **changes) -> SeasonCurves:
    return SeasonCurves(**changes).fit(winter(origin), rates(origin))


def peak_days(t, code: str) -> pd.Series:
    return pd.Series(t.dates[t.paths[t.locations.index(code)].argmax(axis=1)])


@pytest.mark.parametrize("origin", ["2022-12-11", "2022-12-25"])
def test_the_peak_is_found_before_it_comes_and_hospitals_follow(origin):
    t = fitted(origin).predict(140, samples=400, seed=1)
    for code, true in (("ENG", "2023-01-08"), ("RM1", "2023-01-15")):
        low, middle, high = peak_days(t, code).quantile([0.05, 0.5, 0.95])
        assert low <= pd.Timestamp(true) <= high
        assert abs((middle - pd.Timestamp(true)).days) <= 18
    assert t.notes == {}


def test_the_peak_is_surer_as_it_comes_near():
    widths = []
    for origin in ("2022-11-20", "2022-12-18", "2023-01-08"):
        low, high = peak_days(fitted(origin).predict(140, ["ENG"], 400, 1), "ENG").quantile([0.1, 0.9])
        widths.append((high - low).days)
    assert widths[0] > widths[2]
    assert widths[1] > widths[2]


def test_past_seasons_say_that_it_is_seasonal_and_when_it_peaks():
    model = fitted("2022-11-27")
    assert model.nation_.seasonal
    assert len(model.nation_.past) == len(PEAKS)
    chance = peak_days(model.predict(180, ["ENG"], 400, 1), "ENG")
    assert chance.between("2022-12-10", "2023-02-15").mean() > 0.75


def test_after_the_peak_the_wave_does_not_come_again():
    t = fitted("2023-01-29").predict(120, samples=300, seed=1)
    for code in t.locations:
        paths = t.paths[t.locations.index(code)]
        assert np.median(paths[:, 60]) < 0.25 * np.median(paths[:, 0])


def test_hospitals_rise_and_fall_together_and_their_sum_is_coherent():
    t = fitted("2022-12-18").predict(60, ["RM1", "RGP", "RCX"], 600, 1)
    week = np.log(t.paths[:, :, 35:42].mean(axis=2) + 1)
    assert np.corrcoef(week)[0, 1] > 0.4
    summed = t.paths.sum(axis=0)[:, 40]
    assert summed.std() > 1.15 * np.sqrt((t.paths[:, :, 40].std(axis=1) ** 2).sum())


def test_paths_start_at_the_hospitals_own_level():
    panel = winter("2022-12-18")
    t = fitted("2022-12-18").predict(28, samples=400, seed=1)
    for code in t.locations:
        first = np.median(t.paths[t.locations.index(code)][:, 0])
        assert first == pytest.approx(panel[code].iloc[-3:].mean(), rel=0.35)


def test_the_first_weeks_are_the_short_forecasters_own_and_nothing_jumps():
    model = fitted("2022-12-18", short=Steady(), handover=28)
    places = [code for code in winter("2022-12-18").columns if code != "ENG"]
    t = model.predict(100, places, samples=400, seed=2)
    short = Steady().fit(winter("2022-12-18")[places]).predict(28, samples=400, seed=2)
    assert np.array_equal(t.paths[:, :, :28], short.paths)
    assert np.array_equal(model.predict(10, places, samples=400, seed=2).paths, short.paths[:, :, :10])
    steps = np.abs(np.diff(np.log(t.paths + 1).mean(axis=1), axis=1))
    assert steps[:, 27].max() < 0.12
    assert model.cannot_carry() == ""


def test_short_paths_that_rise_go_on_higher():
    t = fitted("2022-12-18", short=Steady(), handover=28).predict(70, ["ENG"], 600, 1)
    end, later = t.paths[0, :, 27], t.paths[0, :, 41]
    assert np.corrcoef(end.argsort().argsort(), later.argsort().argsort())[0, 1] > 0.5


def test_a_season_not_begun_peaks_as_past_ones_did():
    panel = winter("2023-05-31").reindex(pd.date_range("2022-11-01", "2023-10-15"))
    panel.loc["2023-04-10":] = np.nan
    panel.attrs["metric"] = "flu_beds"
    t = SeasonCurves().fit(panel, rates("2023-10-15")).predict(200, samples=400, seed=1)
    assert all("days old" in note for note in t.notes.values())
    days = peak_days(t, "ENG")
    assert days.between("2023-12-01", "2024-02-28").mean() > 0.7
    low, high = np.quantile(t.paths[t.locations.index("RM1")].max(axis=1), [0.1, 0.9])
    assert low < 100 < high


def test_three_weeks_without_national_data_are_lived_with():
    panel = winter("2022-12-25")
    panel.loc["2022-12-05":, "ENG"] = np.nan
    t = SeasonCurves().fit(panel, rates("2022-12-25")).predict(140, samples=300, seed=1)
    assert np.isfinite(t.paths).all()
    low, high = peak_days(t, "ENG").quantile([0.05, 0.95])
    assert low <= pd.Timestamp("2023-01-08") <= high


def test_zeros_at_the_end_where_many_are_expected_are_not_believed():
    panel = winter("2023-01-08")
    panel.iloc[-4:, panel.columns.get_loc("RM1")] = 0
    panel.attrs["metric"] = "flu_beds"
    t = SeasonCurves().fit(panel, rates("2023-01-08")).predict(14, ["RM1"], 300, 1)
    assert np.median(t.paths[0][:, :7]) > 40


def test_where_the_nation_is_late_the_other_hospitals_tell_of_it():
    panel = winter("2023-01-01", size=20000)
    whole = SeasonCurves().fit(panel, rates("2023-01-01")).nation_.weeks.levels
    late = panel.copy()
    late.loc["2022-12-12":, "ENG"] = np.nan
    late.attrs["metric"] = "flu_beds"
    told = SeasonCurves().fit(late, rates("2023-01-01")).nation_.weeks.levels
    assert told.index.equals(whole.index)
    assert np.log(told.iloc[-1] / whole.iloc[-1]) == pytest.approx(0, abs=0.5)


def test_the_nation_may_come_from_a_related_panel_or_be_the_sum():
    panel = winter("2022-12-18")
    nation = panel[["ENG"]]
    local = panel.drop(columns="ENG")
    local.attrs["metric"] = "flu_beds"
    other = SeasonCurves().fit(local, {"flu_beds": nation, **rates("2022-12-18")})
    assert other.nation_.weeks.levels.equals(fitted("2022-12-18").nation_.weeks.levels)
    summed = SeasonCurves().fit(local, rates("2022-12-18")).nation_.weeks.levels
    assert summed.iloc[-1] == pytest.approx(local.iloc[-7:].sum(axis=1).mean(), rel=0.05)


def test_a_hospital_that_only_ever_sent_zeros_says_so():
    panel = winter("2022-12-18")
    panel["RGP"] = 0.0
    panel.attrs["metric"] = "flu_beds"
    t = SeasonCurves().fit(panel, rates("2022-12-18")).predict(60, samples=100)
    assert "every value is 0" in t.notes["RGP"]
    assert "RM1" not in t.notes


def test_no_nation_leaves_everything_to_the_baseline_with_a_note():
    panel = winter("2022-12-18").iloc[-14:]
    panel.attrs["metric"] = "flu_beds"
    model = SeasonCurves().fit(panel)
    assert model.cannot_carry() == NO_NATION
    assert not model.joint
    t = model.predict(40, ["RM1"], 100)
    assert NO_NATION in t.notes["RM1"]
    short = SeasonCurves(short=Persistence()).fit(panel).predict(40, ["RM1"], 100)
    assert f"beyond 28 days as the short range ({NO_NATION})" in short.notes["RM1"]


def test_the_sum_of_the_hospitals_stands_for_a_nation_of_which_nothing_is_told():
    panel = winter("2022-12-18")
    panel[["ENG"]] = np.nan
    panel.attrs["metric"] = "flu_beds"
    for related in ({}, {"flu_beds": panel[["ENG"]]}):
        model = SeasonCurves().fit(panel, related)
        assert model.cannot_carry() == ""
        assert model.predict(40, ["RM1"], 100).notes == {}


@pytest.mark.parametrize("column", [True, False])
def test_beyond_the_handover_too_a_sample_is_one_winter_everywhere(column):
    panel, codes = winter("2022-12-18"), ["RM1", "RGP"]
    related = {"flu_beds": panel[["ENG"]]}
    if not column:
        panel = panel.drop(columns="ENG")
        panel.attrs["metric"] = "flu_beds"
    model = SeasonCurves(short=Steady()).fit(panel, related)
    far = np.log1p(model.predict(91, codes, samples=600, seed=3).paths[:, :, -7:].mean(axis=2))
    assert np.corrcoef(far)[0, 1] > 0.35
    alone = model.predict(91, ["RM1"], samples=600, seed=3).paths[0]
    assert np.array_equal(alone, model.predict(91, codes, samples=600, seed=3).paths[0])


def test_years_ahead_are_drawn_too():
    t = fitted("2022-12-18", seasonal=False).predict(800, ["RM1"], 50)
    assert np.isfinite(t.paths).all()


def test_a_disease_without_season_may_stay_or_rise():
    days = pd.date_range("2020-03-01", "2021-09-30")
    values = height("2020-04-10", 18000, days) + height("2021-01-18", 33000, days) + 700
    panel = pd.DataFrame({"ENG": values.round(), "RM1": (0.02 * values).round()}, index=days)
    panel.attrs["metric"] = "covid_beds_occupied"
    model = SeasonCurves().fit(panel)
    assert not model.nation_.seasonal
    highest = model.predict(200, ["ENG"], 600, 1).paths[0].max(axis=1)
    assert np.quantile(highest, 0.05) < 3000
    assert np.quantile(highest, 0.95) > 5000
    assert np.quantile(highest, 0.99) < 10 * 33000


def test_after_a_wave_of_a_disease_without_season_another_may_come():
    days = pd.date_range("2020-03-01", "2021-03-31")
    values = height("2020-04-10", 18000, days) + height("2021-01-18", 33000, days) + 700
    panel = pd.DataFrame({"ENG": values.round()}, index=days)
    panel.attrs["metric"] = "covid_beds_occupied"
    paths = SeasonCurves(seasonal=False).fit(panel).predict(200, ["ENG"], 600, 1).paths[0]
    now = panel["ENG"].iloc[-1]
    assert (paths[:, :21].max(axis=1) > 3 * now).mean() < 0.15
    assert (paths[:, 60:].max(axis=1) > 3 * now).mean() > 0.5


@pytest.mark.parametrize("changes", [{"short": "ARIMA"}, {"handover": 3}, {"handover": True}])
def test_what_cannot_be_used_is_refused(changes):
    with pytest.raises(InputError, match="SeasonCurves"):
        SeasonCurves(**changes).fit(winter("2022-12-18"))
