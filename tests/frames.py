"""Tidy frames for tests, small enough to work out by hand."""

import pandas as pd


def tidy(
    values: dict[str, float], location: str = "RM1", metric: str = "nctr_patients", source: str = "test"
) -> pd.DataFrame:
    frame = pd.DataFrame({"date": list(values), "value": list(values.values())})
    return frame.assign(location=location, metric=metric, source=source)


def edition(
    values: dict[str, float], source: str, published: str, location: str = "RM1", metric: str = "nctr_patients"
) -> pd.DataFrame:
    frame = tidy(values, location, metric, source=source)
    frame.attrs["published"] = {source: published}
    return frame


def days(first: str, count: int) -> list[str]:
    return list(pd.date_range(first, periods=count).strftime("%Y-%m-%d"))
