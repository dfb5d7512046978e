"""What reading one file gives, and when its values became public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecast.observations.publication import released
from forecast.observations.table import check
from forecast.reference import Reference
from forecast.sources.remarks import gathered


@dataclass(frozen=True)
class Reading:
    """Observations of one file.

    Attributes
    ----------
    path
        The file.
    publication
        What it is, in words.
    published
        The file's own date: that of its revision, else of its publication; None for tidy files.
    frame
        Tidy observations. ``attrs["published"]`` gives the date of each source that has one of its own.
    notes
        What was left out or kept with a doubt, for a person.
    """

    path: Path
    publication: str
    published: pd.Timestamp | None
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()


def edition_of(
    path: Path,
    publication: str,
    frame: pd.DataFrame,
    edition: str,
    published: pd.Timestamp | None,
    notes: Iterable[str],
    tables: Reference,
) -> Reading:
    """The observations of one edition of a publication, with their source and the days they became public.

    Parameters
    ----------
    path
        The file.
    publication
        What it is, in words.
    frame
        ``date``, ``location``, ``metric`` and ``value``.
    edition
        Which edition it is, in words: when it came out, else the days that it covers.
    published
        The file's own date; None where nobody knows it.
    notes
        What was left out or kept with a doubt.
    tables
        Reference tables in force.
    """
    source = f"NHS England {publication}, {edition}"
    frame = frame[["date", "location", "metric", "value"]].reset_index(drop=True)
    frame["source"] = pd.Categorical([source]).repeat(len(frame))
    editions = {source: published} if published is not None else {}
    frame["released"] = first_released(frame, editions, tables)
    frame.attrs["published"] = {name: f"{day:%Y-%m-%d}" for name, day in editions.items()}
    said = list(notes)
    if published is None:
        said.append("the file states no date of publication: its values are dated by the rule of publication alone")
    return Reading(path, publication, published, check(frame, path.name), gathered(said))


def first_released(frame: pd.DataFrame, editions: Mapping[str, date | pd.Timestamp], tables: Reference) -> pd.Series:
    """Day each value became public: the metric's publication rule, or the edition's own date where that is earlier."""
    place, days = pd.factorize(frame["date"], use_na_sentinel=False)
    metric, names = pd.factorize(frame["metric"], use_na_sentinel=False)
    # Few rules stand behind many metrics: each is worked out once.
    by_rule: dict[tuple[str, str] | None, Any] = {}
    rules = []
    for name in map(str, names):
        known = tables.metric(name)
        rule = (known.publication_rule, known.frequency) if known else None
        if rule not in by_rule:
            by_rule[rule] = released(pd.Series(days), name, tables).to_numpy()
        rules.append(rule)
    table = np.array([by_rule[rule] for rule in rules], dtype="datetime64[us]")
    out = pd.Series(table.reshape(len(names), len(days))[metric, place], index=frame.index)
    if editions:
        own = frame["source"].map({source: pd.Timestamp(day) for source, day in editions.items()})
        own = own.astype("datetime64[us]")
        out = out.where(~(own < out), own)
    return out


def covered(first: date, last: date) -> str:
    """Words for an edition that does not say when it came out."""
    return f"data {first:%Y-%m-%d} to {last:%Y-%m-%d}, no date of publication given"
