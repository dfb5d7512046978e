"""Names, rows and remarks of a run, as people read them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from forecast.figures.fan import newest_usable, published, rarely_counts
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import remarks as wording
from forecast.wording import words

BACKLOG = "nctr_patients"
REMAINING = "nctr_remaining"


def label(metric: str) -> str:
    """Name of a metric on screen."""
    known = reference().metric(metric)
    return known.label if known else metric


def unit(metric: str) -> str:
    """Unit of a metric on screen."""
    known = reference().metric(metric)
    return known.unit if known else "count"


def named(text: str) -> str:
    """Put the names of hospitals in place of their codes in a text."""
    return re.sub(r"\bR[A-Z0-9]{2}\b", lambda found: reference().label(found[0]), text)


def places(run: Run) -> dict[str, str]:
    """Code to screen name: each county followed by its hospitals."""
    tables = reference()
    found: dict[str, str] = {}
    for county in run.counties:
        members = run.members(county)
        many = f"{words.number(len(members))} hospitals together" if len(members) > 1 else "its one hospital"
        found[county] = f"{tables.label(county)}, {many}"
        found.update({code: tables.label(code) for code in members})
    return found


def remarks(run: Run, metric: str, only: Sequence[str] | None = None) -> list[str]:
    """Remarks of a run on one metric, in plain words."""
    said = run.notes(metric)
    chosen = {code: text for code, text in said.items() if only is None or code in only}
    return wording.notes(chosen, places(run))


def all_remarks(run: Run, only: Sequence[str] | None = None) -> list[str]:
    """Remarks of a run on all its metrics, each said once; on ``only`` these locations where given."""
    return wording.grouped({label(metric): remarks(run, metric, only) for metric in run.metrics})


def unsaid(run: Run, metrics: Sequence[str] | None = None) -> list[str]:
    """Everything the run cannot say of its hospitals, with the reasons; a county's follow from its hospitals'."""
    names = places(run)
    said = [words.skipped(label(metric), reason) for metric, reason in run.skipped.items()]
    for metric in run.metrics if metrics is None else metrics:
        said += [
            words.cannot_say(label(metric), names[code], reason)
            for code, reason in run.cannot_say(metric).items()
            if code not in run.counties
        ]
    return said


def rows(run: Run, metric: str, location: str) -> list[dict[str, Any]]:
    """Rows of the summary of one metric and location, the nearest week first."""
    frame = run.summary
    chosen = frame[(frame["metric"] == metric) & (frame["location"] == location)].sort_values("weeks_ahead")
    return [{str(name): value for name, value in row.items()} for row in chosen.to_dict("records")]


def known(run: Run, metric: str, location: str) -> str:
    """Return which hospitals of a county have a figure, where some have none."""
    if location not in run.counties:
        return ""
    names = places(run)
    return words.known({names[code]: rows(run, metric, code)[0] for code in run.members(location)})


def data_to(run: Run, metric: str, location: str) -> pd.Timestamp | None:
    """Newest day with a usable value of a metric at a location."""
    return newest_usable(published(run.history(metric), run.flags(metric), location, members(run, location)))


def rare(run: Run, metric: str, location: str) -> dict[str, tuple[int, int]]:
    """Hospitals of a location, by name, where the chosen count does not tell who waits: see ``rarely_counts``."""
    if metric != REMAINING or BACKLOG not in run.metrics:
        return {}
    remaining, patients = run.history(metric), run.history(BACKLOG)
    names = places(run)
    found = {
        names[code]: rarely_counts(remaining[code], patients[code]) for code in members(run, location) or [location]
    }
    return {name: days for name, days in found.items() if days}


def members(run: Run, location: str) -> list[str]:
    """Hospitals summed into a location; none where it is a hospital."""
    return run.members(location) if location in run.counties else []
