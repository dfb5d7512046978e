"""What was not observed may hide a peak."""

import numpy as np
import pandas as pd
from made_waves import bell, panel_of, paths_of

from forecast.waves.peaks import peak

WINDOW = ("2024-10-01", "2025-04-30")
ORIGIN = pd.Timestamp("2024-12-15")  # a Sunday
AHEAD = "2024-12-16"
DAYS = 136  # to 30 April 2025


def test_a_long_gap_beside_the_highest_figures_may_hide_the_peak():
    # the false zeros of a hospital's flu return, masked: its first usable figure is its highest
    rows = [[n, np.nan] for n in np.linspace(5, 60, 40)] + [[60, 22], [58, 20], [55, 19], [50, 18], [48, 16]]
    observed = panel_of(rows, ORIGIN, locations=("RM1", "RGP"))
    ahead = np.linspace([47, 15], [1, 1], 30).T[:, None, :]
    found = peak(paths_of(ahead, AHEAD, locations=("RM1", "RGP")), observed=observed, window=WINDOW)
    assert list(found.reasons) == ["RGP"]
    assert (
        found.reasons["RGP"]
        == "no usable figures from 1 November 2024 to 10 December 2024, when the peak may have passed unseen"
    )


def test_a_long_gap_far_below_the_peak_hides_nothing():
    whole = bell(75, 70, 60)
    whole[20:45] = np.nan
    ahead = bell(60, -5, 60)
    found = peak(paths_of([[ahead]], AHEAD), observed=panel_of(whole, ORIGIN), window=WINDOW)
    assert not found.reasons


def test_a_handful_of_figures_is_no_yardstick_for_what_a_gap_hides():
    rows = [[n, np.nan] for n in np.linspace(5, 60, 40)]
    rows[0][1] = 0.0
    observed = panel_of(rows, ORIGIN, locations=("RM1", "RGP"))
    found = peak(
        paths_of([[[61.0] * 30], [[1.0] * 30]], AHEAD, locations=("RM1", "RGP")), observed=observed, window=WINDOW
    )
    assert found.reasons["RGP"].startswith("no usable figures from 7 November 2024 to 15 December 2024")


def test_a_collection_that_stopped_after_the_wave_hides_nothing():
    whole = np.r_[bell(180, 90, 60), [np.nan] * 60]
    observed = panel_of(whole, "2025-06-01")
    found = peak(paths_of([[[1.0] * 7]], "2025-06-02"), observed=observed, window=WINDOW)
    assert found.passed["RM1"] == 1


def test_figures_that_stopped_near_the_peak_leave_the_week_unsaid():
    whole = bell(75, 60, 60)
    whole[55:] = np.nan
    found = peak(paths_of([[[40.0] * 30]], AHEAD), observed=panel_of(whole, ORIGIN), window=WINDOW)
    assert "may have passed unseen" in found.reasons["RM1"]


def test_a_gap_at_the_window_s_beginning_hides_the_peak_of_a_collection_that_ran_before_it():
    # Covid 2024: published to the end of September, then not until late November; the wave came in between
    observed = panel_of(np.r_[np.linspace(20, 50, 20), [np.nan] * 89, np.linspace(21, 10, 21)], "2025-01-18")
    found = peak(paths_of([[[9.0] * 102]], "2025-01-19"), observed=observed, window=WINDOW)
    assert found.reasons == {
        "RM1": "no usable figures from 1 October 2024 to 28 December 2024, when the peak may have passed unseen"
    }


def test_a_collection_of_winter_alone_has_no_gap_before_its_first_day():
    last_winter = panel_of(np.full(30, 40.0), "2024-03-31")
    this_winter = panel_of(np.linspace(10, 40, 40), "2025-01-18")
    observed = pd.concat([last_winter, this_winter])
    assert not peak(paths_of([[[60.0] * 102]], "2025-01-19"), observed=observed, window=WINDOW).reasons
