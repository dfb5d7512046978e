"""Section of This week: what changed since the run before, and why."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast.charts import change_charts
from forecast.figures import change_frames as frames
from forecast.pages import cards, downloads, drawing
from forecast.placements.plans.names import PRODUCT_LABELS
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.runs.changes_ahead import BEFORE, NOT_ASKED, NOW, OLD_RUN, Changes
from forecast.wording import change_words as said
from forecast.wording import words

ASSURANCE = 0.9


def section(run: Run, county: str) -> None:
    """Draw what changed in a county since the run before: sentences, then the chart and the tables behind them."""
    changes = run.compared
    if changes.reason in (OLD_RUN, NOT_ASKED):
        st.html(cards.plain([f"{said.LAST_RUN}: {words.sentence(changes.reason)}"]))
        return
    st.header(said.heading(changes, run.as_of), anchor=False)
    st.html(cards.plain([said.opening(changes)]))
    if changes.reason:
        return
    st.html(cards.bullets(_sentences(run, changes, county)))
    with st.expander("Each hospital: what each cause added"):
        _chart(run, changes, county)
        _table(run, changes, county)
        st.html(cards.plain([f"{said.HOW_TO_READ} {said.ADD_UP}"]))
    left = said.left_out(changes, _names(run), {metric: by_name.label(metric) for metric in changes.left_out})
    if left:
        with st.expander("What is not compared"):
            st.html(cards.bullets(left))


def _sentences(run: Run, changes: Changes, county: str) -> list[str]:
    names = _local(run, county)
    found = said.sentences(changes, by_name.BACKLOG, county, names, by_name.label(by_name.BACKLOG))
    found += [_wave(changes, metric, county, names[county]) for metric in run.metrics if metric != by_name.BACKLOG]
    found.append(said.places(changes, county, ASSURANCE, PRODUCT_LABELS))
    return [one for one in found if one]


def _wave(changes: Changes, metric: str, county: str, place: str) -> str:
    """What changed in patients with flu or Covid: their forecast two weeks ahead, and whether the peak has passed."""
    known = reference().metric(metric)
    dates = frames.weeks(changes, metric)
    if known is None or not known.wave or known.kind != "stock" or not dates:
        return ""
    label = by_name.label(metric)
    moved = said.moved(changes, metric, county, dates[0], place)
    return f"{label}: {words.lower(moved)} {said.peak(changes, metric, county)}".strip() if moved else ""


def _chart(run: Run, changes: Changes, county: str) -> None:
    dates = frames.weeks(changes, by_name.BACKLOG)
    if not dates:
        return
    date, names = dates[-1], _local(run, county)
    steps = frames.steps(changes, by_name.BACKLOG, list(names), date)
    if steps.empty:
        return
    heads = {}
    for code, name in names.items():
        found = frames.parts_of(changes, by_name.BACKLOG, code, date)
        if found:
            heads[code] = f"{name}: about {words.count(found[BEFORE])} then, {words.count(found[NOW])} now"
    title = [by_name.label(by_name.BACKLOG), f"forecast for the week to {words.short_day(date)}, then and now"]
    text = said.alternative(changes, by_name.BACKLOG, names, date, by_name.label(by_name.BACKLOG))
    drawing.show(
        drawing.of(change_charts.change_chart, steps, heads, title, run.simulated, drawing.ink()),
        text,
        run,
        f"changes-{county}",
        what="What changed",
    )


def _table(run: Run, changes: Changes, county: str) -> None:
    names = _local(run, county)
    for metric in dict.fromkeys(changes.forecasts["metric"]):
        rows = [
            row
            for code, name in names.items()
            for date in frames.weeks(changes, str(metric))
            if (row := _row(changes, str(metric), code, name, date))
        ]
        columns = ["Place and week", "Then", "Now", "What each cause added"]
        caption = f"{by_name.label(str(metric))}: people a day, middle of the forecast and {words.LIKELY}"
        if rows:
            st.html(cards.table(caption, columns, rows))
    labels = {metric: by_name.label(metric) for metric in run.metrics}
    table = frames.for_file(changes, _names(run), labels).assign(compared_with=changes.run or said.MADE_AGAIN)
    downloads.button("Download what changed (CSV)", table, run, f"what-changed-{county}")


def _row(changes: Changes, metric: str, code: str, name: str, date: pd.Timestamp) -> list[str]:
    found = frames.parts_of(changes, metric, code, date)
    if not found:
        return []
    figures = frames.whole(found)
    spans = [frames.parts_of(changes, metric, code, date, figure) for figure in ("low", "high")]
    cells = [f"{words.count(figures[part])}\n{words.span(spans[0][part], spans[1][part])}" for part in (BEFORE, NOW)]
    return [f"{name}\nweek to {words.short_day(date)}", *cells, said.causes(figures)]


def _local(run: Run, county: str) -> dict[str, str]:
    """The county, then its hospitals: code to name."""
    tables = reference()
    return {code: tables.label(code) for code in (county, *run.members(county))}


def _names(run: Run) -> dict[str, str]:
    return {code: name for county in run.counties for code, name in _local(run, county).items()}
