"""Tables of the forecasts: this week and the weeks ahead, every day, the season, and when each wave peaks."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.figures import wave_frames
from forecast.figures.fan import BANDS, Fan
from forecast.reading import by_name, waves
from forecast.reading.fans import Fans
from forecast.runs import Run
from forecast.takeaway.tables import MISSING, Table, table
from forecast.waves.peaks import Peak
from forecast.wording import season_captions, table_words, wave_captions, words
from forecast.wording.table_words import HIGH, LOW, MEASURE, MIDDLE, PLACE

PUBLISHED_DAYS = 56
RANGE = {LOW: ("likely",), HIGH: ("likely",)}
HALVES = {table_words.HALF_LOW: ("half",), table_words.HALF_HIGH: ("half",)}


def outlook(run: Run) -> Table:
    """Latest published week of every measure at every place, and two and four weeks ahead."""
    names = by_name.places(run)
    found = [
        row for metric in run.metrics for code, place in names.items() for row in _outlook(run, metric, code, place)
    ]
    notes = {table_words.LATEST: ("averages",), **RANGE, table_words.DIRECTION: ("direction",)}
    said = [words.skipped(by_name.label(metric), reason) for metric, reason in run.skipped.items()]
    return table("This week", table_words.OUTLOOK_TITLE, found, notes, said)


def _outlook(run: Run, metric: str, code: str, place: str) -> list[dict[str, Any]]:
    caution = by_name.rare(run, metric, code)
    return [
        {
            MEASURE: by_name.label(metric),
            PLACE: place,
            table_words.LATEST: _whole(row["now"]),
            table_words.LATEST_WEEK: words.short_day(row["now_date"]),
            table_words.WEEKS_AHEAD: int(row["weeks_ahead"]),
            table_words.WEEK_TO: words.short_day(row["date"]),
            MIDDLE: _whole(row["median"]),
            LOW: _whole(row["low"]),
            HIGH: _whole(row["high"]),
            table_words.DIRECTION: MISSING if caution else words.lean(row),
            table_words.CHANCES: MISSING if caution else words.chances(row),
        }
        for row in by_name.rows(run, metric, code)
    ]


def days(run: Run, fans: Fans) -> Table:
    """Forecast of each day of both counts at every place."""
    found = [
        {MEASURE: fan.metric, PLACE: fan.place, table_words.DAY: words.short_day(row["date"]), **_bands(row)}
        for _, _, fan in _near(run, fans)
        for row in fan.forecast.to_dict("records")
    ]
    said = _not_told(run, _counts(run))
    notes: dict[str, tuple[str, ...]] = {MEASURE: tuple(_counts(run)), **RANGE, **HALVES}
    return table("Fit to leave by day", table_words.DAYS_TITLE, found, notes, said)


def published(run: Run, fans: Fans) -> Table:
    """Published values of the last weeks, with what looks wrong with them."""
    found = [
        {
            MEASURE: fan.metric,
            PLACE: fan.place,
            table_words.DAY: words.short_day(row["date"]),
            table_words.PUBLISHED: _whole(row["value"]),
            table_words.LOOKS_WRONG: row["note"] or table_words.NO,
        }
        for metric, code, _ in _near(run, fans)
        for fan in [fans.near(metric, code, PUBLISHED_DAYS)]
        for row in fan.published.to_dict("records")
    ]
    return table("Fit to leave published", table_words.PAST_TITLE, found, {MEASURE: tuple(_counts(run))})


def season(run: Run, fans: Fans) -> Table:
    """Weekly means to the end of the season outlook."""
    found, said = [], []
    for metric in run.metrics:
        if reason := run.no_outlook(metric):
            said.append(f"{by_name.label(metric)}: {season_captions.missing(reason)}")
            continue
        for code in by_name.places(run):
            fan = fans.season(metric, code)
            found += [
                {
                    MEASURE: fan.metric,
                    PLACE: fan.place,
                    table_words.WEEK_TO: words.short_day(row["date"]),
                    **_bands(row),
                }
                for row in fan.forecast.to_dict("records")
            ]
    notes = {table_words.WEEK_TO: ("averages", "season"), **RANGE, **HALVES}
    return table("Season ahead", table_words.SEASON_TITLE, found, notes, said)


def peak_weeks(run: Run) -> Table:
    """Chance of each week to hold the peak of each illness at every place."""
    found, said = [], []
    for disease, code, peak in _peaks(run):
        about = waves.subject(run, disease, code)
        if isinstance(peak, str):
            said.append(peak)
            continue
        found += [
            {
                table_words.ILLNESS: about.disease[:1].upper() + about.disease[1:],
                PLACE: about.place,
                table_words.WEEK_OF: words.short_day(row["week"]),
                table_words.CHANCE: round(100 * float(row["share"]), 1),
                table_words.OVER: table_words.YES if row["past"] else table_words.NO,
            }
            for row in wave_frames.week_rows(peak, code).to_dict("records")
        ]
    return table("Peak weeks", table_words.WEEKS_TITLE, found, {table_words.WEEK_OF: ("peak",)}, _once(said))


def peak_sizes(run: Run) -> Table:
    """Likeliest week, size and whether it has passed, of each illness at every place."""
    found, said = [], []
    for disease, code, peak in _peaks(run):
        about = waves.subject(run, disease, code)
        if isinstance(peak, str):
            said.append(peak)
            continue
        best, share, first, last = wave_captions.likely(peak, code)
        sizes = peak.sizes[code]
        found.append(
            {
                table_words.ILLNESS: about.disease[:1].upper() + about.disease[1:],
                PLACE: about.place,
                "Likeliest week, beginning": words.short_day(best),
                "Its chance": words.chance(share),
                "Likely range from the week of": words.short_day(first),
                "Likely range to the week of": words.short_day(last),
                "Highest week, patients a day: middle": round(float(sizes.quantile(0.5))),
                "Highest week: low end of 9 in 10": round(float(sizes.quantile(0.05))),
                "Highest week: high end of 9 in 10": round(float(sizes.quantile(0.95))),
                table_words.PASSED: words.chance(float(peak.passed[code])),
            }
        )
    notes = {"Likeliest week, beginning": ("peak",), "Highest week: low end of 9 in 10": ("likely",)}
    return table("Peak size", table_words.SIZES_TITLE, found, notes, _once(said))


def _peaks(run: Run) -> list[tuple[str, str, Peak | str]]:
    """Illness, place and its peak, or why it cannot be said."""
    found: list[tuple[str, str, Peak | str]] = []
    for disease, metric in waves.METRICS.items():
        peak = waves.peaks(run, metric)
        name = waves.DISEASES[disease]
        for code, place in by_name.places(run).items():
            if isinstance(peak, str):
                found.append((disease, code, wave_captions.missing(f"When {name} peaks", peak)))
            elif code in peak.reasons or code not in peak.locations:
                why = peak.reasons.get(code, waves.NOT_FORECAST)
                found.append((disease, code, f"{place}: {wave_captions.missing(f'when {name} peaks', why)}"))
            else:
                found.append((disease, code, peak))
    return found


def _near(run: Run, fans: Fans) -> list[tuple[str, str, Fan]]:
    return [(metric, code, fans.near(metric, code)) for metric in _counts(run) for code in by_name.places(run)]


def _counts(run: Run) -> list[str]:
    return [metric for metric in (by_name.BACKLOG, by_name.REMAINING) if metric in run.metrics]


def _not_told(run: Run, metrics: list[str]) -> list[str]:
    names = by_name.places(run)
    said = [
        words.cannot_say(by_name.label(metric), names[code], why)
        for metric in metrics
        for code, why in run.cannot_say(metric).items()
    ]
    absent = [metric for metric in (by_name.BACKLOG, by_name.REMAINING) if metric not in run.metrics]
    said += [words.skipped(by_name.label(m), run.skipped.get(m, waves.NOT_FORECAST)) for m in absent]
    return said


def _bands(row: dict[Any, Any]) -> dict[str, Any]:
    return {table_words.BANDS[name]: _whole(row[name]) for name in BANDS}


def _whole(value: float) -> Any:
    return MISSING if pd.isna(value) else round(value)


def _once(said: list[str]) -> list[str]:
    return list(dict.fromkeys(said))
