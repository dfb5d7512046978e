"""Covid & flu: when a wave peaks and how high, how far behind England, and days above a number of beds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from forecast.charts import wave_charts
from forecast.figures import wave_frames
from forecast.figures.wave_frames import Subject
from forecast.pages import cards, downloads, drawing, fans, shell, side_by_side, waves
from forecast.pages.address import choice
from forecast.reading import by_name
from forecast.runs import Run
from forecast.waves.lag import Lag
from forecast.waves.peaks import Peak
from forecast.wording import captions, lag_captions, season_captions, wave_captions, words

CHOICES = {"flu": "Flu", "covid": "Covid"}
LEVELS = {"low": 0.05, "middle": 0.5, "high": 0.95}


def page(run: Run) -> None:
    """Draw the page."""
    names = by_name.places(run)
    # A first visit sees an illness that there is a forecast of, where there is one.
    usual = next((one for one in CHOICES if waves.METRICS[one] in run.metrics), "")
    disease = choice("disease", CHOICES, lambda key, values: _pick("Illness", key, values, CHOICES), usual)
    place = choice("hospital", names, lambda key, values: _pick("Place", key, values, names))
    metric = waves.METRICS[disease]
    about = waves.subject(run, disease, place)
    found = waves.peaks(run, metric)
    if metric not in run.metrics:
        skipped = words.skipped(by_name.label(metric), str(found))
        st.html(cards.lead([skipped, *filter(None, [waves.off_season(run, metric)])]))
        return
    st.html(cards.lead(_story(run, metric, place, about, found)))
    side_by_side.metric(run, metric, place)
    st.header(captions.DAYS_HEADING, anchor=False)
    fans.days(fans.Subject(run, metric, place))
    if isinstance(found, Peak) and place in found.locations and place not in found.reasons:
        _peak(run, metric, place, about, found)
    _behind(run, metric, place, about)
    _season(run, metric, place, found)
    if isinstance(found, Peak):
        _above(run, metric, place, about, found)


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _story(run: Run, metric: str, place: str, about: Subject, found: Peak | str) -> list[str]:
    """Say how many patients there are, when the peak comes, how high, and whether it has passed."""
    said = [words.now(by_name.rows(run, metric, place)[0], about.place, about.patients, run.as_of)]
    said += filter(None, [by_name.known(run, metric, place)])
    if reason := run.cannot_say(metric).get(place, ""):
        return [*said, f"No forecast. Reason: {words.sentence(reason)}"]
    if isinstance(found, str):
        return [*said, waves.off_season(run, metric) or wave_captions.missing(f"When {about.disease} peaks", found)]
    return [*said, *wave_captions.peak_story(found, place, about), wave_captions.fortnight(*waves.both(run, place))]


def _peak(run: Run, metric: str, place: str, about: Subject, found: Peak) -> None:
    st.header(wave_captions.PEAK_HEADING, anchor=False)
    weeks, sizes = wave_frames.week_rows(found, place), wave_frames.size_rows(found, place)
    drawing.reading(wave_captions.week_marks(found, place))
    chart = drawing.of(wave_charts.week_chart, weeks, about, drawing.ink())
    drawing.show(
        chart, wave_captions.week_alternative(weeks, about), run, f"peak-week-{metric}-{place}", what="Week of the peak"
    )
    if not found.over:
        with st.expander(wave_captions.SIZE_HEADING):
            drawing.reading(wave_captions.SIZE_MARKS)
            chart = drawing.of(wave_charts.size_chart, sizes, list(weeks["past"]), about, drawing.ink())
            drawing.show(
                chart,
                wave_captions.size_alternative(sizes, about),
                run,
                f"peak-size-{metric}-{place}",
                what="Height of the peak",
            )
    with st.expander("Figures behind these two charts"):
        _week_table(about, found, place, weeks)
    named = {"place": about.place, "location": place, "metric": metric, "measure": by_name.label(metric)}
    table = weeks.assign(**named, passed=found.passed[place])
    both = sizes.rename(columns={"low": "size_from", "high": "size_below"}).assign(**named, unit=by_name.unit(metric))
    both["size_below"] = both["size_below"].where(both["size_below"] < float("inf"))
    with st.container(horizontal=True):
        label = "Download the chance of each week (CSV)"
        downloads.button(label, table, run, f"peak-week-{metric}-{place}", found.origin)
        downloads.button("Download size and week (CSV)", both, run, f"peak-size-{metric}-{place}", found.origin)


def _week_table(about: Subject, found: Peak, place: str, weeks: pd.DataFrame) -> None:
    rows = [
        [f"{words.week_of(row['week'])}{', over' if row['past'] else ''}", words.chance(row["share"])]
        for row in weeks.to_dict("records")
    ]
    st.html(cards.table(f"{about.place}: chance that {about.disease} peaks", ["Week", "Chance"], rows, kind=""))
    sizes = found.sizes[place]
    figures = [words.count(float(sizes.quantile(level))) for level in LEVELS.values()]
    caption = f"{about.place}: highest seven-day average, with its {words.LIKELY}"
    st.html(cards.table(caption, ["", "Low", "Middle", "High"], [["Patients", *figures]], kind=""))


def _behind(run: Run, metric: str, place: str, about: Subject) -> None:
    """Say how far the place runs behind England, and lay England's curve under its own."""
    st.header(wave_captions.LAG_HEADING, anchor=False)
    lag, nation = waves.lag(run, metric, place), run.nation(metric)
    if isinstance(lag, str):
        what = f"How far {about.place} runs behind England this winter"
        st.html(cards.plain([wave_captions.missing(what, lag)]))
        usual = waves.earlier(run, metric, place)
        if usual is not None:
            seasons = run.lag_seasons(metric)
            story = lag_captions.earlier_story(usual.median, *usual.interval(0.9), seasons)
            _days_behind(run, metric, place, about, usual, story)
        moved = 0 if usual is None else round(usual.median)
    else:
        story = lag_captions.lag_story(lag.median, *lag.interval(0.9), bool(waves.off_season(run, metric)))
        _days_behind(run, metric, place, about, lag, story)
        moved = round(lag.median)
    if len(nation):
        _echo(run, metric, place, about, nation, moved)


