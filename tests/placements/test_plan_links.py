from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried

from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import KEYS
from forecast.placements.plans.links import open_link
from forecast.placements.plans.query import EXAMPLES, example
from tests.placements.made_plans import settings


@given(settings())
@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_plan_comes_back_as_it_was_from_its_link(given_settings):
    plan = PlacementPlan(**given_settings)
    query = plan.to_query()
    assert all(isinstance(text, str) for text in query.values())
    address = urlencode(query)
    again = PlacementPlan.from_query(dict(parse_qsl(address, keep_blank_values=True, strict_parsing=bool(address))))
    assert again == plan
    assert open_link(query) == (plan, {})


def test_a_link_says_only_what_is_not_as_now():
    assert PlacementPlan().to_query() == {}
    plan = PlacementPlan(
        flats={"2022-12-01": 23, "2023-01-01": 60},
        care_home_beds=100,
        stay_means={"home": 30},
        limit_kept=0.25,
        already_placed={"flat": 17},
        price_home_care_start=None,
        residents_only=True,
        events=[{"name": "Strike_~100%", "first": "2023-01-09", "last": "2023-01-15", "assessments": 0.5}],
        routes={"home": {"flat": 0.8}, "rehabilitation": {"community_bed": 1}, "care_home": {}},
    )
    assert plan.to_query() == {
        "flats": "2022-12-01_23~2023-01-01_60",
        "care-home-beds": "100",
        "routes": "home.flat_0.8~rehabilitation.community-bed_1",
        "stays": "home_30~rehabilitation_38.5~care-home_45.5",
        "limit-kept": "0.25",
        "already-placed": "flat_17",
        "events": "2023-01-09_2023-01-15_0.5_1_1_Strike_%7E100%25",
        "price-home-care-start": "none",
        "residents-only": "yes",
    }


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("flats", "many", "Housing-with-care flats (flats) is 'many' in the link (flats)"),
        ("flats", "-3", "Allowed: 0 to 2,000 places"),
        ("flats", "2023-01-01_44~2022-12-01_23", "put the dates in order"),
        ("flats", "2023-01-01_44_3", "cannot be read"),
        ("flats", "", "cannot be read"),
        ("flats", "none", "None"),
        ("flats", "9" * 20_000, "cannot be read"),
        ("flats", "nan", "cannot be read"),
        ("stays", "home", "cannot be read"),
        ("stays", "home_0", "1 to 365 days"),
        ("stays", "home_30~home_31", "cannot be read"),
        ("routes", "home.castle_1", "cannot be read"),
        ("routes", "home.flat_0", "sends nobody"),
        ("stay-limit", "27.5", "not a whole number"),
        ("limit-kept", "1e999", "limit_kept"),
        ("events", "2023-01-09_2023-01-15_0.5_Strike", "for example events="),
        ("events", "2023-01-09_2023-01-15_0.5_2_1_Strike", "2.0 of home_care_starts"),
        ("residents-only", "maybe", "yes or no"),
        ("county", "KENT", "NORFOLK"),
        ("flat", "3", "'flat', which is no setting"),
    ],
)
def test_a_bad_link_is_refused_by_the_setting(key, text, said):
    with pytest.raises(SettingError) as error:
        PlacementPlan.from_query({key: text})
    assert said in str(error.value)
    assert error.value.field == (KEYS[key].name if key in KEYS else key)


@pytest.mark.parametrize("kind", [*EXAMPLES, "county"])
def test_the_example_a_message_gives_can_be_read(kind):
    key = next(field.key for field in KEYS.values() if field.kind == kind)
    PlacementPlan.from_query({key: example(kind)})


def test_what_is_good_of_a_bad_link_is_used():
    query = {"flats": "60", "stay-limit": "400", "stays": "soon", "county": "KENT", "metric": "nctr_patients"}
    plan, wrong = open_link(query)
    assert plan == PlacementPlan(flats=60)
    assert wrong.keys() == {"stay_limit", "stay_means", "location"}
    assert "400" in wrong["stay_limit"]


def test_of_settings_that_exclude_each_other_the_one_in_the_link_gives_way():
    plan, wrong = open_link({"social-workers": "50", "flats": "60"})
    assert plan == PlacementPlan(flats=60)
    assert "more than the 50 posts" in wrong["social_worker_posts"]
    # 40 vacancies of 50 posts are possible, though each alone or in another order might not be.
    assert open_link({"social-workers": "50", "vacancies": "40"})[1] == {}
