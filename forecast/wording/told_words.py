"""Plain words on how a published figure changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from forecast.observations.revisions import ESTIMATE
from forecast.observations.told import steps
from forecast.wording.words import count, listed, lower, plural, short_day


def sentence(rows: pd.DataFrame) -> str:
    """Return the history of one figure: "First published as 210 on 11 May 2022, changed to 214 on ...".

    ``rows``: those of ``told.told``.
    """
    moved = steps(rows).to_dict("records")
    first, later = moved[0], moved[1:]
    how = "estimated at" if str(rows["source"].iloc[0]).startswith(ESTIMATE) else "published as"
    said = f"First {how} {figure(first['value'])} on {short_day(first['day'])}"
    if not later:
        return f"{said}, and not changed since."
    changes = [f"to {figure(step['value'])} on {short_day(step['day'])}" for step in later]
    return f"{said}, changed {' and then '.join(changes)}."


def figure(value: float) -> str:
    """Return a published figure as it stands: whole where it is whole."""
    return count(value) if float(value).is_integer() else f"{value:,.4g}"


def row(told: Mapping[Any, Any], as_of: pd.Timestamp) -> list[str]:
    """Return the cells of one stored figure: edition, figure, day from which forecasts use it, source."""
    released, published = pd.Timestamp(told["released"]), told["published"]
    later = "\nafter this run" if released > as_of else ""
    edition = "Not dated" if pd.isna(published) else f"Edition of {short_day(pd.Timestamp(published))}"
    return [edition, figure(told["value"]), f"{short_day(released)}{later}", str(told["source"])]


def how_many(changed: Mapping[str, int]) -> str:
    """Return how many stored figures of each measure were changed after they came out."""
    some = [f"{count(many)} of {lower(measure)}" for measure, many in changed.items() if many]
    if not some:
        return (
            "No stored figure of these hospitals was changed after it came out. Choose any day to see when its figure "
            "came and where it was read from."
        )
    total = sum(changed.values())
    return f"{plural(total, 'stored figure')} of these hospitals changed after coming out: {listed(some)}."


def option(name: str, many: int) -> str:
    """Return the entry of a list with how many figures changed."""
    return f"{name} ({count(many)} changed)" if many else name
