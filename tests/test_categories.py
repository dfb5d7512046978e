import shutil

import pytest

from forecast.categories import canonical
from forecast.errors import InputError
from forecast.reference import FILES, Reference, reference

REHAB_AT_HOME = "Capacity – Home-based rehabilitation, reablement or recovery services not yet available (Pathway 1)"
PLACEMENT = (
    "Pathway 3: awaiting availability of a bed in a residential or nursing home that is likely to be a permanent "
    "placement"
)


def code(text, kind="reason"):
    found = reference().category(text, kind)
    return found and found.code


@pytest.mark.parametrize(
    "text",
    [
        "P2 - Care Home \n(short term 24hr support)",
        "P2 – Care home (short term 24hr support)",
        "Pathway 2: Care Home\xa0(short\u202fterm  24hr support). ",
        "p2_care_home",
    ],
)
def test_spelling_makes_no_difference(text):
    assert code(text, "destination") == "p2_care_home"


def test_curly_quotes_dashes_and_strokes_make_no_difference():
    assert code(REHAB_AT_HOME) == "home_rehab_capacity"
    assert code(REHAB_AT_HOME.upper().replace("–", "-")) == "home_rehab_capacity"
    assert code("Wellbeing concerns – Patient /family/carer concerns over discharge readiness") == "readiness_concerns"
    assert code("Individual / family not in agreement with discharge plans") == "family_disagreement"


def test_a_text_cut_short_is_found_while_only_one_begins_like_it():
    assert code(REHAB_AT_HOME[:88]) == "home_rehab_capacity"
    assert code(PLACEMENT[:100]) == "care_home_bed"
    # "Pathway 3: ... nursing home" is also how the bed for end-of-life care in the community report begins.
    assert code("Pathway 3: awaiting availability of a bed in a residential or nursing home") is None
    assert code("Awaiting medicines") is None


def test_a_text_that_goes_on_where_only_its_beginning_is_known_is_found():
    known = "Hospital process – Remaining in hospital due to infection prevention and control restriction"
    assert code(known + "s or an outbreak on the ward") == "infection_restrictions"
    # The whole text of this one is known: another ending is another reason.
    assert code(PLACEMENT.replace("that is likely", "that is unlikely")) is None


def test_a_reason_is_no_destination():
    assert code("No Plan") == "no_plan"
    assert code("No Plan", "destination") is None
    assert code("") is None


def test_every_category_is_complete_and_none_can_be_taken_for_another():
    rows = reference().categories
    for row in rows:
        assert len(row.code) <= 28
        assert row.code == canonical(row.code) or row.code[0] == "p"
        assert row.family
        assert row.source
        assert 0 < len(row.label) <= 40
        assert set(row.pathway) <= set("0123")
        for text in (row.text, *row.tidy):
            assert reference().category(text, row.kind) is row
    for kind in ("reason", "destination"):
        codes = [row.code for row in rows if row.kind == kind]
        texts = [form for row in rows if row.kind == kind for form in {*map(canonical, (row.text, *row.tidy))}]
        assert len(set(codes)) == len(codes)
        assert len(set(texts)) == len(texts)


def test_the_2024_specification_has_37_reasons_and_the_2022_one_18_and_12_destinations():
    counts = {}
    for row in reference().categories:
        counts[row.specification, row.kind] = counts.get((row.specification, row.kind), 0) + 1
    assert counts["2024", "reason"] == 37
    assert (counts["2022", "reason"], counts["2022", "destination"]) == (18, 12)


def test_long_names_of_compiled_tables_are_the_short_metrics():
    tables = reference()
    long = "discharged_dest_p0_domestic_home_without_reablement_support"
    assert tables.aliases[long] == "discharged_dest_p0_home"
    assert tables.aliases[f"{long}_daily"] == "discharged_dest_p0_home_daily"
    assert tables.aliases[f"community_{long}"] == "community_discharged_dest_p0_home"
    reason = "awaiting_therapy_decision_to_discharge"
    assert tables.aliases[f"delay14plus_avg_{reason}"] == "delay14plus_avg_therapy_decision"
    assert tables.aliases[f"delay14plus_{reason}"] == "delay14plus_therapy_decision"
    assert tables.metric("community_delay14plus_avg_no_plan").frequency == "monthly"
    assert tables.metric("community_discharged_dest_p0_home_daily").frequency == "daily"
    for row in tables.categories:
        for name in row.metrics:
            assert tables.metric(name), name


@pytest.fixture
def folder(tmp_path):
    for name in FILES:
        shutil.copy(reference().folder / name, tmp_path / name)
    return tmp_path


def test_the_crosswalk_is_part_of_the_digest_and_a_row_given_twice_is_named(folder):
    before = Reference(folder).digest
    path = folder / "discharge_categories.csv"
    text = path.read_text()
    path.write_text(text + "no_plan_yet,reason,2022,no plan.,,,other,No plan,test,\n")
    assert Reference(folder).digest != before
    with pytest.raises(InputError, match="two rows of a kind share 'no_plan'"):
        Reference(folder).category("No plan", "reason")
    path.write_text(text + "x,reasons,2022,Something,,,other,Something,test,\n")
    with pytest.raises(InputError, match="row 'x' is of kind 'reasons'; write reason or destination"):
        Reference(folder).category("No plan", "reason")
