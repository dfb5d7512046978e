"""The simulated twin: an invented England to show and test the toolkit without published data.

About twenty hospitals carry real codes and real sizes; everything else is simulated from
``data/reference/twin.csv``. A hospital with rows of its own there is a known number of days behind England in each
season, and the traps of the published data are laid at known places, so that what the toolkit finds can be checked. A
county's hospital without rows of its own gets those that hold everywhere: the size of a typical one.
England and the region are sums of the simulated hospitals' true counts: smaller than the real ones, and free
of the traps.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.errors import InputError
from forecast.observations.publication import released
from forecast.observations.table import check
from forecast.reference import Reference
from forecast.sources.twin_hospitals import simulate_beds, simulate_discharge, simulate_staff
from forecast.sources.twin_parameters import Parameters
from forecast.sources.twin_pressures import simulate_ambulances, simulate_long_stays
from forecast.sources.twin_waves import Array, Wave, occupied, simulate_wave

TRAP = "trap "
SEASONAL_RULE = "weekly_sitrep"


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known about the twin because it was simulated.

    Attributes
    ----------
    lags
        ``location``, ``disease`` (flu, covid), ``season`` (2024-25), ``days_behind`` England, whole days.
    level_shifts
        ``location``, ``metric``, ``first``, ``last``, ``factor`` reached on the last day.
    traps
        ``location``, ``metric``, ``first``, ``last``, ``kind`` (lone zero, false zeros, missing submission).
    future
        Observations released after the as-of day, to score forecasts on.
    """

    lags: pd.DataFrame
    level_shifts: pd.DataFrame
    traps: pd.DataFrame
    future: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Twin:
    """Simulated observations as they stood on ``simulated_as_of``, and the truth behind them."""

    observations: pd.DataFrame
    truth: Truth
    simulated_as_of: pd.Timestamp
    seed: int


def simulate(seed: int = 1, end: pd.Timestamp | str | None = None) -> Twin:
    """Simulate several winters at about twenty hospitals.

    Parameters
    ----------
    seed
        Same seed, same twin. The seed alone makes the values: ``end`` only decides which of them are public.
    end
        As-of day; rows released after it are the future. Default: ``simulated_as_of`` of the parameters, a
        Thursday in mid-winter after the national peak and before the peaks of hospitals two weeks behind.

    Returns
    -------
    Twin
        Observations as ``forecast.observations.table`` has them; their source says they are simulated.

    Raises
    ------
    InputError
        ``seed`` is negative, or ``end`` is no date or outside the simulated days.
    """
    parameters = Parameters()
    if seed < 0:
        raise InputError(f"seed {seed} is negative; choose 0 or more")
    as_of = _as_of(end, parameters)
    # A new kind of series takes the next stream, so that those before it stay as they were.
    flu_rng, covid_rng, discharge_rng, beds_rng, staff_rng, stays_rng, ambulance_rng = np.random.default_rng(
        seed
    ).spawn(7)
    flu = simulate_wave("flu", parameters, flu_rng)
    covid = simulate_wave("covid", parameters, covid_rng)
    counts = {
        **simulate_discharge(parameters, discharge_rng),
        "flu_ga_beds_occupied": flu.beds,
        "flu_cc_beds_occupied": _critical_care(flu, parameters, flu_rng),
        "covid_beds_occupied": covid.beds,
        "covid_admissions_and_diagnoses": covid.admissions,
        **simulate_beds(parameters, beds_rng),
        **simulate_staff(covid.expected, parameters, staff_rng),
        **simulate_long_stays(parameters, stays_rng),
        **simulate_ambulances(parameters, ambulance_rng),
    }
    traps = _traps(parameters)
    published = pd.concat(
        [_publish(metric, values, traps, parameters) for metric, values in counts.items()], ignore_index=True
    )
    published["source"] = f"simulated twin, seed {seed}"
    observations = check(published, "simulated twin")
    public = observations["released"] <= as_of
    truth = Truth(
        lags=pd.concat([flu.lags, covid.lags], ignore_index=True),
        level_shifts=_level_shifts(parameters),
        traps=traps,
        future=observations[~public].reset_index(drop=True),
    )
    return Twin(observations[public].reset_index(drop=True), truth, as_of, seed)


