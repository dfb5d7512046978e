"""Every figure ever published for one measure, hospital and day."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast.observations.told import told
from forecast.pages import address, cards, downloads, shell, stored
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import told_words, words

TITLE = "How one published figure changed"
LOOK_UP = "Look up one figure"


def draw(run: Run) -> None:
    """Draw the section."""
    st.header(TITLE, anchor=False)
    store = shell.store_of(run)
    found = {metric: rows for metric in _measures(run) if len(rows := stored.rows_of(store, metric, run))}
    if not found:
        st.markdown("No figure of these hospitals is stored here.")
        return
    revised = {metric: stored.changed_of(store, metric, run) for metric in found}
    st.html(cards.plain([told_words.how_many({by_name.label(m): len(rows) for m, rows in revised.items()})]))
    with st.expander(LOOK_UP, expanded=address.linked("changed", "changed_at", "changed_on")):
        _one(run, found, revised)


def _one(run: Run, found: dict[str, pd.DataFrame], revised: dict[str, pd.DataFrame]) -> None:
    metric, place, day = _chosen(run, found, revised)
    rows = told(found[metric], day, place)
    st.html(cards.plain([told_words.sentence(rows)]))
    name = by_name.places(run)[place]
    caption = f"{by_name.label(metric)}, {name}, {words.day(day)}: every figure stored, the oldest first"
    columns = ["Edition", "Figure", "Used by forecasts from", "Read from"]
    st.html(cards.table(caption, columns, [told_words.row(row, run.as_of) for row in rows.to_dict("records")]))
    table = rows.drop(columns="told").assign(place=name, measure=by_name.label(metric), unit=by_name.unit(metric))
    downloads.button("Download this history (CSV)", table, run, f"history-{metric}-{place}-{day:%Y-%m-%d}")
    if len(revised[metric]):
        every = revised[metric].assign(measure=by_name.label(metric), metric=metric)
        every["hospital"] = every["location"].map(by_name.places(run))
        downloads.button("Download all changed figures of this measure (CSV)", every, run, f"changed-{metric}")


def _measures(run: Run) -> list[str]:
    """Published measures behind the forecast ones, each once."""
    wanted = (*run.metrics, *(metric for metric in run.skipped if reference().metric(metric)))
    return list(dict.fromkeys(part for metric in wanted for part in stored.parts_of(metric)))


def _chosen(
    run: Run, found: dict[str, pd.DataFrame], revised: dict[str, pd.DataFrame]
) -> tuple[str, str, pd.Timestamp]:
    """Let a person choose a figure: those that changed come first, the newest change before all."""
    newest = {metric: rows["changed"].max() for metric, rows in revised.items() if len(rows)}
    order = sorted(newest, key=lambda metric: newest[metric], reverse=True)
    measures = {m: told_words.option(by_name.label(m), len(revised[m])) for m in dict.fromkeys([*order, *found])}
    left, middle, right = st.columns([5, 4, 3])
    with left:
        metric = address.select("Measure", "changed", measures)
    some, all_rows = revised[metric], found[metric]
    names = by_name.places(run)
    first = list(dict.fromkeys(some["location"]))
    there = set(all_rows["location"])
    codes = [code for code in dict.fromkeys([*first, *stored.hospitals_of(run)]) if code in there]
    places = {code: told_words.option(names[code], int((some["location"] == code).sum())) for code in codes}
    with middle:
        place = address.select("Hospital", "changed_at", places)
    moved = list(some.loc[some["location"] == place, "date"])
    every = sorted(all_rows.loc[all_rows["location"] == place, "date"].unique(), reverse=True)
    days = {
        f"{day:%Y-%m-%d}": words.table_day(day) + (", changed" if day in moved else "")
        for day in dict.fromkeys([*moved, *map(pd.Timestamp, every)])
    }
    with right:
        day = address.select("Day", "changed_on", days, _usual(all_rows, place, run) if not moved else "")
    return metric, place, pd.Timestamp(day)


def _usual(rows: pd.DataFrame, place: str, run: Run) -> str:
    """Newest day of a hospital that the run knew; empty where it knew none."""
    known = rows.loc[(rows["location"] == place) & (rows["released"] <= run.as_of), "date"]
    return f"{known.max():%Y-%m-%d}" if len(known) else ""