def _days_behind(run: Run, metric: str, place: str, about: Subject, lag: Lag, story: str) -> None:
    delay = run.delay_days(metric)
    left = lag.usable(delay)
    st.html(cards.plain([story, lag_captions.warning(left.median, *left.interval(0.9), delay)]))
    rows = wave_frames.lag_rows(lag.days)
    with st.expander(lag_captions.CHANCES_HEADING):
        drawing.reading(lag_captions.CHANCES_MARKS)
        chart = drawing.of(wave_charts.lag_chart, rows, lag.median, about, drawing.ink())
        drawing.show(
            chart,
            lag_captions.lag_alternative(rows, about, story),
            run,
            f"days-behind-{metric}-{place}",
            what="Days behind",
        )
        table = [[f"{row['days']:.0f}", words.chance(row["share"])] for row in rows.to_dict("records")]
        st.html(cards.table(f"{about.place}: days behind England", ["Days", "Chance"], table, kind=""))
    every = pd.DataFrame({"days_behind": lag.days.index, "chance": lag.days.to_numpy()})
    every = every.assign(place=about.place, location=place, metric=metric, measure=by_name.label(metric))
    downloads.button("Download days behind (CSV)", every, run, f"days-behind-{metric}-{place}")


def _echo(run: Run, metric: str, place: str, about: Subject, nation: pd.Series, moved: int) -> None:
    found = wave_frames.echo(waves.usable(str(run.path), metric)[place], nation, moved)
    if isinstance(found, str):
        st.html(cards.plain([wave_captions.missing("England's curve beside this place's", found)]))
        return
    drawing.reading(wave_captions.echo_marks(about))
    chart = drawing.of(wave_charts.echo_chart, found, about, drawing.ink())
    drawing.show(
        chart, wave_captions.echo_alternative(found, about), run, f"with-england-{metric}-{place}", what="Both curves"
    )
    with st.expander("Figures behind the two curves"):
        weekly = found.rows.iloc[::-7].iloc[::-1].to_dict("records")
        rows = [[words.table_day(row["date"]), _known(row["own"]), _known(row["england"])] for row in weekly]
        caption = f"{about.place}: averages of seven days, every seventh day"
        st.html(cards.table(caption, ["To", "Here", "England, scaled"], rows, kind=""))
    table = found.rows.assign(
        own=found.rows["own"].round(1),
        england=found.rows["england"].round(1),
        moved_days=found.moved,
        place=about.place,
        location=place,
        metric=metric,
        measure=by_name.label(metric),
    )
    downloads.button("Download both curves (CSV)", table, run, f"with-england-{metric}-{place}")


