"""The briefing of two pages of A4, as one file of HTML that needs nothing else: no script, no font, no picture."""

from __future__ import annotations

from collections.abc import Sequence

from forecast.briefing import Briefing, Standing, Wave
from forecast.reading import by_name
from forecast.reading.fans import Fans
from forecast.reference import reference
from forecast.runs import Run
from forecast.takeaway import drawing, html_parts, pictures
from forecast.takeaway.origin import Origin
from forecast.takeaway.pictures import Picture
from forecast.takeaway.run_tables import records
from forecast.waves.peaks import Peak
from forecast.wording import (
    briefing_words,
    captions,
    explanations,
    placement_captions,
    takeaway_words,
    wave_captions,
    words,
)

FULL, HALF = 690, 440
"""Width of a chart across the page and of one of two side by side, in pixels; it is drawn smaller on the page."""
HIGH, MIDDLING, LOW = 215, 200, 150
"""Heights of the charts of the backlog, of the season of a wave and of need, in pixels."""
MOST_PLACES, MOST_WARNINGS, MOST_LETTERS = 7, 6, 900
"""So many rows, warnings and letters of warnings fit on the two pages; the rest is in the workbook."""
FACTS = ("Data to", "Sign-off")
PAST_WEEKS = 16
"""Weeks of history beside the season ahead of a wave."""


def briefing_html(run: Run, told: Briefing, origin: Origin) -> bytes:
    """Return the briefing of one county."""
    title = takeaway_words.title(reference().label(told.county))
    fans = Fans(run)
    pages = [[*_head(told, origin, title), *_first(told, fans)], _second(run, told, fans)]
    foot = origin.line
    sheets = [
        html_parts.sheet(parts, foot, takeaway_words.page(number, len(pages))) for number, parts in enumerate(pages, 1)
    ]
    return html_parts.document(f"{title}, {words.short_day(run.as_of)}", sheets).encode()


def _head(told: Briefing, origin: Origin, title: str) -> list[str]:
    return [
        html_parts.banner(words.SIMULATED) if origin.simulated else "",
        html_parts.heading(title, 1),
        html_parts.facts({"As of": words.day(origin.as_of), **_facts(origin)}),
        html_parts.said(told.sentences),
        html_parts.figures([(one.label, one.value, one.detail, one.direction) for one in told.figures]),
    ]


def _facts(origin: Origin) -> dict[str, str]:
    """Return what stands under the title, as far as there is room; all of it is on the cover of the workbook."""
    return {name: takeaway_words.shortened(origin.facts[name], takeaway_words.PARAGRAPH) for name in FACTS}


def _first(told: Briefing, fans: Fans) -> list[str]:
    """Fit to leave: the county's chart, and every hospital."""
    county = told.hospitals[0]
    parts = [html_parts.heading(takeaway_words.BACKLOG_HEADING)]
    if county.rows and len(fans.near(by_name.BACKLOG, county.code).forecast):
        one = pictures.near(fans, by_name.BACKLOG, county.code)
        fan = fans.near(by_name.BACKLOG, county.code, pictures.PAST_DAYS)
        parts.append(_drawn(one, ", ".join(captions.title(fan)), FULL, HIGH, captions.marks(fan, baseline=False)))
    else:
        parts.append(html_parts.small(county.reason or takeaway_words.NO_BACKLOG))
    if county.rows:
        parts.append(_hospitals(told.hospitals))
    return parts


def _hospitals(every: Sequence[Standing]) -> str:
    first = every[0].rows
    weeks = [f"Week to {words.short_day(row['date'])}" for row in first]
    rows = [
        [one.place, words.stands(one.rows[0]), *(_ahead(one, at) for at in range(len(one.rows)))]
        for one in every[:MOST_PLACES]
    ]
    caption = takeaway_words.hospitals_caption(len(every) - MOST_PLACES)
    return html_parts.table(caption, ["Place", "Latest published", *weeks], rows)


def _ahead(one: Standing, at: int) -> str:
    row = one.rows[at]
    if row["word"] == "cannot say":
        return f"{briefing_words.NO_FORECAST}\n{one.reason}"
    middle, span = words.count(row["median"]), words.span(row["low"], row["high"])
    return f"{middle} ({span})\n{words.direction(row)}"


