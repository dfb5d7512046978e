"""Data: where the figures come from, how old they are, what was left out, and which code made the forecast."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast import words
from forecast.pages import cards, downloads, freshness, shell
from forecast.runs import Run

EVERYTHING = "everything"


def page(run: Run) -> None:
    """Draw the page."""
    _fresh(run)
    _left_out(run)
    _flags(run)
    _made_by(run)


def _fresh(run: Run) -> None:
    st.header("How fresh the figures are")
    store = shell.store_of(run)
    columns = ["Measure", "Newest day used", "Age on that date"]
    rows = [
        [
            shell.label(metric),
            words.short_day(run.last_observed(metric)),
            words.data_age(run.last_observed(metric), run.as_of),
        ]
        for metric in run.metrics
    ]
    caption = f"Measures of this forecast, as known on {words.day(run.as_of)}."
    if store.empty:
        st.html(cards.table(caption, columns, rows))
        st.info(f"The folder of observations ({store.folder}) is not here: only the forecast itself is shown.")
        return
    held = {metric: freshness.stored(store, metric) for metric in run.metrics}
    columns += ["Last release stored", "Rows stored", "Publications"]
    rows = [[*row, *words.held(found)] for row, found in zip(rows, held.values(), strict=True)]
    caption += " The last three columns tell what is stored today."
    st.html(cards.table(caption, columns, rows))
    with st.expander("Publications each measure was read from"):
        named = {shell.label(metric): found["publications"] for metric, found in held.items() if found}
        st.html(cards.publications(named))


def _left_out(run: Run) -> None:
    said = [
        *shell.unsaid(run),
        *shell.all_remarks(run),
    ]
    st.header("What could not be used, and remarks")
    st.html(cards.bullets(said or ["Every measure and every place has a forecast."]))


def _flags(run: Run) -> None:
    st.header("Published values that cannot be right")
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
        _flag_table(run, chosen, names)


def _flag_table(run: Run, chosen: pd.DataFrame, names: dict[str, str]) -> None:
    shown = pd.DataFrame(
        {
            "date": chosen["date"],
            "hospital": chosen["location"].map(names).fillna(chosen["location"]),
            "measure": chosen["metric"].map(shell.label),
            "why": chosen["note"],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        column_config={
            "date": st.column_config.DateColumn("Date", format="ddd D MMM YYYY", width=120),
            "hospital": st.column_config.TextColumn("Hospital", width=200),
            "measure": st.column_config.TextColumn("Measure", width=340),
            "why": st.column_config.TextColumn("Why it cannot be right", width=420),
        },
        alt=words.flagged(len(chosen)),
    )
    st.download_button(
        "Download these values (CSV)",
        downloads.to_csv(downloads.with_origin(chosen, run)),
        file_name=f"{'simulated-' if run.simulated else ''}flags-{run.as_of:%Y-%m-%d}.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _made_by(run: Run) -> None:
    st.header("How the forecast was made")
    settings = {str(name).replace("_", " "): value for name, value in dict(run.manifest["settings"]).items()}
    facts = {
        "Run": run.id,
        "Code version": run.manifest["code_version"],
        **{name.capitalize(): value for name, value in settings.items()},
    }
    st.html(cards.table("Run and settings", ["Setting", "Value"], [[n, f"{v}"] for n, v in facts.items()]))
    with st.expander("Vintages: the files of observations it was made from"):
        rows = [[str(v["file"]), words.count(v["rows"])] for v in run.manifest["vintages"]]
        st.html(cards.table("In the order of ingest", ["Vintage", "Rows"], rows))


shell.show("Data", page)
