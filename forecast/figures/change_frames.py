"""What the chart, the table and the words on what changed are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from forecast.runs.changes_ahead import BEFORE, FORECAST_COLUMNS, NOW, PARTS, PLACE_COLUMNS, Changes

CHANGE = "change"
STEP_COLUMNS = ("place", "row", "part", "start", "end", "amount")


def whole(parts: Mapping[str, float]) -> dict[str, int]:
    """Round figures before, causes and now to whole people so that they still add up.

    Before and now are rounded as everywhere else; what is left of the change between them goes to the causes whose
    rounding took most from them.
    """
    before, now = round(parts[BEFORE]), round(parts[NOW])
    causes = {part: value for part, value in parts.items() if part not in (BEFORE, NOW)}
    rounded = {part: round(value) for part, value in causes.items()}
    short = now - before - sum(rounded.values())
    step = 1 if short > 0 else -1
    by_loss = sorted(causes, key=lambda part: step * (causes[part] - rounded[part]), reverse=True)
    # A cause that added nothing at all is given nothing.
    owing = [part for part in by_loss if causes[part]] or by_loss
    for number in range(abs(short)):
        rounded[owing[number % len(owing)]] += step
    return {BEFORE: before, **rounded, NOW: now}


def parts_of(
    changes: Changes, metric: str, location: str, date: pd.Timestamp, figure: str = "middle"
) -> dict[str, float]:
    """Figures of one week at one place by part, in the order in which they add up; empty where it is not compared.

    ``figure``: middle, low or high.
    """
    rows = changes.forecasts
    own = rows[(rows["metric"] == metric) & (rows["location"] == location) & (rows["date"] == date)]
    return _ordered(own, figure)


def place_parts(changes: Changes, county: str, level: float, product: str) -> dict[str, float]:
    """Places needed by part; empty where they are not compared."""
    rows = changes.places
    own = rows[(rows["county"] == county) & (rows["product"] == product)]
    return _ordered(own[(own["level"].astype(float) - level).abs() < 1e-9], "places")


def _ordered(rows: pd.DataFrame, figure: str) -> dict[str, float]:
    found = dict(zip(rows["part"], rows[figure], strict=True))
    return {part: float(found[part]) for part in PARTS if part in found}


def weeks(changes: Changes, metric: str) -> list[pd.Timestamp]:
    """Last days of the weeks that are compared, the nearest first."""
    rows = changes.forecasts
    return [pd.Timestamp(day) for day in sorted(rows.loc[rows["metric"] == metric, "date"].unique())]


def steps(changes: Changes, metric: str, places: Sequence[str], date: pd.Timestamp) -> pd.DataFrame:
    """Steps of the chart: of each place what each cause added, one after the other, and the whole change.

    Returns
    -------
    DataFrame
        Columns ``STEP_COLUMNS``; ``row``: its number from the top, each place after a row for its name; ``start`` and
        ``end``: people a day more than before; the part ``change`` is the whole.
    """
    rows: list[dict[str, object]] = []
    at = 0
    for place in places:
        found = parts_of(changes, metric, place, date)
        if not found:
            continue
        figures, reached = whole(found), 0
        at += 1
        for part, amount in figures.items():
            if part in (BEFORE, NOW):
                continue
            rows.append({"place": place, "row": at, "part": part, "start": reached, "end": reached + amount})
            reached, at = reached + amount, at + 1
        rows.append({"place": place, "row": at, "part": CHANGE, "start": 0, "end": reached})
        at += 1
    frame = pd.DataFrame(rows, columns=list(STEP_COLUMNS))
    return frame.assign(amount=frame["end"] - frame["start"])


def for_file(changes: Changes, names: Mapping[str, str], labels: Mapping[str, str]) -> pd.DataFrame:
    """Everything compared, one row a figure, for a file: forecasts, then places needed."""
    rows = changes.forecasts[list(FORECAST_COLUMNS)]
    ahead = rows.assign(measure=rows["metric"].map(labels), place=rows["location"].map(names))
    own = changes.places[list(PLACE_COLUMNS)]
    planned = own.rename(columns={"county": "location", "product": "metric", "places": "middle"})
    planned = planned.assign(
        place=planned["location"].map(names), measure="Places needed", assurance=planned["level"]
    ).drop(columns="level")
    found = pd.concat([one for one in (ahead, planned) if len(one)] or [ahead], ignore_index=True)
    columns = ["measure", "metric", "place", "location", "date", "assurance", "part", "middle", "low", "high"]
    return found.reindex(columns=columns).round({"middle": 1, "low": 1, "high": 1})
