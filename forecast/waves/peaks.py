"""How high a wave gets and when: the highest week of each sample path, with what was observed before it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.trajectories import Trajectories
from forecast.waves import unseen
from forecast.waves.observed import checked_observed
from forecast.waves.peak_value import Peak
from forecast.waves.season import Array, Mask, Season, Window, smoothed
from forecast.waves.thresholds import days_above

__all__ = ["FEWEST_BEDS", "Peak", "days_above", "peak", "together"]

FEWEST_BEDS = 5.0
"""Below so many patients a wave's highest day is chance."""


def peak(
    t: Trajectories,
    *,
    observed: pd.DataFrame | None = None,
    window: Window,
    fewest: float = FEWEST_BEDS,
    dated: str = "",
) -> Peak:
    """Find the highest week of each sample path within a window.

    Parameters
    ----------
    t
        Daily or weekly sample paths.
    observed
        Panel of values, dates by location, daily or weekly; those up to the origin count as the first part of every
        path. Give it without the values known to be wrong. Daily values of weekly paths are taken as weekly means.
    window
        First and last day of the season. A week belongs to it by its middle day.
    fewest
        A size that at least half of the paths reach; below it nothing is said of the week. In the metric's unit: give
        another for a rate.
    dated
        Weekly data: "first" or "last" day of the week under which a week stands; unless given, the first where the
        dates are Mondays, the last otherwise.

    Returns
    -------
    Peak
        Sizes of daily data are centred means of seven days, of those known (four at least); of weekly data the values.
        Of equal days the first counts. A location has a reason instead where there is no forecast to the end of the
        window, where its wave is too small, or where a long gap in what was observed may hide the peak.

    Raises
    ------
    InputError
        The window is no pair of days in order, the forecast is neither daily nor weekly, or ``observed`` is no panel
        that goes with it.

    Examples
    --------
    Three paths of four weeks, after two weeks that were observed:

    >>> dates = pd.date_range("2025-01-06", periods=4, freq="7D")
    >>> weeks = [[[30, 40, 30, 10], [30, 20, 10, 5], [25, 45, 50, 20]]]
    >>> array = xr.DataArray(
    ...     np.array(weeks, dtype=float),
    ...     dims=("location", "sample", "date"),
    ...     coords={"location": ["RM1"], "sample": range(3), "date": dates},
    ... )
    >>> t = fc.Trajectories(array, "flu_beds", pd.Timestamp("2024-12-30"))
    >>> seen = pd.DataFrame({"RM1": [20.0, 35.0]}, index=pd.to_datetime(["2024-12-23", "2024-12-30"]))
    >>> top = fc.peak(t, observed=seen, window=("2024-12-23", "2025-02-02"))
    >>> top.sizes["RM1"].tolist()
    [40.0, 35.0, 50.0]
    >>> round(float(top.passed["RM1"]), 2)
    0.33
    """
    season = Season.of(t, window, dated)
    observed = checked_observed(observed, t.step_days)
    inside, past = season.inside, season.past
    draws = t.paths.shape[1]
    nothing = pd.DataFrame(index=pd.RangeIndex(draws, name="sample"), columns=pd.Index(t.locations, name="location"))
    dates, sizes = nothing.astype("datetime64[us]"), nothing.astype(np.float64)
    seen = nothing.notna()
    reasons: dict[str, str] = {}
    begins = unseen.first_known(season, observed)
    for place, code in enumerate(t.locations):
        known = season.observed(observed, code)
        reasons[code] = unseen.missing(season, known, t.paths[place, 0], t.dates, t.notes.get(code, ""))
        if reasons[code]:
            continue
        values = season.joined(known, t.paths[place], t.dates)
        at, height = _highest(values if season.step > 1 else smoothed(values), inside)
        reasons[code] = unseen.hidden(season, known, begins, float(np.median(height))) or _small(height, fewest)
        if not reasons[code]:
            dates[code], sizes[code], seen[code] = season.middles[at], height, past[at]
    reach = min(season.window[1], max(season.middles[-1], t.origin))
    said = {code: reason for code, reason in reasons.items() if reason}
    return Peak(dates, sizes, seen, t.origin, season.window, reach, t.metric, said)


def together(flu: Peak, covid: Peak, within_days: int = 14) -> pd.Series:
    """Chance by location that both peaks fall within so many days of each other; NaN where one of them is not known.

    Peaks are compared by sample number. Forecasts of two metrics are drawn from random numbers of their own, so that
    their waves are taken not to bear on each other.

    Raises
    ------
    InputError
        They have different numbers of samples, or are of one metric, or neither says of which: such forecasts share
        their random numbers, and their peaks would fall together for that reason alone.
    """
    if len(flu.dates) != len(covid.dates):
        raise InputError(
            f"peaks together: {len(flu.dates)} samples of {flu.metric or 'one'} and {len(covid.dates)} of "
            f"{covid.metric or 'the other'}; make both forecasts with the same number of samples"
        )
    if flu.metric == covid.metric:
        raise InputError(
            f"peaks together: both are of {flu.metric or 'a metric that has no name'}; set panel.attrs['metric'], such "
            "as 'flu_beds' and 'covid_beds_occupied', before each forecast"
        )
    both = [code for code in flu.locations if code in covid.locations]
    apart = (flu.dates[both] - covid.dates[both]).abs()
    near = (apart <= pd.Timedelta(days=within_days)).mean()
    return near.where(apart.notna().all()).rename("together")


def _highest(values: Array, inside: Mask) -> tuple[np.ndarray, Array]:
    """Place and height of the first maximum inside, by sample."""
    within = np.where(inside & ~np.isnan(values), values, -np.inf)
    at = within.argmax(axis=1)
    return at, within[np.arange(len(within)), at]


def _small(height: Array, fewest: float) -> str:
    if not np.isfinite(height).all():
        return "no value is known and none is forecast within the season"
    if (height >= fewest).mean() >= 0.5:
        return ""
    return (
        f"the wave is too small: its highest week is more likely below {fewest:g} than above, and which week that is "
        "would be chance"
    )
