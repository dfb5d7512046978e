"""Rolling origins: what each model would have said on past days, with no more than was known then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from forecast.evaluation.known import Panel
from forecast.evaluation.planning import planned
from forecast.evaluation.running import Progress, run_plans, workers
from forecast.forecasters.base import Forecaster


def backtest(
    forecasters: Forecaster | Mapping[str, Forecaster],
    panel: Panel,
    *,
    origins: Iterable[str | pd.Timestamp],
    horizon: int,
    related: Mapping[str, Panel] | None = None,
    locations: Sequence[str] | None = None,
    totals: Mapping[str, Sequence[str]] | None = None,
    observed: pd.DataFrame | None = None,
    zeros_missing: bool = False,
    baseline: bool = True,
    samples: int = 1000,
    seed: int = 0,
    history: int | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Forecast from each origin, and set what happened beside it.

    Parameters
    ----------
    forecasters
        One, called by its class, or several by name; fitted anew at each origin.
    panel
        One metric, dates by location; cut at each origin. Or a function from a day to the panel as known on that day
        (``store.panel_at(metric)``): the origin is then the day of issue, and the days between the last value and the
        origin are forecast too, but not told.
    origins
        Days; the last whose data, or whose releases, a forecast may use.
    horizon
        Steps after the origin: days of a daily panel, weeks of a weekly one.
    related
        Further panels by name, or functions, for the forecasters that take them; cut at the origin too.
    locations
        Columns to forecast; forecasters learn on all of the panel. Default: all but the totals.
    totals
        Name to the locations that it is the sum of: forecasts are added path by path.
    observed
        Panel of what happened. Default: the panel; of a function, what it answers to None: all that is known.
    zeros_missing
        Whether a zero in ``observed`` stands for a missing value, as it does where a count cannot be zero (patients fit
        to leave at a hospital of hundreds of beds).
    baseline
        Whether to add ``Persistence`` where no model of that name is given.
    samples, seed
        Passed to ``predict``, the same at each origin.
    history
        Days of the panel that a forecaster is given; all without.
    jobs
        Processes on this machine, as joblib counts them; a task is one model at one origin. Default: what
        ``joblib.parallel_config`` says, else one.
    dask
        Address of the scheduler of a Dask cluster that does the tasks, such as ``"tcp://10.0.0.5:8786"``; its workers
        need this version of the package. A worker that is lost costs the task it was at, which another does again.
    folder
        Where finished tasks are kept, so that a rerun does only what is new. A task is done again when its data, what
        happened, a setting or the code of its forecaster has changed.
    progress
        Called with a label, tasks done and tasks in all.

    Returns
    -------
    DataFrame
        One row a forecast: model, location, origin, horizon, date, observed, 23 quantiles in columns "0.01", "0.025",
        "0.05", ... "0.99", crps and pit of the sample paths, note, seconds (of the task). Sorted by model as given,
        origin, location as given, date. NaN where a model had no forecast, or nothing was observed.
        ``attrs["failed"]`` lists tasks that raised: dicts of model, origin and reason.

    Raises
    ------
    InputError
        A panel, an origin, a location or a number that cannot be used, or a cluster that cannot be reached or has
        another version of the package; the message names it.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> panel = pd.DataFrame({"RM1": np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120]}, index=days)
    >>> b = fc.backtest(
    ...     fc.forecasters.SeasonalNaive(), panel, origins=["2024-03-31", "2024-04-14"], horizon=7, samples=50
    ... )
    >>> len(b), b["model"].unique().tolist()
    (28, ['SeasonalNaive', 'Persistence'])
    >>> b.loc[0, ["origin", "horizon", "observed", "0.5"]].astype(str).tolist()
    ['2024-03-31 00:00:00', '1', '200.0', '200.0']
    """
    plan = planned(
        forecasters,
        panel,
        origins=origins,
        horizon=horizon,
        related=related,
        locations=locations,
        totals=totals,
        observed=observed,
        zeros_missing=zeros_missing,
        baseline=baseline,
        samples=samples,
        seed=seed,
        history=history,
    )
    with workers(jobs, dask) as work:
        return next(frame for _, frame in run_plans([plan], work, folder=folder, progress=progress))
