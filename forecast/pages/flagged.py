"""Published figures that look wrong, drawn on their series and listed with the reasons."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast.charts import flag_chart
from forecast.pages import address, cards, downloads, drawing, freshness
from forecast.reading import by_name
from forecast.runs import Run
from forecast.wording import flag_words, words

TITLE = "Published figures that look wrong"
EVERYTHING = "everything"
ROWS_SHOWN = 5
"""Below a chart; those of all measures or hospitals together are a list that people go through."""
ROWS_LISTED = 20
WINDOWS = {"120": "4 months", "365": "1 year", "all": "All"}
USUAL_WINDOW = "365"


def draw(run: Run) -> None:
    """Draw the section."""
    st.header(TITLE, anchor=False)
    flagged = freshness.flags_of(run)
    st.html(cards.plain(_opening(flagged)))
    metric, place, window = _chosen(run, flagged)
    chosen = _within(run, flagged, metric, place, window)
    names = by_name.places(run)
    if EVERYTHING in (metric, place):
        st.markdown(words.flagged(*_counts(chosen)) + " Choose one measure and one hospital to see them on a chart.")
        spells = freshness.together(freshness.spells(chosen))
        numbers = None
    else:
        marked = _draw(run, chosen, metric, place, window)
        spells = marked.spells
        numbers = spells["number"]
    if len(spells):
        _list(run, spells, numbers, names)
        _download(run, chosen, names)


def _opening(flagged: pd.DataFrame) -> list[str]:
    """Say how many figures are marked, and what that means for the forecast."""
    wrong, told = _counts(flagged)
    said = [
        f"{words.plural(wrong, 'figure')} of these hospitals, in all years together, {'is' if wrong == 1 else 'are'} "
        "left out when the forecast is made. What was published is never altered."
    ]
    if told:
        verb = "tells" if told == 1 else "tell"
        said.append(
            f"{words.plural(told, 'remark')} {verb} of a series as a whole, such as a new usual level; its figures are "
            "used."
        )
    return said


def _counts(flagged: pd.DataFrame) -> tuple[int, int]:
    """Figures left out, and remarks: one that holds for several measures or hospitals is one remark."""
    remarks = flagged["flag"].map(flag_words.remark).astype(bool)
    return int((~remarks).sum()), len(freshness.together(freshness.spells(flagged[remarks])))


def _chosen(run: Run, flagged: pd.DataFrame) -> tuple[str, str, str]:
    """Let a person choose; a first visit sees the series with the newest figure that is left out."""
    names = by_name.places(run)
    wrong = flagged[~flagged["flag"].map(flag_words.remark).astype(bool)]
    many = wrong["metric"].value_counts()
    measures = {metric: flag_words.option(by_name.label(metric), int(many.get(metric, 0))) for metric in run.metrics}
    measures[EVERYTHING] = "All measures"
    newest = wrong.iloc[0] if len(wrong) else None
    left, middle, right = st.columns([5, 4, 2])
    with left:
        metric = address.select("Measure", "flag_metric", measures, "" if newest is None else str(newest["metric"]))
    many = wrong.loc[wrong["metric"].eq(metric) | (metric == EVERYTHING), "location"].value_counts()
    places = {c: flag_words.option(n, int(many.get(c, 0))) for c, n in names.items() if c not in run.counties}
    places[EVERYTHING] = "All hospitals"
    with middle:
        place = address.select("Hospital", "flag_place", places, "" if newest is None else str(newest["location"]))
    with right:
        long_ago = newest is not None and newest["date"] <= run.as_of - pd.Timedelta(days=int(USUAL_WINDOW))
        window = address.select("Days shown", "flag_window", WINDOWS, "all" if long_ago else USUAL_WINDOW)
    return metric, place, window


def _within(run: Run, flagged: pd.DataFrame, metric: str, place: str, window: str) -> pd.DataFrame:
    chosen = flagged
    if metric != EVERYTHING:
        chosen = chosen[chosen["metric"] == metric]
    if place != EVERYTHING:
        chosen = chosen[chosen["location"] == place]
    if window != "all":
        # A remark stands on the first day of what it tells of, which may go on.
        inside = chosen["date"] > run.as_of - pd.Timedelta(days=int(window))
        chosen = chosen[inside | chosen["flag"].map(flag_words.remark).astype(bool)]
    return chosen


def _draw(run: Run, chosen: pd.DataFrame, metric: str, place: str, window: str) -> flag_chart.Marked:
    marked = flag_chart.make_marked(
        metric=by_name.label(metric),
        place=by_name.places(run)[place],
        unit=by_name.unit(metric),
        values=run.history(metric)[place],
        flags=chosen,
        spells=freshness.spells(chosen),
        since=None if window == "all" else run.as_of - pd.Timedelta(days=int(window)),
        simulated=run.simulated,
    )
    if said := flag_chart.means(marked):
        st.html(cards.plain(said))
    text = flag_chart.alternative(marked)
    if len(marked.published):
        drawing.bare(drawing.of(flag_chart.flag_chart, marked, drawing.ink()), text, key="flagged")
    st.caption(text)
    return marked


def _list(run: Run, spells: pd.DataFrame, numbers: pd.Series | None, names: dict[str, str]) -> None:
    """Show the newest flagged days, a page at a time."""
    single = numbers is not None
    many = ROWS_SHOWN if single else ROWS_LISTED
    starts = range(0, len(spells), many)
    start = 0
    if len(starts) > 1:
        if address.changed():
            # Of another list: its newest rows come first.
            address.put({"flag_rows": None})
        listed = {
            f"{first + 1}": f"{first + 1} to {min(first + many, len(spells))} of {len(spells)}" for first in starts
        }
        start = int(address.select("Rows, newest first", "flag_rows", listed, width=340)) - 1
    shown = spells.iloc[start : start + many].to_dict("records")
    rows = [
        [
            f"Mark {row['number']}"
            if single
            else "; ".join(name for code, name in names.items() if code in row["locations"]),
            words.days(row["first"], row["last"]),
            *([] if single else ["; ".join(map(by_name.label, row["metrics"]))]),
            f"{flag_words.label(row['flag'])}\n{flag_words.treated(row['flag'])}",
            row["note"],
        ]
        for row in shown
    ]
    columns = ["Mark" if single else "Hospital", "Days", *([] if single else ["Measure"]), "What", "Why"]
    st.html(cards.table("Newest first", columns, rows, "ff-folds ff-marks" if single else "ff-folds"))


def _download(run: Run, chosen: pd.DataFrame, names: dict[str, str]) -> None:
    """Offer the flagged days with the figures as published."""
    history = {metric: run.history(metric) for metric in chosen["metric"].unique()}
    figures = [
        history[metric][code].get(day, float("nan"))
        for metric, code, day in zip(chosen["metric"], chosen["location"], chosen["date"], strict=True)
    ]
    table = chosen.assign(
        published=figures,
        hospital=chosen["location"].map(names),
        measure=chosen["metric"].map(by_name.label),
        what=chosen["flag"].map(flag_words.label),
        treated=chosen["flag"].map(flag_words.treated),
        data_to=[f"{run.last_observed(metric):%Y-%m-%d}" for metric in chosen["metric"]],
    )
    downloads.button("Download these values (CSV)", table, run, "flags")
