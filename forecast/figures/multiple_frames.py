"""What small multiples are drawn from: the fans of several places on the same dates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.figures.fan import Fan

ROOM = 1.2
"""Height of an axis over the highest thing drawn in it: the date of the as-of day stands above."""


@dataclass(frozen=True)
class Panel:
    """One place among several.

    Parameters
    ----------
    code, fan
        The place, and what is drawn of it.
    lines
        What stands under its name: a figure now, one ahead with its range.
    dates
        First and last day of the axis, those of all the panels.
    counts
        Ends of the axis of counts.
    shared
        Whether that axis is the same in all panels, so that sizes compare.
    chosen
        Whether its large chart stands on the page.
    """

    code: str
    fan: Fan
    lines: tuple[str, ...]
    dates: tuple[pd.Timestamp, pd.Timestamp]
    counts: tuple[float, float]
    shared: bool
    chosen: bool


def panels(
    fans: Mapping[str, Fan], lines: Mapping[str, Sequence[str]], *, chosen: str, shared: bool
) -> tuple[Panel, ...]:
    """Put places side by side, in the order in which they are given.

    Parameters
    ----------
    fans, lines
        Code of a place -> its fan, and what stands under its name.
    chosen
        Code of the place that the page is about.
    shared
        Give all of them one axis of counts; else each its own.
    """
    first, last = _dates(list(fans.values()))
    own = {code: _counts(fan) for code, fan in fans.items()}
    widest = (min(low for low, _ in own.values()), max(high for _, high in own.values()))
    return tuple(
        Panel(
            code,
            fan,
            tuple(lines.get(code, ())),
            (first, last),
            widest if shared else own[code],
            shared,
            code == chosen,
        )
        for code, fan in fans.items()
    )


def _dates(fans: Sequence[Fan]) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of anything drawn; the as-of day where there is nothing."""
    dates = [date for fan in fans for rows in (fan.published, fan.forecast) for date in rows["date"]]
    dates += [fan.as_of for fan in fans]
    return min(dates), max(dates)


def _counts(fan: Fan) -> tuple[float, float]:
    """Ends of an axis on which everything fits: from zero unless a value below it was published."""
    usable = fan.published.loc[~fan.published["flagged"].astype(bool), "value"]
    values = [*usable, *fan.forecast["high"], 1.0]
    return min(0.0, float(min(values))), ROOM * float(max(values))
