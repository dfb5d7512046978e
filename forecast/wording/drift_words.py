"""Whether forecasts are still as good as they say, in words."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.reference import reference
from forecast.watching import limits
from forecast.watching.drift import AGAIN, CANNOT_SAY, STEADY, TOO_HIGH, TOO_LOW, TOO_NARROW, TOO_WIDE, Watched
from forecast.wording.placement_captions import first_up
from forecast.wording.track_words import past_runs, share
from forecast.wording.words import lower, number, plural, sentence, short_day

HEADING = "Are the forecasts still as good as they say?"
WHAT_IT_IS = (
    f"Each forecast is judged by the {limits.AHEAD_DAYS // 7} weeks after the newest figures it knew. Single forecasts "
    f"jump about, so the average over {limits.WEEKS} weeks is watched (over 26 of forecasts made again, which lie four "
    "weeks apart). Of all measures and places together, forecasts that are as good as they say would leave each kind "
    "of limit by chance no more than about once in two years. The price is patience: ranges that have become too "
    "narrow or too wide show after two to five months."
)
HOW_SHARE = (
    "The line is the share of days inside the likely range over the weeks before. Below the dotted line it is no "
    "longer chance: the ranges are too narrow. The dashed line is what would be right."
)
HOW_MIDDLE = (
    "The line is the share of days on which what came lay in the middle half of what was thought possible. Above the "
    "dotted line the ranges are wider than they need be, and not by chance."
)
HOW_PLACE = (
    "The line is where in the forecast what came fell, on average: 50% is the middle. Above the upper dotted line "
    "forecasts have been too low, below the lower one too high, and not by chance."
)
MAYBE = "may be chance"
NEAR_SHARE, NEAR_PLACE = 0.05, 0.15
"""So far from what would be right, a record is not called good, though chance may explain it."""
STATES = {
    STEADY: "As good as they say",
    MAYBE: "Worse, but may be chance",
    CANNOT_SAY: "Cannot say yet",
    TOO_NARROW: "Ranges too narrow",
    TOO_WIDE: "Ranges too wide",
    TOO_LOW: "Forecasts too low",
    TOO_HIGH: "Forecasts too high",
}


def over(one: Watched) -> str:
    """Return the time that is looked back on."""
    return f"over the last {plural(one.weeks, 'week')}"


def rests_on(one: Watched) -> str:
    """Return what the figures rest on."""
    if one.source == AGAIN:
        return f"{plural(one.points, 'forecast')} made again from earlier dates, not past runs"
    return past_runs(one.points - one.afterwards, one.afterwards)


def state(one: Watched) -> str:
    """Return how a series stands, in a few words."""
    if not one.reason and not one.faults and not _near(one):
        return STATES[MAYBE]
    return "; ".join(STATES[name] for name in (one.faults or (one.state,)))


def _near(one: Watched) -> bool:
    """Whether a record is close to what would be right, not only within the limits."""
    return one.share >= limits.SHOULD - NEAR_SHARE and abs(one.place - 0.5) <= NEAR_PLACE


def warnings(one: Watched, label: str, place: str) -> list[str]:
    """Return a warning for each fault: what was found, what would be right, and what to do about it.

    Parameters
    ----------
    label, place
        Measure and place on screen.
    """
    if not one.faults:
        return []
    above, below = share(one.place), share(1 - one.place)
    found = {
        TOO_NARROW: (
            f"the likely ranges held on {share(one.share)} of days {over(one)}; {share(limits.SHOULD)} were meant to. "
            "Treat them as too narrow."
        ),
        TOO_WIDE: (
            f"what came lay in the middle half of what was thought possible on {share(one.middle)} of days "
            f"{over(one)}; {share(limits.MIDDLE_SHOULD)} would be right. Treat the ranges as too wide: what comes is "
            "likely to be nearer to the middle than they say."
        ),
        TOO_LOW: (
            f"forecasts have been too low {over(one)}: what came was on average higher than {above} of what they "
            "thought possible; 50% would be right. Expect more than they say."
        ),
        TOO_HIGH: (
            f"forecasts have been too high {over(one)}: what came was on average lower than {below} of what they "
            "thought possible; 50% would be right. Expect less than they say."
        ),
    }
    return [f"{label}, {place}: {found[fault]} (From {rests_on(one)}.)" for fault in one.faults]


def finding(one: Watched, label: str, place: str) -> list[str]:
    """Say how a series stands, in sentences."""
    if one.reason:
        return [f"{label}, {place}: cannot say yet. {first_up(sentence(one.reason))}"]
    if one.faults:
        return warnings(one, label, place)
    held = f"the likely ranges held on {share(one.share)} of days {over(one)}; {share(limits.SHOULD)} were meant to."
    if _near(one):
        found = "That is as good as they say, as far as can be told."
    elif one.share >= limits.SHOULD - NEAR_SHARE:
        side = "low" if one.place > 0.5 else "high"
        found = f"Their middle lay rather {side}, which can still be chance: see the right-hand chart."
    else:
        lowest = 0.0 if one.chart is None else float(one.chart["lowest"].iloc[-1])
        found = f"That is less than it should be, but can still be chance: only below {share(lowest)} could it not."
    return [f"{label}, {place}: {held} {found} (From {rests_on(one)}.)"]


def overall(every: Sequence[Watched]) -> str:
    """Say how many of all series are out of their limits."""
    out, unsaid = sum(bool(one.faults) for one in every), sum(bool(one.reason) for one in every)
    told = len(every) - unsaid
    if not told:
        return "Of no measure are there enough past forecasts yet to say."
    more = f"; of {unsaid} nothing can be said yet" if unsaid else ""
    found = f"{number(out)} {'is' if out == 1 else 'are'} worse than chance can explain"
    if not out:
        found = "none is worse than chance can explain"
    return f"Of {plural(told, 'forecast')} (a measure at a place) that can be judged, {found}{more}."


def by_measure(every: Sequence[Watched]) -> list[str]:
    """Return a line a measure: how often the likely range held at each place that can be judged."""
    tables = reference()
    found: dict[str, list[str]] = {}
    for one in every:
        if not one.reason:
            found.setdefault(one.metric, []).append(f"{tables.label(one.location)} {share(one.share)}")
    labels = {name: known.label if (known := tables.metric(name)) else name for name in found}
    return [f"likely range held of late, {lower(labels[name])}: {', '.join(said)}" for name, said in found.items()]


def alternative(one: Watched, label: str, place: str, of: str = "share") -> str:
    """Describe a chart of ``Watched.chart`` with figures; ``of``: ``"share"``, ``"middle"`` or ``"place"``."""
    if one.chart is None:
        return ""
    last = one.chart.iloc[-1]
    span = f"{label}, {place}, from {short_day(one.chart['made'].iloc[0])} to {short_day(last['made'])}"
    if of == "place":
        outside = TOO_LOW in one.faults or TOO_HIGH in one.faults
        return (
            f"Line chart of where in the forecast what came fell, {span}: now {share(last['place'])}, "
            f"{'outside' if outside else 'within'} the limits of {share(last['left'])} and {share(last['right'])}; 50% "
            "would be right."
        )
    if of == "middle":
        side = "above" if TOO_WIDE in one.faults else "not above"
        return (
            f"Line chart of the share of days in the middle half of the forecast, {span}: now {share(last['middle'])}, "
            f"{side} the limit of {share(last['highest'])}; {share(limits.MIDDLE_SHOULD)} would be right."
        )
    side = "below" if TOO_NARROW in one.faults else "not below"
    return (
        f"Line chart of the share of days inside the likely range, {span}: now {share(last['share'])}, {side} the "
        f"limit of {share(last['lowest'])}; {share(limits.SHOULD)} would be right."
    )
