"""Both waves at once, and days above a number of beds, worked by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_waves import panel_of, paths_of, weekly

from forecast.errors import InputError
from forecast.waves.peaks import days_above, peak, together

WINDOW = ("2024-10-01", "2025-04-30")
ORIGIN = pd.Timestamp("2024-12-15")  # a Sunday
AHEAD = "2024-12-16"


def covid_peak(*rows):
    return replace(peak(weekly(*rows), window=WINDOW), metric="covid_beds_occupied")


def test_both_peaks_within_a_fortnight_are_counted_path_by_path():
    flu = peak(weekly([30, 1, 1, 1], [1, 30, 1, 1], [1, 1, 1, 30], [30, 1, 1, 1]), window=WINDOW)
    covid = covid_peak([9, 1, 1, 1], [1, 1, 1, 9], [9, 1, 1, 1], [1, 1, 9, 1])
    assert together(flu, covid)["RM1"] == 0.75  # 0, 14, 21 and 14 days apart
    assert together(flu, covid, within_days=7)["RM1"] == 0.25
    assert np.isnan(together(flu, covid_peak(*[[1, 1]] * 4))["RM1"])


def test_peaks_of_different_numbers_of_samples_were_not_drawn_together():
    with pytest.raises(InputError, match=r"2 samples of flu_beds and 1 of flu_beds"):
        together(peak(weekly([9, 1], [9, 1]), window=WINDOW), peak(weekly([9, 1]), window=WINDOW))


@pytest.mark.parametrize(("metric", "said"), [("flu_beds", "of flu_beds"), ("", "has no name.*panel.attrs")])
def test_peaks_that_share_their_random_numbers_are_not_compared(metric, said):
    one = replace(peak(weekly([9, 1], [1, 9]), window=WINDOW), metric=metric)
    with pytest.raises(InputError, match=said):
        together(one, one)


def test_days_above_count_observed_and_forecast_days_of_the_window():
    observed = panel_of([30] * 5 + [10] * 5, ORIGIN)
    found = days_above(paths_of([[[30, 10, 25], [30, 30, 30]]], AHEAD), 25, observed=observed, window=WINDOW)
    assert list(found["RM1"]) == [6, 8]
    weeks = days_above(weekly([30, 10, 26]), 25, window=WINDOW)
    assert list(weeks["RM1"]) == [14]


def test_days_above_of_a_place_without_a_forecast_are_not_known():
    t = paths_of([[[30.0, 30]], [[np.nan, np.nan]]], AHEAD, locations=("RM1", "RGP"))
    assert days_above(t, 25, window=WINDOW)["RGP"].isna().all()
