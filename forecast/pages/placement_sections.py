"""Sections of Flats & beds on need: the fan against the places, chances by week, who waits where and how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import streamlit as st

from forecast.charts import placement_charts
from forecast.figures import placement_frames as frames
from forecast.figures.fan import BANDS, Fan
from forecast.pages import cards, downloads, drawing, fans, shell, workbooks
from forecast.pages.address import choice
from forecast.placements.plans.names import PATHWAY_LABELS, PRODUCT_LABELS
from forecast.placements.results import ALL, Placements
from forecast.placements.waiting.backlog_paths import METRICS
from forecast.reading import by_name
from forecast.runs import Run
from forecast.wording import placement_captions as said
from forecast.wording import words
from forecast.wording.cost_captions import PARTS
from forecast.wording.placement_captions import Place

NOBODY = "nobody"
PEOPLE, DAYS = "people", "days since the first day of the forecast"


@dataclass(frozen=True)
class View:
    """What a person looks at: a plan that has been run, at one place.

    Parameters
    ----------
    where
        Code of a hospital or county.
    place
        The same in words.
    season
        Whether to the end of the season outlook.
    """

    run: Run
    result: Placements
    where: str
    place: Place
    season: bool = False

    @property
    def locations(self) -> list[str]:
        """The place, and in a county its hospitals after it."""
        return [self.where, *(self.result.hospitals if self.place.is_county else ())]

    @property
    def names(self) -> dict[str, str]:
        """Places by code."""
        return {**by_name.places(self.run), self.result.county: self.place.county}

    @cached_property
    def data_to(self) -> pd.Timestamp | None:
        """Newest day that the forecast of who waits here rests on."""
        days = [by_name.data_to(self.run, metric, self.where) for metric in METRICS if metric in self.run.metrics]
        return max((day for day in days if day is not None), default=None)

    @property
    def days(self) -> int:
        """Days of the forecast."""
        return len(self.result.dates)

    @property
    def bed_days(self) -> list[str]:
        """Sentences on hospital bed-days used and freed."""
        used = frames.spread(self.result.bed_days_waiting(self.where))
        most = frames.spread(self.result.bed_days_freed(self.where))
        lasts = self.result.plan.home_care_start_lasts
        least = frames.spread(self.result.bed_days_freed(self.where, lasts=lasts))
        return said.bed_days(self.place, self.days, used, most, least, far=self.season)

    def named(self, table: pd.DataFrame, unit: str) -> pd.DataFrame:
        """Return a table of this place for a file, with its unit."""
        return frames.for_file(table.assign(location=self.where), self.names, unit)

    def file(self, name: str) -> str:
        """Return the name of a file on this place."""
        return f"{name}-{self.where}"


def need(view: View, product: str) -> None:
    """Draw who needs a kind of place, against the places there are."""
    st.header(said.NEED_HEADING, anchor=False)
    result, place = view.result, view.place
    capacity = frames.capacity_rows(result, product) if place.is_county else None
    fan = _fan(view, product)
    if not place.is_county:
        st.html(cards.plain([said.HOSPITAL_NEED]))
    drawing.reading(f"{said.NEED_MARKS} {said.PLACES_MARK}" if place.is_county else said.NEED_MARKS)
    text = said.need_alternative(fan, place, product, frames.capacity_rows(result, product))
    chart = drawing.of(placement_charts.need_chart, fan, place, product, capacity, drawing.ink(), described=False)
    drawing.show(chart, text, view.run, view.file(f"need-{product}"), what="Need against places")
    _held(view)
    with st.expander("Figures behind the chart of need"):
        fans.table(fan, "Day", f"{place.name}: {words.lower(fan.metric)}, with their {words.LIKELY}")
    table = fan.forecast.rename(
        columns=dict(zip(BANDS, ("likely_low", "half_low", "middle", "half_high", "likely_high"), strict=True))
    )
    if capacity is not None:
        table = table.merge(capacity.rename(columns={"places": "usable_places"}), on="date")
    table = view.named(table, PEOPLE).assign(kind_of_place=PRODUCT_LABELS[product], measure=fan.metric)
    downloads.button("Download need by day (CSV)", table, view.run, view.file(f"need-{product}"), view.data_to)


def _fan(view: View, product: str) -> Fan:
    county = view.place.is_county
    metric = f"People who {'need' if county else 'wait for'} {said.many(product)}"
    bands = frames.need_bands(view.result, product, view.where)
    return unpublished(view, metric, view.place.name, bands)


def chances(view: View, product: str) -> None:
    """Draw the chance that anybody waits, week by week."""
    st.header(said.CHANCE_HEADING, anchor=False)
    wait = view.result.plan.longest_wait
    options = {"long": f"Longer than {words.plural(wait, 'day')}", "any": "At all"}
    asked = choice(
        "shortage",
        options,
        lambda key, values: st.pills(
            "Somebody waits", values, format_func=lambda one: options[one], key=key, required=True
        ),
    )
    long = asked == "long"
    every = frames.chance_rows(view.result, product, view.where, view.run.as_of)
    rows = every.assign(share=every["long" if long else "waits"]).dropna(subset="share")
    if rows.empty:
        st.html(cards.plain([said.too_early(wait)]))
        return
    if len(rows) < len(every):
        st.html(cards.plain([said.too_early(wait)]))
    text = said.chance_alternative(view.place, product, rows, wait, long)
    drawing.reading(said.CHANCE_MARKS)
    chart = drawing.of(
        placement_charts.chance_chart, rows, view.place, product, wait, long, view.run.simulated, drawing.ink()
    )
    drawing.show(chart, text, view.run, view.file(f"chance-{product}"), what="Chance of a shortage")
    columns = ["Week", "Somebody waits", f"Longer than {words.plural(wait, 'day')}"]
    cells = [
        [words.week_of(row["week"]), words.chance(row["waits"]), _chance(row["long"])]
        for row in every.to_dict("records")
    ]
    with st.expander("Figures behind the chart of chances"):
        st.html(cards.table(f"{view.place.name}: chance on any day of the week", columns, cells, kind=""))
    table = every.rename(columns={"waits": "chance_somebody_waits", "long": "chance_longer_than_longest_wait"})
    table = view.named(table, "chance, 0 to 1").assign(kind_of_place=PRODUCT_LABELS[product], longest_wait_days=wait)
    downloads.button("Download chances by week (CSV)", table, view.run, view.file(f"chance-{product}"), view.data_to)


def who(view: View) -> None:
    """List who waits where and for what, and how long they have waited."""
    st.header(said.WHO_HEADING, anchor=False)
    found = frames.who_waits(view.result, view.locations, view.run.as_of)
    _who_table(view, found)
    table = frames.for_file(found, view.names, PEOPLE)
    downloads.button("Download who waits where (CSV)", table, view.run, view.file("who-waits"), view.data_to)
    waits = frames.how_long(view.result, view.locations, view.run.as_of)
    with st.expander(said.LONG_HEADING):
        st.html(cards.plain([said.HOW_LONG]))
        _long_table(view, waits)
    table = frames.for_file(waits.round({"mean": 1}), view.names, DAYS)
    downloads.button("Download how long they have waited (CSV)", table, view.run, view.file("waits"), view.data_to)


def unpublished(view: View, metric: str, place: str, bands: pd.DataFrame) -> Fan:
    """Fan of figures of which nothing is published."""
    none = pd.DataFrame(columns=["date", "value", "flagged", "note"])
    run = view.run
    return Fan(metric, place, "people", run.as_of, None, none, bands, bands.iloc[:0], run.simulated)


def _who_table(view: View, found: pd.DataFrame) -> None:
    """List everybody who waits, by place; and in each place those who wait for each kind of care."""
    columns = ["Where", *whens(found)]
    everybody = found[found["pathway"] == ALL]
    rows = [[view.names[str(code)], *figures(own)] for code, own in everybody.groupby("location", sort=False)]
    st.html(cards.table(f"People who wait in hospital, middle and {words.LIKELY}", columns, rows))
    with st.expander("Who waits for which kind of care"):
        for code, own in found[found["pathway"] != ALL].groupby("location", sort=False):
            ways = [
                [said.first_up(PATHWAY_LABELS[str(way)]), *figures(cells)]
                for way, cells in own.groupby("pathway", sort=False)
            ]
            caption = f"{view.names[str(code)]}: people who wait in hospital, middle and {words.LIKELY}"
            st.html(cards.table(caption, ["For", *whens(found)], ways))


def whens(found: pd.DataFrame) -> list[str]:
    """Return the days of a table in words, nearest first."""
    days = found.drop_duplicates("weeks_ahead")
    return [said.when(weeks, date) for weeks, date in zip(days["weeks_ahead"], days["date"], strict=True)]


def figures(own: pd.DataFrame) -> list[str]:
    """Return the cells of one row of a table: middle and likely range on each day."""
    return [said.figure(*three) for three in zip(own["low"], own["middle"], own["high"], strict=True)]


def _long_table(view: View, waits: pd.DataFrame) -> None:
    columns = ["For", *whens(waits)]
    own = waits[waits["location"] == view.where]
    rows = []
    for product, cells in own.groupby("product", sort=False):
        label = said.ALL_PRODUCTS if product == ALL else PRODUCT_LABELS[str(product)]
        days = zip(cells["mean"], cells["p90"], strict=True)
        rows.append([said.first_up(label), *(_days(mean, most) for mean, most in days)])
    st.html(cards.table(f"{view.place.name}: days waited, mean, and what 9 in 10 are within", columns, rows))


def everything(view: View, bill: pd.DataFrame) -> None:
    """Offer all tables as one Excel file, and every day's figures as CSV."""
    st.header("All figures", anchor=False)
    row = st.container(horizontal=True)
    run, result = view.run, view.result
    settings = result.plan.settings()

    def daily() -> pd.DataFrame:
        return frames.for_file(frames.day_rows(result, view.locations), view.names, PEOPLE)

    with row:
        downloads.button("Download every day's figures (CSV)", daily, run, view.file("flats-and-beds"), view.data_to)
        downloads.button("Download the plan's settings (CSV)", settings, run, view.file("plan-settings"), view.data_to)
    row.download_button(
        "Download all of it (Excel)",
        lambda: workbooks.to_xlsx(
            {
                name: downloads.with_origin(sheet, run, view.data_to)
                for name, sheet in {"Every day": daily(), **_sheets(view, bill), "Settings": settings}.items()
            }
        ),
        file_name=f"{'simulated-' if run.simulated else ''}{view.file('flats-and-beds')}-{run.as_of:%Y-%m-%d}.xlsx",
        mime=workbooks.XLSX,
        on_click="ignore",
    )


def _sheets(view: View, bill: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Who waits, how long, and what it costs, as tables of a file."""
    result, as_of = view.result, view.run.as_of
    waits = frames.how_long(result, view.locations, as_of).round({"mean": 1})
    priced = bill.assign(part=bill["part"].map(PARTS))
    cost = frames.for_file(priced, view.names, f"pounds over {view.days} days").assign(county=view.place.county)
    return {
        "Who waits": frames.for_file(frames.who_waits(result, view.locations, as_of), view.names, PEOPLE),
        "How long": frames.for_file(waits, view.names, DAYS),
        "Cost": cost,
    }


def _held(view: View) -> None:
    """Say how often the range of the count held from which this is read off."""
    metric = next(one for one in METRICS if one in view.run.metrics)
    if held := shell.held(view.run, metric, view.where):
        st.html(cards.plain([said.held(held)]))


def _chance(share: float) -> str:
    return "cannot say yet" if np.isnan(share) else words.chance(share)


def _days(mean: float, most: float) -> str:
    return NOBODY if np.isnan(mean) else f"{mean:.0f} days\n9 in 10 within {words.plural(round(most), 'day')}"
