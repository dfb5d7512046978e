"""Scores of a backtest, by model, location, horizon, season."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.evaluation import frames
from forecast.evaluation.measures import weighted_interval_score

COVERED = (50, 80, 90, 95)
"""Central ranges whose coverage is told, in per cent."""
BASELINE = "Persistence"


def score(
    backtest: pd.DataFrame,
    by: Sequence[str] = ("model", "location"),
    baseline: str = BASELINE,
    *,
    bands: Sequence[tuple[int, int]] = frames.BANDS,
) -> pd.DataFrame:
    r"""Compare forecasts with what happened, and with the baseline.

    Parameters
    ----------
    backtest
        The long frame that ``backtest`` returns, or any with its columns. Rows without forecast or outcome are left
        out.
    by
        Columns of the frame, or ``horizon_band``, ``season`` (winter, November to March, or rest; of the day forecast),
        ``half_year``. Without ``model``, all models are taken together.
    baseline
        Model that WIS is divided by; where the frame has no forecasts of it the ratio is NaN.
    bands
        First and last horizon of each ``horizon_band``.

    Returns
    -------
    DataFrame
        One row a group, sorted:

        n
            Forecasts scored.
        missing
            Forecasts that another model made here and this one did not.
        wis
            Weighted interval score, in the unit of the metric: the mean over the quantiles of twice the pinball loss;
            the sum of ``dispersion`` (width), ``underprediction`` and ``overprediction``.
        relative_wis
            Mean WIS over that of the baseline, on the forecasts that both made.
        crps
            Of the sample paths; NaN where the frame has none.
        mae, bias, relative_bias
            Of the median: mean absolute error; mean of median less observed; the same as a share of the mean observed.
        coverage_50, coverage_80, coverage_90, coverage_95
            Share of outcomes in the central range, its ends included.

    Raises
    ------
    InputError
        The frame lacks a column, holds a forecast twice, or ``by`` names what is not there.

    Notes
    -----
    With :math:`q_\tau` the quantile at level :math:`\tau` of :math:`K` levels and :math:`y` the outcome,

    .. math:: \mathrm{WIS} = \frac{1}{K} \sum_{\tau} 2 \max(\tau (y - q_\tau), (\tau - 1)(y - q_\tau))

    References
    ----------
    Bracher, Ray, Gneiting and Reich, *Evaluating epidemic forecasts in an interval format*, PLOS Computational Biology
    17, 2021. Gneiting and Raftery, *Strictly proper scoring rules, prediction, and estimation*, Journal of the American
    Statistical Association 102, 2007 (CRPS).

    Examples
    --------
    Two forecasts of 100, one of which came true and one of which was 10 too low:

    >>> day = pd.Timestamp("2025-01-08")
    >>> b = pd.DataFrame({"model": "as today", "location": ["RM1", "RGP"], "origin": day, "horizon": 1, "date": day})
    >>> b = b.assign(**{"observed": [100.0, 110.0], "0.05": 90.0, "0.5": 100.0, "0.95": 110.0})
    >>> s = fc.score(b, by=["model"], baseline="as today")
    >>> s[["n", "mae", "bias", "coverage_90"]].values.tolist()
    [[2.0, 5.0, -5.0, 1.0]]
    """
    rows = frames.checked(backtest)
    groups = frames.grouping(rows, by, bands)
    if not len(groups.columns):
        raise InputError("by is empty; name at least one column, such as 'model'")
    values = measured(rows)
    numbers = frames.forecast_numbers(rows)
    values["base_wis"] = _of_baseline(rows["model"], numbers, values["wis"], baseline)
    values["common_wis"] = values["wis"].where(values["base_wis"].notna())
    together = values.groupby([groups[name] for name in groups], observed=True, sort=True)
    result = together.mean()
    result.insert(0, "n", together.size())
    result.insert(1, "missing", _missing(groups, numbers, result["n"]))
    observed = result.pop("observed")
    result["relative_bias"] = result["bias"] / observed.where(observed != 0)
    common, base = result.pop("common_wis"), result.pop("base_wis")
    result["relative_wis"] = common / base.where(base != 0)
    order = ["n", "missing", "wis", "relative_wis", "dispersion", "underprediction", "overprediction", "crps"]
    order += ["mae", "bias", "relative_bias"]
    return result[[*order, *(name for name in result if str(name).startswith("coverage_"))]].reset_index()


def measured(rows: pd.DataFrame) -> pd.DataFrame:
    """Scores of each row: wis and its parts, crps, mae, bias, coverage, and observed."""
    found = frames.levels(rows)
    quantiles = {level: rows[name].to_numpy(dtype=np.float64) for level, name in found.items()}
    observed = rows["observed"].to_numpy(dtype=np.float64)
    bias = quantiles[0.5] - observed
    columns = {
        **weighted_interval_score(quantiles, observed)._asdict(),
        "crps": rows["crps"].to_numpy(dtype=np.float64) if "crps" in rows else np.full(len(rows), np.nan),
        "mae": np.abs(bias),
        "bias": bias,
        "observed": observed,
    }
    for percent in COVERED:
        low, high = ((100 - percent) / 200, (100 + percent) / 200)
        if low in quantiles and high in quantiles:
            inside = (observed >= quantiles[low]) & (observed <= quantiles[high])
            columns[f"coverage_{percent}"] = inside.astype(np.float64)
    return pd.DataFrame(columns, index=rows.index)


def pit_histogram(backtest: pd.DataFrame, by: Sequence[str] = ("model",), bins: int = 10) -> pd.DataFrame:
    """Share of outcomes in equal parts of the forecast distribution: flat where a forecast is calibrated.

    High ends say that ranges are too narrow, a high middle that they are too wide, a slope that forecasts lie too high
    or too low.

    Parameters
    ----------
    backtest
        The long frame that ``backtest`` returns.
    by
        As in ``score``.
    bins
        Number of equal parts.

    Returns
    -------
    DataFrame
        The groups as index, one column a part, named by its lower end; each row sums to 1.

    Raises
    ------
    InputError
        The frame has no column ``pit``, or as in ``score``.
    """
    if isinstance(bins, bool) or not isinstance(bins, (int, np.integer)) or bins < 1:
        raise InputError(f"bins is {bins!r}; give a whole number of at least 1")
    if "pit" not in getattr(backtest, "columns", ()):
        raise InputError("backtest frame: column 'pit' is missing; give the frame that backtest returns")
    rows = frames.checked(backtest)
    rows = rows[rows["pit"].notna()]
    groups = frames.grouping(rows, by)
    part = np.minimum((rows["pit"].to_numpy() * bins).astype(int), bins - 1)
    shares = pd.crosstab([groups[name] for name in groups], part, normalize="index")
    shares = shares.reindex(columns=range(bins), fill_value=0.0)
    shares.columns = pd.Index([round(k / bins, 10) for k in range(bins)], name="pit")
    return shares


def timings(backtest: pd.DataFrame) -> pd.DataFrame:
    """Seconds of fitting and predicting by model: columns origins, median, mean and total."""
    tasks = backtest.drop_duplicates(["model", "origin"]).groupby("model", observed=True)["seconds"]
    found: pd.DataFrame = tasks.agg(["size", "median", "mean", "sum"])
    return found.rename(columns={"size": "origins", "sum": "total"})


def _of_baseline(model: pd.Series, numbers: np.ndarray, wis: pd.Series, baseline: str) -> np.ndarray:
    """WIS of the baseline for the same forecast as each row; NaN where it made none."""
    known = np.full(int(numbers.max(initial=-1)) + 1, np.nan)
    own = (model == baseline).to_numpy()
    known[numbers[own]] = wis.to_numpy()[own]
    found: np.ndarray = known[numbers]
    return found


def _missing(groups: pd.DataFrame, numbers: np.ndarray, made: pd.Series) -> pd.Series:
    """Forecasts of the same group that any model made, less those of this one."""
    if "model" not in groups:
        return pd.Series(0, index=made.index)
    others = [name for name in groups if name != "model"]
    first = groups.loc[~pd.Series(numbers, index=groups.index).duplicated(), others]
    if not others:
        return len(first) - made
    every = first.groupby(others, observed=True).size().rename("every").reset_index()
    here = made.index.to_frame(index=False).merge(every, on=others, how="left", validate="many_to_one")
    return pd.Series(here["every"].to_numpy() - made.to_numpy(), index=made.index)
