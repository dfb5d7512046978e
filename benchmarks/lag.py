"""How well the days behind the nation are found: simulated waves with known lags, and the published winters.

    python benchmarks/lag.py --waves 200
    python benchmarks/lag.py --waves 50 --real ../shared/real

Simulated: national waves of three shapes and widths; hospitals -10 to +25 days behind, their waves narrower or wider
than the nation's, with weekday shapes, serially correlated departures and either negative binomial counts or patients
who stay for days. Identifiable, error and coverage are of the medians and 90 % ranges of ``estimate_lag``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.signal import lfilter

import forecast as fc
from forecast.incoming.ingest import ingest_files
from forecast.waves.lag import Lag, estimate_lag
from forecast.waves.pooling import pool_lags

PEAKS = (10, 20, 40, 80)
NOISE = {"counting only": (0.0, 0.0), "low": (0.1, 0.9), "usual": (0.25, 0.93), "high": (0.4, 0.95)}
"""Standard deviation of the departures (log scale) and what is left of one the day after; usual: near the median of
84 trusts' flu beds in winter 2022-23."""
NATION = 5500
WIDER = 0.12
STAY = 8
DAYS = 150
SEASONS = {
    "flu_beds": (("2022-23", "2022-11-14", "2023-04-02"),),
    "covid_beds_occupied": (
        ("spring 2020", "2020-03-20", "2020-07-31"),
        ("Delta 2021", "2021-06-01", "2021-12-05"),
        ("Delta and Omicron", "2021-06-01", "2022-01-18"),
        ("spring 2024", "2024-03-30", "2024-09-30"),
    ),
}
PLACES = ("RM1", "RGP", "RCX", "NORFOLK", "Y61")
FILES = (
    "flu_beds_daily.csv.gz",
    "covid_daily.csv.gz",
    "national/covid_daily.csv.gz",
    "national/beds_and_flu_beds_winter_daily.csv",
)


def shape(days: np.ndarray, kind: str, width: float) -> np.ndarray:
    if kind == "bell":
        return np.exp(-0.5 * np.square(days / width))
    growth, decline = (2.2, 2.2) if kind == "even" else (1.6, 0.9)
    part = decline / (growth + decline)
    return 1 / (part * np.exp(-growth * days / width) + (1 - part) * np.exp(decline * days / width))


def departures(rng: np.random.Generator, deviation: float, kept: float) -> np.ndarray:
    steps = rng.normal(0, deviation, DAYS)
    steps[1:] *= np.sqrt(1 - kept**2)
    return np.asarray(lfilter([1.0], [1.0, -kept], steps))


def wave(rng: np.random.Generator, peak: float, lag: int, noise: str) -> tuple[pd.Series, pd.Series]:
    """A hospital and the nation, daily, one wave."""
    deviation, kept = NOISE[noise]
    kind, width, top = rng.choice(["bell", "even", "lopsided"]), rng.uniform(11, 22), rng.uniform(55, 85)
    base, days = rng.uniform(0.003, 0.05), np.arange(float(DAYS))
    national = NATION * (base + shape(days - top, kind, width)) * np.exp(departures(rng, 0.02, 0.8))
    other = width * np.exp(rng.normal(0, WIDER)) if deviation else width
    expected = peak * (base * rng.uniform(0.5, 1.5) + shape(days - top - lag, kind, other))
    expected = expected * np.exp(departures(rng, deviation, kept))
    week = np.exp(rng.normal(0, 0.08, 7))
    week = (week / week.mean())[np.arange(DAYS) % 7]
    if deviation and rng.random() < 0.5:
        counts = np.rint(in_bed(rng, expected) * week)
    else:
        counts = rng.negative_binomial(20, 20 / (20 + expected * week))
    dates = pd.date_range("2022-11-14", periods=DAYS)
    return pd.Series(counts.astype(float), dates), pd.Series(rng.poisson(national).astype(float), dates)


