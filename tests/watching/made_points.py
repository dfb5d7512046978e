"""Past forecasts whose figures are known: normal forecasts, one a week, of days that came."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from forecast.forecasters.record import LEVELS
from forecast.watching.points import POINT_COLUMNS, weekly_points

FIRST = pd.Timestamp("2024-06-06")


def rows(came, middle=100.0, width=10.0, weeks=1, ahead=14, model="forecast", at_the_time=True):
    """Rows of a diary at one place: ``came`` is what came on each of the days ahead, NaN where nothing is known."""
    frames = []
    for week in range(weeks):
        made = FIRST + pd.Timedelta(days=7 * week)
        origin = made - pd.Timedelta(days=4)
        frame = pd.DataFrame(
            {
                "model": model,
                "location": "RM1",
                "as_of": made,
                "at_the_time": at_the_time,
                "origin": origin,
                "date": pd.date_range(origin, periods=ahead + 1)[1:],
                "observed": np.resize(np.asarray(came, dtype=float), ahead),
            }
        )
        frames.append(frame.assign(**{f"{u:g}": middle + width * ndtri(u) for u in LEVELS}))
    return pd.concat(frames, ignore_index=True)


def points(shares, places=0.5, every=7, middle=0.5):
    """Points of weekly forecasts with these shares of days inside, and in the middle, and these places of what came."""
    made = pd.date_range(FIRST, periods=len(shares), freq=f"{every}D")
    held = {"inside": shares, "middle": middle, "place": places}
    return pd.DataFrame({"made": made, **held, "days": 14, "afterwards": False})


def told(frame):
    """Points of the one place of rows."""
    return weekly_points(frame).get("RM1", pd.DataFrame(columns=list(POINT_COLUMNS)))
