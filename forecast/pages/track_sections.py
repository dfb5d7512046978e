"""The parts of the page Track record: one forecast against what came, then all of them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from forecast.charts import fan_charts, track_charts
from forecast.evaluation.scoring import BASELINE
from forecast.figures import track_frames
from forecast.figures.fan import Fan, published
from forecast.pages import address, cards, downloads, drawing, pictures
from forecast.reading import by_name
from forecast.runs import Run
from forecast.runs.diary import listing
from forecast.wording import track_help, track_words, words

Draw = Callable[[fan_charts.Ink], alt.LayerChart]
BEFORE = pd.Timedelta(days=42)
"""Days before a forecast that its chart shows."""


@dataclass(frozen=True)
class About:
    """What is looked at.

    Parameters
    ----------
    run
        The run that is served.
    metric, place
        Codes.
    label, name
        The same on screen.
    real
        Past runs, not forecasts made again.
    """

    run: Run
    metric: str
    place: str
    label: str
    name: str
    real: bool

    @property
    def source(self) -> str:
        """What is judged, as the address says it."""
        return track_words.RUNS if self.real else track_words.AGAIN

    @property
    def key(self) -> tuple[str, ...]:
        """All that what is shown depends on, but for the date and the colours: the runs there are, and the choices."""
        folders = listing(self.run.path.parent) if self.real else ()
        return (str(self.run.path), repr(folders), self.metric, self.place, self.source)

    @property
    def title(self) -> list[str]:
        """First lines of a chart's title."""
        return [self.name, self.label]


def replay(about: About, rows: pd.DataFrame) -> None:
    """Let a person pick a past forecast and see it against what came."""
    st.header("One forecast against what came", anchor=False)
    column = "as_of" if about.real else "origin"
    days = sorted(pd.DatetimeIndex(rows[column].unique()), reverse=True)
    options = {f"{day:%Y-%m-%d}": words.day(day) for day in days}
    label = "Run as of" if about.real else "Forecast made again from"
    made = pd.Timestamp(address.select(label, "date", options, f"{track_frames.newest_known(rows, column):%Y-%m-%d}"))
    came = track_frames.one_forecast(rows, made, column)
    fan = fan_of(about, came, made)
    text = track_words.one(came, about.name, words.lower(about.label), made, about.real)
    drawing.reading(track_help.HOW["replay"])
    _show(about, "replay", lambda ink: track_charts.replay_chart(fan, came, colours=ink), text, made)
    with st.expander("Figures behind the chart"):
        st.html(cards.table(text, ["Day", "What came", "Low", "Middle", "High", "Inside"], _days(came), kind=""))
    table = came.rename(columns={"low": "likely_low", "median": "middle", "high": "likely_high", "observed": "came"})
    table = table[["date", "came", "likely_low", "middle", "likely_high"]].assign(
        inside=[track_words.inside(value) for value in came["held"]], **_who(about)
    )
    name = f"replay-{about.source}-{made:%Y-%m-%d}-{about.metric}-{about.place}"
    downloads.button("Download this forecast and what came (CSV)", table, about.run, name)


def compared(about: About, table: Sequence[Mapping[str, Any]]) -> None:
    """Scores of the forecast, its parts and no change."""
    st.header("Compared with 'no change'", anchor=False)
    more = track_help.NO_PARTS if about.real else track_help.PARTS_ARE
    st.html(cards.plain([more]))
    drawing.reading(track_help.HOW["relative"])
    frame, simulated = pd.DataFrame(table), about.run.simulated
    text = track_words.relative(table)
    _show(about, "relative", lambda ink: track_charts.relative_chart(frame, about.title, simulated, colours=ink), text)
    heads = ["Forecast", "Than no change", "Score", "Miss", "Lean", "1-in-2 range held", "9-in-10 range held", "Days"]
    rows = [
        [
            track_words.model(row["model"]),
            "" if row["model"] == BASELINE else track_words.closer(row["relative_wis"]),
            track_words.tenth(row["wis"]),
            track_words.tenth(row["mae"]),
            track_words.signed(row["bias"]),
            track_words.share(row["coverage_50"]),
            track_words.share(row["coverage_90"]),
            words.count(row["n"]),
        ]
        for row in table
    ]
    st.html(cards.table(track_help.SCORES_ARE, heads, rows))


def coverage(about: About, rows: pd.DataFrame) -> None:
    """How often the likely range held: by week ahead, and forecast by forecast."""
    st.header("How often the likely range held", anchor=False)
    left, right = st.columns(2)
    simulated = about.run.simulated
    weeks, origins = track_frames.coverage_by_week(rows), track_frames.coverage_by_origin(rows)
    with left:
        drawing.reading(track_help.HOW["weeks"])
        if text := track_words.by_week(weeks):
            head = [about.name, "Likely range held, by week ahead"]
            _show(about, "weeks", lambda ink: track_charts.week_chart(weeks, head, simulated, colours=ink), text)
    with right:
        drawing.reading(track_help.HOW["origins"])
        if text := track_words.by_origin(origins, about.real):
            each = [about.name, "Likely range held, by date of the forecast"]
            _show(about, "origins", lambda ink: track_charts.origin_chart(origins, each, simulated, colours=ink), text)
    with st.expander("Figures behind these charts"):
        by_week = [[f"Week {int(r['week'])}", *_share(r)] for r in weeks.to_dict("records")]
        st.html(
            cards.table("By week ahead, all the weeks that were forecast", ["Ahead", "Held on", "Days"], by_week, "")
        )
        made = [[words.table_day(r["origin"]), *_share(r)] for r in origins.to_dict("records")]
        first = "Newest figures known" if about.real else "Made again from"
        st.html(cards.table("Forecast by forecast, its next four weeks", [first, "Held on", "Days"], made, ""))


