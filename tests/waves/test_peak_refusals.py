"""What no peak can be looked for in."""

import numpy as np
import pandas as pd
import pytest
from made_waves import panel_of, paths_of, weekly

from forecast.errors import InputError
from forecast.waves.peaks import days_above, peak

WINDOW = ("2024-10-01", "2025-04-30")
ORIGIN = pd.Timestamp("2024-12-15")  # a Sunday
AHEAD = "2024-12-16"
DAYS = 136  # to 30 April 2025


def _above(t, panel):
    return days_above(t, 5, observed=panel, window=WINDOW)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (("2025-04-30", "2024-10-01"), "swap them"),
        (("autumn", "spring"), "give two days"),
        (("2024-10-01",), "give two"),
    ],
)
def test_a_window_that_is_none_is_refused(window, said):
    with pytest.raises(InputError, match=said):
        peak(weekly([10, 30]), window=window)


def test_only_days_and_weeks_have_peaks():
    with pytest.raises(InputError, match="steps of 14 days"):
        peak(paths_of([[[10, 30]]], AHEAD, 14), window=WINDOW)
    with pytest.raises(InputError, match="dated is 'monday'"):
        peak(weekly([10, 30]), window=WINDOW, dated="monday")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda panel: panel["RM1"], "observed is a Series; give a DataFrame"),
        (lambda panel: panel.reset_index(drop=True), "the index is RangeIndex"),
        (lambda panel: panel.tz_localize("Europe/London"), "without a time zone; normalise the index"),
        (lambda panel: panel.set_axis(panel.index + pd.Timedelta(hours=8)), "not all whole days"),
        (lambda panel: pd.concat([panel, panel], axis=1), "column 'RM1' stands twice"),
        (lambda panel: panel.astype(object).replace(7.0, "seven"), "holds a value that is no number"),
        (lambda panel: panel.replace(7.0, np.inf), "column 'RM1' has an infinite value"),
        (lambda panel: panel.iloc[::-7].iloc[::-1], "observed is weekly and the forecast daily"),
    ],
)
def test_what_was_observed_is_refused_in_words_where_it_is_no_panel_for_the_forecast(change, message):
    observed = panel_of(np.arange(40.0), ORIGIN)
    t = paths_of([[[9.0] * 30]], AHEAD)
    for ask in (lambda panel: peak(t, observed=panel, window=WINDOW), lambda panel: _above(t, panel)):
        with pytest.raises(InputError, match=message):
            ask(change(observed))


def test_what_is_no_window_threshold_level_or_edge_is_refused_in_words():
    t = paths_of([[[9.0] * DAYS]], AHEAD)
    for window in ((None, "2025-04-30"), ("NaT", "2025-04-30")):
        with pytest.raises(InputError, match="a day is missing"):
            peak(t, window=window)
    with pytest.raises(InputError, match="a day has a time zone"):
        peak(t, window=(pd.Timestamp("2024-10-01", tz="UTC"), pd.Timestamp("2025-04-30", tz="UTC")))
    with pytest.raises(InputError, match="threshold is nan; give a number of beds"):
        days_above(t, np.nan, window=WINDOW)
    found = peak(t, window=WINDOW)
    with pytest.raises(InputError, match="level is 2"):
        found.likely_weeks(2)
    with pytest.raises(InputError, match="give two or more rising numbers"):
        found.size_by_week("RM1", [10, 0])
