"""What changed between two runs, made by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from forecast.runs.changes_ahead import (
    BEFORE,
    FORECAST_COLUMNS,
    MODEL,
    NEW_DATA,
    NOW,
    PLACE_COLUMNS,
    REVISED_COLUMNS,
    REVISION,
    WEEK_COLUMNS,
    Changes,
)

WEEK = pd.Timestamp("2025-01-30")
COUNTY = {BEFORE: 560.2, MODEL: 0.0, REVISION: 3.1, NEW_DATA: 10.9, NOW: 574.2}
HOSPITAL = {BEFORE: 98.0, MODEL: 0.0, REVISION: 0.0, NEW_DATA: -4.0, NOW: 94.0}
NAMES = {"NORFOLK": "Norfolk", "RM1": "Norfolk and Norwich", "RCX": "King's Lynn"}


def forecasts(parts: dict[str, float], location: str = "NORFOLK", date: pd.Timestamp = WEEK) -> pd.DataFrame:
    """Rows of one week at one place, the range 50 either side."""
    rows = []
    for part, value in parts.items():
        away = 50.0 if part in (BEFORE, NOW) else 0.0
        rows.append(("nctr_patients", location, date, part, value, value - away, value + away))
    return pd.DataFrame(rows, columns=list(FORECAST_COLUMNS))


def made_changes(**other: object) -> Changes:
    """A comparison with the run of Thursday 9 January 2025."""
    day = pd.Timestamp
    revised = [
        ("nctr_patients", "RCX", day("2025-01-02"), 98.0, 112.0, "corrected"),
        ("nctr_patients", "RCX", day("2025-01-03"), 100.0, 97.0, "corrected"),
        ("nctr_patients", "RM1", day("2025-01-04"), float("nan"), 240.0, "late"),
    ]
    week = [
        ("nctr_patients", "NORFOLK", day("2025-01-06"), day("2025-01-12"), 510.0, 540.0, 580.0, 566.4),
        ("nctr_patients", "RM1", day("2025-01-06"), day("2025-01-12"), 200.0, 220.0, 240.0, 221.0),
        ("nctr_patients", "RCX", day("2025-01-06"), day("2025-01-12"), 90.0, 100.0, 110.0, 121.0),
    ]
    places = [("NORFOLK", 0.9, "flat", part, n) for part, n in zip(COUNTY, (70.0, 0.0, 1.0, 3.0, 74.0), strict=True)]
    places += [
        ("NORFOLK", 0.9, "care_home_bed", part, n) for part, n in zip(COUNTY, (38.0, 0, 0, 0, 38.0), strict=True)
    ]
    found = Changes(
        run="2025-01-09-aaaa",
        as_of=day("2025-01-09"),
        forecasts=pd.concat([forecasts(COUNTY), forecasts(HOSPITAL, "RCX")], ignore_index=True),
        places=pd.DataFrame(places, columns=list(PLACE_COLUMNS)),
        week=pd.DataFrame(week, columns=list(WEEK_COLUMNS)),
        revised=pd.DataFrame(revised, columns=list(REVISED_COLUMNS)),
        peaks={"flu_beds": {"NORFOLK": [0.12, 0.481]}},
        left_out={"nctr_patients": {"RGP": "there was no forecast then"}},
        seconds=3.5,
    )
    return replace(found, **other)
