import shutil

import pytest

from forecast.errors import InputError
from forecast.reference import FILES, Reference, reference


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(reference().folder / name, tmp_path / name)
    return tmp_path


def test_norfolk_is_its_three_hospitals():
    tables = reference()
    assert [county.code for county in tables.counties()] == ["NORFOLK"]
    assert tables.members("NORFOLK") == ["RM1", "RGP", "RCX"]
    assert [tables.locations[code].catchment_share for code in tables.members("NORFOLK")] == [0.97, 0.42, 0.81]


def test_every_trust_lies_in_a_region_so_that_no_sum_leaves_one_out():
    tables = reference()
    regions = {code for code, place in tables.locations.items() if place.kind == "nhs_region"}
    for trust in (place for place in tables.locations.values() if place.kind == "trust"):
        assert {trust.parent, tables.locations[trust.parent].parent} & regions, trust.code


def test_a_trust_that_became_part_of_another_lay_in_its_region():
    tables = reference()
    for row in tables.table("trust_mergers.csv", ("from", "into")):
        assert tables.locations[row["from"]].parent == tables.locations[row["into"]].parent


def test_every_row_has_a_source():
    tables = reference()
    for rows in (tables.locations.values(), tables.metrics.values(), tables.publication_rules, tables.assumptions):
        assert all(row.source for row in rows)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RCX", "RCX"),
        ("THE QUEEN ELIZABETH HOSPITAL, KING'S LYNN, NHS FOUNDATION TRUST", "RCX"),
        ("Queen Elizabeth Hospital, King’s Lynn, NHS Foundation Trust", "RCX"),
        ("England", "ENG"),
        ("EAST OF ENGLAND", "Y61"),
        ("Atlantis", None),
    ],
)
def test_locations_are_found_by_code_name_or_alias(text, code):
    assert reference().find_location(text) == code


def test_a_region_name_means_another_area_to_ukhsa():
    assert reference().find_location("East of England", scheme="ukhsa") == "E45000017"


def test_a_family_row_serves_its_members_and_the_first_that_fits_wins():
    tables = reference()
    assert tables.metric("discharged_dest_p0_other_daily").frequency == "daily"
    assert tables.metric("discharged_dest_p0_other").frequency == "monthly"
    assert tables.metric("flu_beds_ga").name == "flu_ga_beds_occupied"
    assert tables.metric("unheard_of") is None


def test_forecast_metrics_and_their_parts_are_known():
    tables = reference()
    names = {metric.name for metric in tables.forecast_metrics()}
    assert {"nctr_patients", "nctr_remaining", "flu_beds", "covid_beds_occupied"} <= names
    assert tables.metric("flu_beds").derived_from == ("flu_ga_beds_occupied", "flu_cc_beds_occupied")


def test_an_assumption_of_the_location_wins_over_the_general_one():
    tables = reference()
    assert tables.assumption("flats", "NORFOLK").value == 44
    assert tables.assumption("flats", "NORFOLK").status == "unverified"
    assert tables.assumption("run_horizon", "NORFOLK").value == 42
    with pytest.raises(InputError, match="no assumption 'flats' for location 'KENT'; add a row"):
        tables.assumption("flats", "KENT")


def test_another_county_is_other_rows(folder, monkeypatch):
    path = folder / "locations.csv"
    text = path.read_text()
    path.write_text(text + "SUFFOLK,Suffolk,Suffolk,county,Y61,,,test,\n")
    assert [county.code for county in Reference(folder).counties()] == ["NORFOLK", "SUFFOLK"]
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    assert reference().folder == folder


def test_a_missing_file_column_number_or_a_repeated_code_is_named(folder):
    (folder / "assumptions.csv").write_text("name,location,value\n")
    with pytest.raises(InputError, match="column 'unit' is missing"):
        _ = Reference(folder).assumptions
    header = "name,location,value,unit,low,high,source,date,status,note\n"
    (folder / "assumptions.csv").write_text(header + "flats,,many,flats,,,s,,,\n")
    with pytest.raises(InputError, match="row 'flats' has 'many' where a number belongs"):
        _ = Reference(folder).assumptions
    (folder / "assumptions.csv").write_text(header + "flats,,,flats,,,s,,,\n")
    with pytest.raises(InputError, match="row 'flats' has no value"):
        _ = Reference(folder).assumptions
    locations = folder / "locations.csv"
    locations.write_text(locations.read_text() + "RM1,Again,,trust,,,,s,\n")
    with pytest.raises(InputError, match="code 'RM1' stands twice"):
        _ = Reference(folder).locations
    derived = folder / "derived_metrics.csv"
    derived.write_text(derived.read_text() + "mine,flu_beds,note,source\n")
    with pytest.raises(InputError, match=r"derived_metrics\.csv, row 'mine': cannot read the formula 'flu_beds'"):
        _ = Reference(folder).metrics
    (folder / "metrics.csv").unlink()
    with pytest.raises(InputError, match=r"metrics\.csv is missing"):
        Reference(folder)


def test_flu_comes_in_winter_and_covid_at_any_time():
    kinds = {name: (metric.wave, metric.winter) for name, metric in reference().metrics.items()}
    assert kinds["flu_beds"] == (True, True)
    assert kinds["covid_beds_occupied"] == (True, False)
    assert kinds["nctr_patients"] == (False, False)
