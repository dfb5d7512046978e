"""A fan of a few days, for charts, captions and words."""

import pandas as pd

from forecast.figures.fan import Fan


def fan(**changes):
    published = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-01", periods=5),
            "value": [500.0, 530.0, 0.0, 480.0, 1510.0],
            "flagged": [False, False, True, False, False],
            "note": ["", "", "reported 0 between 530 and 480", "", ""],
        }
    )
    forecast = pd.DataFrame(
        {
            "date": pd.date_range("2025-01-06", periods=2),
            "low": [460.0, 431.0],
            "quarter": [490.0, 472.0],
            "median": [500.0, 505.0],
            "three_quarters": [510.0, 531.0],
            "high": [540.0, 575.0],
        }
    )
    base = {
        "metric": "Fit to leave, before the day's discharges",
        "place": "James Paget",
        "unit": "patients",
        "as_of": pd.Timestamp("2025-01-09"),
        "data_to": pd.Timestamp("2025-01-05"),
        "published": published,
        "forecast": forecast,
        "baseline": forecast.assign(low=400.0, high=600.0),
    }
    return Fan(**{**base, **changes})
