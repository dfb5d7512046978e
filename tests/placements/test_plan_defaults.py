import csv
import shutil

import pytest

from forecast.errors import InputError
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.defaults import stand_ins
from forecast.placements.plans.fields import FIELDS, KEYS
from forecast.reference import Reference, reference

KENT_FIGURES = {
    "care_homes_good_or_outstanding": 0.8,
    "care_homes_requires_improvement": 0.15,
    "home_care_starts": 30,
    "waiting_for_assessment": 900,
    "social_worker_posts": 500,
    "social_worker_vacancies": 20,
    "flat_stay_limit": 42,
}


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(reference().folder, tmp_path, dirs_exist_ok=True)
    return tmp_path


def append(path, **cells):
    with path.open(newline="", encoding="utf-8") as handle:
        header = next(csv.reader(handle))
    with path.open("a", newline="", encoding="utf-8") as handle:
        csv.DictWriter(handle, header).writerow(cells)


def kent(folder):
    append(folder / "locations.csv", code="KENT", name="Kent", kind="county", source="a test")
    for name, value in KENT_FIGURES.items():
        append(folder / "assumptions.csv", name=name, location="KENT", value=value, source="Kent says", date="2025")


def test_every_setting_has_a_source_and_a_date_or_none_to_give():
    table = PlacementPlan().settings().set_index("field")
    assert list(table.index) == list(FIELDS)
    assert (table["source"] != "").all()
    assert not table["changed"].any()
    dated = table.drop(["location", "events"])
    assert (dated["date"] != "").all()
    assert "IPACS" in table.loc["stay_means", "source"]
    assert table.loc["stay_means", "status"] == "other county, unverified here"
    assert "the date is assumed" in table.loc["flats", "status"]


def test_settings_are_said_in_words():
    event = {"name": "Strike", "first": "2023-01-09", "last": "2023-01-15", "home_care_starts": 0.75}
    plan = PlacementPlan(flats=1200, usable_share=0.705, already_placed={"flat": 17}, events=[event])
    table = plan.settings().set_index("field")
    assert table["value"][["location", "flats", "usable_share", "stay_limit", "residents_only"]].tolist() == [
        "Norfolk",
        "1,200",
        "70.5%",
        "28",
        "no",
    ]
    assert table.loc["flats", "default"] == "23, and 44 from 1 January 2023"
    assert table.loc["already_placed", "value"] == "housing-with-care flats 17"
    assert table.loc["already_placed", "default"] == "as many as there are places as now"
    assert table.loc["events", "value"] == "Strike, 9 January 2023 to 15 January 2023: home-care starts 75%"
    assert "bed-based rehabilitation: care-home beds 28%, community beds 72%" in table.loc["routes", "value"]
    assert set(table.index[table["changed"]]) == {"flats", "usable_share", "already_placed", "events"}


def test_keys_of_links_are_short_and_each_of_one_setting():
    assert len(KEYS) == len(FIELDS)
    assert all(key == key.lower() and len(key) <= 22 and "_" not in key for key in KEYS)


def test_another_county_is_a_matter_of_rows(folder):
    kent(folder)
    append(
        folder / "place_schedule.csv", location="KENT", product="flat", from_date="2025-01-01", places=70, source="test"
    )
    tables = Reference(folder)
    plan = PlacementPlan.of("KENT", tables=tables)
    assert plan.flats.counts == (70,)
    assert plan.care_home_beds.counts == (0,)
    assert (plan.usable_share, plan.stay_limit, plan.home_care_starts) == (0.8, 42, 30)
    # England's destinations where the county has no row of its own.
    assert plan.routes["rehabilitation"] == {"care_home_bed": 0.45, "community_bed": 0.55}
    assert plan.price_hospital_bed == 346
    table = plan.settings(tables=tables).set_index("field")
    assert table.loc["home_care_starts", "source"] == "Kent says"
    assert table.loc["care_home_beds", "source"] == "no row for Kent in place_schedule.csv: none counted"


def test_a_plan_of_another_county_is_changed_saved_and_sent_like_any(folder, tmp_path):
    kent(folder)
    tables = Reference(folder)
    plan = PlacementPlan.of("KENT", tables=tables).changed(flats=60)
    query = plan.to_query(tables=tables)
    assert query == {"county": "KENT", "flats": "60"}
    assert PlacementPlan.from_query(query, tables=tables) == plan
    plan.save(tmp_path / "kent.json")
    assert PlacementPlan.load(tmp_path / "kent.json") == plan


