"""The week and the size of the peak, against what past seasons say: England's flu seasons, and hospitals' waves.

    python benchmarks/peak_week.py ../shared/real

England: every flu season from 2015-16 to 2023-24 whose weekly admission rate exceeds 1.5 per 100,000, forecast from the
other such seasons put in the years before it, from each week from 1 October to that of the peak. The baseline is a
kernel density of the other seasons' peaks, the chance of weeks gone by redistributed. Told are the mean ranked
probability score of the peak week, the chance given to the true week and its neighbours, and the WIS of the size.

Hospitals: trusts whose 7-day mean of flu beds passed 20 in 2022-23, and of Covid beds in July to November 2021, from
five origins, up to that of the trust's peak, with the nation's figures and without them. Flagged values are left out.

Settings were chosen on American states' flu of 2022-23, on Covid in England's regions of 2020 to 2022, and by nested
leave-out on England's flu: for each season the best on the other six, each of them forecast without it.
"""

from __future__ import annotations

from pathlib import Path

import backtests as bt
import numpy as np
import pandas as pd
import tables

import forecast as fc
from forecast.evaluation.measures import weighted_interval_score
from forecast.evaluation.peak_weeks import peak_week_score
from forecast.forecasters import SeasonCurves
from forecast.observations.table import to_panel
from forecast.trajectories import HUBVERSE_QUANTILES
from forecast.waves.peak_climatology import peak_climatology, season_peak
from forecast.waves.peaks import peak
from forecast.waves.season import Window, checked, mondays

RATE, NATION = "flu_hosp_admission_rate_per_100k", "ENG"
LEAST_RATE = 1.5
FIRST, LAST = 2015, 2023
LEVELS = np.array(HUBVERSE_QUANTILES)
WEEK = pd.Timedelta(days=7)
LAST_WEEKS = (1, 4)
USABLE_BEDS = 20.0
HOSPITAL_WAVES = {
    "flu_beds": (("2022-10-01", "2023-04-02"), pd.date_range("2022-12-04", periods=5, freq="7D")),
    "covid_beds_occupied": (("2021-07-01", "2021-11-30"), pd.date_range("2021-07-11", periods=5, freq="14D")),
}
"""Metric -> window in which the peak is looked for, and the origins."""
LEAST_KNOWN = 0.8


def window(year: int) -> tuple[str, str]:
    return f"{year}-10-01", f"{year + 1}-04-30"


def season(rate: pd.Series, year: int) -> pd.Series:
    return rate.loc[f"{year}-07-01" : f"{year + 1}-06-30"]


def moved(rate: pd.Series, year: int, to: int) -> pd.Series:
    """A season put into another year by whole weeks."""
    own = season(rate, year)
    return own.set_axis(own.index + round(365.25 * (to - year) / 7) * WEEK)


def row(chance: pd.Series, sizes: np.ndarray, true: int, size: float) -> dict[str, float]:
    low, high = np.interp([0.05, 0.95], LEVELS, sizes)
    found = peak_week_score(chance, chance.index[true])
    quantiles = {level: np.array([value]) for level, value in zip(LEVELS, sizes, strict=True)}
    return {
        "rps": found.rps,
        "near": found.near,
        "log": float(np.log(max(found.on, 1e-3))),
        "wis": float(weighted_interval_score(quantiles, np.array([size])).wis[0]),
        "held": float(low <= size <= high),
    }


def england(rate: pd.Series, samples: int) -> pd.DataFrame:
    """Scores of curves and climatology at every origin."""
    years = [y for y in range(FIRST, LAST + 1) if season(rate, y).max() > LEAST_RATE]
    rows = []
    for year in years:
        others = [other for other in years if other != year]
        before = [moved(rate, other, year - len(others) + place) for place, other in enumerate(others)]
        joined = pd.concat([*before, season(rate, year)])
        panel = joined[~joined.index.duplicated(keep="last")].sort_index().to_frame(NATION).asfreq("7D")
        past = [season_peak(rate, window(other)) for other in others]
        true, size = season_peak(rate, window(year))
        for left in range(true, -1, -1):
            origin = mondays(checked(window(year)))[true - left]
            known = panel.loc[:origin]
            seen = season(rate, year).loc[window(year)[0] : origin]
            base = peak_climatology(past, window=window(year), origin=origin, highest=float(seen.max() or 0.0))
            found = _ahead(known, RATE, window(year), samples, {})[NATION]
            for name, (chance, sizes) in {
                "climatology": (base.week_probabilities, base.size_quantiles.to_numpy()),
                "SeasonCurves": found,
            }.items():
                rows.append({"season": f"{year}-{(year + 1) % 100:02d}", "left": left, "model": name})
                rows[-1] |= row(chance, sizes, true, size)
    return pd.DataFrame(rows)


