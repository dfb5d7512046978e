"""What is worth knowing about a published series before comparing this week with an earlier one."""

from __future__ import annotations

import pandas as pd

from forecast.observations import quality
from forecast.pages import freshness
from forecast.reading import by_name
from forecast.runs import Run
from forecast.wording import flag_words

LOOK_BACK = pd.Timedelta(days=365)
"""People compare with last month and last winter; what is older is on Data."""
HEADING = "Worth knowing before comparing with earlier months"


def worth_knowing(run: Run, metric: str, place: str) -> list[str]:
    """Return the findings of the last year on a measure at a place, or at the hospitals of a county, newest first.

    A count that does not tell who waits is left out where the page warns of it already.
    """
    names = by_name.places(run)
    members = run.members(place) if place in run.counties else [place]
    found = quality.findings(run.flags(metric))
    found = found[found["location"].isin(members) & (found["date"] > run.as_of - LOOK_BACK)]
    if by_name.rare(run, metric, place):
        found = found[found["flag"] != flag_words.NOT_WHO_WAITS]
    rows = freshness.together(freshness.spells(found.assign(metric=metric))).to_dict("records")
    return [
        flag_words.finding(
            row["first"], [names[code] for code in members if code in row["locations"]], row["flag"], row["note"]
        )
        for row in rows
    ]