def _second(run: Run, told: Briefing, fans: Fans) -> list[str]:
    return [
        html_parts.heading(takeaway_words.WAVES_HEADING),
        *_waves(run, told, fans),
        html_parts.heading(takeaway_words.PLACES_HEADING),
        *_places(run, told),
        html_parts.two(
            html_parts.heading(takeaway_words.CAREFUL_HEADING) + html_parts.bullets(careful(told)),
            html_parts.heading(takeaway_words.RECORD_HEADING)
            + html_parts.bullets(record_said(run, told))
            + html_parts.heading(takeaway_words.SOURCES_HEADING)
            + html_parts.bullets(sources(run)),
        ),
    ]


def _waves(run: Run, told: Briefing, fans: Fans) -> list[str]:
    own = [one for one in told.waves if one.code == told.county]
    drawn = [_season(run, fans, one) for one in own]
    rows = [
        [one.place, *(cell for wave in _of_place(told, one.code) for cell in _wave_cells(wave))]
        for one in told.hospitals[:MOST_PLACES]
    ]
    columns = ["Place", *(name for one in own for name in takeaway_words.wave_columns(one.disease))]
    table = html_parts.table(takeaway_words.WAVES_CAPTION, columns, rows)
    return [html_parts.two(*drawn) if len(drawn) == 2 else "".join(drawn), table]


def _of_place(told: Briefing, code: str) -> list[Wave]:
    return [one for one in told.waves if one.code == code]


def _season(run: Run, fans: Fans, wave: Wave) -> str:
    """Chart of the season ahead of an illness, or of the next weeks; or why there is none."""
    if wave.metric not in run.metrics or not len(fans.near(wave.metric, wave.code).forecast):
        return html_parts.small(wave.sentence)
    if run.no_outlook(wave.metric):
        one = pictures.near(fans, wave.metric, wave.code)
    else:
        one = pictures.season(fans, wave.metric, wave.code, wave.peak, PAST_WEEKS)
    title = takeaway_words.wave_title(wave.disease, not run.no_outlook(wave.metric))
    return _drawn(one, title, HALF, MIDDLING, takeaway_words.dotted(run.as_of))


def _wave_cells(wave: Wave) -> list[str]:
    now = "" if wave.row is None else words.stands_number(wave.row)
    if not isinstance(wave.peak, Peak) or wave.code in wave.peak.reasons or wave.code not in wave.peak.locations:
        return [now or briefing_words.NO_FORECAST, takeaway_words.CANNOT_SAY, takeaway_words.CANNOT_SAY]
    best, share, _, _ = wave_captions.likely(wave.peak, wave.code)
    return [now, takeaway_words.short_week(best, share), wave.passed]


def _places(run: Run, told: Briefing) -> list[str]:
    if not told.needs:
        return [html_parts.small(placement_captions.cannot_say(told.place, {told.place: told.no_places}))]
    levels = list(told.needs[0].needed)
    rows = [
        [
            one.label,
            takeaway_words.usable(one.usable, one.extra),
            *(takeaway_words.enough(one.needed[at]) for at in levels),
        ]
        for one in told.needs
    ]
    columns = [takeaway_words.KIND, takeaway_words.HAVE, *(f"{level:.0%} sure" for level in levels)]
    table = html_parts.table(takeaway_words.needed_caption(told.longest_wait), columns, rows)
    shown = next((one for one in told.needs if not one.extra), told.needs[0])
    picture = pictures.places(run, told.county, shown.product)
    return [html_parts.two(table, _drawn(picture, takeaway_words.need_title(shown.label), HALF, LOW, ""))]


def careful(told: Briefing) -> list[str]:
    """Return what to be careful with, as far as there is room."""
    said: list[str] = []
    letters = 0
    for warning in (*told.warnings, explanations.FIRST_CHECK):
        letters += len(warning)
        if len(said) == MOST_WARNINGS or letters > MOST_LETTERS:
            return [*said, takeaway_words.MORE]
        said.append(warning)
    return said


def record_said(run: Run, told: Briefing) -> list[str]:
    """Return how often past ranges of the county's backlog held."""
    return [said for _, code, said in records(run, [by_name.BACKLOG]) if code == told.county] or [
        takeaway_words.NO_RECORD
    ]


def sources(run: Run) -> list[str]:
    """Return where the figures come from and to which days they go."""
    return takeaway_words.sources(
        {by_name.label(metric): run.last_observed(metric) for metric in run.metrics}, run.simulated
    )


def _drawn(one: Picture, title: str, width: int, height: int | None, marks: str) -> str:
    drawn = drawing.inline(one.draw, one.text, one.name, width=width, height=height)
    return html_parts.figure(title, drawn, marks)