def truth_to_json(twin: Twin) -> str:
    """Return the truth as JSON text for a file beside the data.

    Dates are ISO days. A series of ``future`` is keyed by metric and location; its values, null where nothing
    is published, lie along the dates of its metric.
    """
    future: dict[str, dict[str, object]] = {}
    for metric, rows in twin.truth.future.groupby("metric"):
        wide = rows.pivot_table(index="date", columns="location", values="value").astype(object)
        wide = wide.where(wide.notna(), None)
        future[str(metric)] = {
            "dates": [f"{date:%Y-%m-%d}" for date in wide.index],
            "values": {str(code): wide[code].tolist() for code in wide.columns},
        }
    content = {
        "note": "Simulated: nothing here was observed at a hospital.",
        "seed": twin.seed,
        "simulated_as_of": f"{twin.simulated_as_of:%Y-%m-%d}",
        "lags": _records(twin.truth.lags),
        "level_shifts": _records(twin.truth.level_shifts),
        "traps": _records(twin.truth.traps),
        "future": future,
    }
    return json.dumps(content, indent=1)


def _as_of(end: pd.Timestamp | str | None, parameters: Parameters) -> pd.Timestamp:
    first, last = parameters.days[0], parameters.days[-1]
    if end is None:
        return parameters.date("simulated_as_of")
    try:
        as_of = pd.Timestamp(end).normalize()
    except ValueError:
        raise InputError(f"end {end!r} is not a date; write 2024-01-31") from None
    if not first <= as_of <= last:
        raise InputError(f"end {end!r} is outside the simulated days; choose from {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    return as_of


def _critical_care(flu: Wave, parameters: Parameters, rng: np.random.Generator) -> Array:
    expected = flu.expected * parameters.number("flu_critical_care")
    return occupied(expected, parameters.number("flu_stay"), rng)[0]


def _publish(metric: str, values: Array, traps: pd.DataFrame, parameters: Parameters) -> pd.DataFrame:
    """Long rows of one metric: totals of true counts, traps on the hospitals' rows, release days."""
    panel = pd.DataFrame(values, index=parameters.days, columns=list(parameters.hospitals))
    totals = {row.location: _total(panel, row.location, parameters) for row in parameters.named("published_total")}
    for trap in traps[traps["metric"] == metric].itertuples():
        panel.loc[trap.first : trap.last, str(trap.location)] = np.nan if "missing" in str(trap.kind) else 0.0
    panel = panel.assign(**totals)
    if _seasonal(metric, parameters.tables):
        panel = panel[_in_season(parameters)]
    release = released(panel.index.to_series(), metric, parameters.tables).to_numpy()
    return pd.DataFrame(
        {
            "date": np.repeat(panel.index.to_numpy(), panel.shape[1]),
            "location": np.tile(panel.columns.to_numpy(dtype=object), len(panel)),
            "metric": metric,
            "value": panel.to_numpy().ravel(),
            "released": np.repeat(release, panel.shape[1]),
        }
    )


def _total(panel: pd.DataFrame, code: str, parameters: Parameters) -> pd.Series:
    members = [hospital for hospital in panel.columns if code in _ancestors(hospital, parameters.tables)]
    return panel[members].sum(axis=1)


def _ancestors(code: str, tables: Reference) -> list[str]:
    found = []
    while code in tables.locations and (code := tables.locations[code].parent):
        found.append(code)
    return found


def _seasonal(metric: str, tables: Reference) -> bool:
    known = tables.metric(metric)
    return known is not None and known.publication_rule == SEASONAL_RULE


def _in_season(parameters: Parameters) -> pd.Series:
    start, end = parameters.row("sitrep_season").value.split("/")
    day = parameters.days.strftime("%m-%d")
    return pd.Series((day >= start) | (day <= end), index=parameters.days)


def _traps(parameters: Parameters) -> pd.DataFrame:
    rows = [
        {
            "location": row.location,
            "metric": metric,
            "first": row.span[0],
            "last": row.span[1],
            "kind": row.name,
        }
        for row in parameters.starting(TRAP)
        for metric in row.value.split()
    ]
    traps = pd.DataFrame(rows, columns=["location", "metric", "first", "last", "kind"])
    return traps.assign(kind=traps["kind"].str.removeprefix(TRAP))


def _level_shifts(parameters: Parameters) -> pd.DataFrame:
    rows = [
        {
            "location": row.location,
            "metric": "nctr_patients",
            "first": row.span[0],
            "last": row.span[1],
            "factor": row.number,
        }
        for row in parameters.named("level_shift")
    ]
    return pd.DataFrame(rows, columns=["location", "metric", "first", "last", "factor"])


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    texts = frame.assign(
        **{column: frame[column].dt.strftime("%Y-%m-%d") for column in ("first", "last") if column in frame}
    )
    return [{str(key): value for key, value in record.items()} for record in texts.to_dict("records")]
