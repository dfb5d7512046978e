"""Long frames small enough to work by hand."""

import numpy as np
import pandas as pd

ORIGIN = pd.Timestamp("2024-01-07")


def row(model: str, observed: float, middle: float, width: float, horizon: int = 1, **other: object) -> dict:
    """One forecast with the 80 % range ``middle`` plus and minus ``width``."""
    origin = pd.Timestamp(other.pop("origin", ORIGIN))
    return {
        "model": model,
        "location": "RM1",
        "origin": origin,
        "horizon": horizon,
        "date": origin + pd.Timedelta(days=horizon),
        "observed": observed,
        "0.1": middle - width,
        "0.5": middle,
        "0.9": middle + width,
        **other,
    }


def of_errors(errors: dict[str, np.ndarray], every: str = "7D", horizon: int = 1) -> pd.DataFrame:
    """Frame of one forecast an origin whose WIS is the given error: only a median, that far below what happened."""
    origins = pd.date_range("2023-01-01", periods=len(next(iter(errors.values()))), freq=every)
    parts = [
        pd.DataFrame(
            {
                "model": model,
                "location": "RM1",
                "origin": origins,
                "horizon": horizon,
                "date": origins + pd.Timedelta(days=horizon),
                "observed": 100.0,
                "0.5": 100.0 - own,
            }
        )
        for model, own in errors.items()
    ]
    return pd.concat(parts, ignore_index=True)