def test_a_county_that_lacks_a_figure_has_a_stand_in_that_says_so_and_never_another_county_s(folder):
    append(folder / "locations.csv", code="KENT", name="Kent", kind="county", source="a test")
    tables = Reference(folder)
    table = PlacementPlan.of("KENT", tables=tables).settings(tables=tables).set_index("field")
    stands = table.index[table["status"].str.startswith("stand-in")]
    assert list(stands) == [
        "stay_limit",
        "usable_share",
        "requires_improvement_share",
        "home_care_starts",
        "waiting_for_assessment",
        "social_worker_posts",
        "social_worker_vacancies",
    ]
    assert table.loc[stands, "value"].tolist() == ["28", "100%", "0%", "0", "0", "100", "0"]
    assert stand_ins("KENT", tables) == table.loc[stands, "label"].tolist()
    assert stand_ins("NORFOLK", tables) == []
    appended = {"name": "waiting_for_assessment", "location": "KENT", "value": 900, "source": "Kent says"}
    append(folder / "assumptions.csv", **appended)
    assert PlacementPlan.of("KENT", tables=Reference(folder)).waiting_for_assessment == 900


def test_a_county_without_its_own_home_care_starts_has_those_of_its_hospitals(folder):
    text = (folder / "assumptions.csv").read_text(encoding="utf-8")
    kept = [row for row in text.splitlines() if not row.startswith(("home_care_starts", "discharges_a_day_p1"))]
    (folder / "assumptions.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for code, value in {"RM1": 13.7, "RCX": 2.5, "RGP": 3.1}.items():
        append(folder / "assumptions.csv", name="discharges_a_day_p1", location=code, value=value, source=f"of {code}")
    plan = PlacementPlan(tables=Reference(folder))
    assert plan.home_care_starts == 19.3
    table = plan.settings(tables=Reference(folder)).set_index("field")
    assert table.loc["home_care_starts", "source"] == "of RM1; of RCX; of RGP"


def test_two_hospitals_of_three_do_not_stand_for_a_county(folder):
    # Under another code, or the package's own figures of Norfolk would be taken.
    for file in ("locations.csv", "assumptions.csv"):
        text = (folder / file).read_text(encoding="utf-8").replace("NORFOLK", "BROADS")
        kept = [row for row in text.splitlines() if not row.startswith(("home_care_starts", "discharges_a_day_p1"))]
        (folder / file).write_text("\n".join(kept) + "\n", encoding="utf-8")
    for code in ("RM1", "RCX"):
        append(folder / "assumptions.csv", name="discharges_a_day_p1", location=code, value=3, source="a test")
    tables = Reference(folder)
    assert PlacementPlan(tables=tables).home_care_starts == 0
    table = PlacementPlan(tables=tables).settings(tables=tables).set_index("field")
    assert "not counted" in table.loc["home_care_starts", "source"]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("place_schedule.csv", "2023-01-01,44", "2023-01-01,many", "places of NORFOLK is 'many'"),
        ("place_schedule.csv", "2023-01-01,44", "1 January,44", "'1 January' is no date"),
        ("place_schedule.csv", "2023-01-01,44", "2023-01-01,-4", "Allowed: 0 to 2,000 places"),
        ("place_schedule.csv", "NORFOLK,flat", "NORFOLK,tent", "'tent' is no product"),
        ("routes.csv", "community_bed,0.72", "community_bed,0.82", "sends 110% of pathway rehabilitation"),
        ("routes.csv", "community_bed,0.72", "community_bed,", "share of NORFOLK is ''"),
        ("assumptions.csv", "flat_stay_limit,NORFOLK,28", "flat_stay_limit,NORFOLK,2800", "The figure is from"),
        ("assumptions.csv", "social_worker_posts,NORFOLK,350", "social_worker_posts,NORFOLK,50", "more than the 50"),
    ],
)
def test_an_impossible_figure_of_the_reference_is_said_by_where_it_stands(folder, file, old, new, said):
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as error:
        PlacementPlan(tables=Reference(folder))
    assert said in str(error.value)


def test_a_reference_without_a_county_is_told_so(folder):
    text = (folder / "locations.csv").read_text(encoding="utf-8")
    (folder / "locations.csv").write_text(text.replace(",county,", ",trust,"), encoding="utf-8")
    with pytest.raises(InputError, match="no location is of kind county"):
        PlacementPlan(tables=Reference(folder))
