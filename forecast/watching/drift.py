"""Whether the forecasts of each measure at each place are still as good as they say, on the record of past ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import pandas as pd

from forecast.errors import RunError
from forecast.runs import Run, open_run, track
from forecast.runs.diary import Listing, diary_of, listing
from forecast.watching import limits
from forecast.watching.points import POINT_COLUMNS, weekly_points

RUNS, AGAIN = "runs", "again"
TOO_NARROW, TOO_WIDE, TOO_LOW, TOO_HIGH = "too narrow", "too wide", "too low", "too high"
STEADY, CANNOT_SAY = "in control", "cannot say"
CHART_COLUMNS = ("made", "points", "share", "lowest", "middle", "highest", "place", "left", "right")
WINDOWS = {RUNS: 7 * limits.WEEKS, AGAIN: 26 * 7}
"""Days over which the moving average is taken; forecasts made again lie four weeks apart and reach half a year back."""
OLD_DAYS = 7 * limits.WEEKS
LOOKED_BACK_DAYS = 30 * 7
NO_POINTS = pd.DataFrame(columns=list(POINT_COLUMNS))
_KEPT = 16


@dataclass(frozen=True, eq=False)
class Watched:
    """How the forecasts of one measure at one place have done of late, within which limits.

    Parameters
    ----------
    metric, location
        Codes.
    source
        ``"runs"``: past runs; ``"again"``: forecasts made again; empty where there are neither.
    faults
        ``"too narrow"``, ``"too wide"``, ``"too low"``, ``"too high"``: what has left its limits.
    reason
        Why nothing can be said; empty where something can.
    points
        How many forecasts the newest figures are the mean of.
    afterwards
        How many of these were made afterwards.
    share
        Share of days inside the 9-in-10 range, 0 to 1; NaN where nothing can be said.
    middle
        Share of days inside the 5-in-10 range, 0 to 1: far above a half the ranges are wider than they need be.
    place
        Mean place of what came in the forecast: 0.5 where it leans to no side, above where the forecasts lie too low.
    chart
        ``CHART_COLUMNS``: the same week by week, with the limits: ``lowest`` of the share, ``highest`` of the middle,
        ``left`` and ``right`` of the place.
    """

    metric: str
    location: str
    source: str = ""
    faults: tuple[str, ...] = ()
    reason: str = ""
    points: int = 0
    afterwards: int = 0
    share: float = float("nan")
    middle: float = float("nan")
    place: float = float("nan")
    chart: pd.DataFrame | None = None

    @property
    def state(self) -> str:
        """``"cannot say"``, ``"in control"`` or what is wrong."""
        return CANNOT_SAY if self.reason else " and ".join(self.faults) or STEADY

    @property
    def weeks(self) -> int:
        """Weeks over which the figures are taken."""
        return WINDOWS.get(self.source, 0) // 7


def judged(one: Watched, points: pd.DataFrame, series: int, today: pd.Timestamp) -> Watched:
    """Hold the points of a record against their limits.

    Parameters
    ----------
    one
        Whose they are, and which record they are of.
    points
        Those of one location: see ``weekly_points``.
    series
        How many series are watched together.
    today
        As-of day of the run that is served: a record that ended long before says nothing of it.
    """
    if (few := len(points)) < limits.FEWEST:
        return replace(one, points=few, reason=_few(few, one.source))
    last = points["made"].iloc[-1]
    if (today - last).days > OLD_DAYS + limits.AHEAD_DAYS:
        return replace(one, reason=f"the newest forecast that can be judged is of {last:%-d %B %Y}")
    chart = _chart(points, series, pd.Timedelta(days=WINDOWS[one.source]))
    if chart.empty or chart["made"].iloc[-1] != last:
        recent = points[points["made"] > last - pd.Timedelta(days=WINDOWS[one.source])]
        return replace(one, points=len(recent), reason=_few(len(recent), one.source))
    now = chart.iloc[-1]
    faults = [
        *([TOO_NARROW] if now["share"] < now["lowest"] else []),
        *([TOO_WIDE] if now["middle"] > now["highest"] else []),
        *([TOO_LOW] if now["place"] > now["right"] else []),
        *([TOO_HIGH] if now["place"] < now["left"] else []),
    ]
    used = points.tail(int(now["points"]))
    return replace(
        one,
        faults=tuple(faults),
        points=int(now["points"]),
        afterwards=int(used["afterwards"].sum()),
        share=float(now["share"]),
        middle=float(now["middle"]),
        place=float(now["place"]),
        chart=chart,
    )


def watched(run: Run, folders: Listing | None = None) -> tuple[Watched, ...]:
    """Judge every measure of a run at each of its places, on past runs where there are enough, else on replays.

    Parameters
    ----------
    run
        The run that is served.
    folders
        ``listing`` of the folder it is in, where known: what was judged once is kept until that changes.
    """
    return _watched(run.path, listing(run.path.parent) if folders is None else folders)


def out_of_control(run: Run, folders: Listing | None = None) -> tuple[Watched, ...]:
    """Those of ``watched`` with a fault."""
    return tuple(one for one in watched(run, folders) if one.faults)


@lru_cache(maxsize=_KEPT)
def _watched(path: Path, folders: Listing) -> tuple[Watched, ...]:
    run = open_run(path)
    # Older runs say nothing of today, and thirty are read faster than all of them.
    first = f"{run.as_of - pd.Timedelta(days=LOOKED_BACK_DAYS):%Y-%m-%d}"
    recent = tuple(one for one in folders if one[0] >= first)
    found = [one for metric in run.metrics for one in _of_metric(run, metric, recent)]
    # Only series that can warn at all make a false warning likelier.
    series = sum(len(points) >= limits.FEWEST for _, points in found)
    return tuple(judged(one, points, max(series, 1), run.as_of) for one, points in found)


def _of_metric(run: Run, metric: str, folders: Listing) -> Iterator[tuple[Watched, pd.DataFrame]]:
    points = weekly_points(diary_of(run, metric, folders).rows)
    places = list(dict.fromkeys(code for county in run.counties for code in (county, *run.members(county))))
    few = [code for code in places if len(points.get(code, ())) < limits.FEWEST]
    again = weekly_points(_again(run, metric)) if few else {}
    for location in places:
        own, other = (each.get(location, NO_POINTS) for each in (points, again))
        if location in few and len(other) > len(own):
            yield Watched(metric, location, AGAIN), other
        else:
            yield Watched(metric, location, RUNS if len(own) else ""), own


def _again(run: Run, metric: str) -> pd.DataFrame:
    try:
        return track.replays(run, metric)
    except RunError:
        # What it costs to lose is the record; the page that shows it says why.
        return track.NO_ROWS


def _chart(points: pd.DataFrame, series: int, window: pd.Timedelta) -> pd.DataFrame:
    made, inside, middle, place = (points[name].to_numpy() for name in ("made", "inside", "middle", "place"))
    rows = []
    for day in made:
        recent = (made > day - window.to_timedelta64()) & (made <= day)
        if (many := int(recent.sum())) < limits.FEWEST:
            continue
        lowest, highest = limits.lowest_share(many, series), limits.highest_middle(many, series)
        held, lean = (inside[recent].mean(), lowest, middle[recent].mean(), highest), limits.furthest_lean(many, series)
        rows.append((day, many, *held, place[recent].mean(), 0.5 - lean, 0.5 + lean))
    return pd.DataFrame(rows, columns=list(CHART_COLUMNS))


def _few(many: int, source: str) -> str:
    if not many:
        return "no past forecast can be judged yet"
    forecasts = "1 forecast" if many == 1 else f"{many} forecasts"
    what = "of past runs" if source == RUNS else "made again"
    return f"only {forecasts} {what} can be judged yet; it takes {limits.FEWEST}"
