"""Forecasts and reference tables that cannot be right."""

import shutil

import numpy as np
import pytest
from backlogs import backlog

from forecast.errors import InputError
from forecast.placements.demand import demand
from forecast.placements.waiting.shares import PathwayShares
from forecast.reference import Reference, reference

WAYS = ("home", "rehabilitation", "care_home")


@pytest.fixture
def tables(tmp_path):
    """Return the reference tables with a text of one file replaced."""

    def edited(file: str, old: str, new: str) -> Reference:
        folder = tmp_path / "reference"
        shutil.copytree(reference().folder, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return Reference(folder)

    return edited


def test_a_hospital_with_more_people_than_any_holds_is_left_out_and_the_others_are_not() -> None:
    found = demand(backlog({"RGP": [100, 3e10], "RCX": [100, 100]}))
    assert found.hospitals == ("RCX",)
    assert "30,000,000,000 people" in found.missing["RGP"]


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan", "inf"])
def test_a_catchment_share_that_is_no_share_is_refused(tables, share) -> None:
    wrong = tables("locations.csv", "trust,NORFOLK,0.42", f"trust,NORFOLK,{share}")
    with pytest.raises(InputError, match="catchment_share of RGP"):
        demand(backlog({"RGP": [100]}), residents_only=True, tables=wrong)


@pytest.mark.parametrize("share", ["-1", "99999", "nan"])
def test_a_share_of_a_queue_rule_that_is_no_share_is_refused(tables, share) -> None:
    wrong = tables(
        "assumptions.csv",
        "share_waiting_for_social_care,NORFOLK,0.25",
        f"share_waiting_for_social_care,NORFOLK,{share}",
    )
    with pytest.raises(InputError, match=r"share_waiting_for_social_care.* RM1"):
        demand(backlog({"RM1": [100]}, "nctr_patients"), tables=wrong)


def test_a_queue_rule_of_another_metric_is_refused(tables) -> None:
    wrong = tables("queue_rules.csv", "RM1,nctr_patients", "RM1,covid_beds")
    with pytest.raises(InputError, match=r"queue_rules.csv.*'RM1' names 'covid_beds'"):
        demand(backlog({"RM1": [100]}, "nctr_patients"), tables=wrong)


@pytest.mark.parametrize(("old", "new"), [("home,1,", "at_home,1,"), ("home,1,", "care_home,1,")])
def test_pathways_that_a_plan_does_not_know_or_that_stand_twice_are_refused(tables, old, new) -> None:
    wrong = tables("pathways.csv", "\n" + old, "\n" + new)
    with pytest.raises(InputError, match=r"pathways.csv: the pathways are .*give a row each"):
        demand(backlog({"RGP": [100]}), tables=wrong)


@pytest.mark.parametrize(
    "settings",
    [
        {"seed": -1},
        {"seed": None},
        {"seed": True},
        {"queue_shares": [0.2]},
        {"queue_shares": {"RGP": True}},
        {"queue_shares": {"RGP": float("nan")}},
        {"shares": {"RGP": 0.2}},
    ],
)
def test_settings_of_another_kind_are_refused(settings) -> None:
    with pytest.raises(InputError):
        demand(backlog({"RGP": [100]}), **settings)


@pytest.mark.parametrize("given", [None, [backlog({"RGP": [100]})], {"nctr_remaining": 3}, "nctr_remaining"])
def test_what_is_no_forecast_is_refused(given) -> None:
    with pytest.raises(InputError, match=r"demand: .*give the sample paths"):
        demand(given)


def test_a_share_of_any_kind_of_number_is_taken() -> None:
    once, again = (demand(backlog({"RGP": [100]}), queue_shares={"RGP": share}) for share in (1, np.int64(1)))
    assert (once.queue == again.queue).all()


@pytest.mark.parametrize(
    ("means", "people"),
    [
        (("a", 0.1, 0.1), 5),
        (0.3, 5),
        ((0.1, 0.1, 0.1), float("inf")),
        ((0.1, 0.1, 0.1), "3"),
        ((0.1, 0.1, True), 3),
        ((0.1, 0.1, 0.1), None),
    ],
)
def test_pathway_shares_that_are_no_numbers_are_refused(means, people) -> None:
    with pytest.raises(InputError, match="pathway shares of RGP"):
        PathwayShares(WAYS, {"RGP": means}, {"RGP": people})


@pytest.mark.parametrize("levels", [[], [2], ["a"], None, [float("nan")]])
def test_quantile_levels_that_are_none_are_refused(levels) -> None:
    with pytest.raises(InputError, match="quantile levels"):
        demand(backlog({"RGP": [100]})).quantiles(levels)
