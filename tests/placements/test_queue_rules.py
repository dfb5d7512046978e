import shutil

import pytest

from forecast.errors import InputError
from forecast.placements.waiting.queue_rules import queue_rules
from forecast.reference import FILES, Reference, reference


@pytest.fixture
def folder(tmp_path):
    """Reference tables of another county: without tables of its own for queues."""
    for name in FILES:
        shutil.copy(reference().folder / name, tmp_path / name)
    return tmp_path


def test_the_rules_of_the_county_are_those_of_the_table():
    rules = queue_rules(["RM1", "RGP", "RCX"], reference())
    assert [rule.metric for rule in rules.values()] == ["nctr_patients", "nctr_remaining", "nctr_remaining"]
    # 150 of 600 in the brief; elsewhere the shares of delays decide
    assert [rule.share for rule in rules.values()] == [0.25, None, None]
    assert rules["RM1"].status == "unverified"
    assert all(rule.source for rule in rules.values())


def test_a_hospital_without_a_row_has_the_rule_of_all():
    rule = queue_rules(["X99"], reference())["X99"]
    assert (rule.metric, rule.other_metric, rule.ratio) == ("nctr_remaining", "nctr_patients", 0.58)


@pytest.mark.parametrize(
    ("there", "taken"),
    [
        ({"nctr_patients", "nctr_remaining"}, ("nctr_remaining", 1.0)),
        ({"nctr_patients"}, ("nctr_patients", 0.6)),
        ({"flu_beds"}, None),
    ],
)
def test_another_count_will_do_where_the_rules_own_is_not_there(there, taken):
    assert queue_rules(["RGP"], reference())["RGP"].count_in(there) == taken


def test_a_folder_without_the_table_takes_that_of_the_package(folder):
    assert queue_rules(["X99"], Reference(folder))["X99"].metric == "nctr_remaining"


def test_a_county_gives_its_hospitals_rules_of_their_own(folder):
    (folder / "queue_rules.csv").write_text(
        "location,metric,share_assumption,other_metric,ratio_assumption,source,date,status,note\n"
        "X99,nctr_patients,share_waiting_here,,,a survey,2025,,counted by hand\n"
    )
    with (folder / "assumptions.csv").open("a") as file:
        file.write("share_waiting_here,X99,0.4,share,,,a survey,2025,,\n")
    tables = Reference(folder)
    assert queue_rules(["X99"], tables)["X99"].share == 0.4
    with pytest.raises(InputError, match=r"queue_rules.csv: no row for 'X98' and none without a location"):
        queue_rules(["X98"], tables)


@pytest.mark.parametrize("share", [-0.1, 1.01, float("nan"), "a quarter"])
def test_a_share_is_from_0_to_1(share):
    with pytest.raises(InputError, match=r"queue share of RM1 is .*; give a share from 0 to 1"):
        queue_rules(["RM1"], reference(), shares={"RM1": share})
