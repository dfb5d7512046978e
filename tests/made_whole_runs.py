"""A small finished run that has everything: both counts, both waves with their peaks, and places."""

import numpy as np
import pandas as pd
from made_runs import AS_OF, COUNTY, HOSPITALS, ORIGIN, SKIPPED
from made_runs import _forecast as backlog
from made_wave_runs import WAVES
from made_wave_runs import _forecast as wave

from forecast import runs
from forecast.runs.places_ahead import NEEDED_COLUMNS, QUANTILE_COLUMNS, PlacesAhead

LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
NEEDED = {"flat": (71, 74, 78), "care_home_bed": (33, 37, np.nan), "community_bed": (31, 34, 35)}
NO_PLACES = "no hospital of Norfolk has a forecast of its count"


def make_whole_run(
    models, *, simulated=True, silent=None, places=True, season=True, waves=True, counts=True, remark="", cannot=""
):
    """Write a run.

    Parameters
    ----------
    silent
        A hospital without a forecast of flu and Covid.
    places, season, waves, counts
        Keep places; the season ahead; the peaks; the people fit to leave.
    remark, cannot
        Texts that stand beside RCX: a remark, and why its fit to leave cannot be said.
    """
    found = [backlog(metric, None, "2022-04-01") for metric in ("nctr_patients", "nctr_remaining") if counts]
    found += [wave(metric, silent, 1.0, season, {}, "" if waves else "out of season", ()) for metric in WAVES]
    if not season:
        nothing = runs.outlook.SeasonAhead(reason="the forecaster of this run does not look so far ahead")
        found = [_with(one, season=nothing) for one in found]
    if remark or cannot:
        found = [_told(one, remark, cannot) for one in found]
    manifest = {
        "id": f"2025-01-09-{'5151' if simulated else 'aaaa'}77",
        "as_of": f"{AS_OF:%Y-%m-%d}",
        "simulated": simulated,
        "code_version": "0.1.0+test",
        "settings": {"horizon_days": 42, "samples": 200, "seed": 1},
        "seed": 1,
        "vintages": [{"file": "000001.parquet", "rows": 1234}],
        "counties": {COUNTY: HOSPITALS},
        "skipped": {"ga_beds_occupied": SKIPPED["covid_beds_occupied"]}
        if counts
        else {"nctr_patients": "no file came"},
        "timings": {},
    }
    return runs.write_run(models, manifest, found, {COUNTY: _places() if places else PlacesAhead(reason=NO_PLACES)})


def _with(one, **changes):
    return type(one)(**{**{name: getattr(one, name) for name in one.__dataclass_fields__}, **changes})


def _told(one, remark, cannot):
    notes = {**one.trajectories.notes, "RCX": remark}
    paths = type(one.trajectories)(one.trajectories.samples, one.metric, ORIGIN, notes, "Ensemble")
    reasons = {"RCX": cannot} if cannot and one.metric == "nctr_patients" else {}
    return _with(one, trajectories=paths, cannot_say={**one.cannot_say, **reasons})


def _places():
    dates = pd.date_range(AS_OF, periods=43)[1:]
    rows = []
    for scale, (product, _) in enumerate(NEEDED.items(), start=1):
        for what, code in [("waiting", code) for code in (*HOSPITALS, COUNTY)] + [
            ("needed", COUNTY),
            ("occupied", COUNTY),
        ]:
            for level in LEVELS:
                value = 20 * scale + round(30 * level) + (40 if what == "needed" else 0) + len(code)
                rows += [(what, code, product, day, level, float(value + day.day % 3)) for day in dates]
    counts = pd.DataFrame(rows, columns=list(QUANTILE_COLUMNS))
    needed = [
        (level, product, many)
        for product, every in NEEDED.items()
        for level, many in zip((0.8, 0.9, 0.95), every, strict=True)
    ]
    return PlacesAhead(None, counts, pd.DataFrame(needed, columns=list(NEEDED_COLUMNS)))
