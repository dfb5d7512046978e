"""Plans of every kind, for tests that hold whatever the settings."""

import pandas as pd
from hypothesis import strategies as st

from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PATHWAYS, PRODUCTS

days = st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2100-12-31").date()).map(str)
shares = st.floats(0, 1)
names = st.text(min_size=1, max_size=60).filter(lambda name: name.isprintable() and name.strip())


def numbers(name):
    return st.floats(FIELDS[name].low, FIELDS[name].high)


def whole(name):
    return st.integers(int(FIELDS[name].low), int(FIELDS[name].high))


@st.composite
def events(draw):
    first = pd.Timestamp(draw(days))
    last = min(first + pd.Timedelta(days=draw(st.integers(0, 365))), pd.Timestamp("2100-12-31"))
    left = {what: draw(shares) for what in draw(st.sets(st.sampled_from(["assessments", "placements"])))}
    return {"name": draw(names), "first": str(first.date()), "last": str(last.date()), **left}


@st.composite
def routes(draw):
    found = {
        pathway: {product: draw(shares) / 3 for product in draw(st.sets(st.sampled_from(PRODUCTS)))}
        for pathway in draw(st.sets(st.sampled_from(PATHWAYS), min_size=1))
    }
    return {**found, "home": {"flat": draw(st.floats(0.01, 1))}}


def schedules(name):
    steps = st.dictionaries(days, whole(name), min_size=1, max_size=5).map(lambda found: sorted(found.items()))
    return st.one_of(whole(name), steps)


@st.composite
def settings(draw):
    """A few settings, each possible and possible together."""
    by_kind = {
        "schedule": schedules,
        "stays": lambda name: st.dictionaries(st.sampled_from(PATHWAYS), numbers(name)),
        "placed": lambda name: st.none() | st.dictionaries(st.sampled_from(PRODUCTS), whole(name)),
        "whole": whole,
        "number": numbers,
        "share": numbers,
        "routes": lambda name: routes(),
        "events": lambda name: st.lists(events(), max_size=3),
        "switch": lambda name: st.booleans(),
    }
    chosen = draw(st.sets(st.sampled_from([name for name in FIELDS if name != "location"])))
    found = {
        name: draw(by_kind[FIELDS[name].kind](name) | (st.none() if FIELDS[name].absent else st.nothing()))
        for name in chosen
    }
    if {"social_worker_posts", "social_worker_vacancies"} & found.keys():
        found["social_worker_posts"] = draw(st.integers(1, 10_000))
        found["social_worker_vacancies"] = draw(st.integers(0, found["social_worker_posts"]))
    if {"usable_share", "requires_improvement_share"} & found.keys():
        found["usable_share"] = draw(st.floats(0.01, 1))
        found["requires_improvement_share"] = draw(st.floats(0, 1 - found["usable_share"]))
    return found