def hospitals(beds: pd.DataFrame, rate: pd.Series, metric: str, count: int, samples: int) -> tuple[pd.DataFrame, int]:
    """Scores of trusts with a usable wave, up to the week of their peak; and how many such trusts there are."""
    within, origins = HOSPITAL_WAVES[metric]
    smooth = beds.loc[within[0] : within[1]].rolling(7, center=True, min_periods=4).mean()
    # Before the sitrep of a winter begins there is nothing to know.
    begun = smooth.dropna(how="all").index[0]
    known = beds.loc[begun : within[1], bt.hospital_trusts(beds)].notna().mean() >= LEAST_KNOWN
    usable = [code for code in known.index[known] if smooth[code].max() >= USABLE_BEDS]
    chosen = [usable[place] for place in np.unique(np.linspace(0, len(usable) - 1, count).astype(int))]
    related = {RATE: rate.to_frame(NATION)} if metric.startswith("flu") else {}
    years = [y for y in range(FIRST, 2022) if season(rate, y).max() > LEAST_RATE]
    past = [season_peak(rate, window(year)) for year in years]
    rows = []
    for origin in origins:
        panel = beds.loc[:origin]
        models = {
            "with the nation": _ahead(panel[[*chosen, NATION]], metric, within, samples, related),
            "alone": {code: _ahead(panel[[code]], metric, within, samples, {})[code] for code in chosen},
        }
        for code in chosen:
            true, size = season_peak(beds[code], within)
            weeks = mondays(checked(within))
            if origin > weeks[true] + WEEK:
                continue
            left = pd.Series(np.asarray(weeks > origin - WEEK, dtype=np.float64), index=weeks)
            usual = (
                peak_climatology(past, window=within, origin=origin).week_probabilities
                if related
                else left / left.sum()
            )
            rows.append({"trust": code, "origin": origin, "model": "past seasons" if related else "any week alike"})
            rows[-1] |= dict(zip(("rps", "on", "near"), peak_week_score(usual, usual.index[true]), strict=True))
            for name, found in models.items():
                rows.append({"trust": code, "origin": origin, "model": name})
                rows[-1] |= row(*found[code], true, size)
    return pd.DataFrame(rows), len(usable)


def _ahead(
    panel: pd.DataFrame, metric: str, within: Window, samples: int, related: dict[str, pd.DataFrame]
) -> dict[str, tuple[pd.Series, np.ndarray]]:
    """Location -> chance of each week to hold the peak, and quantiles of its size, by a forecast to a window's end."""
    panel = panel.copy()
    panel.attrs["metric"] = metric
    step = 7 if len(panel) > 1 and panel.index[-1] - panel.index[-2] == WEEK else 1
    days = (pd.Timestamp(within[1]) - panel.index[-1]).days
    model = SeasonCurves(seasonal=metric.startswith("flu"))
    t = model.fit(panel, related).predict(max(-(-days // step), 1), samples=samples, seed=1)
    found = peak(t, observed=panel, window=within, fewest=0.0)
    chances, sizes = found.week_probabilities, found.size_quantiles
    even = pd.Series(1.0 / len(chances), index=chances.index)
    return {
        code: (even if code in found.reasons else chances[code], np.nan_to_num(sizes[code].to_numpy()))
        for code in t.locations
    }


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument("--trusts", type=int, default=30, help="trusts of each wave, at even distances in their order")
    parser.add_argument("--england", action="store_true", help="England only")
    given = parser.parse_args()
    rate = to_panel(fc.read(given.real / "national" / "flu_weekly_england.csv"), RATE)[NATION]
    rate = rate.interpolate(limit=2, limit_area="inside")
    scores = england(rate, given.samples)
    tables.say(f"Peak of England's flu seasons, {scores['season'].nunique()} seasons", compared(scores))
    last = scores[scores["left"].between(*LAST_WEEKS)]
    tables.say("The last four weeks before the peak", compared(last))
    for name, rows in (("all origins", scores), ("the last four weeks", last)):
        wide = rows.pivot_table(index="season", columns="model", values=["rps", "near", "wis"]).round(3)
        wide.columns = [f"{score}, {model}" for score, model in wide.columns]
        tables.say(f"By season, {name}", wide.reset_index())
    if given.england:
        return
    with bt.kept_folder(given.folder) as folder:
        store = bt.stored(given.real, folder)
        for metric in HOSPITAL_WAVES:
            beds = store.panel(metric, clean=True)
            found, usable = hospitals(beds, rate, metric, given.trusts, given.samples)
            title = f"Peak week of {metric}, {found['trust'].nunique()} of {usable} trusts with a usable wave"
            tables.say(title, found.groupby("model")[["rps", "near"]].mean().round(3).reset_index())


def compared(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean scores of each model, and ratios to climatology."""
    means = scores.groupby("model").agg(
        origins=("rps", "size"), rps=("rps", "mean"), near=("near", "mean"), log=("log", "mean"), wis=("wis", "mean"),
        held=("held", "mean"),
    )  # fmt: skip
    for name in ("rps", "wis"):
        means[f"{name} ratio"] = means[name] / means.loc["climatology", name]
    titles = {"rps": "RPS", "near": "true week or a neighbour", "log": "log score", "wis": "WIS of the size"}
    return means.round(3).rename(columns={**titles, "held": "90% range of the size held"}).reset_index()


if __name__ == "__main__":
    main()
