"""Files, links and values of a plan that nobody has in mind."""

import itertools
import json

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.files import FORMAT
from forecast.placements.plans.links import open_link
from forecast.placements.plans.schedule import Schedule

STRIKE = {"name": "strike", "first": "2024-01-01", "last": "2024-01-01", "placements": 0}


def _file(folder, settings='{"flats": 50}', version="1"):
    path = folder / "plan.json"
    path.write_text(f'{{"format": "{FORMAT}", "version": {version}, "name": "", "settings": {settings}}}', "utf-8")
    return path


@pytest.mark.parametrize(
    "settings",
    [
        {"flats": (step for step in itertools.repeat(("2024-01-01", 1)))},
        {"flats": [itertools.count()]},
        {"events": itertools.repeat(STRIKE)},
        {"flats": np.array(5)},
        {"events": np.array(5)},
        {"location": "N" * 100_000},
        {"events": [{**STRIKE, "name": "a\nb"}]},
    ],
)
def test_values_without_an_end_or_without_items_are_refused_at_once(settings) -> None:
    with pytest.raises(InputError) as error:
        PlacementPlan(**settings)
    assert len(str(error.value)) < 500


@pytest.mark.parametrize("settings", [None, [], "flats", {1: 2}, {("a", 1): 2}, {"x" * 100_000: 1}])
def test_settings_that_are_no_settings_are_refused(settings) -> None:
    if settings == []:
        settings = [("flats", 3)]
    with pytest.raises(InputError) as error:
        PlacementPlan.from_dict(settings)
    assert len(str(error.value)) < 900


@pytest.mark.parametrize("path", [None, 3, "", "a\0b", "."])
def test_a_path_that_names_no_file_is_refused(path) -> None:
    for use in (PlacementPlan().save, PlacementPlan.load):
        with pytest.raises(InputError, match="names no file"):
            use(path)


def test_a_name_that_cannot_be_written_is_refused_and_leaves_nothing(tmp_path) -> None:
    with pytest.raises(InputError, match="the plan's name"):
        PlacementPlan().save(tmp_path / "plan.json", name="\ud800")
    assert not list(tmp_path.iterdir())


def test_a_file_that_an_editor_began_with_a_byte_order_mark_is_read(tmp_path) -> None:
    path = _file(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert PlacementPlan.load(path) == PlacementPlan(flats=50)


@pytest.mark.parametrize(
    ("settings", "version"),
    [
        ('{"unheard_of": 1}', "1"),
        (json.dumps({"k" * 300_000: 1}), "1"),
        (json.dumps({"location": "k" * 300_000}), "1"),
        ("{}", '"' + "9" * 300_000 + '"'),
        ("{}", "[" * 500 + "]" * 500),
        ('{"flats": ' + "[" * 900 + "]" * 900 + "}", "1"),
        ('{"flats": ' + "[" * 100_000 + "]" * 100_000 + "}", "1"),
        ('{"flats": ' + "9" * 300_000 + "}", "1"),
        ('{"flats": NaN}', "1"),
    ],
)
def test_a_strange_file_is_refused_in_a_short_message_that_names_it(tmp_path, settings, version) -> None:
    path = _file(tmp_path, settings, version)
    with pytest.raises(InputError) as error:
        PlacementPlan.load(path)
    assert str(path) in str(error.value)
    assert len(str(error.value)) - len(str(path)) < 900


@pytest.mark.parametrize("query", [None, [("flats", "3")], {3: "x"}, {"flats": "1" * 100_000}, {"county": "~" * 9000}])
def test_a_strange_link_is_refused_in_a_short_message(query) -> None:
    with pytest.raises(InputError) as error:
        PlacementPlan.from_query(query)
    assert len(str(error.value)) < 900


def test_of_a_strange_link_what_is_good_is_kept() -> None:
    plan, wrong = open_link({"flats": "1" * 100_000, "county": "<b>", "turnaround": "3"})
    assert plan == PlacementPlan(turnaround_days=3)
    assert set(wrong) == {"flats", "location"}


def test_a_name_with_markup_a_formula_and_separators_comes_back_as_it_was(tmp_path) -> None:
    plan = PlacementPlan(events=[{**STRIKE, "name": '=HYPERLINK("x")<script>_~%7E%25&#'}])
    assert PlacementPlan.from_query(plan.to_query()) == plan
    plan.save(tmp_path / "plan.json")
    assert PlacementPlan.load(tmp_path / "plan.json") == plan


def test_dates_with_a_time_zone_are_the_days_there() -> None:
    dates = pd.date_range("2023-12-31 23:30", periods=3, tz="Europe/London")
    plan = PlacementPlan(flats=Schedule.of({"2023-12-01": 23, "2024-01-01": 44}), events=[STRIKE])
    assert plan.capacity("flat", dates).tolist() == [23, 44, 44]
    assert plan.share_on("placements", dates).tolist() == [1, 0, 1]
