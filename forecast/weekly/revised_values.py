"""Published values of days already known that are told otherwise today."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from forecast.observations.store import Store
from forecast.reference import Reference
from forecast.runs.changes_ahead import CLEARED, CORRECTED, DOUBTED, LATE, REVISED_COLUMNS
from forecast.weekly.learning import usable_values


def revised_values(
    then: Store, then_day: pd.Timestamp, now: Store, metric: str, hospitals: Sequence[str], tables: Reference
) -> tuple[pd.DataFrame, int]:
    """Compare what was known of a metric then with what is known now of the same days.

    Parameters
    ----------
    then, then_day
        The store as it was, and its day.
    now
        What is known now of the days known then; see ``Retold``.
    metric
        Its name.
    hospitals
        Whose values are listed.
    tables
        Say which locations are trusts.

    Returns
    -------
    tuple
        Columns ``REVISED_COLUMNS`` for the hospitals, and how many usable values of other trusts differ.
    """
    old, new = (one.panel(metric, hospitals, as_of=then_day) for one in (then, now))
    usable_old, usable_new = (usable_values(one, metric, then_day, tables, hospitals) for one in (then, now))
    listed = _long(old, new, "published").merge(
        _long(usable_old[list(hospitals)], usable_new[list(hospitals)], "usable"), how="outer", on=["date", "location"]
    )
    told = listed[[f"before_{kind}" for kind in ("published", "usable")]].notna()
    same = listed["before_published"].eq(listed["now_published"])
    kind = pd.Series(CORRECTED, index=listed.index)
    kind[~told["before_published"]] = LATE
    kind[same & told["before_usable"]] = DOUBTED
    kind[same & ~told["before_usable"]] = CLEARED
    rows = listed.assign(metric=metric, kind=kind, before=listed["before_published"], now=listed["now_published"])
    changed = ~same | told["before_usable"].ne(listed["now_usable"].notna())
    found = rows.loc[changed & rows["now"].notna(), list(REVISED_COLUMNS)]
    others = _differing(usable_old, usable_new, hospitals)
    return found.sort_values(["date", "location"], ignore_index=True), others


def _long(old: pd.DataFrame, new: pd.DataFrame, kind: str) -> pd.DataFrame:
    """One row a day and place, with the value before and now."""
    each = [
        panel.rename_axis(index="date").melt(var_name="location", value_name=name, ignore_index=False).reset_index()
        for name, panel in ((f"before_{kind}", old), (f"now_{kind}", new))
    ]
    return each[0].merge(each[1], how="outer", on=["date", "location"])


def _differing(old: pd.DataFrame, new: pd.DataFrame, but: Collection[str]) -> int:
    """Values that differ at all places but some."""
    places = [code for code in old.columns.union(new.columns) if code not in but]
    dates = old.index.union(new.index)
    before, after = (panel.reindex(index=dates, columns=places) for panel in (old, new))
    return int((before.ne(after) & ~(before.isna() & after.isna())).to_numpy().sum())
