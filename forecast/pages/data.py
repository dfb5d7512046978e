"""Data: where the figures come from, how old they are, what was left out, and which code made the forecast."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast import explanations, words
from forecast.pages import cards, downloads, freshness, shell
from forecast.reference import reference
from forecast.runs import Run

EVERYTHING = "everything"
ROWS_SHOWN = 10


def page(run: Run) -> None:
    """Draw the page."""
    _fresh(run)
    _left_out(run)
    _flags(run)
    _for_analysts(run)


def _fresh(run: Run) -> None:
    st.header("Where the figures come from, and how old they are", anchor=False)
    store = shell.store_of(run)
    here = not store.empty
    rows = []
    for metric in run.metrics:
        known = reference().metric(metric)
        newest = run.last_observed(metric)
        source = known.source if known else "not known here"
        row = [shell.label(metric), f"simulated, after: {source}" if run.simulated else source, words.short_day(newest)]
        row.append(words.data_age(newest, run.as_of))
        if here:
            released = freshness.newest_release(store, metric, run)
            row.append("not stored here" if released is None else words.short_day(released))
        rows.append(row)
    columns = ["Measure", "Publication", "Newest day used", "Age on that day"]
    columns += ["Newest release used"] if here else []
    st.html(cards.table(f"Measures of this forecast, as known on {words.day(run.as_of)}", columns, rows))
    if not here:
        st.info(f"The folder of observations ({store.folder}) is not here: only the forecast itself is shown.")


def _left_out(run: Run) -> None:
    st.header("What could not be used, and remarks", anchor=False)
    said = [*shell.unsaid(run), *shell.all_remarks(run), explanations.FIRST_CHECK]
    st.html(cards.bullets(said))


def _flags(run: Run) -> None:
    st.header("Published values that look wrong", anchor=False)
    st.markdown("They are kept as published, marked in the charts, and left out when the forecast is made.")
    flagged = freshness.flags_of(run)
    names = shell.places(run)
    left, right = st.columns(2)
    with left:
        metrics = [EVERYTHING, *run.metrics]
        metric = st.selectbox(
            "Measure",
            metrics,
            format_func=lambda m: "All measures" if m == EVERYTHING else shell.label(m),
            key="flag_metric",
        )
    with right:
        places = [EVERYTHING, *(code for code in names if code not in run.counties)]
        place = st.selectbox(
            "Hospital",
            places,
            format_func=lambda p: "All hospitals" if p == EVERYTHING else names[p],
            key="flag_place",
        )
    chosen = flagged
    if metric != EVERYTHING:
        chosen = chosen[chosen["metric"] == metric]
    if place != EVERYTHING:
        chosen = chosen[chosen["location"] == place]
    st.markdown(words.flagged(len(chosen)))
    if len(chosen):
        _flag_table(run, chosen, names, f"{metric} {place}")


def _flag_table(run: Run, chosen: pd.DataFrame, names: dict[str, str], which: str) -> None:
    """Show the newest flagged values, a page at a time, and offer all of them as a file."""
    spells = freshness.spells(chosen)
    starts = range(0, len(spells), ROWS_SHOWN)
    start = 0
    if len(starts) > 1:
        start = st.selectbox(
            "Rows, newest first",
            starts,
            format_func=lambda first: f"{first + 1} to {min(first + ROWS_SHOWN, len(spells))} of {len(spells)}",
            key=f"flag_rows {which}",
            width=340,
        )
    rows = [
        [
            words.days(row["first"], row["last"]),
            names.get(row["location"], row["location"]),
            shell.label(row["metric"]),
            row["note"],
        ]
        for row in spells.iloc[start : start + ROWS_SHOWN].to_dict("records")
    ]
    st.html(cards.table("Newest first", ["Days", "Hospital", "Measure", "Why they look wrong"], rows))
    table = chosen.assign(hospital=chosen["location"].map(names), measure=chosen["metric"].map(shell.label))
    st.download_button(
        "Download these values (CSV)",
        downloads.to_csv(downloads.with_origin(table, run)),
        file_name=f"{'simulated-' if run.simulated else ''}flags-{run.as_of:%Y-%m-%d}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _for_analysts(run: Run) -> None:
    with st.expander("For analysts: run, settings and stored files"):
        settings = {str(name).replace("_", " "): value for name, value in dict(run.manifest["settings"]).items()}
        facts = {
            "Run": run.id,
            "Code version": run.manifest["code_version"],
            **{name.capitalize(): value for name, value in settings.items()},
        }
        st.html(cards.table("Run and settings", ["Setting", "Value"], [[n, f"{v}"] for n, v in facts.items()]))
        vintages = [[str(v["file"]), words.count(v["rows"])] for v in run.manifest["vintages"]]
        caption = "Vintages, the files of observations the run was made from, in the order of ingest"
        st.html(cards.table(caption, ["Vintage", "Rows"], vintages))
        store = shell.store_of(run)
        stored = {shell.label(m): found for m in run.metrics if (found := freshness.stored(store, m))}
        if stored:
            st.markdown("Publications that the stored figures of each measure were read from, today:")
            st.html(cards.publications(stored))


shell.show("Data", page)
