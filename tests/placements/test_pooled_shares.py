import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import MONTHS, reasons

from forecast.errors import InputError
from forecast.placements.waiting.pooled_shares import MONTH_KEEPS, pathway_shares
from forecast.reference import reference


def many(shares, people=60, seed=1):
    """Hospitals that count so many people a month, each with shares of its own."""
    draw = np.random.default_rng(seed)
    return {f"Z{k:02d}": tuple(draw.multinomial(people, p)) for k, p in enumerate(shares)}


@pytest.fixture(scope="module")
def scattered():
    """Sixty hospitals whose shares are those of a Dirichlet of size 12 about (0.2, 0.15, 0.25) and the rest."""
    return np.random.default_rng(5).dirichlet(12 * np.array([0.2, 0.15, 0.25, 0.4]), 60)


def test_a_hospital_without_reasons_is_expected_at_the_mean_of_the_others_and_no_surer_than_they_differ(scattered):
    found = pathway_shares(reasons(many(scattered, 2000)), ["X99"])
    assert found.means["X99"] == pytest.approx(scattered[:, :3].mean(axis=0), abs=0.01)
    # size 12, found from sixty hospitals, and at most 60: 1 / (1/12 + 1/60) = 10
    assert found.people["X99"] == pytest.approx(10, rel=0.2)
    assert "it tells no delay reasons of 2024" in found.notes["X99"]


def test_how_much_hospitals_differ_is_told_apart_from_how_few_are_counted(scattered):
    found = pathway_shares(reasons(many(scattered, 15), MONTHS[:1]), ["X99"])
    # with the scatter of fifteen people it would be 6
    assert found.people["X99"] == pytest.approx(10, rel=0.2)


def test_a_hospital_is_as_sure_as_a_quarter_of_the_people_it_counted():
    found = pathway_shares(reasons({"RM1": (15, 15, 15, 15)}, MONTHS[:1]), ["RM1"])
    # few hospitals: the scatter is that of the reference, 9; 60 people, of whom each is met four times; at most 60
    assert found.people["RM1"] == pytest.approx(1 / (1 / (9 + 60 / 4) + 1 / 60))
    expected = (9 * np.array([0.22, 0.17, 0.19]) + 15) / 69
    assert found.means["RM1"] == pytest.approx(expected)


def test_a_hospital_with_few_people_is_drawn_further_toward_the_others(scattered):
    others = many(scattered, 200)
    shares = {}
    for people in (1, 10, 100):
        frame = reasons({**others, "RM1": (people, 0, 0, people)})
        shares[people] = pathway_shares(frame, ["RM1"]).means["RM1"][0]
    assert 0.2 < shares[1] < shares[10] < shares[100] < 0.5


def test_a_recent_month_counts_for_more():
    frame = reasons({"RM1": [(0, 0, 0, 1000), (0, 0, 0, 1000), (0, 0, 0, 1000), (1000, 0, 0, 0)]})
    frame.loc[frame["metric"].str.endswith("medical_review") & (frame["date"] == MONTHS[3]), "value"] = 1
    frame.loc[frame["metric"].str.endswith("home_rehab_capacity") & (frame["date"] < MONTHS[3]), "value"] = 1
    kept = MONTH_KEEPS ** np.arange(4)
    expected = kept[0] / kept.sum()
    assert pathway_shares(frame, ["RM1"]).means["RM1"][0] == pytest.approx(expected, abs=0.01)


def test_months_that_cannot_be_right_are_left_out_and_said():
    frame = reasons({"RCX": [(20, 10, 10, 40), (20, 10, 10, 40), (30, 30, 20, 0), (30, 30, 20, 0)]})
    before = pathway_shares(frame[frame["date"] < MONTHS[2]], ["RCX"])
    after = pathway_shares(frame, ["RCX"])
    assert after.means["RCX"][0] == pytest.approx(before.means["RCX"][0], abs=0.02)
    assert after.notes["RCX"].endswith(
        "left out 2 months to September 2024 (nobody is counted who waits for the hospital itself)"
    )


def test_only_what_was_released_by_the_day_is_used():
    frame = reasons({"RM1": [(10, 10, 10, 10), (40, 0, 0, 1), (40, 0, 0, 1), (40, 0, 0, 1)]})
    first = pathway_shares(frame[frame["date"] == MONTHS[0]], ["RM1"])
    assert pathway_shares(frame, ["RM1"], "2024-07-31").means == first.means


def test_without_published_reasons_the_shares_are_those_of_the_reference():
    empty = pd.DataFrame({"date": [], "location": [], "metric": [], "value": []})
    found = pathway_shares(empty, ["RM1"])
    assert found.means["RM1"] == (0.13, 0.31, 0.07)


def test_simulated_hospitals_are_told_better_than_by_their_own_count_or_by_the_mean_alone(scattered):
    months = many(scattered, 15)
    found = pathway_shares(reasons(months, MONTHS[:1]), list(months))
    own = np.array(list(months.values()))[:, :3] / 15
    pooled = np.array(list(found.means.values()))
    errors = [((guess - scattered[:, :3]) ** 2).sum() for guess in (pooled, own, scattered[:, :3].mean(axis=0))]
    assert errors[0] < 0.85 * errors[1]
    assert errors[0] < 0.85 * errors[2]


@settings(max_examples=25)
@given(people=st.lists(st.tuples(*[st.integers(0, 300)] * 4), min_size=4, max_size=4))
def test_shares_are_shares_whatever_is_counted(people):
    found = pathway_shares(reasons({"RM1": people}), ["RM1"])
    assert all(0 <= share <= 1 for share in found.means["RM1"])
    assert sum(found.means["RM1"]) <= 1 + 1e-9
    assert 0 < found.people["RM1"] <= 60


def test_hospitals_are_a_list():
    with pytest.raises(InputError, match="'RM1' is one text"):
        pathway_shares(reasons({"RM1": (1, 1, 1, 1)}), "RM1", tables=reference())
