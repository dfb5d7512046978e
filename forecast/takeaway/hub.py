"""The exchange file of the forecasting hubs: the 23 quantiles of every measure, and what the model is."""

from __future__ import annotations

import json

import pandas as pd

from forecast.reference import reference
from forecast.runs import Run
from forecast.takeaway.formulas import harmless
from forecast.takeaway.origin import Origin, slug
from forecast.trajectories import HUBVERSE_COLUMNS, Trajectories
from forecast.wording import takeaway_words as said

MODEL, SIMULATED_MODEL = "ensemble", "simulated"
LONGEST_NAME, TEAM_ENDS = 15, "forecast"
"""Letters of a team's name at most, as the hubs want; a file is named after it."""
DECIMALS = 2
SIMULATED_TARGET = "simulated "
"""Before the name of a target, so that no hub takes simulated figures for a forecast of real ones."""


def table(run: Run) -> pd.DataFrame:
    """Quantiles of every measure at each hospital and county, columns ``HUBVERSE_COLUMNS``.

    The target is the measure's name; the horizon counts days (weeks of a weekly measure) from the as-of day, and is
    negative on the days before it that were not yet published.
    """
    before = SIMULATED_TARGET if run.simulated else ""
    found = [_quantiles(run.trajectories(metric), before + metric, run.as_of) for metric in run.metrics]
    if not found:
        return pd.DataFrame(columns=list(HUBVERSE_COLUMNS))
    return pd.concat(found, ignore_index=True)


def _quantiles(paths: Trajectories, target: str, as_of: pd.Timestamp) -> pd.DataFrame:
    # Weeks are counted from the last day on or before the as-of day that ends one.
    reference = as_of - pd.Timedelta(days=int((as_of - paths.dates[0]).days % paths.step_days))
    return paths.to_hubverse(target, reference_date=reference)


def csv(run: Run) -> bytes:
    """Return the exchange file; its columns are the hubs' own, so that what it is stands in its name and beside it."""
    rows = table(run)
    rows = rows.assign(value=rows["value"].astype(float).round(DECIMALS), location=rows["location"].map(harmless))
    return rows.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode()


def metadata(run: Run, origin: Origin) -> bytes:
    """Return the description of the model as the hubs ask for it (YAML), with where the figures come from."""
    lines = {
        "team_name": said.MAKER,
        "team_abbr": team(run),
        "model_name": said.model_name(origin.simulated),
        "model_abbr": model(origin),
        "license": "MIT",
        "designated_model": not origin.simulated,
        "data_inputs": origin.facts["Data to"],
        "methods": said.METHODS,
        "targets": ", ".join(run.metrics),
        **{f"run_{name.lower().replace(' ', '_').replace('-', '_')}": value for name, value in origin.facts.items()},
    }
    # A JSON text is a YAML text, whatever stands in it.
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items()).encode()


def model(origin: Origin) -> str:
    """Name of the model in the hub; that of simulated figures says so."""
    return SIMULATED_MODEL if origin.simulated else MODEL


def team(run: Run) -> str:
    """Name of who forecasts: the first county's letters, as many as there is room for, and "forecast"."""
    county = "".join(filter(str.isalpha, slug(reference().label(run.counties[0])))) if run.counties else ""
    return county[: LONGEST_NAME - len(TEAM_ENDS)] + TEAM_ENDS


def file_name(run: Run, origin: Origin) -> str:
    """Return the name as the hubs want it: date, team, model."""
    return f"{origin.as_of:%Y-%m-%d}-{team(run)}-{model(origin)}.csv"


def metadata_name(run: Run, origin: Origin) -> str:
    """Return the name of the description."""
    return f"{team(run)}-{model(origin)}.yml"
