"""Pathway shares of a hospital's queue from its published delay reasons, drawn toward those of all hospitals.

A hierarchical Dirichlet-multinomial fitted by moments. Shares of hospitals scatter about their mean ``m`` as those of
a Dirichlet of size ``K``; a hospital that has counted ``n`` people with shares ``p`` is expected at
``(K m + n p) / (K + n)`` (Bühlmann's credibility), where an older month counts for less.

How sure one may be of the *coming* months is another matter: the same people are counted month after month and habits
of coding drift, so that a hospital's months tell of the next as much as a few dozen independent people would.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.observations.store import Store
from forecast.placements.waiting.delay_counts import delay_counts, unusable_months
from forecast.placements.waiting.pathways import pathways
from forecast.placements.waiting.published_counts import codes_of
from forecast.placements.waiting.shares import PathwayShares, reference_shares
from forecast.reference import Reference, reference

# Chosen on a random half of the trusts outside Norfolk and the reasons of 2022 to 2024, by the squared error of the
# shares of the next three months and the nine-in-ten ranges of the shares.
MONTH_KEEPS = 0.6
"""What a month counts for compared with the month after it."""
TOLD_TWICE = 4.0
"""People counted for one independent person, as regards the months to come."""
AT_MOST = 60.0
"""Independent people that no number of counted ones exceeds."""
FEWEST_HOSPITALS = 20
"""With fewer the scatter between hospitals is that of the reference table."""
SIZE_RANGE = (2.0, 50.0)

Shares = npt.NDArray[np.float64]


def pathway_shares(
    source: Store | pd.DataFrame,
    hospitals: Sequence[str],
    as_of: str | pd.Timestamp | None = None,
    *,
    tables: Reference | None = None,
) -> PathwayShares:
    """Estimate the pathway shares of hospitals from the delay reasons known on a day.

    Parameters
    ----------
    source
        A store, or tidy observations with ``date``, ``location``, ``metric``, ``value`` and perhaps ``released``.
    hospitals
        Codes.
    as_of
        Only what was released on or before this day; everything when left out.
    tables
        Reference tables; those in force when left out.

    Returns
    -------
    PathwayShares
        Of every hospital. One without usable reasons is expected at the mean of the others, and no surer than they
        differ; where nobody has published reasons, the shares are those of the reference table.

    Raises
    ------
    InputError
        ``hospitals`` is no list of codes, ``source`` neither a store nor a tidy frame, or ``as_of`` no date.
    """
    hospitals = codes_of(hospitals)
    tables = tables or reference()
    ways = pathways(tables)
    counts, specification = delay_counts(source, [way.number for way in ways], tables, as_of)
    if counts.empty:
        return reference_shares(hospitals, tables)
    reasons = unusable_months(counts)
    people = weighted(counts[reasons == ""])
    mean, size = between(people, tables)
    means, sizes, notes = {}, {}, {}
    for code in hospitals:
        own = people.loc[code].to_numpy() if code in people.index else np.zeros(len(mean))
        expected = (size * mean + own) / (size + own.sum())
        means[code] = tuple(float(share) for share in expected[:-1])
        sizes[code] = float(1 / (1 / (size + own.sum() / TOLD_TWICE) + 1 / AT_MOST))
        notes[code] = _note(code, counts, reasons, specification)
    return PathwayShares(tuple(way.code for way in ways), means, sizes, notes)


def weighted(counts: pd.DataFrame) -> pd.DataFrame:
    """People by hospital and pathway, months added up, each counting for less than the one after it."""
    if counts.empty:
        return counts.groupby(level="location").sum()
    dates = pd.DatetimeIndex(counts.index.get_level_values("date"))
    months = (12 * dates.year + dates.month).to_numpy()
    weights = MONTH_KEEPS ** (months.max() - months).astype(float)
    return counts.mul(weights, axis=0).groupby(level="location").sum()


def between(people: pd.DataFrame, tables: Reference) -> tuple[Shares, float]:
    """Mean share of hospitals for each pathway and the rest, and the size of the Dirichlet of their scatter.

    The variance of shares between hospitals is that of the Dirichlet and that of counting so many people each.
    """
    known = people[people.sum(axis=1) > 0]
    if len(known) < FEWEST_HOSPITALS:
        fallback = reference_shares([""], tables)
        means = np.asarray(fallback.means[""])
        return np.append(means, max(0.0, 1 - means.sum())), fallback.people[""]
    shares = known.div(known.sum(axis=1), axis=0).to_numpy()
    mean = shares.mean(axis=0)
    counted = (mean * (1 - mean)).sum() * float((1 / known.sum(axis=1).clip(lower=1.0)).mean())
    scatter = max(float(shares.var(axis=0, ddof=1).sum()) - counted, 1e-9)
    size = float((mean * (1 - mean)).sum()) / scatter - 1
    return mean, float(np.clip(size, *SIZE_RANGE))


def _note(code: str, counts: pd.DataFrame, reasons: pd.Series, specification: str) -> str:
    if code not in counts.index.get_level_values("location"):
        return f"shares of delays by pathway: those of all hospitals, it tells no delay reasons of {specification}"
    why = reasons.loc[code]
    kept, left = why[why == ""], why[why != ""]
    text = "shares of delays by pathway: "
    text += f"its own of {_months(kept)}, drawn toward all hospitals" if len(kept) else "those of all hospitals"
    return text + (f"; left out {_months(left)} ({', '.join(dict.fromkeys(left))})" if len(left) else "")


def _months(rows: pd.Series) -> str:
    return f"{len(rows)} month{'s' if len(rows) > 1 else ''} to {rows.index.max():%B %Y}"