def _season(run: Run, metric: str, place: str, found: Peak | str) -> None:
    """Draw the fan to the end of the season, or say why there is none."""
    st.header(season_captions.HEADING, anchor=False)
    reason = run.no_outlook(metric)
    if not reason and fans.season_of(str(run.path), metric, place).forecast.empty:
        reason = run.cannot_say(metric).get(place, "no usable value")
    if reason:
        st.html(cards.plain([wave_captions.missing("The season ahead", reason)]))
        return
    until = None if isinstance(found, str) else found.window[1]
    fans.season(fans.Subject(run, metric, place), [wave_captions.OUTLOOK], until)


def _above(run: Run, metric: str, place: str, about: Subject, found: Peak) -> None:
    """Let a person choose a number of beds, and say on how many days there are more patients."""
    if found.over or place in run.cannot_say(metric):
        return
    st.header(wave_captions.ABOVE_HEADING, anchor=False)
    options = {str(beds): f"more than {words.count(beds)} patients" for beds in wave_frames.BEDS}
    heights = run.trajectories(metric).select([place]).paths[0].max(axis=1)
    usual = str(wave_frames.usual_beds(heights if place in found.reasons else found.sizes[place].to_numpy()))
    beds = int(
        choice(
            "beds",
            options,
            lambda key, values: st.selectbox(
                "Days with", values, format_func=lambda value: options[value], key=key, width=260
            ),
            usual,
        )
    )
    days, so_far = waves.days_above(str(run.path), metric, place, beds, *found.window)
    if np.isnan(days).any():
        st.html(cards.plain([wave_captions.missing("Days above it", "no forecast")]))
        return
    story = wave_captions.above_story(days, beds, so_far, found)
    rows = wave_frames.above_rows(days)
    st.html(cards.plain([story]))
    drawing.reading(wave_captions.ABOVE_MARKS)
    chart = drawing.of(wave_charts.above_chart, rows, beds, about, drawing.ink())
    name = f"days-above-{beds}-{metric}-{place}"
    drawing.show(chart, wave_captions.above_alternative(rows, about, story), run, name, what="Days above")
    with st.expander("Figures behind the chart of days above"):
        cells = [
            [wave_captions.days_band(row["first"], row["last"]), words.chance(row["share"])]
            for row in rows.to_dict("records")
        ]
        caption = f"{about.place}: days with more than {words.count(beds)} patients"
        st.html(cards.table(caption, ["Days", "Chance"], cells, kind=""))
    table = rows.rename(columns={"first": "days_from", "last": "days_to", "share": "chance"}).assign(
        more_than=beds, place=about.place, location=place, metric=metric, measure=by_name.label(metric)
    )
    downloads.button("Download days above (CSV)", table, run, name, found.origin)


def _known(value: float) -> str:
    return "not known" if np.isnan(value) else words.count(value)


shell.show("Covid & flu", page)
