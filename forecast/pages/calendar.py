"""What was due and what came: a calendar of the weeks before the run, one column a publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd
import streamlit as st

from forecast.observations.due import RELEASE, publications
from forecast.pages import cards, downloads, shell, stored
from forecast.reading import by_name
from forecast.runs import Run
from forecast.wording import due_words, words

PUBLISHER = "NHS England "


def draw(run: Run) -> None:
    """Draw the section."""
    st.header("What was due, and what came", anchor=False)
    owed, found = stored.owed_by(shell.store_of(run), run)
    owed = owed.assign(publication=publications(owed["metric"]))
    names = list(owed["publication"].unique())
    st.html(cards.bullets([due_words.summary(short(name), found[found["publication"] == name]) for name in names]))
    if found["state"].isin(["missing", "part"]).any():
        st.html(cards.plain([due_words.MISSING]))
    with st.expander(due_words.CALENDAR):
        st.html(_table(run, owed, found, names))
        st.html(cards.plain(due_words.LEGEND))
        _download(run, owed)


def short(name: str) -> str:
    """Name of a publication without its publisher."""
    plain = name.removeprefix(PUBLISHER)
    return plain[:1].upper() + plain[1:]


def _table(run: Run, owed: pd.DataFrame, found: pd.DataFrame, names: Sequence[str]) -> str:
    """Return one row a week, newest first; a week without anything due in a publication has an empty cell."""
    places, labels = by_name.places(run), {metric: by_name.label(metric) for metric in owed["metric"].unique()}
    measures = {
        name: "; ".join(words.lower(labels[m]) for m in owed.loc[owed["publication"] == name, "metric"].unique())
        for name in names
    }
    by_release = dict(list(owed.groupby(["publication", *RELEASE])))
    weeks = found["due"] - pd.to_timedelta(found["due"].dt.day_of_week, unit="D")
    body = []
    for week, part in sorted(found.groupby(weeks), reverse=True, key=lambda one: one[0]):
        cells = []
        quiet = ' class="ff-quiet"' if part["state"].eq("off_season").all() else ""
        for name in names:
            items = []
            for release in part[part["publication"] == name].to_dict("records"):
                owing = by_release[(name, *(release[column] for column in RELEASE))]
                lines = due_words.cell(release, owing, places, labels)
                items.append(_item(str(release["state"]), lines))
            label = escape(short(name))
            cells.append(f'<td data-label="{label}">{"".join(items)}</td>' if items else '<td class="ff-empty"></td>')
        body.append(f'<tr{quiet}><th scope="row">{escape(words.week_of(week))}</th>{"".join(cells)}</tr>')
    head = "".join(
        f'<th scope="col">{escape(short(name))} <span>{escape(measures[name])}</span></th>' for name in names
    )
    return (
        f'<table class="ff-table ff-folds ff-calendar"><caption>{escape(due_words.since(found, run.as_of))}</caption>'
        f'<thead><tr><th scope="col">Week</th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    )


def _item(state: str, lines: Sequence[str]) -> str:
    small = "".join(f"<span>{escape(line)}</span> " for line in lines[1:])
    symbol = f'<i aria-hidden="true">{due_words.SYMBOLS[state]}</i>'
    return f'<div class="ff-due ff-{state.replace("_", "-")}"><b>{symbol} {escape(lines[0])}</b> {small}</div>'


def _download(run: Run, owed: pd.DataFrame) -> None:
    places: Mapping[str, str] = by_name.places(run)
    table = owed.assign(
        measure=owed["metric"].map({metric: by_name.label(metric) for metric in owed["metric"].unique()}),
        hospital=owed["location"].map(places),
    )
    downloads.button("Download this calendar (CSV)", table, run, "calendar")
