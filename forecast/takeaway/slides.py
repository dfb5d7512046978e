"""The briefing as six slides: titles that state the finding, and charts that PowerPoint draws itself."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from pptx.util import Inches, Pt

from forecast.briefing import LEVEL, Briefing, Wave
from forecast.figures import wave_frames
from forecast.reading import by_name, waves
from forecast.reading.fans import Fans
from forecast.reference import reference
from forecast.runs import Run
from forecast.takeaway.briefing_html import careful, record_said, sources
from forecast.takeaway.deck import Deck
from forecast.takeaway.origin import Origin
from forecast.waves.peaks import Peak
from forecast.wording import captions, explanations, placement_captions, takeaway_words, wave_captions, words
from forecast.wording.placement_captions import first_up

PAST_DAYS = 42
MOST_WEEKS = 14


def slides(run: Run, told: Briefing, origin: Origin) -> bytes:
    """Return the slides of one county (pptx)."""
    county = reference().label(told.county)
    deck = Deck(origin, takeaway_words.title(county))
    fans = Fans(run)
    _answer(deck, told, county)
    _backlog(deck, told, fans, county)
    _hospitals(deck, told)
    _waves(deck, run, told)
    _places(deck, told)
    _careful(deck, run, told)
    return deck.done()


def _answer(deck: Deck, told: Briefing, county: str) -> None:
    now, _, far, *_ = (one.value for one in told.figures)
    slide = deck.slide(takeaway_words.headline(county, now, far), explanations.HOW_TO_READ)
    deck.text(slide, told.sentences, top=Inches(1.3), height=Inches(3.8), size=Pt(15))
    columns = [one.label for one in told.figures]
    cells = ["\n".join(filter(None, [one.value, one.detail, one.direction])) for one in told.figures]
    deck.table(slide, columns, [cells], takeaway_words.FIGURES_TABLE, large=22, top=Inches(5.15))


def _backlog(deck: Deck, told: Briefing, fans: Fans, county: str) -> None:
    standing = told.hospitals[0]
    if not standing.rows:
        deck.text(deck.slide(takeaway_words.NO_BACKLOG, []), [standing.reason])
        return
    finding = takeaway_words.backlog_finding(standing.rows, county)
    fan = fans.near(by_name.BACKLOG, standing.code, PAST_DAYS)
    slide = deck.slide(finding, [explanations.COUNT_MEANS[by_name.BACKLOG], captions.alternative(fan)])
    past = fan.published[~fan.published["flagged"]].set_index("date")["value"]
    ahead = fan.forecast.set_index("date")
    known = pd.DatetimeIndex(past.index.union(ahead.index))
    if known.empty:
        deck.text(slide, [standing.reason])
        return
    dates = pd.date_range(known[0], known[-1])
    series = [("Published", past.reindex(dates).tolist(), "past")]
    for name, label, kind in takeaway_words.BANDS:
        series.append((label, ahead[name].reindex(dates).tolist(), kind))
    deck.lines(slide, dates, series, captions.alternative(fan), fan.unit)


def _hospitals(deck: Deck, told: Briefing) -> None:
    every = [one for one in told.hospitals[1:] if one.rows]
    if not every:
        deck.text(deck.slide(takeaway_words.hospitals_finding({}), []), [told.hospitals[0].reason])
        return
    finding = takeaway_words.hospitals_finding({one.place: one.rows[-1] for one in every})
    first = every[0].rows
    series = [(takeaway_words.latest(first[0]["now_date"]), [_figure(one.rows[0]["now"]) for one in every])]
    for at, row in enumerate(first):
        series.append((takeaway_words.ahead(row["date"]), [_figure(one.rows[at]["median"]) for one in every]))
    said = [f"{one.place}: {one.reason or takeaway_words.range_said(one.rows[-1])}" for one in every]
    slide = deck.slide(finding, [*said, explanations.HOW_TO_READ[1]])
    text = takeaway_words.hospitals_alternative([one.place for one in every], series)
    deck.columns(slide, [one.place for one in every], series, text, "patients a day", height=Inches(3.7))
    deck.text(slide, said, top=Inches(5.6), height=Inches(1.3), size=Pt(16))


def _waves(deck: Deck, run: Run, told: Briefing) -> None:
    own = [one for one in told.waves if one.code == told.county]
    known = {one.disease: one.peak for one in own if isinstance(one.peak, Peak) and _told(one, one.peak)}
    likely = {waves.DISEASES[name]: wave_captions.likely(peak, told.county)[:2] for name, peak in known.items()}
    over = [waves.DISEASES[name] for name, peak in known.items() if peak.over]
    notes = [one.sentence for one in own]
    slide = deck.slide(takeaway_words.waves_finding(likely, over), [*notes, wave_captions.WEEK_MARKS])
    if not known:
        deck.text(slide, notes)
        return
    rows = {name: wave_frames.week_rows(peak, told.county) for name, peak in known.items()}
    weeks = sorted({week for one in rows.values() for week in one["week"]})
    kept = weeks if len(weeks) <= MOST_WEEKS else _likeliest(rows, MOST_WEEKS)
    series = [
        (first_up(waves.DISEASES[name]), (100 * one.set_index("week")["share"].reindex(kept)).round().tolist())
        for name, one in rows.items()
    ]
    text = " ".join(
        wave_captions.week_alternative(one, waves.subject(run, name, told.county)) for name, one in rows.items()
    )
    labels = [f"{week.day} {week:%b %Y}" for week in kept]
    deck.columns(slide, labels, series, text, takeaway_words.CHANCE_AXIS, height=Inches(3.9))
    deck.text(slide, notes, top=Inches(5.75), height=Inches(1.2), size=Pt(14))


def _likeliest(rows: dict[str, pd.DataFrame], many: int) -> list[pd.Timestamp]:
    """Weeks with the highest chance of any illness, in the order of the calendar."""
    every = pd.concat(rows.values()).groupby("week")["share"].max()
    return sorted(every.nlargest(many).index)


def _told(wave: Wave, peak: Peak) -> bool:
    return wave.code in peak.locations and wave.code not in peak.reasons


def _places(deck: Deck, told: Briefing) -> None:
    if not told.needs:
        slide = deck.slide(takeaway_words.NO_PLACES, [told.no_places])
        deck.text(slide, [words.sentence(told.no_places)])
        return
    sure = [(one.label, one.needed[LEVEL], one.usable, one.extra) for one in told.needs]
    extra = [placement_captions.EXTRA] if any(one.extra for one in told.needs) else []
    notes = [takeaway_words.needed_caption(told.longest_wait) + ".", *extra]
    slide = deck.slide(takeaway_words.places_finding(sure, LEVEL), notes)
    levels = list(told.needs[0].needed)
    have = [math.nan if one.extra else float(one.usable) for one in told.needs]
    series = [(takeaway_words.HAVE, have)]
    series += [(takeaway_words.sure(level), [np.ceil(one.needed[level]) for one in told.needs]) for level in levels]
    names = [one.label for one in told.needs]
    deck.columns(slide, names, series, takeaway_words.hospitals_alternative(names, series), "places")


def _careful(deck: Deck, run: Run, told: Briefing) -> None:
    slide = deck.slide(takeaway_words.CAREFUL_HEADING, explanations.HOW_TO_READ)
    said = [*careful(told), *record_said(run, told), *sources(run)]
    deck.text(slide, said, top=Inches(1.3), height=Inches(5.5))


def _figure(value: float) -> float:
    return math.nan if pd.isna(value) else float(round(value))
