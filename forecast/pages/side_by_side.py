"""All places side by side: small charts, a choice of scale, a button a place, their table and file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from forecast.charts import fan_charts
from forecast.charts.multiples import multiples
from forecast.figures.fan import Fan
from forecast.figures.multiple_frames import Panel, panels
from forecast.pages import cards, downloads, drawing, shell
from forecast.pages.address import choice
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import multiple_captions as said
from forecast.wording import words

DAYS = 60
"""Of published values drawn: the weeks ahead then take nearly half of each chart."""
PLACE = "hospital"
COLUMNS = ("Place", "Latest published")


def metric(run: Run, name: str, chosen: str, heading: str = said.HEADING) -> None:
    """Draw a metric of the run at every place.

    Parameters
    ----------
    name
        The metric.
    chosen
        Place that the rest of the page is about.
    """
    names = by_name.places(run)
    found = {code: by_name.rows(run, name, code) for code in names}
    plain = {code: not by_name.rare(run, name, code) for code in names}
    ahead = [row["date"] for row in next(iter(found.values()))]
    draw(
        run,
        _fans(run, name, names),
        {code: said.lines(rows, directed=plain[code]) for code, rows in found.items()},
        chosen,
        heading=heading,
        finding=said.finding(
            {names[code]: rows[-1] for code, rows in found.items() if code not in run.counties},
            f"the week to {words.short_day(ahead[-1])}",
        ),
        caption=f"{by_name.label(name)}: averages a day, ahead with the {words.LIKELY}",
        columns=[*COLUMNS, *(f"Week to {words.short_day(date)}" for date in ahead)],
        rows=[
            [names[code], words.stands(rows[0]), *(words.cell(row, directed=plain[code]) for row in rows)]
            for code, rows in found.items()
        ],
        name=name,
    )


def glance(run: Run, name: str, county: str) -> None:
    """Draw a metric at a county and its hospitals on one scale, with nothing to choose; a table stands beside it."""
    fans = _fans(run, name, (county, *run.members(county)))
    lines = {code: said.lines(by_name.rows(run, name, code)) for code in fans}
    drawing.reading(said.reading(True, any(len(fan.published) for fan in fans.values())))
    shown = panels(fans, lines, chosen="", shared=True)
    with st.container(key=f"side_by_side {county}"):
        for panel, spec in zip(shown, _specs(shown, st.context.theme.type), strict=True):
            st.vega_lite_chart(spec=spec, alt=said.alternative(panel), key=f"glance {name} {panel.code}")


def draw(
    run: Run,
    fans: Mapping[str, Fan],
    lines: Mapping[str, Sequence[str]],
    chosen: str,
    *,
    heading: str,
    finding: str,
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    name: str,
) -> None:
    """Draw the section.

    Parameters
    ----------
    fans, lines
        Place -> what is drawn of it, and what stands under its name.
    chosen
        Place that the rest of the page is about.
    finding
        What the charts show, with figures.
    caption, columns, rows
        The table behind them.
    name
        Of the file of their figures.
    """
    st.header(heading, anchor=False)
    if finding:
        st.html(cards.plain([finding]))
    scale = choice(
        "scale",
        said.SCALES,
        lambda key, values: st.pills(
            "Scale of these charts", values, format_func=lambda one: said.SCALES[one], key=key, required=True
        ),
    )
    shared = scale == "same"
    drawing.reading(said.reading(shared, any(len(fan.published) for fan in fans.values())))
    shown = panels(fans, lines, chosen=chosen, shared=shared)
    with st.container(key="side_by_side"):
        for panel, spec in zip(shown, _specs(shown, st.context.theme.type), strict=True):
            with st.container():
                st.vega_lite_chart(spec=spec, alt=said.alternative(panel), key=f"small {name} {panel.code}")
                _choose(panel)
    with st.expander("Figures behind these small charts"):
        st.html(cards.table(caption, columns, rows))
    every = pd.concat(
        [
            downloads.fan_table(fan).assign(place=fan.place, location=code, measure=fan.metric, unit=fan.unit)
            for code, fan in fans.items()
        ],
        ignore_index=True,
    )
    downloads.button("Download all places (CSV)", every, run, f"all-places-{name}", fans[chosen].data_to)


@st.cache_data(max_entries=60, show_spinner=False)
def _specs(shown: tuple[Panel, ...], theme: str | None) -> list[dict[str, Any]]:
    """Draw the charts once: building four of them takes longer than all else on a page."""
    # Their rules are checked in the tests: at every visit that is half of the time.
    return [chart.to_dict(validate=False) for chart in multiples(shown, fan_charts.ink(theme))]


def _choose(panel: Panel) -> None:
    """Let a person bring the place's large chart up, or say that it is the one shown."""
    if panel.chosen:
        st.html(cards.chosen(said.SHOWN))
        return
    st.button(
        said.choose(panel.fan.place), key=f"show {panel.code}", on_click=_bring_up, args=(panel.code,), width="stretch"
    )


def _fans(run: Run, name: str, codes: Iterable[str]) -> dict[str, Fan]:
    return {code: short(shell.fan_of(str(run.path), name, code, DAYS), code) for code in codes}


def _bring_up(code: str) -> None:
    st.session_state[PLACE] = code


def short(fan: Fan, code: str) -> Fan:
    """Return the fan under the short name of its place, which fits a small chart."""
    return replace(fan, place=reference().label(code))