def in_bed(rng: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """Patients who stay another day with the same chance every day, about a mean."""
    kept = 1 - 1 / STAY
    found = np.empty(len(expected))
    found[0] = rng.poisson(expected[0])
    for day in range(1, len(expected)):
        arrived = rng.poisson(max(expected[day] - kept * expected[day - 1], 0.0))
        found[day] = rng.binomial(int(found[day - 1]), kept) + arrived
    return found


def simulated(waves: int, seed: int) -> pd.DataFrame:
    rows = []
    for noise in NOISE:
        for peak in PEAKS:
            rng = np.random.default_rng([seed, peak, len(noise)])
            found, started = [], time.process_time()
            for _ in range(waves):
                lag = int(rng.integers(-10, 26))
                own = estimate_lag(*wave(rng, peak, lag, noise))
                low, high = own.interval(0.9)
                found.append((own.identifiable, abs(own.median - lag), low <= lag <= high, high - low))
            spent = time.process_time() - started
            said, error, held, width = np.array(found, dtype=float).T
            sure = said == 1
            rows.append(
                {
                    "noise": noise,
                    "peak, beds": peak,
                    "identifiable": f"{100 * said.mean():.0f}%",
                    "median error, days": np.median(error[sure]),
                    "9 in 10 errors up to": np.quantile(error[sure], 0.9),
                    "90% range held": f"{100 * held[sure].mean():.1f}%",
                    "its width, days": round(width[sure].mean(), 1),
                    "ms a wave with its simulation": round(1000 * spent / waves),
                }
            )
    return pd.DataFrame(rows)


def without_wave(waves: int, seed: int) -> pd.DataFrame:
    """Series that cannot say anything, and how often they are called identifiable."""
    rng, kinds = np.random.default_rng(seed), ("flat hospital", "flat nation", "empty", "another wave", "half a wave")
    said = dict.fromkeys(kinds, 0)
    for _ in range(waves):
        own, nation = wave(rng, 40, int(rng.integers(-10, 26)), "usual")
        noise = np.exp(departures(rng, 0.25, 0.93))
        flat = pd.Series(rng.poisson(25 * noise).astype(float), own.index)
        # A wave of its own, sixty days and more from the nation's.
        top = nation.rolling(7, center=True).mean().idxmax()
        away = np.abs((own.index - top).days.to_numpy())
        other = pd.Series(rng.poisson(3 + 37 * np.exp(-0.5 * np.square((away - 62) / 9))).astype(float), own.index)
        before = top - pd.Timedelta(days=10)
        pairs = (
            (flat, nation),
            (own, pd.Series(rng.poisson(3000 * noise**0.1).astype(float), own.index)),
            (own * 0, nation),
            (other, nation),
            (own[:before], nation[:before]),
        )
        for kind, pair in zip(kinds, pairs, strict=True):
            said[kind] += estimate_lag(*pair).identifiable
    return pd.DataFrame(
        {"series": list(said), "called identifiable": [f"{100 * n / waves:.0f}%" for n in said.values()]}
    )


def published(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The lags of the published waves, and what all trusts say together."""
    rows, all_trusts = [], []
    with tempfile.TemporaryDirectory() as scratch:
        store = fc.Store(scratch)
        # Beside the panel without flagged values that of all, where false zeros look like a late wave.
        list(ingest_files(store, [folder / name for name in FILES]))
        for metric, seasons in SEASONS.items():
            panel, raw = (_with_county(store.panel(metric, clean=clean)) for clean in (True, False))
            trusts = [code for code in panel if len(code) == 3 and code.startswith("R")]
            for season, first, last in seasons:
                part = panel[first:last]
                nation = part["ENG"]
                for place in PLACES:
                    if place in part:
                        own = estimate_lag(part[place], nation)
                        beside = simple_lag(raw[place][first:last], nation)
                        rows.append(_row(metric, season, place, part[place], nation, own, beside))
                found = {(code, season): estimate_lag(part[code], nation) for code in trusts if part[code].max() >= 20}
                sure = [lag for lag in found.values() if lag.identifiable]
                pooled = pool_lags(found)
                middles = np.array([lag.median for lag in sure])
                all_trusts.append(
                    {
                        "metric": metric,
                        "wave": season,
                        "trusts of 20 beds": len(found),
                        "identifiable": len(sure),
                        "medians 10/50/90%": " / ".join(f"{v:.0f}" for v in np.quantile(middles, [0.1, 0.5, 0.9]))
                        if sure
                        else "",
                        "width of the 90% range": np.median([np.ptp(lag.interval(0.9)) for lag in sure])
                        if sure
                        else "",
                        "between hospitals, sd days": round(pooled.between_hospitals, 1),
                    }
                )
    return pd.DataFrame(rows), pd.DataFrame(all_trusts)


def _with_county(panel: pd.DataFrame) -> pd.DataFrame:
    return panel.assign(NORFOLK=panel[["RM1", "RGP", "RCX"]].sum(axis=1, min_count=3))


def simple_lag(own: pd.Series, nation: pd.Series) -> str:
    """Days behind by quasi-Poisson regression on the nation's shifted weekly mean, every value taken as true.

    Its range is that of a likelihood ratio, with the dispersion of the best fit.
    """
    curve = nation.rolling(7, center=True, min_periods=4).mean()
    shifted = pd.concat({lag: curve.shift(lag) for lag in range(-14, 29)}, axis=1)
    known = own.notna() & shifted.notna().all(axis=1)
    if known.sum() < 28 or own[known].max() == 0:
        return ""
    counts, mean = own[known].to_numpy()[:, None], shifted[known].to_numpy()
    mean = mean * counts.sum() / mean.sum(axis=0)
    deviance = 2 * (np.where(counts > 0, counts * np.log(np.maximum(counts, 1) / mean), 0) - counts + mean).sum(axis=0)
    best = int(np.argmin(deviance))
    dispersion = float((np.square(counts[:, 0] - mean[:, best]) / mean[:, best]).sum() / (len(counts) - 2))
    inside = shifted.columns[deviance <= deviance[best] + 2.71 * max(dispersion, 1.0)]
    return f"{shifted.columns[best]} ({inside[0]} to {inside[-1]})"


def _row(
    metric: str, season: str, place: str, own: pd.Series, nation: pd.Series, lag: Lag, beside: str
) -> dict[str, object]:
    tops = [part.rolling(7, center=True, min_periods=4).mean().idxmax() for part in (own, nation) if part.notna().any()]
    low, high = lag.interval(0.9)
    return {
        "metric": metric,
        "wave": season,
        "place": place,
        "highest": own.max(),
        "peak to peak": (tops[0] - tops[1]).days if len(tops) == 2 and own.max() > 0 else "",
        "regression, all values as published": beside,
        "days behind": f"{lag.median:.0f} ({low:.0f} to {high:.0f})",
        "identifiable": "yes" if lag.identifiable else f"no: {lag.reason}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=200, help="simulated waves in each row")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--real", type=Path, help="folder of published files")
    arguments = parser.parse_args()
    for table in (simulated(arguments.waves, arguments.seed), without_wave(arguments.waves, arguments.seed)):
        print(table.to_markdown(index=False), end="\n\n", flush=True)
    if arguments.real:
        for table in published(arguments.real):
            print(table.to_markdown(index=False), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
