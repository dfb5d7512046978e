"""Whatever is given for a setting: a plan, or a message by the setting, and nothing else."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import FIELDS, KEYS
from forecast.placements.plans.links import open_link
from forecast.placements.plans.names import PATHWAYS, PRODUCTS

NUMERIC = [name for name, field in FIELDS.items() if field.kind in {"whole", "number", "share", "schedule"}]
quick = tried(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(5000).map(lambda digits: 10**digits)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=3)
    | st.dates()
    | st.sampled_from([pd.NaT, np.datetime64("NaT"), np.float64(3), np.int64(2), np.bool_(True), np.array([1, 2]), {1}])
    | st.sampled_from(
        [pd.Timestamp("2024-01-01 13:00", tz="Europe/London"), dt.datetime(2024, 1, 1, 9), np.datetime64(0, "Y")]
    )
)
keys = st.sampled_from([*PATHWAYS, *PRODUCTS, "2024-01-01", "name", "first", "last", "placements"]) | leaves.filter(
    lambda value: not isinstance(value, set | np.ndarray)
)
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=8
)


@given(st.sampled_from(list(FIELDS)), anything)
@quick
def test_any_value_makes_a_plan_or_is_refused_by_its_setting(name, value):
    refused = None
    try:
        plan = PlacementPlan(**{name: value})
    except SettingError as error:
        refused = error
    if refused is None:
        assert PlacementPlan.from_dict(plan.to_dict()) == plan
    else:
        assert name in refused.fields
        assert f"({name})" in str(refused)
        assert len(str(refused)) < 700


@given(st.sampled_from(NUMERIC), st.floats(allow_nan=False) | st.integers())
@quick
def test_a_number_outside_its_range_is_refused_and_the_range_told(name, number):
    field = FIELDS[name]
    if field.low <= number <= field.high:
        return
    with pytest.raises(SettingError) as error:
        PlacementPlan(**{name: number})
    assert error.value.field == name
    assert f"{field.low:,g}" in str(error.value)
    assert f"{field.high:,g}" in str(error.value)


@pytest.mark.parametrize("name", NUMERIC)
def test_the_ends_of_a_range_are_allowed(name):
    field = FIELDS[name]
    together = {
        "usable_share": {"requires_improvement_share": 0},
        "requires_improvement_share": {"usable_share": 0.01},
        "social_worker_posts": {"social_worker_vacancies": 0},
        "social_worker_vacancies": {"social_worker_posts": 10_000},
    }.get(name, {})
    PlacementPlan(**{name: field.low, **together})
    if name != "requires_improvement_share":
        PlacementPlan(**{name: field.high, **together})


@given(
    st.dictionaries(st.sampled_from(list(KEYS)), st.text("0123456789_~.-eEnoys%homeflatcrd", max_size=30), max_size=3)
)
@quick
def test_any_link_is_opened_as_far_as_it_can_be(query):
    plan, wrong = open_link(query)
    good = {key: text for key, text in query.items() if KEYS[key].name not in wrong}
    assert PlacementPlan.from_query(good) == plan
    assert bool(wrong) == (good != query)
