"""Data: what came and what did not, how figures changed, what was left out, and adding figures from a file."""

from __future__ import annotations

import streamlit as st

from forecast.addresses import without_secrets
from forecast.pages import calendar, cards, flagged, freshness, shell, upload, value_history
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import explanations, upload_words, words


def page(run: Run) -> None:
    """Draw the page."""
    if run.simulated:
        st.markdown(upload_words.REAL_FIGURES)
    here = not shell.store_of(run).empty
    if here:
        calendar.draw(run)
    _fresh(run, here)
    _left_out(run)
    if here:
        value_history.draw(run)
    flagged.draw(run)
    upload.draw(run)
    _for_analysts(run)


def _fresh(run: Run, here: bool) -> None:
    st.header("Where the figures come from, and how old they are", anchor=False)
    store = shell.store_of(run)
    st.html(cards.plain([words.newest_used([run.last_observed(metric) for metric in run.metrics], run.as_of)]))
    rows = []
    for metric in run.metrics:
        known = reference().metric(metric)
        newest = run.last_observed(metric)
        source = known.source if known else "not known here"
        row = [
            by_name.label(metric),
            f"simulated, after: {source}" if run.simulated else source,
            words.short_day(newest),
        ]
        row.append(words.data_age(newest, run.as_of))
        if here:
            released = freshness.newest_release(store, metric, run)
            row.append("not stored here" if released is None else words.short_day(released))
        rows.append(row)
    columns = ["Measure", "Publication", "Newest day used", "Age on that day"]
    columns += ["Newest release used"] if here else []
    with st.expander("Each measure: publication, newest day, newest release"):
        st.html(cards.table(f"Measures of this forecast, as known on {words.day(run.as_of)}", columns, rows))
    if not here:
        where = words.literal(without_secrets(str(store.folder)))
        st.info(
            f"The folder of observations ({where}) is not here: only the forecast itself is shown, not what came when "
            "and how figures changed."
        )


def _left_out(run: Run) -> None:
    st.header("What could not be used, and remarks", anchor=False)
    said = [*by_name.unsaid(run), *by_name.all_remarks(run), explanations.FIRST_CHECK]
    st.html(cards.bullets(said))


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
        stored = {by_name.label(m): found for m in run.metrics if (found := freshness.stored(store, m))}
        if stored:
            st.markdown("Publications that the stored figures of each measure were read from, today:")
            st.html(cards.publications(stored))
        st.markdown(upload_words.FOR_OPERATORS)


shell.show("Data", page)
