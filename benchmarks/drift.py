"""Control limits of drift: where they lie, how often they warn falsely, and how soon they warn of what is real.

    python -m benchmarks.drift

A calibrated forecaster of a random walk: its days follow each other as closely as days can, so that a fortnight's
outcomes hang together more than those of any hospital. Points overlap by a week, as weekly runs do. The limits found
are the table in ``forecast.watching.limits``; they are then tried on series that return to a mean.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter
from scipy.special import ndtr, ndtri

from forecast.watching import limits

CHARTS = ("share", "middle", "lean")
Array = npt.NDArray[np.float64]
WEEKS = 3_000_000
QUIET_WEEKS = 104
END = float(ndtri(0.95))
QUARTER = float(ndtri(0.75))
NARROW = float(ndtri(0.8)) / END
"""Width of ranges that hold on 60 % of days, as a share of those that hold on 90 %."""


def points(weeks: int, seed: int, stays: float = 1.0, width: float = 1.0, off: float = 0.0, after: int = 0) -> Array:
    """Shares inside the range and its middle half, and mean PIT, of each weekly forecast's fortnight, (3, weeks).

    Parameters
    ----------
    stays
        What is left of a departure after a day: 1, a random walk.
    width, off
        From week ``after`` on: width of the ranges as a share of what it should be, and how far below the right place
        the forecast lies, in halves of the right 9-in-10 range.
    """
    days = np.arange(1, limits.AHEAD_DAYS + 1)
    walk = lfilter([1.0], [1.0, -stays], np.random.default_rng(seed).standard_normal(7 * weeks + len(days) + 1))
    starts = 7 * np.arange(weeks)[:, None]
    spread = np.sqrt(days if stays == 1 else (1 - stays ** (2 * days)) / (1 - stays**2))
    z = (walk[starts + days] - walk[starts] * stays**days) / spread
    z[after:] = (z[after:] + off * END) / width
    held = [(np.abs(z) <= edge).mean(axis=1) for edge in (END, QUARTER)]
    return np.stack([*held, ndtr(z).mean(axis=1)])


def moving(values: Array, many: int) -> Array:
    """Mean of each run of so many values; NaN before the first."""
    sums = np.cumsum(np.r_[0.0, values])
    return np.r_[np.full(many - 1, np.nan), (sums[many:] - sums[:-many]) / many]


def warned(values: Array, many: int, family: int, chart: str) -> npt.NDArray[np.bool_]:
    """Weeks on which a chart warns, one of ``CHARTS``."""
    mean = moving(values, many)
    out: npt.NDArray[np.bool_] = {
        "share": mean < limits.lowest_share(many, family),
        "middle": mean > limits.highest_middle(many, family),
        "lean": np.abs(mean - 0.5) > limits.furthest_lean(many, family),
    }[chart]
    return out


def starts(out: npt.NDArray[np.bool_]) -> int:
    """How many warnings there are: weeks in a row are one."""
    return int((out[1:] & ~out[:-1]).sum())


def limit(distance: Array, rate: float) -> float:
    """Distance that is left for a new warning on no more than this share of weeks."""
    low, high = 0.0, float(np.nanmax(distance))
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if starts(distance > middle) <= rate * len(distance) else (middle, high)
    return high


def table() -> None:
    """Print the limits of each number of weeks and of series, for ``limits``."""
    inside, middle, pit = points(WEEKS, seed=1)
    for many in limits.POINTS:
        below, off = 1 - moving(inside, many), np.abs(moving(pit, many) - 0.5)
        rates = [1 / (QUIET_WEEKS * family) for family in limits.FAMILIES]
        print(many, "share", [round(1 - limit(below, rate), 3) for rate in rates], end=" ")
        print("middle", [round(limit(moving(middle, many), rate), 3) for rate in rates], end=" ")
        print("lean", [round(limit(off, rate), 3) for rate in rates])


def false_warnings(family: int, stays: float, weeks: int = 2_000_000) -> list[float]:
    """Weeks between two false warnings anywhere in a family of series, of each chart."""
    rows = points(weeks, seed=2, stays=stays)
    return [
        weeks / max(starts(warned(row, 13, family, chart)), 1) / family for row, chart in zip(rows, CHARTS, strict=True)
    ]


def delay(family: int, chart: str, tries: int = 2_000, **shift: float) -> list[float]:
    """Weeks from a shift to its warning that half, and nine in ten, of the tries take."""
    before, found = 26, []
    for seed in range(tries):
        row = points(before + 80, seed=10 + seed, after=before, **shift)[CHARTS.index(chart)]
        out = np.flatnonzero(warned(row, 13, family, chart)[before:])
        found.append(out[0] + 1 if len(out) else 81)
    return [float(np.quantile(found, level)) for level in (0.5, 0.9)]


def main() -> None:
    """Print the table, and what it does."""
    table()
    for family in (4, 36):
        for stays in (1.0, 0.95, 0.8):
            found = zip(CHARTS, false_warnings(family, stays), strict=True)
            told = ", ".join(f"{chart} {weeks:.0f}" for chart, weeks in found)
            print(f"{family} series, stays {stays}: weeks between false warnings: {told}")
        shifts = {
            "90 to 60 %": delay(family, "share", width=NARROW),
            "twice too wide": delay(family, "middle", width=2.0),
            "half a range too low": delay(family, "lean", off=1.0),
        }
        for shift, (half, most) in shifts.items():
            print(f"{family} series: {shift}: half by week {half:.0f}, 9 in 10 by {most:.0f}")


if __name__ == "__main__":
    main()
