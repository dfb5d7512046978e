"""What a run keeps of places: who waits for which onward care, and how many places that means with the plan as now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from forecast.placements.waiting.shares import PathwayShares

FOLDER = "placements"
OLD_RUN = "this run was made before places were planned for; run 'forecast refit' to make a new one"
QUANTILE_COLUMNS = ("what", "location", "product", "date", "quantile", "value")
"""``what``: see ``forecast.placements.results.COUNTS``."""
NEEDED_COLUMNS = ("level", "product", "places")


@dataclass(frozen=True, eq=False)
class PlacesAhead:
    """What a run keeps of places in one county.

    Parameters
    ----------
    shares
        Pathways of those who wait, from the delay reasons known on the as-of day; None where there is nothing to share.
    counts
        Quantiles with the plan as now, columns ``QUANTILE_COLUMNS``.
    needed
        Columns level, product, places: places open from the first day on with which, on that share of paths, nobody
        waits longer than the plan allows; NaN where no number would do.
    reason
        Why there is none of it; empty where there is.
    notes
        Hospital to how its queue was read off the forecast, or why it was left out.
    """

    shares: PathwayShares | None = None
    counts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUANTILE_COLUMNS)))
    needed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(NEEDED_COLUMNS)))
    reason: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        return {"reason": self.reason, "notes": dict(self.notes), "shares": shares_entry(self.shares)}

    def frames(self) -> dict[str, pd.DataFrame]:
        """Frames to keep, by the last part of their file's name."""
        return {} if self.reason else {"counts": self.counts, "needed": self.needed}


def shares_entry(shares: PathwayShares | None) -> dict[str, Any] | None:
    """Return shares as JSON knows them."""
    if shares is None:
        return None
    told = {
        "pathways": list(shares.pathways),
        "means": {code: list(one) for code, one in shares.means.items()},
        "people": dict(shares.people),
        "notes": dict(shares.notes),
    }
    return dict(json.loads(json.dumps(told)))


def shares_of(entry: Mapping[str, Any] | None) -> PathwayShares | None:
    """Read what ``shares_entry`` returned."""
    if entry is None:
        return None
    means = {code: tuple(one) for code, one in entry["means"].items()}
    return PathwayShares(tuple(entry["pathways"]), means, entry["people"], entry["notes"])
