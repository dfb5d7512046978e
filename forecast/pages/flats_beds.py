"""Flats & beds: how many places are needed, who waits without them, and what a plan changes and costs."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from forecast.figures import placement_frames
from forecast.pages import (
    address,
    cards,
    cost_sections,
    placing,
    plan_controls,
    plan_sharing,
    plan_state,
    shell,
    worked,
)
from forecast.pages import placement_sections as sections
from forecast.pages.address import choice
from forecast.pages.placement_sections import View
from forecast.pages.placement_together import together
from forecast.placements.assurance import Assurance
from forecast.placements.plans.defaults import stand_ins
from forecast.placements.plans.names import PRODUCT_LABELS
from forecast.placements.queues.people import People
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run
from forecast.wording import placement_captions as said
from forecast.wording import words
from forecast.wording.cost_captions import of_paths
from forecast.wording.placement_captions import Place

# Of the address, beside the plan's own. (A text standing alone here would be shown on the page.)
CHOICES = ("hospital", "ahead", "scale", "product", "shortage")
PLAN_HEADING = "Your plan"
READ_OFF = "How the number who wait is read off the forecast"
ASSURED = 0.9
SEASON = "season"
AHEAD = {"weeks": "The next six weeks", SEASON: "The season ahead"}


def page(run: Run) -> None:
    """Draw the page."""
    names = by_name.places(run)
    asked = address.query().get(plan_state.COUNTY, "")
    usual = asked if asked in names else ""
    season = _far(run)
    where = choice("hospital", names, lambda key, values: _pick("Place", key, values, names), usual)
    county = where if where in run.counties else next(one for one in run.counties if where in run.members(one))
    plan = plan_state.current(county)
    people = placing.people_of(str(run.path), county, plan.residents_only, season)
    missing = placing.left_out(run, county, people)
    place = Place(reference().label(where), reference().label(county), where == county)
    if isinstance(people, str) or where in missing:
        _cannot_say(place, {names[code]: why for code, why in missing.items() if where in (code, county)})
        return
    answer = st.container()
    st.header(PLAN_HEADING, anchor=False)
    if borrowed := said.of_stand_ins(place.county, stand_ins(county, reference())):
        st.html(cards.plain([borrowed]))
    plan_sharing.start(county, placing.scenarios(run, county))
    changed = plan_controls.edited(plan, people.dates[0])
    view = View(run, placing.result_of(str(run.path), changed, season), where, place, season)
    with answer:
        if missing:
            _cannot_say(place, {names[code]: why for code, why in missing.items()})
            st.warning(said.without([names[code] for code in missing]))
        _answer(view)
        together(view)
    _details(view)
    plan_sharing.share(changed, {key: text for key, text in address.query().items() if key in CHOICES}, run)
    worked.example(county)
    with st.expander(READ_OFF):
        st.html(cards.bullets(_read_off(placing.people_of(str(run.path), county, changed.residents_only), names)))


def _far(run: Run) -> bool:
    """Let a person look at the season ahead, where the run does."""
    if placing.no_season(run):
        return False
    return choice("ahead", AHEAD, lambda key, values: _pick("How far ahead", key, values, AHEAD)) == SEASON


def _details(view: View) -> None:
    """Draw what stands under the answer."""
    options = {one: plan_controls.words_up(PRODUCT_LABELS[one]) for one in _in_question(view)}
    product = choice("product", options, lambda key, values: _pick("Charts and costs of", key, values, options))
    sections.need(view, product)
    sections.chances(view, product)
    sections.who(view)
    cost_sections.costs(view, product)
    cost_sections.scenarios(view)
    sections.everything(view, cost_sections.bill_table(view))


def _pick(label: str, key: str, values: Sequence[str], names: dict[str, str]) -> str | None:
    return st.pills(label, values, format_func=lambda value: names[value], key=key, required=True)


def _answer(view: View) -> None:
    """Say for each kind of place how many are short, and how many would do."""
    run, result = view.run, view.result
    products, last = _in_question(view), result.dates[-1]
    weeks = {one: placement_frames.shortages(result, one, view.where, run.as_of) for one in products}
    extra = placing.extra(result.county)
    short = {one: said.answer(view.place, one, weeks[one], last, extra=one in extra) for one in products}
    # How many would do takes longer to find, so what is known already stands there first.
    lead = st.empty()
    lead.html(cards.lead(list(short.values())))
    assurance = placing.assurance_of(str(run.path), result.plan, view.season)
    lead.html(cards.lead([f"{short[one]} {_enough(view, assurance, one)}" for one in products]))
    if any(one in extra for one in products):
        st.html(cards.plain([said.EXTRA]))
    levels = [said.levels(one, dict(assurance.needed[one])) for one in products]
    with st.expander("How many places to be 80, 90 or 95% sure"):
        st.html(cards.bullets(levels))
        st.html(cards.plain([f"From {of_paths(len(assurance.paths[products[0]]), result.samples)}."]))
    waiting, community = (
        placement_frames.spread(one[:, -1]) for one in (result.assessed.waiting, result.assessed.community)
    )
    paths = int(run.manifest["settings"]["samples"])
    far = [f"{said.SEASON} Drawn from {of_paths(result.samples, paths)}."] if view.season else []
    st.html(cards.plain([*far, *view.bed_days, *filter(None, [said.unassessed(result.dates[-1], waiting, community)])]))
    with st.expander(said.TRUST_HEADING):
        st.html(cards.bullets(said.TRUST))


def _enough(view: View, assurance: Assurance, product: str) -> str:
    plan = view.result.plan
    usable = plan.usable_care_home_share if product == "care_home_bed" else 1.0
    needed, least = float(assurance.needed[product][ASSURED]), int(view.result.capacity[product].min())
    dated = bool(least < view.result.capacity[product].max())
    return said.assured(view.place, product, needed, ASSURED, assurance.longest_wait, least, usable, dated=dated)


def _in_question(view: View) -> list[str]:
    return placement_frames.in_question(view.result) or list(view.result.products)


def _cannot_say(place: Place, reasons: dict[str, str]) -> None:
    st.html(cards.lead([said.cannot_say(place.name, reasons)]))


def _read_off(people: People | str, names: dict[str, str]) -> list[str]:
    if isinstance(people, str):
        return [people]
    return [f"{names[code]}: {words.sentence(note)}" for code, note in people.demand.notes.items()]


shell.show("Flats & beds", page)