def calibration(about: About, rows: pd.DataFrame) -> None:
    """Where in the forecast outcomes fell."""
    st.header("Where in the forecast what came fell", anchor=False)
    left, right = st.columns(2)
    simulated = about.run.simulated
    levels, parts = track_frames.reliability(rows), track_frames.parts(rows)
    with left:
        drawing.reading(track_help.HOW["parts"])
        st.html(cards.plain([track_words.read_parts(parts)]))
        head, found = [about.name, "Share of outcomes in each part"], track_words.parts(parts)
        _show(about, "parts", lambda ink: track_charts.parts_chart(parts, head, simulated, colours=ink), found)
    with right:
        drawing.reading(track_help.HOW["reliability"])
        below, said = [about.name, "Share of outcomes below each level"], track_words.reliability(levels)
        _show(
            about,
            "reliability",
            lambda ink: track_charts.reliability_chart(levels, below, simulated, colours=ink),
            said,
        )
    with st.expander("Figures behind these charts"):
        of_parts = [
            [name, track_words.share(row["share"]), track_words.share(row["should"])]
            for name, row in zip(track_words.PART_NAMES, parts.to_dict("records"), strict=True)
        ]
        st.html(cards.table(track_help.PARTS_TABLE, ["Part", "Came there", "Would be right"], of_parts, ""))
        of_levels = [[f"{row['level']:.1%}", track_words.share(row["share"])] for row in levels.to_dict("records")]
        st.html(cards.table(track_help.LEVELS_TABLE, ["Should lie below", "Did lie below"], of_levels, ""))


def whole(about: About, rows: pd.DataFrame) -> None:
    """Offer every row of the record, for a spreadsheet."""
    name = f"track-record-{about.source}-{about.metric}-{about.place}"
    downloads.offer("Download the whole record (CSV)", written(about.key, about, rows), about.run, name)


@st.cache_data(max_entries=50, show_spinner=False)
def written(key: tuple[str, ...], _about: About, _rows: pd.DataFrame) -> bytes:
    """Return the rows of a record as a CSV file; ``key`` says all that they depend on."""
    # The run and the as-of day of the file are those of the run that is served.
    rows = _rows.drop(columns="location").rename(columns={"run": "past_run", "as_of": "past_as_of"})
    if "at_the_time" in rows:
        rows = rows.assign(made=track_words.made(rows["at_the_time"])).drop(columns="at_the_time")
    table = rows.assign(**_who(_about), record=track_words.SOURCES[_about.source])
    return downloads.to_csv(downloads.with_origin(table, _about.run))


def fan_of(about: About, came: pd.DataFrame, made: pd.Timestamp) -> Fan:
    """Fan of a past forecast, with the usable days before it as they are known now."""
    run = about.run
    members = run.members(about.place) if about.place in run.counties else []
    every = published(run.history(about.metric), run.flags(about.metric), about.place, members)
    first = came["date"].min()
    before = every[~every["flagged"] & (every["date"] < first) & (every["date"] > first - BEFORE)]
    bands = came[["date", "low", "quarter", "median", "three_quarters", "high"]]
    return Fan(
        about.label, about.name, by_name.unit(about.metric), made, first, before, bands, bands.iloc[:0], run.simulated
    )


def _days(came: pd.DataFrame) -> list[list[str]]:
    return [
        [
            words.table_day(row["date"]),
            "not known" if pd.isna(row["observed"]) else words.count(row["observed"]),
            *(words.count(row[name]) for name in ("low", "median", "high")),
            track_words.inside(row["held"]),
        ]
        for row in came.to_dict("records")
    ]


def _share(row: Mapping[Any, Any]) -> list[str]:
    return [track_words.share(row["share"]), words.count(row["days"])]


def _who(about: About) -> dict[str, str]:
    unit = by_name.unit(about.metric)
    return {"place": about.name, "location": about.place, "metric": about.metric, "measure": about.label, "unit": unit}


def _show(about: About, what: str, draw: Draw, text: str, made: pd.Timestamp | None = None) -> None:
    """Draw a chart with its text alternative, and offer it as a picture; ``made``: date of the forecast it is of."""
    day = "" if made is None else f"-{made:%Y-%m-%d}"
    theme = st.context.theme.type or ""
    st.vega_lite_chart(spec=_drawn((*about.key, what, day, theme), lambda: draw(fan_charts.ink(theme))), alt=text)
    st.caption(text)
    name = f"track-{what}{day}-{about.source}-{about.metric}-{about.place}"
    pictures.offer(lambda: draw(fan_charts.LIGHT), about.run, name, text, what=track_help.PICTURES[what])


@st.cache_data(max_entries=200, show_spinner=False)
def _drawn(key: tuple[str, ...], _draw: Callable[[], alt.LayerChart]) -> dict[str, Any]:
    """Return the chart as it is sent: drawing six of them anew takes longer than all else on the page."""
    spec: dict[str, Any] = _draw().to_dict()
    for size in ("continuousWidth", "continuousHeight"):
        spec["config"]["view"].pop(size, None)
    return spec
