"""Tables of what a run says of itself: the answer in short, its track record, warnings and the dates of its data."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.briefing import Briefing
from forecast.figures import change_frames
from forecast.placements.plans.names import PRODUCT_LABELS
from forecast.reading import by_name
from forecast.reading.held import held
from forecast.reference import reference
from forecast.runs import Run
from forecast.runs.diary import diary_of, listing
from forecast.takeaway.tables import MISSING, Table, table
from forecast.wording import change_words, explanations, placement_captions, table_words, takeaway_words, words
from forecast.wording.table_words import HIGH, LOW, MEASURE, MIDDLE, PLACE

FIGURES = {"middle": MIDDLE, "low": LOW, "high": HIGH}


def summary(briefings: Sequence[Briefing]) -> Table:
    """The answer in sentences."""
    found = [
        {PLACE: one.place, table_words.POINT: number, table_words.SAYS: sentence}
        for one in briefings
        for number, sentence in enumerate(one.sentences, start=1)
    ]
    return table("Summary", table_words.SUMMARY, found)


def records(run: Run, metrics: Sequence[str]) -> list[tuple[str, str, str]]:
    """Metric, code and the sentence on how often past ranges held, where enough of them are known."""
    found, folders = [], listing(run.path.parent)
    for metric in (one for one in metrics if one in run.metrics):
        diary = diary_of(run, metric, folders)
        told = {code: held(run, metric, code, diary) for code in by_name.places(run)}
        found += [(metric, code, said) for code, said in told.items() if said]
    return found


def record(run: Run) -> Table:
    """How often past ranges held."""
    names = by_name.places(run)
    found = [
        {MEASURE: by_name.label(metric), PLACE: names[code], table_words.TRACK: said}
        for metric, code, said in records(run, run.metrics)
    ]
    return table("Track record", table_words.RECORD_TITLE, found, said=[] if found else [takeaway_words.NO_RECORD])


def changed(run: Run) -> Table:
    """What changed since the run before, and what each cause added; or why that is not known."""
    found, labels = run.compared, {metric: by_name.label(metric) for metric in run.metrics}
    if found.reason:
        return table("What changed", table_words.CHANGED_TITLE, [], said=[words.sentence(found.reason)])
    names = by_name.places(run)
    rows = [
        {
            MEASURE: _measure(row),
            PLACE: row["place"],
            table_words.WEEK_TO: "" if pd.isna(row["date"]) else words.short_day(row["date"]),
            table_words.PART: table_words.PARTS.get(row["part"]) or table_words.added(change_words.SHORT[row["part"]]),
            **{heading: _rounded(row[name]) for name, heading in FIGURES.items()},
        }
        for row in change_frames.for_file(found, names, labels).to_dict("records")
    ]
    left = change_words.left_out(found, names, {metric: by_name.label(metric) for metric in found.left_out})
    said = [change_words.opening(found), change_words.HOW_TO_READ, change_words.TENTHS, *left]
    return table("What changed", table_words.CHANGED_TITLE, rows, {table_words.WEEK_TO: ("averages",)}, said)


def _measure(row: Mapping[Hashable, Any]) -> str:
    """Name of a measure; of places, their kind and how sure they make us."""
    if pd.isna(row["assurance"]):
        return str(row["measure"])
    return f"{placement_captions.first_up(PRODUCT_LABELS[row['metric']])}, {table_words.level_column(row['assurance'])}"


def _rounded(value: float) -> Any:
    return MISSING if pd.isna(value) else round(value, 1)


def warnings(run: Run, briefings: Sequence[Briefing]) -> Table:
    """What to be careful with, what cannot be said and remarks on single forecasts."""
    kinds: list[tuple[str, Sequence[str]]] = [
        ("Be careful", [text for one in briefings for text in one.warnings]),
        ("Cannot be said", by_name.unsaid(run)),
        ("Remark", by_name.all_remarks(run)),
        ("Checks", [explanations.FIRST_CHECK]),
    ]
    seen: dict[str, str] = {}
    for kind, texts in kinds:
        for text in texts:
            seen.setdefault(text, kind)
    return table(
        "Warnings", table_words.WARNINGS_TITLE, [{table_words.WHAT: k, table_words.SAYS: t} for t, k in seen.items()]
    )


def dates(run: Run) -> Table:
    """Publication, newest day and age of every measure; those that are not forecast with the reason."""
    found: list[dict[str, Any]] = []
    for metric in run.metrics:
        known = reference().metric(metric)
        source = known.source if known else "not known here"
        newest = run.last_observed(metric)
        found.append(
            {
                MEASURE: by_name.label(metric),
                table_words.PUBLICATION: f"simulated, after: {source}" if run.simulated else source,
                table_words.NEWEST: words.short_day(newest),
                table_words.AGE: words.data_age(newest, run.as_of),
            }
        )
    said = [words.skipped(by_name.label(metric), reason) for metric, reason in run.skipped.items()]
    return table("Data dates", table_words.DATES_TITLE, found, said=said)
