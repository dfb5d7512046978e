import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.files import FORMAT, from_text, to_text
from tests.placements.made_plans import settings

STRIKE = {"name": "a_week ~ 100% out", "first": "2023-01-09", "last": "2023-01-15", "assessments": 0.5}


@given(settings())
@tried(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_plan_comes_back_as_it_was_from_settings_and_from_a_file(given_settings):
    plan = PlacementPlan(**given_settings)
    assert PlacementPlan.from_dict(plan.to_dict()) == plan
    name, content = from_text(to_text(plan.values(), name="Winter, “second” try"))
    again = PlacementPlan.from_dict(content)
    assert (again, hash(again), name) == (plan, hash(plan), "Winter, “second” try")


def test_a_file_is_readable_and_holds_every_setting(tmp_path):
    path = tmp_path / "winter.json"
    plan = PlacementPlan(flats={"2022-12-01": 23, "2023-01-01": 60}, events=[STRIKE], already_placed={"flat": 17})
    plan.save(path, name="60 flats")
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (content["format"], content["version"], content["name"]) == (FORMAT, 1, "60 flats")
    assert content["settings"].keys() == FIELDS.keys()
    assert content["settings"]["flats"] == [["2022-12-01", 23], ["2023-01-01", 60]]
    assert content["settings"]["events"][0]["first"] == "2023-01-09"
    assert PlacementPlan.load(path) == plan
    assert [found.name for found in tmp_path.iterdir()] == ["winter.json"]


def test_settings_that_a_file_leaves_out_are_as_now():
    assert PlacementPlan.from_dict({"flats": 40}) == PlacementPlan(flats=40)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not JSON"),
        ("<html>", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1, 2]", "not a saved plan"),
        ('{"settings": {}}', "not a saved plan"),
        (json.dumps({"format": FORMAT, "version": 2, "settings": {}}), "version 2"),
        (json.dumps({"format": FORMAT, "version": 1, "settings": []}), "holds no settings"),
        (json.dumps({"format": FORMAT, "version": 1, "name": 3, "settings": {}}), '"name" is no text'),
        (json.dumps({"format": FORMAT, "version": 1, "settings": {"flat": 3}}), "'flat' is no setting"),
        (json.dumps({"format": FORMAT, "version": 1, "settings": {"flats": -3}}), "Allowed: 0 to 2,000 places"),
        (json.dumps({"format": FORMAT, "version": 1, "settings": {"stay_limit": float("nan")}}), "nan, not a number"),
        (json.dumps({"format": FORMAT, "version": 1, "settings": {"price_flat": 10**400}}), "not a number"),
        (json.dumps({"format": FORMAT, "version": 1, "settings": {"flats": 10**400}}), "(flats)"),
        (" " * 1_000_001, "too many for a plan"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_by_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        PlacementPlan.load(path)
    assert said in str(error.value)
    if "is no setting" not in said:
        assert str(error.value).startswith(str(path))


def test_a_workbook_and_a_missing_file_are_refused_by_name(tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x80")
    with pytest.raises(InputError, match="not a text file"):
        PlacementPlan.load(path)
    with pytest.raises(InputError, match="cannot be read"):
        PlacementPlan.load(tmp_path / "nowhere.json")
    with pytest.raises(InputError, match="cannot be written"):
        PlacementPlan().save(tmp_path / "no folder" / "plan.json")


def test_a_bad_setting_of_a_file_keeps_its_field(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text(to_text(PlacementPlan().values()).replace('"stay_limit": 28', '"stay_limit": 400'), "utf-8")
    with pytest.raises(SettingError) as error:
        PlacementPlan.load(path)
    assert error.value.field == "stay_limit"
