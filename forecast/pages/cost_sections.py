"""Sections of Flats & beds on money, and on plans side by side."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from forecast.charts import placement_charts
from forecast.figures import placement_frames as frames
from forecast.pages import cards, downloads, drawing, placing
from forecast.pages.placement_sections import View
from forecast.placements.costs import bill
from forecast.placements.plans.names import PRODUCT_LABELS, SCHEDULES
from forecast.wording import cost_captions as said
from forecast.wording import words
from forecast.wording.placement_captions import FREED_AT_MOST

MEASURES = {
    "waiting": ("People waiting on the last day", False),
    "bed_days": ("Hospital bed-days used waiting", False),
}
MONEY = {"total_cost": ("Cost, places and waiting", True)}
YOURS = "yours"


def costs(view: View, product: str) -> None:
    """Say and draw what places and waiting cost."""
    st.header(said.COST_HEADING, anchor=False)
    result, place = view.result, view.place
    curve = placing.curve_of(str(view.run.path), result.plan, product, view.season)
    st.html(cards.plain([*said.cheapest(curve, view.days, result.plan.longest_wait), said.PRICES]))
    planned = int(getattr(result.plan, SCHEDULES[product]).on(result.dates).max())
    text = said.cost_alternative(curve, place, view.days, planned)
    drawing.reading(f"{said.COST_MARKS} {said.sampled(curve, result.samples)}")
    chart = drawing.of(placement_charts.cost_chart, curve, place, view.days, planned, view.run.simulated, drawing.ink())
    drawing.show(chart, text, view.run, f"cost-{product}-{result.county}", what="Costs")
    with st.expander("Figures behind the cost curve"):
        rows = [
            [
                words.count(row["places"]),
                said.pounds(row["plan_cost"]),
                said.pounds(row["waiting_cost"]),
                said.pounds(row["total"]),
                words.chance(row["chance_short"]),
            ]
            for row in curve.rows.to_dict("records")
        ]
        longer = f"Chance of a wait over {words.plural(result.plan.longest_wait, 'day')}"
        columns = [words.sentence(PRODUCT_LABELS[product].capitalize()).rstrip("."), "Places", "Waiting", "Together"]
        st.html(cards.table(f"{place.county}: cost over {view.days} days", [*columns, longer], rows))
    long = f"chance_of_a_wait_over_{result.plan.longest_wait}_days"
    table = curve.rows.round(0).assign(chance_short=curve.rows["chance_short"].round(3))
    table = table.rename(
        columns={"chance_short": long, "plan_cost": "places_cost", "waiting": "people_waiting_mean"}
    ).assign(unit="pounds, mean", days=view.days)
    table = table.assign(kind_of_place=PRODUCT_LABELS[product], county=place.county)
    downloads.button("Download the cost curve (CSV)", table, view.run, f"cost-{product}-{result.county}", view.data_to)
    _bill(view)


def _bill(view: View) -> None:
    rows = bill_table(view)
    st.html(cards.plain([said.bill_said(rows, view.days)]))
    cells = [
        [said.PARTS[row["part"]], *(said.pounds(row[name]) for name in frames.LIKELY)]
        for row in rows.to_dict("records")
        if row["part"] != "care_at_home" or row["low"] or row["high"]
    ]
    caption = f"{view.place.county}: cost over {view.days} days, with its {words.LIKELY}"
    with st.expander("The bill of the plan, part by part"):
        st.html(cards.table(caption, ["", "Low", "Middle", "High"], cells, kind=""))


def bill_table(view: View) -> pd.DataFrame:
    """Parts of the bill in pounds."""
    return frames.bill_rows(bill(view.result))


def scenarios(view: View) -> None:
    """Compare the plan on the screen and the ready-made ones with as now."""
    st.header(said.SCENARIO_HEADING, anchor=False)
    st.html(cards.plain([said.SAME_NUMBERS, FREED_AT_MOST]))
    run, plan = view.run, view.result.plan
    found = placing.scenarios(run, plan.location)
    as_now, *others = found
    shown = [one for one in others if not one.reason]
    usual = as_now.plan.changed(residents_only=plan.residents_only)
    made = placing.differences(str(run.path), usual, tuple(one.key for one in shown), view.season)
    own = placing.differences(str(run.path), plan, (YOURS,), view.season)
    rows = pd.concat([own, made], ignore_index=True)
    measures = {**MEASURES, **(MONEY if view.place.is_county else {})}
    here = rows[rows["location"] == view.where]
    money = {measure: is_money for measure, (_, is_money) in measures.items()}
    labels = {YOURS: f"{said.YOURS}\nas it stands above", **{one.key: f"{one.name}\n{one.sentence}" for one in shown}}
    cells = [[label, *said.scenario_row(here[here["scenario"] == key], money)] for key, label in labels.items()]
    columns = ["Plan", *(label for label, _ in measures.values())]
    st.html(cards.table(f"{view.place.name}: difference from as now", columns, cells))
    st.html(cards.plain([said.STAFF, *(said.not_shown(one.name, one.reason) for one in others if one.reason)]))
    st.caption(f"From {said.of_paths(placing.tried(view.season), view.result.samples)}.")
    names = {YOURS: said.YOURS, **{one.key: one.name for one in shown}}
    named = {**MEASURES, **MONEY, "places_cost": ("Cost of places", True), "waiting_cost": ("Cost of waiting", True)}
    units = {"waiting": "people, on the last day", "bed_days": "hospital bed-days"}
    unit = rows["measure"].map(units).fillna("pounds")
    rows = rows.round({"value": 1}).assign(plan=rows["scenario"].map(names))
    rows["measure"] = [named[str(one)][0] for one in rows["measure"]]
    table = frames.for_file(rows, view.names, "").drop(columns="scenario")
    table = table.assign(unit=unit, days=view.days, compared_with="as now")
    downloads.button("Download the comparison (CSV)", table, run, f"scenarios-{view.result.county}", view.data_to)
