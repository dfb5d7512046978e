"""The library of past waves, and what it says before a wave is seen."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.forecasters.curves import prior
from forecast.forecasters.curves.library import Wave, generic, season_of, seasons, shared, waves
from forecast.forecasters.curves.weekly import Weeks


def bell(peak: str, size: float, weeks: pd.DatetimeIndex, width: float = 28.0) -> np.ndarray:
    return size * np.exp(-0.5 * ((weeks - pd.Timestamp(peak)).days / width) ** 2)


WEEKS = pd.date_range("2020-07-05", "2023-06-25", freq="7D")


def two_waves() -> Weeks:
    values = 3 + bell("2020-12-27", 400, WEEKS) + bell("2022-02-06", 100, WEEKS)
    return Weeks(pd.Series(values, index=WEEKS), 1.0, 0.05)


def test_a_season_runs_from_july_to_june():
    assert [season_of(pd.Timestamp(day)) for day in ("2022-06-30", "2022-07-01", "2023-01-01")] == [2021, 2022, 2022]


def test_seasons_are_aligned_on_their_peaks_and_scale_free():
    first, second = seasons(two_waves(), before=2022)
    assert [wave.peak.date().isoformat() for wave in (first, second)] == ["2020-12-27", "2022-02-06"]
    assert first.size == pytest.approx(403)
    assert first.at(np.zeros(1)) == second.at(np.zeros(1)) == 0
    near = np.arange(-3.0, 4)
    assert first.at(near) == pytest.approx(-0.5 * (near * 7 / 28) ** 2, abs=0.02)


def test_the_present_season_is_no_past_one():
    assert len(seasons(two_waves(), before=2021)) == 1


def test_waves_without_a_season_are_peaks_above_troughs_with_what_followed():
    first, second = waves(two_waves())
    assert [wave.peak.date().isoformat() for wave in (first, second)] == ["2020-12-27", "2022-02-06"]
    later = (second.peak - first.peak).days / 7
    assert later <= 58
    assert first.at(np.array([39.0]))[0] < -4
    ripple = pd.Series(100 + 20 * np.sin(np.arange(len(WEEKS)) / 3), index=WEEKS)
    assert waves(Weeks(ripple, 1.0, 0.05)) == []


def test_one_winter_at_many_places_weighs_as_one():
    one = seasons(two_waves(), before=2022)
    many = shared({"ENG": one, "RM1": one, "RGP": one[:1]})
    winters = {}
    for wave in many:
        winters[wave.peak] = winters.get(wave.peak, 0) + wave.weight
    assert list(winters.values()) == pytest.approx([1.0, 1.0])


def test_even_curves_peak_once_and_their_decline_slows_down():
    for wave in generic()[:6]:
        assert wave.curve.argmax() == -wave.first
        assert (np.diff(wave.curve[: -wave.first + 1]) > 0).all()
        falls = np.diff(wave.curve[-wave.first :])
        assert (falls <= 0).all()
        assert falls[-1] > falls.min() / 4


def test_some_curves_have_a_lower_peak_before_the_highest():
    twins = generic()[6:]
    assert sum(wave.weight for wave in generic()) == pytest.approx(1)
    assert sum(wave.weight for wave in twins) == pytest.approx(0.15)
    for wave in twins:
        assert wave.at(np.zeros(1)) == 0
        assert wave.curve.max() < 0.35
    assert any((np.diff(np.sign(np.diff(wave.curve[:27]))) < 0).any() for wave in twins)


def test_peaks_are_likely_where_past_ones_were_and_possible_all_winter():
    past = [pd.Timestamp(day) for day in ("2017-01-10", "2018-01-15", "2019-01-20")]
    days = pd.date_range("2022-07-04", "2023-06-26", freq="7D")
    chance = pd.Series(prior.peak_days(past, days), index=days)
    assert chance.sum() == pytest.approx(1)
    assert chance.loc["2022-12-15":"2023-02-20"].sum() > 0.75
    assert chance.loc["2022-11-14"] > 0
    assert chance.loc["2022-07-18"] < 1e-3


def test_a_season_far_below_the_others_is_no_wave_to_speak_of():
    made = [Wave(np.zeros(3), -1, pd.Timestamp("2020-01-01"), size) for size in (5.0, 6.0, 7.0, 0.1)]
    assert [wave.size for wave in prior.to_speak_of(made)] == [5, 6, 7]
    sizes = prior.seasonal_sizes([5.0, 6.0, 7.0, 0.1], 0.0)
    assert sum(sizes.chance) == pytest.approx(1)
    assert sizes.chance[1] == pytest.approx(1.5 / 6)
    assert sizes.mean[0] == pytest.approx(np.log([5, 6, 7]).mean())


def test_sizes_of_later_waves_count_more_where_there_is_no_season():
    def wave(day: str, size: float) -> Wave:
        return Wave(np.zeros(3), -1, pd.Timestamp(day), size)

    falling = [wave("2020-04-01", 20000.0), wave("2021-01-01", 30000.0), wave("2022-01-01", 3000.0)]
    logs = np.log([20000, 30000, 3000])
    assert prior.open_sizes(falling, 0.0).mean[0] < logs.mean()
