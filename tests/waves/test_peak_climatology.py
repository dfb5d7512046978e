"""What past seasons say of the next peak, against kernels worked out by scipy and by simulation."""

import numpy as np
import pandas as pd
import pytest
from made_waves import bell
from scipy.stats import norm

from forecast.errors import InputError
from forecast.waves.peak_climatology import peak_climatology, season_peak, season_peaks

WINDOW = ("2024-10-01", "2025-04-30")
PAST = [(11, 40.0), (13, 60.0), (15, 80.0), (18, 30.0), (13, 100.0)]


def width(values, narrowest):
    spread = min(np.std(values, ddof=1), np.subtract(*np.percentile(values, [75, 25])) / 1.34)
    return max(0.9 * spread * len(values) ** -0.2, narrowest)


def test_before_the_season_the_chances_are_the_kernels_mass_by_week():
    found = peak_climatology(PAST, window=WINDOW).week_probabilities
    weeks = [week for week, _ in PAST]
    kernels = norm(np.array(weeks)[:, None], width(weeks, 1.0))
    mass = (kernels.cdf(np.arange(31) + 0.5) - kernels.cdf(np.arange(31) - 0.5)).mean(axis=0)
    assert found.to_numpy() == pytest.approx(mass / mass.sum())
    assert found.index[0] == pd.Timestamp("2024-09-30")


def test_weeks_gone_by_give_their_chance_to_those_left_in_proportion():
    whole = peak_climatology(PAST, window=WINDOW).week_probabilities
    later = peak_climatology(PAST, window=WINDOW, origin="2025-01-05").week_probabilities  # a Sunday
    gone = later.index < "2024-12-30"
    assert (later[gone] == 0).all()
    assert later[~gone].to_numpy() == pytest.approx((whole[~gone] / whole[~gone].sum()).to_numpy())


def test_later_than_any_past_season_every_week_left_is_as_likely():
    found = peak_climatology([(5, 10.0), (5, 12.0)], window=WINDOW, origin="2025-04-20").week_probabilities
    assert list(found[found > 0]) == pytest.approx([1 / 3] * 3)  # 14, 21 and 28 April


def test_sizes_are_a_mixture_of_lognormals():
    found = peak_climatology(PAST, window=WINDOW).size_quantiles
    logs = np.log([size for _, size in PAST])
    rng = np.random.default_rng(5)
    drawn = np.exp(rng.choice(logs, 400_000) + width(logs, 0.1) * rng.standard_normal(400_000))
    assert found[[0.05, 0.5, 0.95]].to_numpy() == pytest.approx(np.quantile(drawn, [0.05, 0.5, 0.95]), rel=0.01)


def test_a_peak_is_no_lower_than_the_highest_week_so_far():
    assert peak_climatology(PAST, window=WINDOW, highest=70.0).size_quantiles.min() > 70
    assert set(peak_climatology(PAST, window=WINDOW, highest=9999.0).size_quantiles) == {9999.0}


def test_a_past_season_gives_the_week_and_the_size_of_its_highest_seven_days():
    days = pd.date_range("2022-10-01", "2023-04-30")
    daily = pd.Series(bell(len(days), 90, 60), index=days)  # 30 December 2022
    week, size = season_peak(daily, ("2022-10-01", "2023-04-30"))
    assert week == 13  # 26 September is the first Monday, 26 December the fourteenth
    assert size == pytest.approx(daily["2022-12-27":"2023-01-02"].mean())
    weekly = pd.Series([10.0, 30.0, 20.0], index=pd.date_range("2022-12-12", periods=3, freq="7D"))
    assert season_peak(weekly, ("2022-10-01", "2023-04-30")) == (12, 30.0)


def test_seasons_without_a_value_above_zero_are_left_out():
    series = pd.Series(
        [10.0, 30.0, 0.0, 0.0], index=pd.to_datetime(["2022-12-12", "2022-12-19", "2023-12-11", "2023-12-18"])
    )
    windows = [(f"{year}-10-01", f"{year + 1}-04-30") for year in (2021, 2022, 2023)]
    assert season_peaks(series, windows) == [(12, 30.0)]
    with pytest.raises(InputError, match="no value is known"):
        season_peak(series, windows[0])


@pytest.mark.parametrize(
    ("past", "origin", "said"),
    [
        (PAST[:1], None, "1 season given"),
        ([(3, 0.0), (4, 2.0)], None, "a size of 0"),
        (PAST, "2025-06-01", "the season is over"),
    ],
)
def test_what_cannot_be_a_climatology_is_refused(past, origin, said):
    with pytest.raises(InputError, match=said):
        peak_climatology(past, window=WINDOW, origin=origin)
