"""Words on what places and waiting cost, and on plans side by side. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from forecast.placements.costs import ASSURED, CostCurve
from forecast.wording.placement_captions import Place, first_up, many, some
from forecast.wording.words import LIKELY, count, plural

COST_HEADING = "What it costs"
SCENARIO_HEADING = "Plans side by side"
YOURS = "Your plan"
PARTS = {
    "places": "Flats and beds",
    "care_at_home": "More (or less) home care than now",
    "waiting": "Waiting in hospital",
    "total": "Together",
}
COST_MARKS = "Thick line: places and waiting together. Dashed: places alone. Dotted: waiting alone."
PRICES = "Prices are those of another county and unverified here; change them under Prices."
SAME_NUMBERS = (
    "Each is compared with as now for the same people and stays, so that a difference is the plan's and not chance. "
    f"Middle, and under it the {LIKELY}."
)
STAFF = (
    "Fewer social workers keep people in hospital longer only where an assessment takes longer to come than a place: "
    "where places are few, little changes here, and the community's list grows."
)
MILLION = 1_000_000
NO_CHANGE = "no change"


def pounds(value: float) -> str:
    """Return an amount no more exact than it is known: "£549,000", "£1.2 million", "minus £4,300"."""
    size = abs(value)
    if size >= MILLION:
        said = f"£{size / MILLION:,.2f}".rstrip("0").rstrip(".") + " million"
    else:
        said = f"£{round(size, -3 if size >= 10_000 else -2):,.0f}"
    return f"minus {said}" if value < 0 and said != "£0" else said


def cheapest(curve: CostCurve, days: int, longest_wait: int) -> list[str]:
    """Say which number of places is the cheapest, and whether zero waiting is."""
    product, rows = curve.product, curve.rows.set_index("places")
    total = float(rows["total"][curve.cheapest])
    first = (
        f"At these prices the cheapest is about {some(product, curve.cheapest)}: places and waiting for them together "
        f"cost about {pounds(total)} over the {count(days)} days of the forecast."
    )
    sure = f"{round(100 * ASSURED)}% sure that nobody waits longer than {plural(longest_wait, 'day')}"
    dearer = curve.zero_is_dearer_by
    if curve.zero_waiting is None or dearer is None:
        return [first, f"None of the numbers of {many(product)} tried makes it {sure}."]
    if dearer <= 0:
        return [first, f"Zero waiting is the cheapest here: the same number makes it {sure}."]
    return [
        first,
        f"Zero waiting is not the cheapest: to be {sure} takes {some(product, curve.zero_waiting)}, the fewest of the "
        f"numbers tried, and costs about {pounds(dearer)} more.",
    ]


def sampled(curve: CostCurve, paths: int) -> str:
    """Say from how many paths and numbers of places the curve is made."""
    tried = f"{count(len(curve.rows))} numbers of {many(curve.product)} were tried"
    return f"{tried}, each on {of_paths(curve.samples, paths)}."


def of_paths(used: int, paths: int) -> str:
    """Return "200 of the 1,000 paths of the forecast", or that it is all of them."""
    many = f"all {count(paths)}" if used >= paths else f"{count(used)} of the {count(paths)}"
    return f"{many} paths of the forecast"


def cost_title(place: Place, product: str, days: int) -> list[str]:
    """Return the title of the cost curve."""
    return [place.county, f"Cost over {count(days)} days by number of {many(product)}, pounds"]


def cost_alternative(curve: CostCurve, place: Place, days: int, planned: int) -> str:
    """Return the text alternative of the cost curve; ``planned``: places of the plan."""
    rows = curve.rows
    first, best, last = rows.iloc[0], rows[rows["places"] == curve.cheapest].iloc[0], rows.iloc[-1]
    return (
        f"Line chart of cost over {count(days)} days by number of {many(curve.product)}, {place.county}: with "
        f"{some(curve.product, first['places'])} {pounds(first['total'])}, all of it waiting; least with "
        f"{some(curve.product, best['places'])}, {pounds(best['total'])}, of which waiting "
        f"{pounds(best['waiting_cost'])}; with {some(curve.product, last['places'])} {pounds(last['total'])}. "
        f"The plan has {count(planned)}."
    )


def bill_said(rows: pd.DataFrame, days: int) -> str:
    """Say what the plan and the waiting under it cost together; ``rows``: part, low, middle, high."""
    part = {str(row["part"]): row for row in rows.to_dict("records")}
    total, places, waiting = part["total"], part["places"], part["waiting"]
    return (
        f"The plan and the waiting under it cost about {pounds(total['middle'])} over the {count(days)} days ({LIKELY} "
        f"{pounds(total['low'])} to {pounds(total['high'])}): {pounds(places['middle'])} for flats and beds, used or "
        f"not, and {pounds(waiting['middle'])} for hospital beds of people who wait."
    )


def change(low: float, middle: float, high: float, money: bool = False) -> str:
    """Return a cell: by how much more or less, and under it the likely range."""
    if all(_rounded(value, money) == 0 for value in (low, middle, high)):
        return NO_CHANGE
    low, high = sorted((low, high), key=abs) if low * high > 0 else (low, high)
    ends = [_signed(value, money) for value in (low, high)]
    if low * high > 0 and _rounded(low, money):
        ends[0] = _size(low, money)
    return f"{_signed(middle, money)}\n{ends[0]} to {ends[1]}"


def scenario_row(found: pd.DataFrame, measures: Mapping[str, bool]) -> list[str]:
    """Return the cells of one scenario.

    Parameters
    ----------
    found
        Rows of ``compare`` of the scenario: measure, quantile, value.
    measures
        Measure -> whether it is money, in the order of the cells.
    """
    wide = found.set_index(["measure", "quantile"])["value"].unstack()  # noqa: PD010
    cells = []
    for measure, money in measures.items():
        low, middle, high = np.asarray(wide.loc[measure].sort_index(), dtype=float)
        cells.append(change(low, middle, high, money))
    return cells


def not_shown(name: str, reason: str) -> str:
    """Say why a scenario is not shown."""
    return f"{name}: not shown. {first_up(reason)}"


def _rounded(value: float, money: bool) -> float:
    return float(round(value, -2) if money else round(value))


def _signed(value: float, money: bool) -> str:
    if _rounded(value, money) == 0:
        return "0"
    return f"{_size(value, money)} {'more' if value > 0 else 'less' if money else 'fewer'}"


def _size(value: float, money: bool) -> str:
    return pounds(abs(value)) if money else count(abs(value))
