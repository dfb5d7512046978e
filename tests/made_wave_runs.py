"""A finished run in the middle of a winter of flu and Covid, with its peaks, lags and the nation's curve."""

import numpy as np
import pandas as pd
import xarray as xr
from made_runs import AS_OF, COUNTY, HOSPITALS, ORIGIN

from forecast import runs
from forecast.runs import MetricForecast, outlook
from forecast.runs.wave_ahead import WaveAhead
from forecast.summary import summarise
from forecast.trajectories import DIMS, Trajectories
from forecast.waves.lag import Lag
from forecast.waves.peaks import peak

WINDOW = ("2024-10-01", "2025-04-30")
NEAR = AS_OF + pd.Timedelta(days=42)
FAR = AS_OF + pd.Timedelta(days=210)
WAVES = {
    "flu_beds": {"at": "2025-01-16", "heights": {"RM1": 78, "RGP": 31, "RCX": 26}, "width": 22, "spread": 11},
    "covid_beds_occupied": {
        "at": "2025-02-04",
        "heights": {"RM1": 42, "RGP": 20, "RCX": 24},
        "width": 30,
        "spread": 19,
    },
}
BEHIND = {"RM1": 2, "RGP": 9, "RCX": 12, COUNTY: 5}
SAMPLES = 300


def make_wave_run(
    models, *, simulated=True, silent=None, small=False, seasonal=True, why=None, off_season="", seasons=()
):
    """Write a run.

    Parameters
    ----------
    silent
        A hospital without a forecast.
    small
        Waves of a few beds only.
    seasonal
        Keep the season ahead.
    why
        Place to why its lag cannot be told.
    off_season
        Why no peak is looked for.
    seasons
        Earlier seasons that lags rest on, by the year in which they began.
    """
    manifest = {
        "id": f"2025-01-09-{'aa' if simulated else 'bb'}{'cc' if silent else 'dd'}{'ee' if small else 'ff'}",
        "as_of": f"{AS_OF:%Y-%m-%d}",
        "simulated": simulated,
        "code_version": "0.1.0+test",
        "settings": {"horizon_days": 42, "samples": SAMPLES, "seed": 1},
        "seed": 1,
        "vintages": [{"file": "000001.parquet", "rows": 1234}],
        "counties": {COUNTY: HOSPITALS},
        "skipped": {},
        "timings": {},
    }
    forecasts = [
        _forecast(metric, silent, 0.04 if small else 1.0, seasonal, why or {}, off_season, seasons) for metric in WAVES
    ]
    return runs.write_run(models, manifest, forecasts)


def _lag(behind, reason):
    days = pd.Index(range(-14, 43), name="days")
    chance = np.exp(-0.5 * ((days.to_numpy() - behind) / 2.4) ** 2)
    prior = np.exp(-0.5 * ((days.to_numpy() - 7) / 5) ** 2)
    prior = pd.Series(prior / prior.sum(), index=days)
    return Lag(pd.Series(chance / chance.sum(), index=days), not reason, reason, prior)


def _bell(days, wave, height, later=0.0, longer=0.0):
    from_peak = (days - pd.Timestamp(wave["at"])).days.to_numpy() - later
    return height * np.exp(-0.5 * (from_peak / (wave["width"] + longer)) ** 2)


def _paths(metric, until, silent, times):
    rng = np.random.default_rng(len(metric))
    wave = WAVES[metric]
    days = pd.date_range(ORIGIN, FAR, freq="D", unit="us")[1:]
    later = wave["spread"] * rng.standard_normal(SAMPLES)
    drawn = np.exp(0.25 * rng.standard_normal((len(HOSPITALS), SAMPLES)))
    values = np.stack(
        [
            [
                times * _bell(days, wave, height * drawn[k, n], later[n] + BEHIND[code], 0.2 * later[n])
                for n in range(SAMPLES)
            ]
            for k, (code, height) in enumerate(wave["heights"].items())
        ]
    )
    now = np.array(
        [
            times * _bell(pd.DatetimeIndex([ORIGIN]), wave, height, BEHIND[code])[0]
            for code, height in wave["heights"].items()
        ]
    )
    near = np.exp(-np.arange(len(days)) / 15)
    values = np.rint(near * now[:, None, None] + (1 - near) * values + 0.5 * rng.standard_normal(values.shape)).clip(0)
    if silent:
        values[HOSPITALS.index(silent)] = np.nan
    kept = days <= until
    coords = {"location": HOSPITALS, "sample": np.arange(SAMPLES), "date": days[kept]}
    array = xr.DataArray(values[:, :, kept], dims=DIMS, coords=coords)
    notes = {silent: "no usable value since 1 December 2024 (no return)"} if silent else {}
    return Trajectories(array, metric, ORIGIN, notes, "Ensemble").with_total(COUNTY, of=HOSPITALS)


def _forecast(metric, silent, times, seasonal, why, off_season, seasons):
    rng = np.random.default_rng(7)
    wave = WAVES[metric]
    days = pd.date_range(end=ORIGIN, periods=200, freq="D", unit="us", name="date")
    history = pd.DataFrame(
        {
            code: np.rint(
                times * _bell(days, wave, height, BEHIND[code]) * np.exp(0.08 * rng.standard_normal(len(days)))
            )
            for code, height in wave["heights"].items()
        },
        index=days,
    )
    if silent:
        history.loc["2024-12-02":, silent] = np.nan
    history[COUNTY] = history[HOSPITALS].sum(axis=1, min_count=3)
    near, far = _paths(metric, NEAR, silent, times), _paths(metric, FAR, silent, times)
    flags = pd.DataFrame({"date": pd.Series(dtype="datetime64[us]"), "location": [], "flag": [], "note": []})
    cannot_say = (
        {silent: "no usable value since 1 December 2024 (no return)", COUNTY: "no forecast for one"} if silent else {}
    )
    season = outlook.SeasonAhead(reason=outlook.NEAR_ONLY)
    if seasonal:
        season = outlook.SeasonAhead(outlook.weekly(far, AS_OF), "", pd.Timestamp("2022-04-01"), NEAR)
    summary = summarise(near, history, AS_OF)
    peaks = None if off_season else peak(far if seasonal else near, observed=history, window=WINDOW)
    lags = {code: _lag(behind, why.get(code, "")) for code, behind in BEHIND.items()}
    england = pd.Series(np.rint(70 * _bell(days, wave, 170, -6)), index=days)
    ahead = WaveAhead(lags, 4, england, peaks, off_season, seasons)
    return MetricForecast(metric, near, near, history, flags, summary, cannot_say, season=season, wave=ahead)
