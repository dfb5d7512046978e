"""Every chart of a run, ready to be drawn as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from forecast.briefing import Briefing, Wave
from forecast.charts import fan_charts, placement_charts, wave_charts
from forecast.figures import wave_frames
from forecast.figures.fan import BANDS, Fan
from forecast.placements.plan import PlacementPlan
from forecast.reading import by_name, waves
from forecast.reading.fans import PAST_WEEKS, Fans, to_the_end
from forecast.reference import reference
from forecast.runs import Run
from forecast.takeaway import drawing
from forecast.takeaway.drawing import Draw
from forecast.takeaway.origin import Origin, slug
from forecast.waves.peaks import Peak
from forecast.wording import captions, placement_captions, season_captions, wave_captions
from forecast.wording.placement_captions import Place

PAST_DAYS = 60
KINDS = ("svg", "png")


@dataclass(frozen=True)
class Picture:
    """A chart that can be drawn: its name in files, how to draw it, and its text alternative."""

    name: str
    draw: Draw
    text: str


def pictures(run: Run, briefings: Sequence[Briefing]) -> Iterator[Picture]:
    """Charts of a run: fit to leave, the season and peaks of Covid and flu at each place; places of each county."""
    fans = Fans(run)
    for one in briefings:
        for standing in one.hospitals:
            yield from _backlog(run, fans, standing.code)
        for wave in one.waves:
            yield from _wave(run, fans, wave)
        for need in one.needs:
            yield places(run, one.county, need.product)


def files(
    run: Run, briefings: Sequence[Briefing], origin: Origin, kinds: Sequence[str] = KINDS
) -> Iterator[tuple[str, bytes]]:
    """Name and content of each picture."""
    for one in pictures(run, briefings):
        drawn = drawing.svg(one.draw, origin, one.text)
        if "svg" in kinds:
            yield origin.file(one.name, "svg"), drawn
        if "png" in kinds:
            yield origin.file(one.name, "png"), drawing.png_of(drawn)


def _backlog(run: Run, fans: Fans, code: str) -> Iterator[Picture]:
    for metric in (one for one in (by_name.BACKLOG, by_name.REMAINING) if one in run.metrics):
        if len(fans.near(metric, code).forecast):
            yield near(fans, metric, code)
            if not run.no_outlook(metric):
                yield season(fans, metric, code)


def near(fans: Fans, metric: str, code: str) -> Picture:
    """Fan of the next weeks."""
    fan = fans.near(metric, code, PAST_DAYS)
    return Picture(slug(f"{metric}-{code}"), _fan(fan), captions.alternative(fan))


def season(fans: Fans, metric: str, code: str, found: Peak | str = "", weeks: int = PAST_WEEKS) -> Picture:
    """Fan of the season ahead; of a wave to the end of the season of peaks. ``weeks``: of history beside it."""
    fan = to_the_end(fans.season(metric, code, weeks), found)
    return Picture(slug(f"season-{metric}-{code}"), _fan(fan), season_captions.alternative(fan))


def _wave(run: Run, fans: Fans, wave: Wave) -> Iterator[Picture]:
    if wave.metric not in run.metrics or not len(fans.near(wave.metric, wave.code).forecast):
        return
    if run.no_outlook(wave.metric):
        yield near(fans, wave.metric, wave.code)
    else:
        yield season(fans, wave.metric, wave.code, wave.peak)
    if isinstance(wave.peak, Peak) and wave.code in wave.peak.locations and wave.code not in wave.peak.reasons:
        yield peak_weeks(run, wave, wave.peak)
        if not wave.peak.over:
            yield peak_sizes(run, wave, wave.peak)


def peak_weeks(run: Run, wave: Wave, peak: Peak) -> Picture:
    """Chance of each week to hold the peak."""
    about, rows = waves.subject(run, wave.disease, wave.code), wave_frames.week_rows(peak, wave.code)
    text = wave_captions.week_alternative(rows, about)
    return Picture(
        slug(f"peak-week-{wave.metric}-{wave.code}"), lambda ink: wave_charts.week_chart(rows, about, ink), text
    )


def peak_sizes(run: Run, wave: Wave, peak: Peak) -> Picture:
    """Chance of each size and week of the peak."""
    about, rows = waves.subject(run, wave.disease, wave.code), wave_frames.size_rows(peak, wave.code)
    past = list(wave_frames.week_rows(peak, wave.code)["past"])
    text = wave_captions.size_alternative(rows, about)
    name = slug(f"peak-size-{wave.metric}-{wave.code}")
    return Picture(name, lambda ink: wave_charts.size_chart(rows, past, about, ink), text)


def places(run: Run, county: str, product: str) -> Picture:
    """People of a county who need a kind of place, against the places as now."""
    rows = run.placements(county)
    chosen = rows[(rows["what"] == "needed") & (rows["location"] == county) & (rows["product"] == product)]
    wide = chosen.pivot_table(index="date", columns="quantile", values="value")[list(BANDS.values())]
    bands = wide.round().set_axis(list(BANDS), axis=1).reset_index()
    dates = pd.DatetimeIndex(bands["date"])
    capacity = pd.DataFrame({"date": dates, "places": PlacementPlan.of(county).capacity(product, dates)})
    place = Place(by_name.places(run)[county], reference().label(county), True)
    metric = f"People who need {placement_captions.many(product)}"
    none = pd.DataFrame(columns=["date", "value", "flagged", "note"])
    fan = Fan(metric, place.name, "people", run.as_of, None, none, bands, bands.iloc[:0], run.simulated)
    text = placement_captions.need_alternative(fan, place, product, capacity)
    name = slug(f"need-{product}-{county}")
    return Picture(
        name, lambda ink: placement_charts.need_chart(fan, place, product, capacity, ink, described=False), text
    )


def _fan(fan: Fan) -> Draw:
    return lambda ink: fan_charts.fan_chart(fan, colours=ink, described=False)
